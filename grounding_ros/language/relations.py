"""Relations: a preposition and what it is to."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, relation_words, things
from grounding_ros.language.coordination import read_anchors
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.parts import past_pronoun, read_with, to_each
from grounding_ros.language.places import read_place
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.verb_words import VERBS

_MOST_HEDGES = 4  # words like "almost directly" before a relation
_CLOSE = frozenset({"near", "next_to"})
_ONE_ANCHOR = frozenset({"on", "in", "under", "at_top_of", "at_bottom_of"})
"""Nothing is likely to be on two things: "the mug on the table and the bowl" are two things."""


def read_relation(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read a relation of a thing called `noun`; None where there is none."""
    start, immediate = at, False
    while True:
        found = _read_here(reader, at, scope, noun)
        if found is not None:
            return _immediate(found) if immediate else found
        hedge = relation_words.HEDGES.at(reader.texts, at)
        if hedge is None or at - start > _MOST_HEDGES:
            return None
        at, immediate = at + hedge[0], immediate or hedge[1]


def _read_here(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    if (part := read_with(reader, at, scope)) is not None:
        return part
    scene = _to_scene(reader, at)
    if scene is not None and scene.end - at > 2:  # "in a stack"
        return scene
    for size, predicate in relation_words.RELATIONS.sizes(reader.texts, at):
        if scope.depth and (reader.text(at) in {"into", "onto"} or predicate == "to"):
            break  # where something is put, not where the anchor is
        found = _anchored(reader, at + size, predicate, scope, noun)
        if found is not None:
            place = read_place(reader, at, scope)
            longer = place is None or (size > 1 and place.end <= found.end)
            return found if longer else place
    return scene or read_place(reader, at, scope)


def _anchored(reader: Reader, at: int, predicate: str, scope: Scope, noun: str) -> Modifier | None:
    if predicate == "between":
        return _between(reader, at, scope, noun)
    if size := viewpoint_size(reader, at):
        return _to_viewpoint(at + size, predicate)
    if predicate == "to" and reader.text(at) in VERBS and reader.text(at + 1):
        return None  # "waiting to catch the ball"
    if size := _picture_size(reader, at):
        return _to_picture(at + size, predicate)
    if reader.row(at, lexicon.PRONOUNS):
        return _to_pronoun(reader, at, predicate, scope)
    wears = predicate == "in" and noun in things.PEOPLE
    lists = wears or predicate not in _ONE_ANCHOR
    inner = scope.inner(clauses=scope.clauses and not wears, lists=lists)
    read = read_anchors(reader, at, inner)
    if read is not None and wears and not all(_is_worn(anchor) for anchor in read[0]):
        read = read_anchors(reader, at, replace(inner, lists=False))  # "a girl in red and a boy"
    if read is None:
        return None
    if wears and _is_worn(read[0][0]):
        predicate = "wearing"
    return Modifier(past_pronoun(reader, read[1]), relations=to_each(predicate, read[0]))


def _is_worn(anchor: Phrase) -> bool:
    colour = anchor.head == "object" and set(anchor.attributes) & lexicon.COLOURS
    return bool(colour) or anchor.head in things.CLOTHES


def _between(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    inner = scope.inner(clauses=scope.clauses, lists=False)
    if (first := reader.phrase(at, inner)) is None:
        return None
    if first[0].reference == "other":  # than the one that is between them
        head = noun if noun and first[0].head == "object" else first[0].head
        first = replace(first[0], reference="", head=head), first[1]
    several = isinstance(first[0].number, int) and first[0].number > 1
    joined = reader.text(first[1]) in {"and", "&"} and not several
    second = reader.phrase(first[1] + 1, inner) if joined else None
    if second is None:
        return Modifier(first[1], relations=(Relation("between", (first[0],)),))
    return Modifier(second[1], relations=(Relation("between", (first[0], second[0])),))


def viewpoint_size(reader: Reader, at: int) -> int:
    """Count the words of "the camera", "me"; 0 where something else stands."""
    size = reader.row(at, relation_words.VIEWPOINTS, 5)
    return 0 if reader.is_content(at + size) else size


def _to_viewpoint(end: int, predicate: str) -> Modifier:
    """Read "near the camera" as closest, "facing the camera" as facing what is not seen."""
    if predicate in _CLOSE:
        return Modifier(end, superlative="closest")
    if predicate in {"far_from", "away_from"}:
        return Modifier(end, superlative="farthest")
    if predicate in {"in_front_of", "behind", "left_of", "right_of"}:
        return Modifier(end, relations=(Relation(predicate, ()),))
    return Modifier(end, relations=(Relation(predicate, (Phrase("the camera", "camera"),)),))


def _picture_size(reader: Reader, at: int) -> int:
    """Count the words of "the picture"; 0 where something else stands."""
    article = int(reader.text(at) in lexicon.DEFINITE)
    size = reader.row(at + article, relation_words.PICTURES)
    after = at + article + size
    more = reader.is_content(after) or reader.text(after) == "of"
    return 0 if not size or more else article + size


def _to_picture(end: int, predicate: str) -> Modifier:
    """Read "in the picture", which all is, and "at the edge of the picture"."""
    if predicate in {"in", "on", "at", "near", "away_from", "part_of"}:
        return Modifier(end)
    side = {"at_top_of": "above", "at_bottom_of": "below"}.get(predicate, predicate)
    return Modifier(end, relations=(Relation(side, ()),))


def _to_pronoun(reader: Reader, at: int, predicate: str, scope: Scope) -> Modifier | None:
    size = reader.row(at, lexicon.PRONOUNS)
    if reader.opens_name(at + size) and reader.text(at) in lexicon.DEFINITE:
        read = read_anchors(reader, at, scope.inner(clauses=scope.clauses))
        return None if read is None else Modifier(read[1], relations=to_each(predicate, read[0]))
    said = " ".join(reader.texts[at : at + size])
    if said in _EACH_OTHER:
        return Modifier(at + size, relations=(Relation(predicate, ()),))
    if scope.depth:
        return Modifier(at + size)  # what the anchor is an anchor of: "with a dog next to him"
    last = Phrase(said, "object", number="all" if said == "them" else "one", reference="last")
    return Modifier(at + size, relations=(Relation(predicate, (last,)),))


def _to_scene(reader: Reader, at: int) -> Modifier | None:
    """Read relations to the scene that are no sides: "stacked up", "on top", "nearby"."""
    found = relation_words.TO_SCENE.at(reader.texts, at)
    if found is None or reader.starts_phrase(at + found[0]):
        return None
    size, name = found
    if name in relation_words.SUPERLATIVES.meanings:
        return Modifier(at + size, superlative=name)
    return Modifier(at + size, relations=(Relation(name, ()),) if name else ())


def _immediate(modifier: Modifier) -> Modifier:
    relations = tuple(replace(relation, immediate=True) for relation in modifier.relations)
    return replace(modifier, relations=relations)


_EACH_OTHER = frozenset({"each other", "one another", "itself", "themselves", "himself", "herself"})
