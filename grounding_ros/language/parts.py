"""What a thing is with and without: parts, contents, clothes."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, relation_words, things
from grounding_ros.language.coordination import read_anchors
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.nouns import singular
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.tables import rows
from grounding_ros.language.verbs import is_present


def read_with(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "with a red lid" or "without a handle"; None where neither stands here."""
    if (said := relation_words.WITHOUT.at(reader.texts, at)) is not None:
        return read_lacking(reader, at, at + said[0], scope)
    if (said := relation_words.WITH.at(reader.texts, at)) is not None:
        return read_parts(reader, at + said[0], scope)
    return None


def read_parts(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read what a thing has: "a red lid"; contents when it is said that they are in it."""
    if (carried := _carried(reader, at, scope)) is not None:
        return carried
    read = read_anchors(reader, at, scope.inner(clauses=False))
    if read is None:
        size = reader.row(at, lexicon.PRONOUNS)
        return Modifier(at + size) if size else None
    after = past_pronoun(reader, read[1])
    inside = after > read[1] and reader.text(read[1]) in {"in", "inside"}
    relations = to_each("contains" if inside else "with", read[0])
    return _held(Modifier(after, relations=relations), reader.said(at, after))


def _carried(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "the jar on it": what has it is under the jar; None where that is not said."""
    short = replace(scope.inner(clauses=False), places=False, adjectives=False)
    read = read_anchors(reader, at, short)
    if read is None:
        return None
    here = read[1] + (reader.text(read[1]) in _POSTURES)
    size = reader.row(here, _ON_IT)
    if not size or reader.text(here + size) == "of" or reader.starts_phrase(here + size):
        return None
    if any(_belongs(anchor) for anchor in read[0]):
        return None
    end = here + size
    return _held(Modifier(end, relations=to_each("under", read[0])), reader.said(at, end))


def _belongs(anchor: Phrase) -> bool:
    """Tell whether it is a part of what it is on, or spread on it: "a label", "cheese"."""
    spread = anchor.number == "one" and anchor.text.lower() == " ".join(
        (*anchor.attributes, anchor.head)
    )
    names = {singular(word) for word in (*anchor.attributes, anchor.head)}
    printed = names & things.PRINTED or anchor.head.isdecimal()
    colour = anchor.head == "object" and anchor.text.lower().split()[-1:][0] in lexicon.COLOURS
    return bool(spread or printed or colour) or anchor.head in things.PARTS | things.CLOTHES


def _held(having: Modifier, text: str) -> Modifier:
    """Return what is had and, of "nothing" and "no squares", what is not."""
    had = [each for each in having.relations if all(one.number != 0 for one in each.anchors)]
    inside = text.lower().endswith(("in it", "in them", "inside", "inside it"))
    missing = [
        Relation(
            "contains" if inside else each.predicate,
            tuple(replace(one, number="any") for one in each.anchors),
        )
        for each in having.relations
        if each not in had
    ]
    lacking = [Phrase(text, "object", number="any", relations=(each,)) for each in missing]
    return replace(having, relations=tuple(had), excluded=tuple(lacking))


def read_lacking(reader: Reader, start: int, at: int, scope: Scope) -> Modifier | None:
    """Read what a thing does not have; `start` is where saying so begins."""
    parts = read_parts(reader, at, scope)
    if parts is None:
        return None
    if parts.excluded:
        return parts
    relations = tuple(
        relation if relation.predicate == "under" else replace(relation, predicate="with")
        for relation in parts.relations
    )
    lacking = Phrase(reader.said(start, parts.end), "object", number="any", relations=relations)
    return Modifier(parts.end, excluded=(lacking,))


def to_each(predicate: str, anchors: tuple[Phrase, ...]) -> tuple[Relation, ...]:
    """Make a relation to each of the anchors."""
    return tuple(Relation(predicate, (anchor,)) for anchor in anchors)


def past_pronoun(reader: Reader, at: int) -> int:
    """Skip "on it" of "a plate with a sandwich on it": it says no more than "with"."""
    here = at + (reader.text(at) in _POSTURES)
    for size, _ in relation_words.RELATIONS.sizes(reader.texts, here):
        end = here + size + 1
        owns = reader.text(end - 1) == "her" and reader.opens_name(end)
        if reader.text(end - 1) in _BACKWARD and not owns:
            return end
    if reader.texts[here : here + 2] in (("on", "top"), ("in", "back")):
        return here + 2
    goes_on = reader.starts_phrase(here + 1) and not is_present(reader.text(here + 1))
    ends = not goes_on and reader.text(here + 1) not in _PREPOSED
    return here + 1 if reader.text(here) in _LOOSE and ends else at


_ON_IT = rows(
    "on it, on them, on top of it, on top of them, on top, atop it, upon it, on its top, on the top"
)
_BACKWARD = rows("it, them, him, her, himself, herself, itself, top")
_LOOSE = rows(
    "below, underneath, above, inside, attached, on, in, around, up, down, out, open, off"
)
_PREPOSED = rows("top, front, back, of, to") | lexicon.PRONOUNS
_POSTURES = rows("standing, sitting, lying, laying, attached, placed, written")
