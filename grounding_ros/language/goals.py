"""Goals: where something is to be put."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import command_words, lexicon, things
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.reader import Reader, Scope
from grounding_ros.language.relations import read_relation
from grounding_ros.language.tables import Table, rows
from grounding_ros.language.verb_words import VERBS

_ANCHOR = Scope(depth=1, lists=False)
_FURNITURE = Scope(depth=1, places=False, clauses=False, lists=False)


@dataclass(frozen=True)
class Goal:
    """Where something is to be put."""

    end: int
    destination: Relation
    where: tuple[Relation, ...] = ()
    """Where it is now: "the mug next to the bowl" of "put ... into the box"."""


def read_goal(reader: Reader, at: int) -> Goal | None:
    """Read the places that follow a command; the last one is the goal. None where there is none."""
    goal: Goal | None = None
    while True:
        here = past_particles(reader, at if goal is None else goal.end)
        here += reader.text(here) in {"it", "them"}
        listed = reader.text(here) == "," and reader.text(here + 1) in _DIRECTIONS
        here = past_particles(reader, here + listed)
        found = _past_furniture(reader, here) or _one_goal(reader, here)
        if found is None:
            return goal
        stays = goal is not None and not listed and reader.text(at) not in _DIRECTED
        goal = replace(found, where=(*goal.where, goal.destination)) if goal and stays else found


def past_particles(reader: Reader, at: int, most: int = 9) -> int:
    """Skip "back" of "put it back in", not "in" of "in the box"."""
    end = at
    while end < at + most and reader.text(end) in command_words.PARTICLES:
        follows = reader.starts_phrase(end + 1) or reader.text(end + 1) in _REGIONS | {"to"}
        if reader.text(end) in {"on", "in", "over"} and follows:
            break
        end += 1
    return end


def _one_goal(reader: Reader, at: int) -> Goal | None:
    word = reader.text(at)
    if word in {"left", "right"} and at + 1 == len(reader.texts):
        return Goal(at + 1, Relation(f"{word}_of", ()))  # "move it left"
    if word in {"to", "toward", "towards"} and reader.opens_name(at + 1):
        return _to(reader, at + 1)
    if word in {"closer", "nearer", "close"} and reader.text(at + 1) == "to":
        return _at(reader, at + 2, "near")
    if word in _NO_GOALS:
        return None
    if (surface := _SURFACES.at(reader.texts, at)) is not None:
        return _at(reader, at + surface[0], surface[1])
    found = read_relation(reader, at, Scope(lists=False), "")
    if found is None or not found.relations:
        return None
    relation = found.relations[0]
    if relation.predicate in _NOT_PLACES:
        return None
    predicate = _PREDICATES.get(relation.predicate, relation.predicate)
    anchors = tuple(_whole(anchor) for anchor in relation.anchors)
    return Goal(found.end, replace(relation, predicate=predicate, anchors=anchors))


def _past_furniture(reader: Reader, at: int) -> Goal | None:
    """Read "on the table in the sink": the table is where the thing is, the sink is the goal."""
    read = reader.phrase(at + 1, _FURNITURE) if reader.text(at) == "on" else None
    if read is None or read[0].head not in things.FURNITURE:
        return None
    if reader.text(read[1]) not in {"in", "on"}:
        return None
    goal = _one_goal(reader, read[1])
    if goal is None or goal.destination.predicate not in {"in", "on"}:
        return None
    if not goal.destination.anchors:
        return None
    if goal.destination.anchors[0].head in things.FURNITURE | things.ROOMS:
        return None
    return replace(goal, where=(Relation("on", (read[0],)),))


def _to(reader: Reader, at: int) -> Goal | None:
    """Read "the sink" of "move it to the sink"."""
    if _is_aim(reader, at):
        return None
    if (top := _TOPS.at(reader.texts, at)) is not None:
        return _at(reader, at + top[0], "on")
    side = read_relation(reader, at - 1, Scope(lists=False), "")
    if side is not None and side.relations and side.relations[0].predicate in _SIDES:
        return Goal(side.end, side.relations[0])
    read = reader.phrase(at, _ANCHOR)
    if read is None:
        return None
    anchor = _whole(read[0])
    inside = "in" if anchor.head in things.HOLLOW else "on"
    predicate = "next_to" if anchor.head in things.PEOPLE else inside
    return Goal(read[1], Relation(predicate, (anchor,)))


def _at(reader: Reader, at: int, predicate: str) -> Goal | None:
    read = reader.phrase(at, _ANCHOR)
    return None if read is None else Goal(read[1], Relation(predicate, (_whole(read[0]),)))


def _is_aim(reader: Reader, at: int) -> bool:
    """Tell whether "to" says what for, not where: "use it to turn the lamp on"."""
    word, follows = reader.text(at), reader.text(at + 1)
    commanded = word in command_words.COMMANDS.starts or word in command_words.OTHER_COMMANDS
    particle = follows in command_words.PARTICLES - {"in", "on"}
    object_ = reader.is_article(at + 1) or follows in lexicon.PRONOUNS
    return (commanded or word in VERBS) and (particle or object_)


def _whole(anchor: Phrase) -> Phrase:
    """Read "the back of the toilet" as the toilet: things are put on the whole."""
    wholes = [part for part in anchor.relations if part.predicate == "part_of"]
    return wholes[0].anchors[0] if anchor.head in _REGIONS and wholes else anchor


_DIRECTIONS = rows("to, into, onto, in, on, back, inside, next, under, behind")
_DIRECTED = rows("to, into, onto, toward, towards")
_REGIONS = rows("back, top, side, front, surface, left, right, end, middle, center, edge")
_NO_GOALS = rows("with, without, of, up, off, from, for, as, like, at")
_NOT_PLACES = rows("with, of, part_of, wearing, stacked, away_from, contains, has_part")
_PREDICATES = {"to": "on", "toward": "next_to", "from": "on", "for": "near"}
_SIDES = rows("left_of, right_of, in_front_of, next_to, in_the_middle_of, across_from")
_SURFACES = Table.grouped(
    {
        "on": "on the back of, onto the back of, on back of, on the top of, on the side of, "
        "onto the top of, onto the side of"
    }
)
_TOPS = Table.grouped({"on": "the top of, the surface of, top of"})
