"""Commands: what to do with what, and where to put it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import command_words, lexicon, things
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.reader import Reader, Scope
from grounding_ros.language.relations import read_relation
from grounding_ros.language.verb_words import VERBS
from grounding_ros.language.verbs import PAST, third_person

_THEN = frozenset({"and", "then", ",", "and then", "next", ", and", ", then", ", and then", "in order to",
                   "to", "after", ".", ";", "before", "after that", "so that", "plus", "and to", ", to",
                   "as well as", "and next", ". then", ", next", ". next", ". and", "; then", "once", "and also",
                   "then to", "to be", "and after that", "once you"})  # fmt: skip
_ITS = frozenset({"it", "them", "that", "this", "those", "these"})
_AT = {"to": "on", "toward": "next_to", "at": "near", "near": "near", "from": "on", "for": "near"}


@dataclass(frozen=True)
class Command:
    """A verb with its object and its goal."""

    end: int
    task: str
    target: Phrase | None
    """None: "it", what was spoken of before."""
    destination: Relation | None
    pronoun: Phrase | None = None
    own: bool = True
    """Whether it can stand first: it names what it is about."""


@dataclass(frozen=True)
class Order:
    """All commands of a sentence as one."""

    end: int
    task: str
    target: Phrase
    destination: Relation | None


def read_order(reader: Reader, at: int) -> Order | None:
    """Read the commands of a sentence; None where there is none.

    A thing that is taken, then put somewhere, is one order to place it; what is done to it between
    (washing, heating) is not part of the program.
    """
    first = read_command(reader, at)
    if first is None:
        return None
    commands = [first]
    while (following := _following(reader, commands[-1].end)) is not None:
        commands.append(following)
    return _order(commands)


def _following(reader: Reader, at: int) -> Command | None:
    size = reader.row(at, _THEN, 3)
    while more := reader.row(at + size, _THEN, 3):
        size += more
    if not size:
        return None
    command = read_command(reader, at + size)
    return None if command is None or command.task == "find" else command  # a thing of its own


def _order(commands: list[Command]) -> Order | None:
    target: Phrase | None = None
    chosen: tuple[Phrase, Relation] | None = None
    task = commands[0].task
    for command in commands:
        if command.target is not None:
            if target is None or command.destination is not None:
                target = command.target
        if command.destination is not None and target is not None:
            chosen = target, command.destination
            task = "place"
    end = commands[-1].end
    if target is None and commands[0].pronoun is not None:
        goals = [command.destination for command in commands if command.destination is not None]
        task = "place" if goals else task
        target = commands[0].pronoun
        chosen = (target, goals[-1]) if goals else None
    if chosen is not None:
        return Order(end, task, *chosen)
    if target is None:
        return None
    if task in {"place", "change"}:
        task = "place" if commands[0].task == "place" and len(commands) == 1 else "pick"
    return Order(end, task, target, None)


def read_command(reader: Reader, at: int) -> Command | None:
    """Read one verb with its object and its goal."""
    verb = _verb(reader, at)
    if verb is None:
        return None
    size, task = verb
    at += size
    at += (
        reader.row(at, command_words.PARTICLES, 1)
        if task != "find" and not _goal_row(reader, at)
        else 0
    )
    places = task == "find"
    scope = Scope(places=places or task == "pick")
    if task == "pick" and _has_goal(reader, at):
        scope = Scope(places=False)
    own, pronoun = True, None
    if reader.text(at) in _ITS and not (
        reader.text(at) in lexicon.DEFINITE and reader.is_content(at + 1)
    ):
        target, end, own = None, at + 1, False
        many = reader.text(at) in {"them", "those", "these"}
        pronoun = Phrase(
            reader.text(at), "object", number="all" if many else "one", reference="last"
        )
    else:
        read = reader.phrase(at, scope)
        target, end = read if read is not None else (None, at)
        own = read is not None
    if task == "find" and target is None:
        return None if pronoun is None else Command(end, task, None, None, pronoun, own)
    if task == "find":
        end += reader.text(end) in {"on", "off"} and not reader.starts_phrase(end + 1)
        return Command(end, task, target, None, pronoun, own)
    goal = _goal(reader, end, target)
    if goal is None:
        end += reader.row(end, command_words.PARTICLES, 1)
        if target is None and not reader.text(end - 1) in _ITS | command_words.PARTICLES:
            return None
        return Command(end, task, target, None, pronoun, own)
    end, destination, where = goal
    if target is not None and where:
        target = replace(target, relations=target.relations + where)
    if task == "find":
        task = "place"
    return Command(end, task, target, destination, pronoun, own)


def _verb(reader: Reader, at: int) -> tuple[int, str] | None:
    if (found := command_words.COMMANDS.at(reader.texts, at)) is not None:
        return found
    word = reader.text(at)
    base = _THIRD.get(word) or _GERUND.get(word) or PAST.get(word)
    if base is None:
        return None
    texts = (base, *reader.texts[at + 1 : at + 4])
    return command_words.COMMANDS.at(texts, 0)


def _goal_row(reader: Reader, at: int) -> bool:
    """Tell whether a preposition with its thing stands here, not a particle: "in the box"."""
    follows = reader.starts_phrase(at + 1) or reader.text(at + 1) in {"top", "to", "front", "back"}
    return reader.text(at) in {"on", "in", "over"} and follows


def _has_goal(reader: Reader, at: int) -> bool:
    """Tell whether what is taken is also put somewhere: "take the cup to the sink"."""
    for here in range(at, len(reader.texts)):
        if (
            reader.text(here) in {"to", "into", "onto"}
            and reader.text(here - 1) not in _NOT_GOAL
            and (reader.starts_phrase(here + 1))
        ):
            ahead = reader.text(here + 1)
            follows = reader.texts[here + 1 : here + 3]
            if ahead in {"left", "right"} or follows in (("the", "left"), ("the", "right")):
                continue
            return True
        if reader.text(here) in {"and", ","} and (
            here + 1 == len(reader.texts)
            or reader.text(here + 1) in command_words.COMMANDS.meanings
            or reader.text(here + 1) == "then"
        ):
            return False
    return False


_NOT_GOAL = frozenset(
    {
        "next",
        "close",
        "closest",
        "nearest",
        "adjacent",
        "attached",
        "nearer",
        "closer",
        "connected",
        "opposite",
        "parallel",
        "perpendicular",
        "farthest",
        "similar",
        "trying",
        "belonging",
        "facing",
    }
)


def _goal(
    reader: Reader, at: int, target: Phrase | None
) -> tuple[int, Relation, tuple[Relation, ...]] | None:
    """Read where to put it.

    Returns
    -------
    end
        Where the goal ends.
    destination
        The last place that was said.
    where
        Where the thing is now: "the mug next to the bowl" of "put ... into the box".
    """
    goals: list[Relation] = []
    here = at
    while True:
        moved = here
        while (size := reader.row(moved, command_words.PARTICLES, 1)) and not _goal_row(
            reader, moved
        ):
            moved += size
        moved += reader.text(moved) in {"it", "them"}
        if reader.text(moved) == "," and goals == []:
            moved += 1
        found = _one_goal(reader, moved)
        if found is None:
            break
        goals.append(found[1])
        here = found[0]
    if not goals:
        return None
    *before, destination = goals
    return here, destination, tuple(before)


def _one_goal(reader: Reader, at: int) -> tuple[int, Relation] | None:
    if reader.text(at) in {"to", "toward", "towards"} and reader.opens_name(at + 1):
        return _goal_to(reader, at + 1)
    if reader.text(at) in {"closer", "nearer", "close"} and reader.text(at + 1) == "to":
        read = reader.phrase(at + 2, Scope(depth=1, lists=False))
        return None if read is None else (read[1], Relation("near", (read[0],)))
    if reader.text(at) in {"with", "without", "of", "up", "off", "from", "for", "as", "like", "at"}:
        return None
    for skip in (4, 3):
        words = reader.texts[at : at + skip]
        if words in (
            ("on", "the", "back", "of"),
            ("onto", "the", "back", "of"),
            ("on", "back", "of"),
            ("on", "the", "top", "of"),
            ("on", "the", "side", "of"),
        ):
            read = reader.phrase(at + skip, Scope(depth=1, lists=False))
            return None if read is None else (read[1], Relation("on", (read[0],)))
    found = read_relation(reader, at, Scope(depth=0, lists=False), "")
    if found is None or not found.relations:
        return None
    return _relation(found.end, found.relations[0])


def _goal_to(reader: Reader, at: int) -> tuple[int, Relation] | None:
    """Read "the sink" of "move it to the sink"."""
    if _is_aim(reader, at):
        return None
    top = reader.texts[at : at + 3] in (("the", "top", "of"), ("the", "surface", "of"))
    top = top or reader.texts[at : at + 2] == ("top", "of")
    if not top:
        side = read_relation(reader, at - 1, Scope(lists=False), "")
        if side is not None and side.relations and side.relations[0].predicate in _SIDES:
            return side.end, side.relations[0]
    skip = 0 if not top else 3 if reader.text(at) == "the" else 2
    read = reader.phrase(at + skip, Scope(depth=1, lists=False))
    if read is None:
        return None
    anchor = _whole(read[0])
    if anchor.head in things.PEOPLE:
        return read[1], Relation("next_to", (anchor,))
    inside = anchor.head in things.HOLLOW and not top
    return read[1], Relation("in" if inside else "on", (anchor,))


def _is_aim(reader: Reader, at: int) -> bool:
    """Tell whether "to" says what for, not where: "use it to turn the lamp on"."""
    acts = reader.text(at) in VERBS or reader.text(at) in command_words.COMMANDS.starts
    acts = acts or reader.text(at) in command_words.OTHER_COMMANDS
    follows = reader.text(at + 1)
    objects = lexicon.DEFINITE | lexicon.INDEFINITE | lexicon.PRONOUNS | command_words.PARTICLES
    return acts and follows in objects - {"in", "on"}


def _relation(end: int, relation: Relation) -> tuple[int, Relation] | None:
    if relation.predicate in {"with", "of", "part_of", "wearing", "stacked", "away_from"}:
        return None
    predicate = _AT.get(relation.predicate, relation.predicate)
    anchors = tuple(_whole(anchor) for anchor in relation.anchors)
    return end, replace(relation, predicate=predicate, anchors=anchors)


def _whole(anchor: Phrase) -> Phrase:
    """Read "the back of the toilet" as the toilet: things are put on the whole."""
    wholes = [part for part in anchor.relations if part.predicate == "part_of"]
    region = anchor.head in {
        "back",
        "top",
        "side",
        "front",
        "surface",
        "left",
        "right",
        "end",
        "middle",
        "center",
        "edge",
    }
    return wholes[0].anchors[0] if region and wholes else anchor


_SIDES = frozenset(
    {"left_of", "right_of", "in_front_of", "next_to", "in_the_middle_of", "across_from"}
)
_THIRD = {third_person(row): row for row in command_words.COMMANDS.meanings if " " not in row}
_GERUND = {
    form: row
    for row in command_words.COMMANDS.meanings
    if " " not in row
    for form in (f"{row}ing", f"{row.removesuffix('e')}ing", f"{row}{row[-1]}ing")
}
