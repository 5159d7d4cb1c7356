"""What is at the side of what, and neither on nor in it."""

from __future__ import annotations

import numpy as np

from grounding_ros.reasoning.contact import HOLDS, inside, touching_pixels
from grounding_ros.reasoning.directions import near
from grounding_ros.reasoning.footprints import gaps
from grounding_ros.reasoning.layout import Array, Layout
from grounding_ros.reasoning.stacks import on_through

_LEANING = 0.03  # metres between the boxes of what leans and of what it leans against: half


def beside(layout: Layout) -> Array:
    """Return (N, N) degrees to which one is next to the other, metres.

    It is near and neither on, in nor under it.
    """
    upright = np.maximum(np.nan_to_num(on_through(layout)), np.nan_to_num(inside(layout)))
    return np.asarray(near(layout) * (np.maximum(upright, upright.T) < HOLDS))


def against(layout: Layout) -> Array:
    """Return (N, N) degrees to which one leans against the other: beside it and touching, metres.

    What leans is not upright, so that its box ends farther off than it does.
    """
    return np.asarray(np.minimum(beside(layout), np.exp2(-gaps(layout) / _LEANING)))


def against_pixels(layout: Layout) -> Array:
    """Judge `against` in the image."""
    return touching_pixels(layout)
