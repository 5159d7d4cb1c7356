"""What is plainly true between the objects of a scene; what is not plain is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.truth import SceneObject

_SIDEWAYS_PX = 25
_TALLER_M = 0.015
_LARGER = 1.4
_NEARER_M = 0.05
_HIGHER_M = 0.03
_BESIDE_M = (0.04, 0.16)


@dataclass(frozen=True, eq=False)
class Seen:
    """An object with all that instructions may speak of."""

    thing: SceneObject
    """Names, colours, attributes, 3D truth."""
    box: tuple[int, int, int, int]
    """xyxy pixels of its visible part."""
    volume: float
    """Of the box around it in its own frame, cubic metres."""
    distance_m: float
    """From the camera to its centre."""
    on: frozenset[int]
    """Ids of what it rests on, other than the table."""
    right_m: float = 0.0
    """How far right of the camera its centre is, level, metres."""
    away_m: float = 0.0
    """How far before the camera its centre is, level, metres."""

    @property
    def id(self) -> int:
        """Its id in the instance image."""
        return self.thing.id

    @property
    def u(self) -> float:
        """Column of its box's centre, pixels."""
        return (self.box[0] + self.box[2]) / 2

    @property
    def height(self) -> float:
        """Its vertical extent, metres."""
        assert self.thing.size_m is not None
        return self.thing.size_m[2]

    @property
    def top(self) -> float:
        """Height of its top over the table, metres."""
        assert self.thing.center_m is not None
        return self.thing.center_m[2] + self.height / 2

    @property
    def place(self) -> NDArray[np.float64]:
        """(3,) its centre in the base frame, metres."""
        return np.array(self.thing.center_m, float)

    @property
    def radius(self) -> float:
        """Of the circle of its footprint's mean width, metres."""
        assert self.thing.size_m is not None
        return (self.thing.size_m[0] + self.thing.size_m[1]) / 4


@dataclass(frozen=True)
class Extreme:
    """A word for the one that has most of something."""

    words: str
    """"largest {}", as in "the largest box"."""
    kind: str
    """The kind of expression."""
    measure: Callable[[Seen], float]
    """Of what it has most."""
    margin: float
    """By how much it must lead the next."""


EXTREMES = (
    Extreme("largest {}", "superlative", lambda seen: float(np.log(seen.volume)), np.log(_LARGER)),
    Extreme(
        "smallest {}", "superlative", lambda seen: -float(np.log(seen.volume)), np.log(_LARGER)
    ),
    Extreme("tallest {}", "superlative", lambda seen: seen.height, _TALLER_M),
    Extreme("shortest {}", "superlative", lambda seen: -seen.height, _TALLER_M),
    Extreme("highest {}", "superlative", lambda seen: seen.top, _HIGHER_M),
    Extreme("leftmost {}", "relation2d", lambda seen: -seen.u, _SIDEWAYS_PX),
    Extreme("rightmost {}", "relation2d", lambda seen: seen.u, _SIDEWAYS_PX),
    Extreme("{} closest to the camera", "relation3d", lambda seen: -seen.distance_m, _NEARER_M),
    Extreme("{} farthest from the camera", "relation3d", lambda seen: seen.distance_m, _NEARER_M),
)


@dataclass(frozen=True)
class Between:
    """A word for how one object stands to another."""

    words: str
    """"to the left of", as in "the box to the left of the can"."""
    kind: str
    """The kind of expression."""
    holds: Callable[[Seen, Seen], bool | None]
    """Whether it plainly holds (True), plainly does not (False), or one could argue (None)."""


def _by_margin(lead: float, margin: float) -> bool | None:
    return None if abs(lead) < margin else lead > 0


def _behind(a: Seen, b: Seen) -> bool | None:
    """Whether `a` is plainly behind `b`: farther away, and not merely beside it."""
    lead, aside = a.away_m - b.away_m, abs(a.right_m - b.right_m)
    if lead > _NEARER_M and aside < lead:
        return True
    return False if lead < -_NEARER_M / 2 else None


def _beside(a: Seen, b: Seen) -> bool | None:
    """Whether there is plainly little, or much, between two footprints."""
    air = float(np.linalg.norm((a.place - b.place)[:2])) - a.radius - b.radius
    if a.id in b.on or b.id in a.on:
        return None
    return True if air < _BESIDE_M[0] else False if air > _BESIDE_M[1] else None


RELATIONS = (
    Between("to the left of", "relation2d", lambda a, b: _by_margin(b.u - a.u, _SIDEWAYS_PX)),
    Between("to the right of", "relation2d", lambda a, b: _by_margin(a.u - b.u, _SIDEWAYS_PX)),
    Between("on top of", "relation3d", lambda a, b: b.id in a.on),
    Between("under", "relation3d", lambda a, b: a.id in b.on),
    Between("behind", "relation3d", _behind),
    Between("in front of", "relation3d", lambda a, b: _behind(b, a)),
    Between("next to", "relation3d", _beside),
)


def is_between(one: Seen, first: Seen, second: Seen) -> bool | None:
    """Tell whether an object is plainly between two others, plainly not, or None."""
    way = second.place - first.place
    length = float(np.linalg.norm(way))
    if length < 4 * _NEARER_M:
        return None
    share = float((one.place - first.place) @ way) / length**2
    off = float(np.linalg.norm(one.place - first.place - share * way)) / length
    if 0.3 < share < 0.7 and off < 0.2:
        return True
    return False if not -0.1 < share < 1.1 or off > 0.7 else None


def in_a_row(group: list[Seen], from_left: bool) -> list[Seen] | None:
    """Return the objects in their order from one side, or None where it is not plain."""
    row = sorted(group, key=lambda seen: seen.u if from_left else -seen.u)
    gaps = [abs(b.u - a.u) for a, b in pairwise(row)]
    return row if len(row) > 2 and min(gaps) > _SIDEWAYS_PX else None


def leader(group: list[Seen], extreme: Extreme) -> Seen | None:
    """Return the one of `group` that plainly has most, or None."""
    if len(group) < 2:
        return None
    values: NDArray[np.float64] = np.array([extreme.measure(seen) for seen in group])
    first, second = np.argsort(-values)[:2]
    return group[first] if values[first] - values[second] > extreme.margin else None


def related(group: list[Seen], relation: Between, anchor: Seen) -> Seen | None:
    """Return the one of `group` that plainly stands so to `anchor`, or None."""
    others = [seen for seen in group if seen.id != anchor.id]
    verdicts = [relation.holds(seen, anchor) for seen in others]
    if None in verdicts or verdicts.count(True) != 1:
        return None
    return others[verdicts.index(True)]
