"""Places in the picture or the scene: "on the left", "at the far back of the picture"."""

from __future__ import annotations

from grounding_ros.language import lexicon, relation_words, things
from grounding_ros.language.instruction import Relation
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.tables import rows
from grounding_ros.language.verbs import is_past, is_present

_EDGES = {"edge": "at_edge_of", "corner": "at_corner_of"}
_RESTING = rows("in, on, inside, under")
_NO_PREPOSITION = rows(
    "far, left, right, upper, lower, top, bottom, front, back, center, middle, rear, foreground, "
    "background"
)
"""They may stand without a preposition: "the box far left"."""


def read_place(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read a place of the picture or a side of something; None where there is none."""
    all_the_way = reader.row(at, {"all the way"})
    at += all_the_way
    here = at + reader.row(at, relation_words.PLACE_PREPOSITIONS)
    bare = here == at
    here += reader.is_article(here)
    if bare and (reader.text(at) not in _NO_PREPOSITION or here > at or _remains(reader, at)):
        return None
    sides, far, here = _sides(reader, here)
    far = far or all_the_way > 0
    edge = ""
    while sides and (noun := reader.row(here, relation_words.SIDE_NOUNS)):
        edge = edge or _EDGES.get(reader.text(here), "")
        here += noun
    if reader.text(at) == "in" and reader.text(here - 1) == "hand":
        return None  # "in my left hand": a thing
    if not sides and reader.text(here) in _EDGES:
        edge, here = _EDGES[reader.text(here)], here + 1
    if not (sides or edge) or _names_more(reader, here):
        return None
    if bare and reader.text(here) == "of" and not _is_picture(reader, here + 1):
        return None
    return _of_something(reader, here, sides, far, edge, scope)


def _sides(reader: Reader, at: int) -> tuple[list[str], bool, int]:
    """Read "far upper left": the sides, whether it is the farthest, and where it ends."""
    sides: list[str] = []
    far = False
    while True:
        if reader.text(at) in relation_words.FAR_SIDE and not (
            reader.text(at) == "most" and not sides
        ):
            far, at = True, at + 1
            continue
        if reader.text(at) in {"and", "-", ","} and sides:
            following = relation_words.SIDES.at(reader.texts, at + 1)
            if following is None:
                return sides, far, at
            at += 1
        side = relation_words.SIDES.at(reader.texts, at)
        if side is None:
            return sides, far, at
        sides.append(side[1])
        at += side[0]


def _remains(reader: Reader, at: int) -> bool:
    """Tell whether "left" means what remains: "any apples left in the bowl"."""
    if reader.text(at) != "left" or reader.text(at + 1) not in _RESTING:
        return False
    read = reader.phrase(at + 2, Scope(1)) if reader.is_article(at + 2) else None
    return read is not None and read[0].head not in things.CLOTHES  # not "man left in the hat"


def _names_more(reader: Reader, at: int) -> bool:
    """Tell whether a noun follows, so that the side belongs to its name: "on the left shelf"."""
    word = reader.text(at)
    return reader.is_content(at) and not (
        is_present(word) or is_past(word) or word in {"wears", "holds"}
    )


def _is_picture(reader: Reader, at: int) -> int:
    """Count the words of "the picture" after "of"; 0 where something else stands."""
    size = 1 if reader.text(at) in lexicon.DEFINITE else 0
    found = reader.row(at + size, relation_words.PICTURES)
    return size + found if found else 0


def _of_something(
    reader: Reader, at: int, sides: list[str], far: bool, edge: str, scope: Scope
) -> Modifier | None:
    """Tell whose side it is."""
    if reader.text(at) in {"of", "in", "on"} and (size := _is_picture(reader, at + 1)):
        return _in_picture(at + 1 + size, sides, far, edge)
    if reader.text(at) == "of":
        whole = reader.phrase(at + 1, scope.inner(clauses=scope.clauses, lists=False))
        if whole is None:
            return None
        predicates = [relation_words.SIDE_PREDICATES[side] for side in sides] or [edge]
        relations = tuple(Relation(predicate, (whole[0],)) for predicate in predicates)
        return Modifier(whole[1], relations=relations)
    return _in_picture(at, sides, far, edge)


def _in_picture(end: int, sides: list[str], far: bool, edge: str) -> Modifier:
    if far and len(sides) == 1 and sides[0] in relation_words.FARTHEST_AT:
        return Modifier(end, superlative=relation_words.FARTHEST_AT[sides[0]])
    predicates = [relation_words.SIDE_PREDICATES[side] for side in sides]
    if edge and not (sides and edge == "at_corner_of"):
        predicates.append(edge)
    return Modifier(end, relations=tuple(Relation(predicate, ()) for predicate in predicates))
