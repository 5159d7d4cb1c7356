"""What is asked to be told: "what is on the table?", "describe the scene", "how many ..."."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import command_words, lexicon
from grounding_ros.language.claims import SHORT, claimed
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import Reader, Scope, Sentence

_LONGEST = 6  # words in a row that opens a question


def describing(reader: Reader) -> Sentence | None:
    """Read "describe the scene", "what color is the box?", "what is on the table?"."""
    if size := reader.row(0, command_words.DESCRIBE, _LONGEST):
        if reader.row(size, command_words.WHAT, _LONGEST):
            asked = describing(reader.after(size))
            return None if asked is None else replace(asked, end=asked.end + size)
        scene = reader.row(size, command_words.SCENE, _LONGEST)
        if scene and size + scene == len(reader.texts):
            return _everything(reader)
        return _described(reader, size)
    if size := reader.row(0, command_words.WHAT_PROPERTY, _LONGEST):
        return _described(reader, size)
    if size := reader.row(0, command_words.WHAT, _LONGEST):
        return _what(reader, size + (reader.text(size) in {"there", "here", "visible"}))
    return _what_kind(reader) if reader.text(0) == "what" else None


def _what(reader: Reader, at: int) -> Sentence | None:
    """Read "on the table" of "what is on the table?", "the red thing" of "what is ...?"."""
    if at == len(reader.texts):
        return _everything(reader)
    at += reader.texts[at : at + 2] in (("left", "in"), ("left", "on"))  # what remains there
    named = _described(reader, at) if reader.is_article(at) else None
    claim = read_claim(reader, at, Scope(), "object")
    if named is not None and (claim is None or named.end >= claim.end):
        return named
    if claim is None:
        return None
    one = reader.text(at - 1) == "is" and (claim.superlative or claim.ordinal)
    number = "one" if one else "all"  # "which object is furthest from me?"
    thing = Phrase(reader.said(at, claim.end), "object", number=number)
    return Sentence(claim.end, "describe", claim.of(thing))


def _what_kind(reader: Reader) -> Sentence | None:
    """Read "what boxes are on the table?"."""
    read = reader.phrase(1, SHORT)
    if read is None or not (size := reader.row(read[1], command_words.THERE, 3)):
        return None
    phrase, at = read[0], read[1] + size
    claim = read_claim(reader, at, Scope(), phrase.head)
    end = at if claim is None else claim.end
    return Sentence(end, "describe", claimed(reader, phrase, claim, at))


def _described(reader: Reader, at: int) -> Sentence | None:
    read = reader.phrase(at, Scope())
    return None if read is None else Sentence(read[1], "describe", read[0])


def _everything(reader: Reader) -> Sentence:
    end = len(reader.texts)
    return Sentence(end, "describe", Phrase(reader.said(0, end), "object", number="all"))


def counting(reader: Reader) -> Sentence | None:
    """Read "how many bowls are in the box?"."""
    size = reader.row(0, command_words.COUNTS, _LONGEST)
    if not size:
        return None
    size += reader.text(size) == "of" and reader.text(size + 1) in lexicon.DEFINITE
    read = reader.phrase(size, Scope())
    if read is None:
        return None
    phrase, end = replace(read[0], number="all", bound="exactly"), read[1]
    there = reader.row(end, command_words.THERE, 3)
    if not there:
        return Sentence(end, "count", phrase)
    at = end + there + (reader.text(end + there) == "there")
    at += reader.texts[at:] == ("left",)  # what remains
    claim = read_claim(reader, at, Scope(), phrase.head)
    if claim is None:
        return Sentence(at + reader.row(at, command_words.COURTESY_AFTER), "count", phrase)
    return Sentence(claim.end, "count", claimed(reader, phrase, claim, at))
