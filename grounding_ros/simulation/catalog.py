"""The kinds of objects that lie on the simulated table, one row each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grounding_ros.simulation.shapes import Part, wall

METAL = 2
"""The tone of bare metal; tones 0 and 1 are the object's own colours."""


@dataclass(frozen=True)
class Kind:
    """A row of the catalog."""

    names: tuple[tuple[str, str], ...]
    """Singular and plural of what people call it, the plainest first."""
    sizes: dict[str, tuple[float, ...]]
    """Dimensions by size word, metres, as `build` takes them."""
    build: Callable[..., tuple[Part, ...]]
    """From the dimensions and whether it is two-coloured to its parts."""
    poses: tuple[str, ...]
    """How it may be put down, "standing" or "lying"; a word listed twice is twice as likely."""
    two_tone: str = ""
    """The attribute of the two-coloured variant; "" when there is none."""
    supports: bool = False
    """Whether another object may be stacked on it."""
    upright: bool = False
    """Whether it has a right way up, so that it can be said to stand or lie."""

    @property
    def name(self) -> str:
        """The plainest name."""
        return self.names[0][0]


def _box(x: float, y: float, z: float, two_tone: bool) -> tuple[Part, ...]:
    body = Part("box", (x / 2, y / 2, z / 2), (0, 0, z / 2))
    if not two_tone:
        return (body,)
    band = Part("box", (x / 2 + 4e-4, y / 2 + 4e-4, z / 7), (0, 0, z / 2), tone=1, solid=False)
    return (body, band)


def _can(diameter: float, height: float, two_tone: bool) -> tuple[Part, ...]:
    radius = diameter / 2
    parts = [Part("cylinder", (radius, height / 2), (0, 0, height / 2))]
    for z in (0.0, height):  # lids a hair beyond the body, so that the two never fight for a pixel
        lid = Part("cylinder", (0.9 * radius, 4e-4), (0, 0, z), tone=METAL, solid=False)
        parts.append(lid)
    if two_tone:
        half = height / 5
        band = Part("cylinder", (radius + 4e-4, half), (0, 0, height / 2), tone=1, solid=False)
        parts.append(band)
    return tuple(parts)


def _ball(diameter: float, two_tone: bool) -> tuple[Part, ...]:
    return (Part("sphere", (diameter / 2,), (0, 0, diameter / 2)),)


def _bowl(diameter: float, height: float, two_tone: bool) -> tuple[Part, ...]:
    thickness, foot = 0.005, 0.22 * diameter
    rise = np.linspace(0, 1, 9)
    radii = foot + (diameter / 2 - foot) * np.sin(rise * math.pi / 2)
    heights = height * (1 - np.cos(rise * math.pi / 2)) ** 0.9
    outside = [(float(r), float(z)) for r, z in zip(radii, heights, strict=True)]
    inside = [(r - thickness, max(z, thickness)) for r, z in reversed(outside)]
    profile = ((0.0, 0.0), *outside, *inside, (0.0, thickness))
    # The corners of a leaning wall must not reach below the foot, or the bowl stands on them.
    middle = [
        (r - thickness / 2, max(z, thickness / 2)) for r, z in (outside[0], outside[5], outside[-1])
    ]
    return (
        Part("lathe", profile=profile, solid=False),
        Part("cylinder", (foot, thickness / 2), (0, 0, thickness / 2), visible=False),
        *wall(middle[0], middle[1], thickness, 16),
        *wall(middle[1], middle[2], thickness, 16),
    )


def _mug(diameter: float, height: float, two_tone: bool) -> tuple[Part, ...]:
    radius, thickness = diameter / 2, 0.004
    inner = radius - thickness
    profile = (
        (0.0, 0.0),
        (radius - 0.004, 0.0),
        (radius, 0.004),
        (radius, height),
        (inner, height),
        (inner, thickness),
        (0.0, thickness),
    )
    middle = radius - thickness / 2
    return (
        Part("lathe", profile=profile, solid=False),
        Part("cylinder", (radius - 0.004, thickness / 2), (0, 0, thickness / 2), visible=False),
        *wall((middle, 0.002), (middle, height), thickness, 14),
        *_handle(radius, height),
    )


def _handle(radius: float, height: float) -> tuple[Part, ...]:
    bend = np.linspace(-math.pi / 2, math.pi / 2, 8)
    reach, rise = 0.028, 0.32 * height
    x = radius - 0.002 + reach * np.cos(bend)
    z = height / 2 + rise * np.sin(bend)
    joints = [(float(a), 0.0, float(b)) for a, b in zip(x, z, strict=True)]
    return tuple(Part("capsule", (0.0055,), begin, end) for begin, end in pairwise(joints))


CATALOG = (
    Kind(
        names=(("box", "boxes"),),
        sizes={
            "small": (0.06, 0.05, 0.04),
            "medium": (0.11, 0.075, 0.06),
            "large": (0.17, 0.11, 0.075),
        },
        build=_box,
        poses=("standing", "standing", "lying"),
        two_tone="striped",
        supports=True,
    ),
    Kind(
        names=(("can", "cans"), ("tin", "tins")),
        sizes={"small": (0.054, 0.065), "medium": (0.067, 0.115), "large": (0.085, 0.15)},
        build=_can,
        poses=("standing", "standing", "lying"),
        two_tone="striped",
        supports=True,
        upright=True,
    ),
    Kind(
        names=(("ball", "balls"),),
        sizes={"small": (0.045,), "medium": (0.068,), "large": (0.1,)},
        build=_ball,
        poses=("standing",),
    ),
    Kind(
        names=(("bowl", "bowls"),),
        sizes={"small": (0.11, 0.045), "medium": (0.14, 0.055), "large": (0.175, 0.07)},
        build=_bowl,
        poses=("standing",),
        upright=True,
    ),
    Kind(
        names=(("mug", "mugs"), ("cup", "cups")),
        sizes={"small": (0.072, 0.08), "medium": (0.082, 0.095), "large": (0.092, 0.11)},
        build=_mug,
        poses=("standing", "standing", "standing", "lying"),
        upright=True,
    ),
)

COLORS: dict[str, tuple[float, float, float]] = {
    "red": (0.78, 0.06, 0.06),
    "orange": (0.95, 0.45, 0.04),
    "yellow": (0.93, 0.80, 0.08),
    "green": (0.08, 0.50, 0.14),
    "blue": (0.07, 0.19, 0.70),
    "purple": (0.40, 0.12, 0.55),
    "pink": (0.95, 0.52, 0.68),
    "brown": (0.36, 0.20, 0.09),
    "black": (0.05, 0.05, 0.055),
    "gray": (0.45, 0.45, 0.46),
    "white": (0.92, 0.92, 0.90),
}
"""The eleven basic colour terms (Berlin and Kay, 1969), RGB in [0, 1]."""


def kind_named(name: str) -> Kind:
    """Return the row of the catalog with this plainest name.

    Raises
    ------
    KeyError
        When there is none.
    """
    return {kind.name: kind for kind in CATALOG}[name]
