"""What is claimed of a thing after "is": "red", "not a mug", "left of the box and blue"."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, verb_words
from grounding_ros.language.actions import read_action
from grounding_ros.language.comparisons import read_comparison
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.relations import read_relation
from grounding_ros.language.verbs import FINITE, is_past, is_present


def read_claim(
    reader: Reader, at: int, scope: Scope, noun: str, *, negative: bool = False
) -> Modifier | None:
    """Read what is claimed of a thing called `noun`; None where nothing is."""
    at += 2 if reader.texts[at : at + 2] == ("to", "be") else 0
    claim = _one_claim(reader, at, scope, noun, negative=negative)
    while claim is not None and reader.text(claim.end) in {"and", "but", "or", "nor", ",", "while"}:
        junction = reader.text(claim.end)
        after = claim.end + 1
        if reader.text(after) in {"and", "or", "but"}:
            junction, after = reader.text(after), after + 1
        if reader.text(after) in {"is", "are", "which", "that", "who"} and reader.text(
            after + 1
        ) in {"is", "are"}:
            after += 1
        if reader.text(after) in {"is", "are"}:
            after += 1
        more = _one_claim(
            reader,
            after,
            scope,
            noun,
            negative=junction == "nor" or (negative and junction == "or"),
        )
        if more is None and reader.text(after) in FINITE:
            more = read_action(reader, after, scope, noun, finite=True)
        if more is None or (scope.depth and more.relations):
            break
        if junction == "or" and not negative:
            claim = replace(claim, end=more.end, either=(*claim.either, more))
            continue
        claim = claim.merged(more)
    return claim


def _one_claim(
    reader: Reader, at: int, scope: Scope, noun: str, *, negative: bool
) -> Modifier | None:
    if reader.text(at) in {"now", "still", "also", "currently", "only", "just"}:
        at += 1
    if reader.text(at) in {"not", "never", "neither", "n't"}:
        negative, at = True, at + 1
    elif reader.text(at) in {"both", "also", "either", "all", "the only one", "there"} and not (
        reader.starts_phrase(at + 1) and reader.text(at) in {"all", "both"}
    ):
        at += 1
    found = _positive(reader, at, scope, "" if negative else noun)
    if found is None or not negative:
        return found
    missing = found.of(Phrase(reader.said(at, found.end), found.head, number="any"))
    if (
        missing.head == "object"
        and not missing.attributes
        and not missing.relations
        and not (missing.superlative or missing.ordinal or missing.excluded)
    ):
        return None
    return Modifier(found.end, excluded=(missing,))


def _positive(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    if (
        made := reader.row(at, {"made of", "made from", "made out of", "in color", "colored"})
    ) and (material := reader.text(at + made)):
        if reader.is_content(at + made):
            return Modifier(at + made + 1, attributes=(material,))
    word = reader.text(at)
    described = _adjectives(reader, at)
    found = (
        read_comparison(reader, at, scope) or described or read_relation(reader, at, scope, noun)
    )
    if found is not None:
        return found
    verb = is_present(word) or is_past(word) or word in verb_words.ADVERBS or word == "being"
    if verb and (done := read_action(reader, at, scope, noun)) is not None:
        return done
    return _noun(reader, at, scope, noun)


def _adjectives(reader: Reader, at: int) -> Modifier | None:
    """Read "very red and round"; None where a noun or nothing follows."""
    words: list[str] = []
    end = at
    while True:
        here = end
        while reader.text(here) in verb_words.ADVERBS:
            here += 1
        word = reader.text(here)
        if word in verb_words.POSTURES and not words:
            return None
        plain = word.rpartition("-")[2]
        if (
            word not in lexicon.ADJECTIVES
            and plain not in lexicon.ADJECTIVES
            and not (words and reader.is_content(here) and not is_present(word))
        ):
            break
        if word not in lexicon.ADJECTIVES and plain not in lexicon.ADJECTIVES:
            return None  # a noun: "red mugs"
        words.append(word)
        end = here + 1
        joins = reader.text(end) in {"and", ",", "&"}
        if joins and _is_adjective(reader, end + 1) and not reader.is_content(end + 2):
            end += 1
        elif reader.text(end) in {"in", "of"} and reader.text(end + 1) in {
            "color",
            "colour",
            "shape",
            "size",
        }:
            end += 2
            break
        elif reader.text(end) in {
            "color",
            "colour",
            "colored",
            "coloured",
        } and not reader.is_content(end + 1):
            end += 1
    return Modifier(end, attributes=tuple(words)) if words else None


def _is_adjective(reader: Reader, at: int) -> bool:
    return reader.text(at) in lexicon.ADJECTIVES


def _noun(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read a kind or another way to say which one: "a mug", "the largest", "the second from left"."""
    if not (reader.starts_phrase(at) or reader.text(at) in lexicon.QUANTIFIERS.starts):
        return _bare(reader, at)
    read = reader.phrase(at, replace(scope, lists=False))
    if read is None:
        return None
    phrase, end = read
    if phrase.number == 0:
        return None
    return Modifier(
        end,
        attributes=phrase.attributes,
        relations=phrase.relations,
        excluded=phrase.excluded,
        ordinal=phrase.ordinal,
        superlative=phrase.superlative,
        head="object" if phrase.head == noun else phrase.head,
    )


def _bare(reader: Reader, at: int) -> Modifier | None:
    return None
