"""One order: what stands on the table, what is said, and what it means."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.scene import Intrinsics
from grounding_ros.simulation.camera import HEIGHT, WIDTH, Camera, looking_at
from grounding_ros.simulation.catalog import COLORS
from grounding_ros.simulation.pick_and_place.things import (
    CONTAINERS,
    FITTING,
    GRASPED,
    LANDMARKS,
    PLATES,
    Choice,
)
from grounding_ros.simulation.plan import Thing
from grounding_ros.simulation.shapes import rotation

TARGET, ANCHOR = 0, 1
"""The rows of a task's things that are to be picked, and to be put in, on or next to."""

_REACH = ((-0.13, 0.17), (-0.22, 0.22))
_GAP = 0.06  # metres, for a finger on either side
_FALL = 0.003
_SAID = {
    "in": ("put the {target} in the {anchor}", "place the {target} into the {anchor}"),
    "on": ("put the {target} on the {anchor}", "place the {target} on the {anchor}"),
    "next_to": ("put the {target} next to the {anchor}", "place the {target} beside the {anchor}"),
}


@dataclass(frozen=True, eq=False)
class Task:
    """An order and the table that it is about."""

    text: str
    """What is said."""
    predicate: str
    """Where it belongs: "in", "on" or "next_to"."""
    things: tuple[Thing, ...]
    """`TARGET`, `ANCHOR` and others, none of which the words fit."""
    camera: Camera
    """The RGB-D camera."""


def sample_task(rng: np.random.Generator) -> Task:
    """Return an order about a table with three or four things on it, apart from one another."""
    while True:
        predicate = str(rng.choice(list(_SAID)))
        places = {"in": CONTAINERS, "on": PLATES, "next_to": LANDMARKS}[predicate]
        sizes = FITTING.get(predicate)
        held = [choice for choice in GRASPED if sizes is None or choice.size_word in sizes]
        choices = [_any(held, rng), _any(places, rng)]
        choices += [_any(GRASPED, rng) for _ in range(int(rng.integers(1, 3)))]
        colors = [str(color) for color in rng.choice(list(COLORS), len(choices), replace=False)]
        things = _put_down(choices, colors, rng)
        if things is not None:
            said = str(rng.choice(_SAID[predicate]))
            names = [_name(thing, rng) for thing in things[: ANCHOR + 1]]
            text = said.format(target=names[TARGET], anchor=names[ANCHOR])
            return Task(text, predicate, things, _camera(rng))


def _any(choices: tuple[Choice, ...] | list[Choice], rng: np.random.Generator) -> Choice:
    return choices[int(rng.integers(len(choices)))]


def _name(thing: Thing, rng: np.random.Generator) -> str:
    """Say its colour, which no other thing has, and one of its names."""
    singular, _ = thing.kind.names[int(rng.integers(len(thing.kind.names)))]
    return f"{thing.colors[0]} {singular}"


def _put_down(
    choices: list[Choice], colors: list[str], rng: np.random.Generator
) -> tuple[Thing, ...] | None:
    """Return the things just above the table, or None when there is no room for all."""
    things: list[Thing] = []
    circles: list[tuple[float, float, float]] = []
    for choice, color in zip(choices, colors, strict=True):
        yaw = float(rng.uniform(-math.pi, math.pi))
        turned = _turned(choice.quaternion, yaw)
        thing = Thing(choice.kind, choice.size_word, (color,), (0.0, 0.0, 0.0), turned)
        points = thing.points @ rotation(turned).T
        low, high = points.min(axis=0), points.max(axis=0)
        middle = (low[:2] + high[:2]) / 2
        radius = float(np.linalg.norm(points[:, :2] - middle, axis=1).max())
        spot = _free_spot(radius, circles, rng)
        if spot is None:
            return None
        circles.append((*spot, radius))
        x, y = np.array(spot) - middle
        things.append(replace(thing, position=(float(x), float(y), _FALL - float(low[2]))))
    return tuple(things)


def _turned(
    quaternion: tuple[float, float, float, float], yaw: float
) -> tuple[float, float, float, float]:
    """Turn a wxyz rotation about the vertical."""
    w, x, y, z = quaternion
    c, s = math.cos(yaw / 2), math.sin(yaw / 2)
    return (c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w)


def _free_spot(
    radius: float, circles: list[tuple[float, float, float]], rng: np.random.Generator
) -> tuple[float, float] | None:
    for _ in range(100):
        x, y = (float(rng.uniform(*side)) for side in _REACH)
        if all(math.hypot(x - a, y - b) > radius + other + _GAP for a, b, other in circles):
            return x, y
    return None


def _camera(rng: np.random.Generator) -> Camera:
    """Return a Kinect or RealSense 0.7 to 0.9 m off that looks 42 to 60 degrees down."""
    focal = float(rng.choice((525.0, 570.3, 607.4)))
    distance = float(rng.uniform(0.72, 0.8)) * focal / 525.0
    down, around = math.radians(rng.uniform(42, 60)), math.radians(180 + rng.uniform(-25, 25))
    target: NDArray[np.float64] = np.array([0.01, 0.0, 0.0])
    away = np.array(
        [
            math.cos(down) * math.cos(around),
            math.cos(down) * math.sin(around),
            math.sin(down),
        ]
    )
    lens = Intrinsics(WIDTH, HEIGHT, focal, focal, (WIDTH - 1) / 2, (HEIGHT - 1) / 2)
    return Camera(lens, looking_at(target + distance * away, target))
