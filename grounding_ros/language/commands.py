"""Commands: what to do with what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import command_words, lexicon
from grounding_ros.language.goals import past_particles, read_goal
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.reader import Reader, Scope, Sentence
from grounding_ros.language.tables import rows
from grounding_ros.language.verbs import PAST, third_person

_ITS = rows("it, them, that, this, those, these")


@dataclass(frozen=True)
class Command:
    """A verb with its object and its goal."""

    end: int
    task: str
    target: Phrase | None
    """None: nothing of its own, what was spoken of before."""
    destination: Relation | None = None
    pronoun: Phrase | None = None
    """"it", should nothing have been spoken of before."""


def read_order(reader: Reader) -> Sentence | None:
    """Read the commands of a sentence as one order; None where there is none.

    A thing that is taken, then put somewhere, is one order to place it; what is done to it between
    (washing, heating) is not part of the program.
    """
    first = read_command(reader, 0)
    if first is None:
        return None
    commands = [first]
    while (following := _following(reader, commands[-1].end)) is not None:
        commands.append(following)
    return _order(commands)


def _following(reader: Reader, at: int) -> Command | None:
    here = at
    while size := reader.row(here, command_words.THEN, 3):
        here += size
    command = read_command(reader, here) if here > at else None
    return None if command is None or command.task == "find" else command  # a thing of its own


def _order(commands: list[Command]) -> Sentence | None:
    """Make one order: the last goal, and the thing that was last spoken of before it."""
    end = commands[-1].end
    commands = _meant(commands)
    target = destination = None
    last = commands[0].pronoun
    for command in commands:
        spoken = command.target or last
        if command.destination is not None and spoken is not None:
            target, destination = spoken, command.destination
        if last is None or last.reference or command.destination is not None:
            last = spoken
    if target is not None:
        return Sentence(end, "place", target, destination)
    if last is None:
        return None
    picks = [each for each in commands if each.task == "pick" and each.target is not None]
    if len(picks) > 1:
        return Sentence(picks[0].end, "pick", last)  # two things: the rest is left over
    tasks = [command.task for command in commands]
    task = tasks[0]
    if task == "change" or (task == "place" and len(tasks) > 1) or "pick" in tasks:
        task = "pick"
    return Sentence(end, "find" if task == "approach" else task, last)


def _meant(commands: list[Command]) -> list[Command]:
    """Leave out what is only on the way: "go to the shelf" of "... and get the red book"."""
    first, *others = commands
    onward = [command for command in others if command.task != "approach"]
    if first.task in {"find", "approach"} and any(command.target for command in onward):
        return _meant(onward)
    return [first, *onward]


def read_command(reader: Reader, at: int) -> Command | None:
    """Read one verb with its object and its goal."""
    verb = _verb(reader, at)
    if verb is None:
        return None
    task, at = verb[1], at + verb[0]
    if task in {"find", "approach"}:
        return _looking(reader, at, task)
    at = past_particles(reader, at, most=1)
    pronoun = _pronoun(reader, at)
    if pronoun is None:
        places = task == "pick" and not _has_goal(reader, at)
        read = reader.phrase(at, Scope(places=places))
        target, end = read if read is not None else (None, at)
    else:
        target, end = None, at + 1
    goal = read_goal(reader, end)
    if goal is None:
        end += reader.row(end, command_words.PARTICLES, 1)
        nothing = target is None and pronoun is None
        if nothing and reader.text(end - 1) not in command_words.PARTICLES:
            return None
        return Command(end, task, target, None, pronoun)
    if target is not None:
        target = replace(target, relations=target.relations + goal.where)
    return Command(goal.end, task, target, goal.destination, pronoun)


def _looking(reader: Reader, at: int, task: str) -> Command | None:
    """Read what is looked for, with the rest of its verb: "turn the lamp on"."""
    if (pronoun := _pronoun(reader, at)) is not None:
        return Command(at + 1, task, None, None, pronoun)
    read = reader.phrase(at, Scope())
    if read is None:
        return None
    switch = reader.text(read[1]) in {"on", "off"} and not reader.starts_phrase(read[1] + 1)
    if reader.text(at - 1) in {"turn", "switch"} and not switch:
        return None
    return Command(read[1] + switch, task, read[0])


def _pronoun(reader: Reader, at: int) -> Phrase | None:
    """Read "it" as what the last answer chose."""
    word = reader.text(at)
    names = word in lexicon.DEFINITE and reader.is_content(at + 1)
    if word not in _ITS or names:
        return None
    number = "all" if word in {"them", "those", "these"} else "one"
    return Phrase(word, "object", number=number, reference="last")


def _verb(reader: Reader, at: int) -> tuple[int, str] | None:
    """Read a verb of a command in any form: "put", "puts", "putting"."""
    if (found := command_words.COMMANDS.at(reader.texts, at)) is not None:
        return found
    word = reader.text(at)
    base = _THIRD.get(word) or _GERUND.get(word) or PAST.get(word)
    if base is None or word == "left":  # a side, as in "left cup", sooner than "has left"
        return None
    return command_words.COMMANDS.at((base, *reader.texts[at + 1 : at + 4]), 0)


def _has_goal(reader: Reader, at: int) -> bool:
    """Tell whether what is taken is also put somewhere: "take the cup to the sink"."""
    for here in range(at, len(reader.texts)):
        word = reader.text(here)
        directed = word in {"to", "into", "onto"} and reader.starts_phrase(here + 1)
        if directed and reader.text(here - 1) not in _NO_GOALS:
            ahead = {reader.text(here + 1), reader.text(here + 2)}
            if not ahead & {"left", "right"}:
                return True
        following = reader.text(here + 1)
        ends = following in command_words.COMMANDS.meanings or following in {"then", ""}
        if word in {"and", ","} and ends:
            return False
    return False


_NO_GOALS = rows(
    "next, close, closest, nearest, adjacent, attached, nearer, closer, connected, opposite, "
    "parallel, perpendicular, farthest, similar, trying, belonging, facing, use, used, using, "
    "need, needed"
)
"""Before "to" they make a relation or a purpose, not a goal."""
_ONE_WORD = [row for row in command_words.COMMANDS.meanings if " " not in row]
_THIRD = {third_person(row): row for row in _ONE_WORD}
_GERUND = {
    form: row
    for row in _ONE_WORD
    for form in (f"{row}ing", f"{row.removesuffix('e')}ing", f"{row}{row[-1]}ing")
}
