"""Where things are put: apart, stacked, leaning; by geometry, which is faster than physics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.things import Thing

_LEANING = frozenset(("box", "book", "carton", "magazine"))


@dataclass(frozen=True, eq=False)
class Place:
    """A thing that has been put down."""

    thing: int
    """Its number in the world."""
    pose: str
    """"standing", "lying", "over" (upside down) or "side" (leaning or on another face)."""
    position: NDArray[np.float64]
    """(3,) metres, its own origin; the table's top is z = 0."""
    rotation: NDArray[np.float64]
    """(3, 3) table from thing."""
    points: NDArray[np.float64]
    """(V, 3) metres, its corners."""

    @cached_property
    def top(self) -> float:
        """Height of its highest point, metres."""
        return float(self.points[:, 2].max())

    @cached_property
    def disc(self) -> tuple[NDArray[np.float64], float]:
        """Middle (2,) and radius of a disc around what it covers, metres."""
        return _disc(self.points)


def arrange(
    things: Sequence[Thing], chosen: Sequence[int], reach: float, rng: np.random.Generator
) -> tuple[Place, ...]:
    """Put the chosen things within `reach` metres of the origin; what finds no room is left out."""
    placed: list[Place] = []
    free_tops: list[Place] = []
    for number in chosen:
        thing = things[number]
        pose, rotation = _pose(thing, rng)
        points = thing.points @ rotation.T
        points -= (*_middle(points), points[:, 2].min())
        offset = -(thing.points @ rotation.T)[0] + points[0]
        base = _wide_enough(points, free_tops, rng) if rng.random() < 0.4 else None
        if base is not None:
            free_tops.remove(base)
            jitter = 0.15 * _half_width(base.points) * rng.uniform(-1, 1, 2)
            spot: NDArray[np.float64] | None = np.array((*_middle(base.points) + jitter, base.top))
        elif thing.kind.name in _LEANING and placed and rng.random() < 0.15:
            leant = _leaning(thing, number, placed[int(rng.integers(len(placed)))], rng)
            placed.append(leant)
            continue
        else:
            spot = _free_spot(points, placed, reach, rng)
        if spot is None:
            continue
        place = Place(number, pose, offset + spot, rotation, points + spot)
        placed.append(place)
        if thing.kind.flat_top and pose != "side" and (pose != "lying" or _boxy(thing)):
            free_tops.append(place)
    return tuple(placed)


def _pose(thing: Thing, rng: np.random.Generator) -> tuple[str, NDArray[np.float64]]:
    poses = thing.kind.poses.split()
    pose = poses[int(rng.integers(len(poses)))]
    yaw, roll = rng.uniform(-math.pi, math.pi, 2)
    if pose == "over":
        rotation = about("x", math.pi)
    elif _boxy(thing):
        # Books and boxes are built lying or standing as their sides come: the largest face decides.
        spread = np.ptp(thing.points, axis=0)
        order = np.argsort(spread)
        upwards = {"lying": order[0], "standing": order[2], "side": order[1]}[pose]
        rotation = {0: about("y", -math.pi / 2), 1: about("x", math.pi / 2), 2: np.eye(3)}[
            int(upwards)
        ]
    elif pose == "lying":
        rotation = about("y", math.pi / 2) @ about("z", roll)
    else:
        rotation = np.eye(3)
    return pose, about("z", yaw) @ rotation


def _boxy(thing: Thing) -> bool:
    return thing.kind.name in ("box", "book", "carton", "magazine", "block", "sponge")


def _leaning(thing: Thing, number: int, host: Place, rng: np.random.Generator) -> Place:
    """Lean a thing with its top against another, from any side."""
    order = np.argsort(np.ptp(thing.points, axis=0))
    thin_to_x = {0: np.eye(3), 1: about("z", math.pi / 2), 2: about("y", math.pi / 2)}[
        int(order[0])
    ]
    tilt, side = math.radians(rng.uniform(10, 45)), float(rng.uniform(-math.pi, math.pi))
    rotation = about("z", side) @ about("y", -tilt) @ thin_to_x
    turned = thing.points @ rotation.T
    points = turned - (0, 0, turned[:, 2].min())
    away = np.array((math.cos(side), math.sin(side)))
    contact = min(host.top, float(points[:, 2].max()))
    high = points[points[:, 2] > 0.5 * contact]
    gap = (host.points[:, :2] @ away).max() - (high[:, :2] @ away).min()
    along = float(np.mean(host.points[:, :2] @ (-away[1], away[0])))
    shift = np.array((*(gap * away + along * np.array((-away[1], away[0]))), 0.0))
    points = points + shift
    position = points[0] - thing.points[0] @ rotation.T
    return Place(number, "side", position, rotation, points)


def _wide_enough(
    points: NDArray[np.float64], tops: Sequence[Place], rng: np.random.Generator
) -> Place | None:
    needed = 0.6 * float(np.abs(points[:, :2]).max(axis=0).min())
    wide = [top for top in tops if top.top < 0.35 and _half_width(top.points) > needed]
    return wide[int(rng.integers(len(wide)))] if wide else None


def _half_width(points: NDArray[np.float64]) -> float:
    return float(np.ptp(points[:, :2], axis=0).min()) / 2


def _middle(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2


def _free_spot(
    points: NDArray[np.float64], placed: Sequence[Place], reach: float, rng: np.random.Generator
) -> NDArray[np.float64] | None:
    """Find a place where the discs, a little shrunk, are apart: corners may nearly touch."""
    radius = _disc(points)[1]
    for _ in range(30):
        x, y = rng.uniform(-reach, reach, 2)
        if all(
            math.dist((x, y), other.disc[0]) > 0.85 * (radius + other.disc[1]) for other in placed
        ):
            return np.array((x, y, 0.0))
    return None


def _disc(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    middle = _middle(points)
    return middle, float(np.linalg.norm(points[:, :2] - middle, axis=1).max())


def about(axis: str, angle: float) -> NDArray[np.float64]:
    """Return the (3, 3) rotation about an axis by radians."""
    c, s = math.cos(angle), math.sin(angle)
    rows = {
        "x": ((1, 0, 0), (0, c, -s), (0, s, c)),
        "y": ((c, 0, s), (0, 1, 0), (-s, 0, c)),
        "z": ((c, -s, 0), (s, c, 0), (0, 0, 1)),
    }[axis]
    return np.array(rows)
