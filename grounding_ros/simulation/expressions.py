"""Makes instructions about a scene whose answers follow from the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from grounding_ros.simulation.catalog import CATALOG, COLORS
from grounding_ros.simulation.facts import (
    EXTREMES,
    RELATIONS,
    Seen,
    in_a_row,
    is_between,
    leader,
    related,
)
from grounding_ros.simulation.truth import Expression

_ANYTHING = "object"
_ASK_ONE = ("{}", "pick up {}", "find {}", "grab {}", "give me {}", "where is {}?")
_ASK_ALL = ("all the {}", "find all the {}", "the {}", "show me all the {}")
_ASK_COUNT = ("how many {} are there?", "how many {} are on the table?", "count the {}")
_ORDINALS = ("first", "second", "third")
_PLACES = ("on", "on top of", "next to", "to the left of", "behind")


@dataclass(frozen=True)
class _Noun:
    """A word for some of the objects: "red box", "tin", "object"."""

    one: str
    many: str
    group: tuple[Seen, ...]
    """The objects it plainly fits."""
    plain: bool
    """Whether it plainly does not fit any other."""

    @property
    def head(self) -> str:
        """The noun itself: "box" of "red box"."""
        return self.one.split()[-1]

    @property
    def a(self) -> str:
        """With its article: "an orange box"."""
        return f"{'an' if self.one[0] in 'aeiou' else 'a'} {self.one}"


@dataclass(frozen=True)
class _Idea:
    """An instruction before it is worded."""

    kind: str
    phrase: str
    targets: tuple[int, ...]
    answer: bool | None = None
    places: tuple[int, ...] = ()


def make_expressions(
    scene: str, seen: tuple[Seen, ...], rng: np.random.Generator, count: int = 10
) -> tuple[Expression, ...]:
    """Return up to `count` instructions about the objects, of as many kinds as there are.

    Only what is unambiguous is asked, except by the kind "ambiguous", whose `target_ids` are all
    the candidates.
    """
    chosen = _in_turn(list(_ideas(_nouns(seen))), rng)[:count]
    return tuple(
        Expression(
            scene=scene,
            id=f"{scene}-{number:02d}",
            text=_worded(idea, rng),
            kind=idea.kind,
            target_ids=idea.targets,
            place_ids=idea.places,
            answer=idea.answer,
        )
        for number, idea in enumerate(chosen, start=1)
    )


def _in_turn(ideas: list[_Idea], rng: np.random.Generator) -> list[_Idea]:
    """Deal one idea of each kind, then another, so that no kind crowds out the others."""
    queues: dict[tuple[str, bool, bool | None], list[_Idea]] = {}
    for index in rng.permutation(len(ideas)):
        idea = ideas[index]
        queues.setdefault((idea.kind, bool(idea.targets), idea.answer), []).append(idea)
    rounds = max((len(queue) for queue in queues.values()), default=0)
    return [queue[turn] for turn in range(rounds) for queue in queues.values() if turn < len(queue)]


def _worded(idea: _Idea, rng: np.random.Generator) -> str:
    frames = {
        "plural": _ASK_ALL,
        "count": ("how many {}?",) if " are " in idea.phrase else _ASK_COUNT,
        "verify": ("{}",),
        "place": ("{}",),
        "ambiguous": _ASK_ONE[:5],
    }.get(idea.kind, _ASK_ONE)
    return str(rng.choice(frames)).format(idea.phrase)


def _ideas(nouns: list[_Noun]) -> Iterator[_Idea]:
    for noun in nouns:
        if noun.plain:
            yield from _about_number(noun)
            yield from _about_extremes(noun)
            yield from _about_order(noun)
    yield from _about_exclusion(nouns)
    anchors = [noun for noun in nouns if noun.plain and len(noun.group) == 1]
    anchors = [noun for noun in anchors if noun.one != _ANYTHING]
    for noun in nouns:
        for anchor in anchors:
            if noun.plain and anchor.head != noun.head:
                yield from _about_relations(noun, anchor)
                yield from _about_places(noun, anchor)
        if noun.plain:
            yield from _about_two(noun, [one for one in anchors if one.head != noun.head])


def _about_number(noun: _Noun) -> Iterator[_Idea]:
    """What the bare words say, by how many objects they fit."""
    targets = tuple(one.id for one in noun.group)
    yield _Idea("count", noun.many, targets)
    for number, word in enumerate(("two", "three"), start=2):
        yield _Idea("verify", f"are there {word} {noun.many}?", targets, len(targets) == number)
        at_least = f"are there at least {word} {noun.many}?"
        yield _Idea("verify", at_least, targets, len(targets) >= number)
    if noun.one == _ANYTHING:
        return
    if len(targets) == 0:
        yield _Idea("absent", f"the {noun.one}", ())
        yield _Idea("verify", f"is there {noun.a} on the table?", (), False)
    elif len(targets) == 1:
        yield _Idea("attribute", f"the {noun.one}", targets)
        yield _Idea("verify", f"is there {noun.a} on the table?", targets, True)
    else:
        yield _Idea("plural", noun.many, targets)
        yield _Idea("ambiguous", f"the {noun.one}", targets)


def _about_extremes(noun: _Noun) -> Iterator[_Idea]:
    for extreme in EXTREMES:
        first = leader(list(noun.group), extreme)
        if first is not None:
            yield _Idea(extreme.kind, "the " + extreme.words.format(noun.one), (first.id,))


def _about_order(noun: _Noun) -> Iterator[_Idea]:
    """Places in a row."""
    for side in ("left", "right"):
        row = in_a_row(list(noun.group), side == "left")
        for number, thing in enumerate(row or [], start=1):
            if number <= len(_ORDINALS):
                phrase = f"the {_ORDINALS[number - 1]} {noun.one} from the {side}"
                yield _Idea("ordinal", phrase, (thing.id,))


def _about_exclusion(nouns: list[_Noun]) -> Iterator[_Idea]:
    """What is left of a kind without those of one colour."""
    bare = [noun for noun in nouns if noun.plain and noun.one == noun.head]
    for noun in bare:
        for less in nouns:
            word = less.one.split()[0]
            said = less.head == noun.head and less.plain and word in COLORS
            left = tuple(seen.id for seen in noun.group if seen not in less.group)
            if said and less.group and left:
                one = f"the {noun.one} that is not {word}"
                many = f"the {noun.many} that are not {word}"
                yield _Idea("negation", one if len(left) == 1 else many, left)


def _about_relations(noun: _Noun, anchor: _Noun) -> Iterator[_Idea]:
    stands = anchor.group[0]
    for relation in RELATIONS:
        found = related(list(noun.group), relation, stands)
        if found is not None:
            phrase = f"the {noun.one} {relation.words} the {anchor.one}"
            yield _Idea(relation.kind, phrase, (found.id,))
        if stands in noun.group:
            continue
        verdicts = [relation.holds(seen, stands) for seen in noun.group]
        if noun.group and None not in verdicts and relation.words != "on top of":
            hits = tuple(s.id for s, holds in zip(noun.group, verdicts, strict=True) if holds)
            yield _Idea("count", f"{noun.many} are {relation.words} the {anchor.one}", hits)
        if len(noun.group) == 1 and verdicts[0] is not None:
            claim = f"is the {noun.one} {relation.words} the {anchor.one}?"
            yield _Idea("verify", claim, (noun.group[0].id,), verdicts[0])


def _about_places(noun: _Noun, anchor: _Noun) -> Iterator[_Idea]:
    if len(noun.group) == 1 and noun.group != anchor.group and noun.one != _ANYTHING:
        for words in _PLACES:
            phrase = f"put the {noun.one} {words} the {anchor.one}"
            yield _Idea("place", phrase, (noun.group[0].id,), places=(anchor.group[0].id,))


def _about_two(noun: _Noun, anchors: list[_Noun]) -> Iterator[_Idea]:
    """What is between two others."""
    for first, second in combinations(anchors, 2):
        ends = (first.group[0], second.group[0])
        others = [seen for seen in noun.group if seen not in ends]
        if ends[0] is ends[1] or not others:
            continue
        verdicts = [is_between(seen, *ends) for seen in others]
        if None not in verdicts and verdicts.count(True) == 1:
            phrase = f"the {noun.one} between the {first.one} and the {second.one}"
            yield _Idea("relation3d", phrase, (others[verdicts.index(True)].id,))


def _nouns(seen: tuple[Seen, ...]) -> list[_Noun]:
    """Every name of the catalog, bare and with a colour or another word, and "object"."""
    nouns = [_Noun(_ANYTHING, "objects", seen, plain=True)]
    for kind in CATALOG:
        for one, many in kind.names:
            named = tuple(thing for thing in seen if one in thing.thing.names)
            nouns.append(_Noun(one, many, named, plain=True))
            nouns += [_colored(color, one, many, named) for color in COLORS]
            nouns += [
                _Noun(f"{word} {one}", f"{word} {many}", fitting, plain)
                for word, fitting, plain in _described(named)
            ]
    return nouns


def _colored(color: str, one: str, many: str, named: tuple[Seen, ...]) -> _Noun:
    mainly = tuple(seen for seen in named if seen.thing.colors[0] == color)
    partly = sum(color in seen.thing.colors for seen in named)
    return _Noun(f"{color} {one}", f"{color} {many}", mainly, plain=len(mainly) == partly)


def _described(named: tuple[Seen, ...]) -> Iterator[tuple[str, tuple[Seen, ...], bool]]:
    """Size words are plain only when each object has one."""
    sized = all({"small", "large"} & set(seen.thing.attributes) for seen in named)
    for word, plain in (("small", sized), ("large", sized), ("striped", True)):
        fitting = tuple(seen for seen in named if word in seen.thing.attributes)
        if fitting:
            yield word, fitting, plain
