"""What will lie on the table and where it is put down, before physics has its say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.catalog import CATALOG, COLORS, Kind, kind_named
from grounding_ros.simulation.shapes import Part, rotation, surface_points

TABLE_HALF = (0.42, 0.55)
"""Half of the table's top along x and y, metres; the base frame's origin is its middle."""

_REACH = (0.20, 0.29)
_GAP = 0.012
_FALL = 0.004
_STACKED_SHARE = 0.5
_HALF = math.sqrt(0.5)


@dataclass(frozen=True)
class Thing:
    """An object and how it is put down."""

    kind: Kind
    size_word: str
    """A key of the kind's sizes."""
    colors: tuple[str, ...]
    """One or two names of `COLORS`."""
    position: tuple[float, float, float]
    """Of its own frame's origin in the base frame, metres."""
    quaternion: tuple[float, float, float, float]
    """wxyz."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The solids it is made of, in its own frame."""
        return self.kind.build(*self.kind.sizes[self.size_word], two_tone=len(self.colors) > 1)

    @property
    def volume(self) -> float:
        """Of the box around it in its own frame, cubic metres: the same however it lies."""
        return float(np.prod(np.ptp(self.points, axis=0)))

    @property
    def points(self) -> NDArray[np.float64]:
        """(M, 3) metres, points whose hull is the seen object's, in its own frame."""
        return np.vstack([surface_points(part) for part in self.parts if part.visible])


@dataclass(frozen=True)
class Wish:
    """What a scene should hold; a field that is None is left to chance."""

    kind: str
    """Its plainest name in the catalog."""
    size_word: str | None = None
    """A key of the kind's sizes."""
    colors: tuple[str, ...] | None = None
    """One or two names of `COLORS`."""
    pose: str | None = None
    """"standing" or "lying"."""
    stackable: bool = True
    """Whether it may be put on another."""


def sample_wishes(rng: np.random.Generator) -> tuple[Wish, ...]:
    """Return four to nine objects of few colours, so that colour alone seldom tells them apart."""
    palette = rng.choice(list(COLORS), size=int(rng.integers(3, 6)), replace=False)
    wishes = []
    for _ in range(int(rng.integers(4, 10))):
        kind = CATALOG[int(rng.integers(len(CATALOG)))]
        colors: tuple[str, ...] = (str(rng.choice(palette)),)
        if kind.two_tone and rng.random() < 0.25:
            others = [color for color in COLORS if color not in colors]
            colors += (str(rng.choice(others)),)
        wishes.append(Wish(kind.name, colors=colors))
    return tuple(wishes)


def put_down(wishes: tuple[Wish, ...], rng: np.random.Generator) -> tuple[Thing, ...]:
    """Return the wished objects just above the table, apart or one stacked on another.

    An object for which there is no room is left out.
    """
    placed: list[Thing] = []
    circles: list[tuple[float, float, float]] = []
    free_tops: list[Thing] = []
    for wish in sorted(wishes, key=_largest_first):
        kind = kind_named(wish.kind)
        size_word = wish.size_word or str(rng.choice(list(kind.sizes)))
        colors = wish.colors or (str(rng.choice(list(COLORS))),)
        pose = wish.pose or kind.poses[int(rng.integers(len(kind.poses)))]
        quaternion = _turn(pose, *(float(angle) for angle in rng.uniform(-math.pi, math.pi, 2)))
        thing = Thing(kind, size_word, colors, (0.0, 0.0, 0.0), quaternion)
        points = thing.points @ rotation(quaternion).T
        radius = float(np.linalg.norm(points[:, :2], axis=1).max())
        below = _base_for(thing, radius, free_tops, rng) if wish.stackable else None
        if below is not None:
            free_tops.remove(below)
            x, y = np.array(below.position[:2]) + rng.uniform(-0.008, 0.008, 2)
            height = float((below.points @ rotation(below.quaternion).T)[:, 2].max())
            base = below.position[2] + height
        else:
            spot = _free_spot(radius, circles, rng)
            if spot is None:
                continue
            x, y, base = *spot, 0.0
            circles.append((x, y, radius))
        z = base + _FALL - float(points[:, 2].min())
        thing = Thing(kind, size_word, colors, (float(x), float(y), z), quaternion)
        placed.append(thing)
        if kind.supports and pose == "standing":
            free_tops.append(thing)
    return tuple(placed)


def _largest_first(wish: Wish) -> int:
    return {"large": 0, "medium": 1, "small": 3}.get(wish.size_word or "", 2)


def _turn(pose: str, yaw: float, roll: float) -> tuple[float, float, float, float]:
    """Return the quaternion wxyz of a pose turned about z, and when lying about its own axis."""
    if pose == "standing":
        return (math.cos(yaw / 2), 0.0, 0.0, math.sin(yaw / 2))
    # About its own axis, so that a mug does not balance on its handle, then about y, then about z.
    plus, minus = (yaw + roll) / 2, (yaw - roll) / 2
    return (
        _HALF * math.cos(plus),
        -_HALF * math.sin(minus),
        _HALF * math.cos(minus),
        _HALF * math.sin(plus),
    )


def _base_for(
    thing: Thing, radius: float, tops: list[Thing], rng: np.random.Generator
) -> Thing | None:
    """Choose now and then a free flat top that is wide enough."""
    if not thing.kind.supports or rng.random() > _STACKED_SHARE:
        return None
    wide = [top for top in tops if 1.3 * np.abs(top.points[:, :2]).max(axis=0).min() > radius / 2]
    return wide[int(rng.integers(len(wide)))] if wide else None


def _free_spot(
    radius: float, circles: list[tuple[float, float, float]], rng: np.random.Generator
) -> tuple[float, float] | None:
    for _ in range(200):
        x = float(rng.uniform(-_REACH[0], _REACH[0]))
        y = float(rng.uniform(-_REACH[1], _REACH[1]))
        if all(math.hypot(x - a, y - b) > radius + other + _GAP for a, b, other in circles):
            return x, y
    return None
