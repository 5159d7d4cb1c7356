"""Comparisons after the noun: "taller than the box", "closest to me", "second from the left"."""

from __future__ import annotations

from grounding_ros.language import lexicon, relation_words
from grounding_ros.language.instruction import Ordinal, Phrase, Relation
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.relations import viewpoint_size

_FAR = {"closest": "closest_to", "farthest": "farthest_from"}
_NEAR = {"closer_than": "closest_to", "farther_than": "farthest_from"}
_COUNTED_FROM = ("counting from", "counted from", "in from", "starting from", "when counting from",
                 "starting at", "counting", "over from", "from", "on", "to", "at", "in")  # fmt: skip


def read_comparison(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read a comparative or superlative that stands after the noun."""
    here = at + (reader.text(at) in lexicon.DEFINITE)
    if (most := relation_words.SUPERLATIVES.at(reader.texts, here)) is not None:
        if reader.text(here) in lexicon.NOT_SUPERLATIVES:
            return None
        return _superlative(reader, here + most[0], most[1], scope)
    if reader.texts[at : at + 2] == ("most", "to") and (side := side_at(reader, at + 2)):
        return Modifier(side[1], superlative=relation_words.FARTHEST_AT.get(side[0]))
    if (more := relation_words.COMPARATIVES.at(reader.texts, at)) is not None:
        return _comparative(reader, at + more[0], more[1], scope)
    return None


def _superlative(reader: Reader, at: int, name: str, scope: Scope) -> Modifier | None:
    if name not in _FAR:
        if reader.is_content(at):
            return None
        size = reader.row(at, {"of all", "in size", "of them all", "of them", "one", "ones"})
        return Modifier(_past_picture(reader, at + size), superlative=name)
    at += reader.text(at) in {"away", "one"}
    at += reader.text(at) in {"away"}
    if side := side_at(reader, at + reader.row(at, {"to", "on", "at", "from", "in"})):
        superlative = relation_words.FARTHEST_AT.get(side[0])
        if superlative and not (reader.text(side[1]) == "of" and reader.is_content(side[1] + 1)):
            return Modifier(_past_picture(reader, side[1]), superlative=superlative)
    if reader.text(at) in {"to", "from", "by", "towards"}:
        if size := viewpoint_size(reader, at + 1):
            return Modifier(at + 1 + size, superlative=name)
        read = reader.phrase(at + 1, scope.inner(clauses=scope.clauses, lists=False))
        if read is not None:
            if read[0].head in relation_words.PICTURES | {"viewer"}:
                return Modifier(read[1], superlative=name)
            return Modifier(read[1], relations=(Relation(_FAR[name], (read[0],)),))
        if reader.text(at + 1) in lexicon.PRONOUNS:
            it = Phrase(reader.text(at + 1), "object", reference="last")
            return Modifier(at + 2, relations=(Relation(_FAR[name], (it,)),))
    if reader.text(at) in lexicon.DEFINITE:  # "nearest the window"
        read = reader.phrase(at, scope.inner(clauses=scope.clauses, lists=False))
        if read is not None:
            return Modifier(read[1], relations=(Relation(_FAR[name], (read[0],)),))
    return None if reader.is_content(at) else Modifier(at, superlative=name)


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
    for said in _COUNTED_FROM:
        words = tuple(said.split())
        if reader.texts[at : at + len(words)] != words:
            continue
        here = at + len(words)
        if size := viewpoint_size(reader, here):
            if said in {"on", "to", "at", "in"} and said != "to":
                return None
            return Modifier(here + size, ordinal=Ordinal(ordinal.index, "camera"))
        if (side := side_at(reader, here)) is None or side[0] == "middle":
            return None
        if reader.text(side[1]) == "of" and not _past_picture(reader, side[1]) > side[1]:
            if reader.text(side[1] + 1) != "the" or said not in {"from", "on", "at", "to"}:
                return None
            if said != "from":
                return None
        return Modifier(_past_picture(reader, side[1]), ordinal=Ordinal(ordinal.index, side[0]))
    return None


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
