"""Comparisons after the noun: "taller than the box", "closest to me", "second from the left"."""

from __future__ import annotations

from grounding_ros.language import lexicon, relation_words
from grounding_ros.language.instruction import Ordinal, Relation
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.relations import viewpoint_size
from grounding_ros.language.tables import rows

_FAR = {"closest": "closest_to", "farthest": "farthest_from"}
_OF_ALL = rows("of all, in size, of them all, of them, one, ones")
_NEAR = {"closer_than": "closest_to", "farther_than": "farthest_from"}
_COUNTED_FROM = rows(
    "counting from, counted from, in from, starting from, when counting from, starting at, "
    "counting, over from, from, on, to, at, in"
)


def read_comparison(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read a comparative or superlative that stands after the noun."""
    here = at + (reader.text(at) in lexicon.DEFINITE)
    if (counted := _counted(reader, here, scope)) is not None:
        return counted
    if (most := relation_words.SUPERLATIVES.at(reader.texts, here)) is not None:
        if reader.text(here) in lexicon.NOT_SUPERLATIVES:
            return None
        return _superlative(reader, here + most[0], most[1], scope)
    if reader.texts[at : at + 2] == ("most", "to") and (side := side_at(reader, at + 2)):
        return Modifier(side[1], superlative=relation_words.FARTHEST_AT.get(side[0]))
    if (more := relation_words.COMPARATIVES.at(reader.texts, at)) is not None:
        return _comparative(reader, at + more[0], more[1], scope)
    return None


def _counted(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "second from the left"; not of the shirt of "the guy in the shirt second from left"."""
    index = lexicon.ORDINALS.get(reader.text(at))
    if index is None or (scope.depth and not scope.clauses):
        return None
    here = at + 1 + (reader.text(at + 1) in {"one", "place"})
    from_side = reader.text(here) in {"from", "in"} or reader.text(here).startswith("count")
    return read_ordinal_side(reader, here, Ordinal(index, "")) if from_side else None


def _superlative(reader: Reader, at: int, name: str, scope: Scope) -> Modifier | None:
    """Read what follows "largest" or "closest"."""
    if name not in _FAR:
        end = at + reader.row(at, _OF_ALL)
        return (
            None
            if reader.is_content(at)
            else Modifier(_past_picture(reader, end), superlative=name)
        )
    at += reader.text(at) in {"away", "one"}
    at += reader.text(at) == "away"
    side = side_at(reader, at + (reader.text(at) in {"to", "on", "at", "from", "in"}))
    if side is not None and side[0] in relation_words.FARTHEST_AT:
        of_thing = reader.text(side[1]) == "of" and reader.is_content(side[1] + 1)
        if not of_thing:
            superlative = relation_words.FARTHEST_AT[side[0]]
            return Modifier(_past_picture(reader, side[1]), superlative=superlative)
    linked = reader.text(at) in {"to", "from", "by", "towards"}
    if linked or reader.text(at) in lexicon.DEFINITE:  # "nearest the window"
        found = _ranked(reader, at + linked, name, scope)
        if found is not None:
            return found
    return None if reader.is_content(at) else Modifier(at, superlative=name)


def _ranked(reader: Reader, at: int, name: str, scope: Scope) -> Modifier | None:
    """Read what something is the closest to, or the farthest from."""
    if size := viewpoint_size(reader, at):
        return Modifier(at + size, superlative=name)
    read = reader.phrase(at, scope.inner(clauses=scope.clauses, lists=False))
    if read is None:
        return None
    if read[0].head in relation_words.PICTURES | {"viewer"}:
        return Modifier(read[1], superlative=name)
    return Modifier(read[1], relations=(Relation(_FAR[name], (read[0],)),))


def _comparative(reader: Reader, at: int, name: str, scope: Scope) -> Modifier | None:
    at += reader.text(at) == "away"
    if side := side_at(reader, at + reader.row(at, {"to", "on"})):
        predicate = relation_words.SIDE_PREDICATES[side[0]]
        if name in _NEAR and reader.text(side[1]) not in {"of"}:
            return Modifier(_past_picture(reader, side[1]), relations=(Relation(predicate, ()),))
    link = reader.text(at)
    if link in {"than", "then", "to", "from"}:
        if size := viewpoint_size(reader, at + 1):
            return Modifier(at + 1 + size, relations=(Relation(name, ()),))
        read = reader.phrase(at + 1, scope.inner(clauses=scope.clauses, lists=False))
        if read is None:
            return None
        if link in {"to", "from"} and name in _NEAR:
            return Modifier(read[1], relations=(Relation(_NEAR[name], (read[0],)),))
        return Modifier(read[1], relations=(Relation(name, (read[0],)),))
    return None if reader.is_content(at) else Modifier(at, relations=(Relation(name, ()),))


def read_ordinal_side(reader: Reader, at: int, ordinal: Ordinal) -> Modifier | None:
    """Read where an ordinal counts from: "from the left"."""
    size = reader.row(at, _COUNTED_FROM)
    if not size:
        return None
    here, said = at + size, reader.text(at)
    if viewpoint := viewpoint_size(reader, here):
        if said in {"on", "at", "in"}:
            return None
        return Modifier(here + viewpoint, ordinal=Ordinal(ordinal.index, "camera"))
    side = side_at(reader, here)
    if side is None or side[0] == "middle":
        return None
    end = _past_picture(reader, side[1])
    if reader.text(end) == "of" and said != "from":
        return None  # "the second box on the left of the mug"
    if ordinal.index == -1 and said in {"on", "to", "at", "in"}:
        return Modifier(end, superlative=relation_words.FARTHEST_AT[side[0]])  # "last on the right"
    return Modifier(end, ordinal=Ordinal(ordinal.index, side[0]))


def side_at(reader: Reader, at: int) -> tuple[str, int] | None:
    """Read "the far left side" as a side and where it ends."""
    at += reader.text(at) in lexicon.DEFINITE
    at += reader.text(at) in relation_words.FAR_SIDE
    side = relation_words.SIDES.at(reader.texts, at)
    if side is None:
        return None
    end = at + side[0]
    end += reader.row(end, relation_words.SIDE_NOUNS)
    if reader.texts[end : end + 2] in (("to", "right"), ("to", "left")):
        end += 2
    return None if reader.is_content(end) and reader.text(end) != "side" else (side[1], end)


def _past_picture(reader: Reader, at: int) -> int:
    if reader.text(at) in {"of", "in", "on"}:
        here = at + 1 + (reader.text(at + 1) in lexicon.DEFINITE)
        if size := reader.row(here, relation_words.PICTURES):
            return here + size
    return at
