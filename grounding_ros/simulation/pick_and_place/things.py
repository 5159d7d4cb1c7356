"""What may be picked in the simulation and what it may be put in, on or next to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from grounding_ros.simulation.catalog import Kind, kind_named
from grounding_ros.simulation.shapes import Part, wall

_HALF = math.sqrt(0.5)
_ON_ITS_SIDE = (_HALF, _HALF, 0.0, 0.0)
_UPRIGHT = (1.0, 0.0, 0.0, 0.0)


def _plate(diameter: float, height: float, two_tone: bool) -> tuple[Part, ...]:
    """Build a flat round with a rim that rises from two thirds of its radius."""
    radius, flat, thickness = diameter / 2, 0.66 * diameter / 2, 0.004
    profile = (
        (0.0, 0.0),
        (flat, 0.0),
        (radius, height - thickness),
        (radius, height),
        (flat, thickness),
        (0.0, thickness),
    )
    rim = wall((flat, thickness / 2), (radius, height - thickness / 2), thickness, 16)
    return (
        Part("lathe", profile=profile, solid=False),
        Part("cylinder", (flat, thickness / 2), (0, 0, thickness / 2), visible=False),
        *rim,
    )


PLATE = Kind(
    names=(("plate", "plates"), ("dish", "dishes")),
    sizes={"medium": (0.20, 0.016), "large": (0.23, 0.018)},
    build=_plate,
    poses=("standing",),
    supports=True,
    upright=True,
)
_BLOCK = replace(kind_named("box"), names=(("box", "boxes"), ("block", "blocks")))
_CAN, _BALL, _BOWL, _MUG = (kind_named(name) for name in ("can", "ball", "bowl", "mug"))


@dataclass(frozen=True)
class Choice:
    """A kind of one size, put down in one way."""

    kind: Kind
    size_word: str
    """A key of the kind's sizes."""
    quaternion: tuple[float, float, float, float] = _UPRIGHT
    """wxyz, before it is turned about the vertical."""


GRASPED = (
    Choice(_BLOCK, "small"),
    Choice(_BLOCK, "medium", _ON_ITS_SIDE),
    Choice(_CAN, "small"),
    Choice(_CAN, "medium"),
    Choice(_BALL, "small"),
    Choice(_BALL, "medium"),
    Choice(_MUG, "small"),
    Choice(_MUG, "medium"),
)
"""What a hand that opens 8 cm can hold from above, a mug by its wall."""

CONTAINERS = (Choice(_BOWL, "medium"), Choice(_BOWL, "large"))
PLATES = (Choice(PLATE, "medium"), Choice(PLATE, "large"))
LANDMARKS = (
    Choice(_BLOCK, "medium"),
    Choice(_BLOCK, "large"),
    Choice(_CAN, "medium"),
    Choice(_MUG, "medium"),
    Choice(_BOWL, "medium"),
)
"""What something may be put next to."""

FITTING = {"in": ("small",), "on": ("small", "medium")}
"""Which sizes of what is grasped go in a bowl and on a plate."""
