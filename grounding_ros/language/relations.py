"""Relations: a preposition and what it is to."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, relation_words, things
from grounding_ros.language.coordination import read_anchors
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.places import read_place
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.verb_words import VERBS
from grounding_ros.language.verbs import is_present

_CLOSE = frozenset({"near", "next_to"})
_ONE_ANCHOR = frozenset({"on", "in", "under", "at_top_of", "at_bottom_of"})
"""Nothing is likely to be on two things: "the mug on the table and the bowl" are two things."""
_POINTLESS = frozenset({"in", "on", "at_edge_of", "for", "like", "to", "from", "up", "down"})


def read_relation(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read a relation of a thing called `noun`; None where there is none."""
    immediate = False
    start = at
    while True:
        for here, sure in ((at, immediate),):
            found = _read_here(reader, here, scope, noun)
            if found is not None:
                return _with_immediate(found, immediate=sure)
        hedge = relation_words.HEDGES.at(reader.texts, at)
        if hedge is None or at - start > 4:
            return None
        at, immediate = at + hedge[0], immediate or hedge[1]


def _read_here(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    if (part := relation_words.WITHOUT.at(reader.texts, at)) is not None:
        return _without(reader, at, at + part[0], scope)
    if (part := relation_words.WITH.at(reader.texts, at)) is not None:
        return read_parts(reader, at + part[0], scope)
    place = None
    for size, predicate in relation_words.RELATIONS.sizes(reader.texts, at):
        if scope.depth and (reader.text(at) in {"into", "onto"} or predicate == "to"):
            break  # where something is put, not where the anchor is
        found = _anchored(reader, at + size, predicate, scope, noun)
        if found is not None:
            place = place or read_place(reader, at, scope)
            return found if place is None or size > 1 and place.end <= found.end else place
    return _alone(reader, at) or read_place(reader, at, scope)


def _alone(reader: Reader, at: int) -> Modifier | None:
    """Read relations to the scene that are no sides: "stacked up", "on top", "nearby"."""
    for words, modifier in _ALONE.items():
        if reader.texts[at : at + len(words)] == words and not reader.starts_phrase(
            at + len(words)
        ):
            return replace(modifier, end=at + len(words))
    return None


def _anchored(reader: Reader, at: int, predicate: str, scope: Scope, noun: str) -> Modifier | None:
    if predicate == "between":
        return _between(reader, at, scope)
    if size := viewpoint_size(reader, at):
        return _to_viewpoint(at + size, predicate)
    if predicate == "to" and reader.text(at) in VERBS and not reader.text(at + 1) == "":
        return None  # "waiting to catch the ball"
    article = reader.text(at) in lexicon.DEFINITE
    if size := reader.row(at + article, relation_words.PICTURES):
        after = at + article + size
        if not reader.is_content(after) and reader.text(after) not in {"of", "with"}:
            return _to_picture(after, predicate)
    if reader.text(at) in lexicon.PRONOUNS or reader.row(at, lexicon.PRONOUNS):
        return _to_pronoun(reader, at, predicate, scope)
    wears = predicate == "in" and noun in things.PEOPLE
    lists = predicate not in _ONE_ANCHOR or wears
    inner = scope.inner(clauses=scope.clauses and not wears, lists=lists)
    read = read_anchors(reader, at, inner)
    if read is not None and wears and not all(_is_worn(anchor) for anchor in read[0]):
        read = read_anchors(reader, at, replace(inner, lists=False))  # "a girl in red and a boy"
    if read is None:
        return None
    anchors, end = read
    if wears and _is_worn(anchors[0]):
        predicate = "wearing"
    end = past_pronoun(reader, end)
    return Modifier(end, relations=to_each(predicate, anchors))


def _is_worn(anchor: Phrase) -> bool:
    colour = anchor.head == "object" and set(anchor.attributes) & lexicon.COLOURS
    return bool(colour) or anchor.head in things.CLOTHES


def to_each(predicate: str, anchors: tuple[Phrase, ...]) -> tuple[Relation, ...]:
    """Make a relation to each of the anchors."""
    return tuple(Relation(predicate, (anchor,)) for anchor in anchors)


def _between(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    inner = scope.inner(clauses=scope.clauses, lists=False)
    if (first := reader.phrase(at, inner)) is None:
        return None
    anchors, end = [first[0]], first[1]
    if reader.text(end) in {"and", "&"} and not _counts_several(first[0]):
        second = reader.phrase(end + 1, inner)
        if second is not None:
            anchors, end = [first[0], second[0]], second[1]
    return Modifier(end, relations=(Relation("between", tuple(anchors)),))


def _counts_several(phrase: Phrase) -> bool:
    return isinstance(phrase.number, int) and phrase.number > 1


def viewpoint_size(reader: Reader, at: int) -> int:
    """Count the words of "the camera", "me"; 0 where something else stands."""
    size = reader.row(at, relation_words.VIEWPOINTS, 5)
    return 0 if size and (reader.is_content(at + size) or reader.text(at + size) == "'s") else size


def _to_viewpoint(end: int, predicate: str) -> Modifier:
    """Read "near the camera" as closest, "facing the camera" as facing nothing that is seen."""
    if predicate in _CLOSE:
        return Modifier(end, superlative="closest")
    if predicate in {"far_from", "away_from"}:
        return Modifier(end, superlative="farthest")
    if predicate in {"in_front_of", "behind", "left_of", "right_of"}:
        return Modifier(end, relations=(Relation(predicate, ()),))
    return Modifier(end, relations=(Relation(predicate, (Phrase("the camera", "camera"),)),))


def _to_picture(end: int, predicate: str) -> Modifier:
    """Read "in the picture", which all is, and "at the edge of the picture"."""
    sides = {"at_top_of": "above", "at_bottom_of": "below"}
    if predicate in {"in", "on", "from", "at", "near", "away_from", "part_of"}:
        return Modifier(end)
    return Modifier(end, relations=(Relation(sides.get(predicate, predicate), ()),))


def _to_pronoun(reader: Reader, at: int, predicate: str, scope: Scope) -> Modifier | None:
    size = reader.row(at, lexicon.PRONOUNS)
    if reader.opens_name(at + size) and reader.text(at) in lexicon.DEFINITE:
        read = read_anchors(reader, at, scope.inner(clauses=scope.clauses))
        return None if read is None else Modifier(read[1], relations=to_each(predicate, read[0]))
    said = " ".join(reader.texts[at : at + size])
    if said in {"each other", "one another", "itself", "themselves", "himself", "herself"}:
        return Modifier(at + size, relations=(Relation(predicate, ()),))
    if scope.depth == 0:
        number = "all" if said == "them" else "one"
        last = Phrase(said, "object", number=number, reference="last")
        return Modifier(at + size, relations=(Relation(predicate, (last,)),))
    return Modifier(at + size)  # what the anchor is an anchor of: "with a dog next to him"


def read_parts(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read what a thing is "with"."""
    read = read_anchors(reader, at, scope.inner(clauses=False))
    if read is None:
        if size := reader.row(at, lexicon.PRONOUNS):
            return Modifier(at + size)
        return None
    parts, end = read
    predicate = "with"
    after = past_pronoun(reader, end)
    if after > end and reader.text(end) in {"in", "inside"}:
        predicate = "contains"
    return Modifier(after, relations=to_each(predicate, parts))


def past_pronoun(reader: Reader, at: int) -> int:
    """Skip "on it" of "a plate with a sandwich on it"."""
    here = at + (reader.text(at) in _POSTURES)
    for size, _ in relation_words.RELATIONS.sizes(reader.texts, here):
        end = here + size + 1
        if reader.text(end - 1) in _BACKWARD and not (
            reader.text(end - 1) == "her" and reader.opens_name(end)
        ):
            return end
    if reader.texts[here : here + 2] in (("on", "top"), ("in", "back")):
        return here + 2
    goes_on = reader.starts_phrase(here + 1) and not is_present(reader.text(here + 1))
    if reader.text(here) in _LOOSE and not goes_on and reader.text(here + 1) not in _PREPOSED:
        return here + 1
    return at


def _without(reader: Reader, start: int, at: int, scope: Scope) -> Modifier | None:
    parts = read_parts(reader, at, scope)
    if parts is None:
        return None
    text = reader.said(start, parts.end)
    relations = tuple(replace(relation, predicate="with") for relation in parts.relations)
    lacking = Phrase(text, "object", number="any", relations=relations)
    return Modifier(parts.end, excluded=(lacking,))


def _with_immediate(modifier: Modifier, *, immediate: bool) -> Modifier:
    if not immediate:
        return modifier
    relations = tuple(replace(relation, immediate=True) for relation in modifier.relations)
    return replace(modifier, relations=relations)


_BACKWARD = frozenset({"it", "them", "him", "her", "himself", "herself", "itself", "top"})
_LOOSE = frozenset(
    {
        "below",
        "underneath",
        "above",
        "inside",
        "attached",
        "on",
        "in",
        "around",
        "up",
        "down",
        "out",
        "open",
        "off",
    }
)
_PREPOSED = frozenset({"top", "front", "back", "of", "to"}) | lexicon.PRONOUNS
_POSTURES = frozenset({"standing", "sitting", "lying", "laying", "attached", "placed", "written"})
_ALONE = {
    ("stacked", "up"): Modifier(0, relations=(Relation("stacked", ()),)),
    ("stacked", "on", "top", "of", "each", "other"): Modifier(
        0, relations=(Relation("stacked", ()),)
    ),
    ("stacked", "on", "each", "other"): Modifier(0, relations=(Relation("stacked", ()),)),
    ("stacked", "together"): Modifier(0, relations=(Relation("stacked", ()),)),
    ("stacked",): Modifier(0, relations=(Relation("stacked", ()),)),
    ("in", "a", "stack"): Modifier(0, relations=(Relation("stacked", ()),)),
    ("on", "top"): Modifier(0, superlative="topmost"),
    ("on", "the", "very", "top"): Modifier(0, superlative="topmost"),
    ("up", "top"): Modifier(0, superlative="topmost"),
    ("in", "front"): Modifier(0, relations=(Relation("in_front_of", ()),)),
    ("up", "front"): Modifier(0, relations=(Relation("in_front_of", ()),)),
    ("in", "back"): Modifier(0, relations=(Relation("behind", ()),)),
    ("behind",): Modifier(0, relations=(Relation("behind", ()),)),
    ("below",): Modifier(0, relations=(Relation("below", ()),)),
    ("above",): Modifier(0, relations=(Relation("above", ()),)),
    ("underneath",): Modifier(0, relations=(Relation("below", ()),)),
    ("nearby",): Modifier(0),
    ("close", "up"): Modifier(0, superlative="closest"),
    ("far", "away"): Modifier(0, superlative="farthest"),
    ("up", "close"): Modifier(0, superlative="closest"),
    ("outside",): Modifier(0, relations=(Relation("outside", ()),)),
    ("in", "between"): Modifier(0, relations=(Relation("in_the_middle_of", ()),)),
}
"""Relations to the scene that are no sides of it; the longest of two comes first."""
