"""What is claimed of a thing after "is": "red", "not a mug", "left of the box and blue"."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, relation_words, verb_words
from grounding_ros.language.actions import read_action
from grounding_ros.language.comparisons import read_comparison
from grounding_ros.language.coordination import starts_command
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.relations import read_relation
from grounding_ros.language.tables import rows
from grounding_ros.language.verbs import FINITE, is_past, is_present

_JOINS = rows("and, but, or, nor, while") | {","}
_NEGATIONS = rows("not, never, neither")
_FILLERS = rows("now, still, also, currently, only, just, both, either, all, there")
_MADE = rows("made of, made from, made out of, in color, colored")
_IN_COLOUR = rows("in color, in colour, of color, of colour, in shape, in size, of size")
_COLOUR = rows("color, colour, colored, coloured")


def read_claim(
    reader: Reader, at: int, scope: Scope, noun: str, *, negative: bool = False
) -> Modifier | None:
    """Read what is claimed of a thing called `noun`; None where nothing is."""
    at += 2 if reader.texts[at : at + 2] == ("to", "be") else 0
    claim = _one_claim(reader, at, scope, noun, negative=negative)
    while claim is not None and reader.text(claim.end) in _JOINS:
        junction, after = _joint(reader, claim.end)
        if starts_command(reader, after):
            break  # "the cup that is on the box and place it ..."
        denies = junction == "nor" or (negative and junction == "or")
        more = _one_claim(reader, after, scope, noun, negative=denies)
        if more is None and reader.text(after) in FINITE:
            more = read_action(reader, after, scope, noun, finite=True)
        if more is None or (scope.depth and more.relations):
            break
        if junction == "or" and not negative:
            claim = replace(claim, end=more.end, either=(*claim.either, more))
        else:
            claim = claim.merged(more)
    return claim


def _joint(reader: Reader, at: int) -> tuple[str, int]:
    """Read ", and that is": the junction and where the next claim starts."""
    junction, after = reader.text(at), at + 1
    if reader.text(after) in {"and", "or", "but"}:
        junction, after = reader.text(after), after + 1
    pronoun = reader.text(after) in {"which", "that", "who"}
    after += pronoun and reader.text(after + 1) in {"is", "are"}
    return junction, after + (reader.text(after) in {"is", "are"})


def _one_claim(
    reader: Reader, at: int, scope: Scope, noun: str, *, negative: bool
) -> Modifier | None:
    if reader.text(at) in _FILLERS and not (
        reader.text(at) in {"all", "both"} and reader.starts_phrase(at + 1)
    ):
        at += 1
    if reader.text(at) in _NEGATIONS:
        negative, at = True, at + 1
    found = _positive(reader, at, scope, "" if negative else noun)
    if found is None or not negative:
        return found
    nothing = Phrase(reader.said(at, found.end), found.head, number="any")
    missing = found.of(nothing)
    if missing == nothing and missing.head == "object":
        return None
    return Modifier(found.end, excluded=(missing,))


def _positive(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    made = reader.row(at, _MADE)
    if made and reader.is_content(at + made):
        return Modifier(at + made + 1, attributes=(reader.text(at + made),))
    found = read_comparison(reader, at, scope)
    related = relation_words.RELATIONS.at(reader.texts, at)
    if found is None and (related is None or related[0] == 1):  # not "full of"
        found = _adjectives(reader, at)
    if found is None:
        found = read_relation(reader, at, scope, noun)
    word = reader.text(at)
    verb = is_present(word) or is_past(word) or word in verb_words.ADVERBS or word == "being"
    if found is None and verb:
        found = read_action(reader, at, scope, noun)
    return _noun(reader, at, scope, noun) if found is None else found


def _adjectives(reader: Reader, at: int) -> Modifier | None:
    """Read "very red and round"; None where a noun or nothing follows."""
    said: list[str] = []
    end = here = at
    while True:
        while reader.text(here) in verb_words.ADVERBS:
            here += 1
        word = reader.text(here)
        if not said and word in verb_words.POSTURES:
            return None
        if word not in lexicon.ADJECTIVES and word.rpartition("-")[2] not in lexicon.ADJECTIVES:
            break
        said.append(word)
        end = here = _past_colour(reader, here + 1)
        joins = reader.text(end) in {"and", ",", "&"}
        alone = reader.text(end + 1) in lexicon.ADJECTIVES and not reader.is_content(end + 2)
        here += joins and alone
    names = said and reader.is_content(here) and not is_present(reader.text(here))
    return Modifier(end, attributes=tuple(said)) if said and not names else None


def _past_colour(reader: Reader, at: int) -> int:
    """Skip "in color" of "red in color", "colored" of "red colored"."""
    if size := reader.row(at, _IN_COLOUR, 2):
        return at + size
    return at + (reader.text(at) in _COLOUR and not reader.is_content(at + 1))


def _noun(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read a kind or which one: "a mug", "the largest", "the second from the left"."""
    if not (reader.starts_phrase(at) or reader.text(at) in lexicon.QUANTIFIERS.starts):
        return None
    read = reader.phrase(at, replace(scope, lists=False))
    if read is None or read[0].number == 0:
        return None
    phrase, end = read
    return Modifier(
        end,
        phrase.attributes,
        phrase.relations,
        phrase.excluded,
        phrase.ordinal,
        phrase.superlative,
        head="object" if phrase.head == noun else phrase.head,
    )
