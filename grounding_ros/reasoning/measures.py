"""What objects have more or less of: the numbers behind superlatives, comparatives and ordinals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from grounding_ros.reasoning.layout import Array, Layout


@dataclass(frozen=True)
class Measure:
    """A number of every object; sizes are logarithms, so that differences are ratios."""

    metres: Callable[[Layout], Array] | None
    pixels: Callable[[Layout], Array] | None
    lead: float
    """Two objects that differ by less are alike: a ratio's logarithm, or metres, or a part of the
    image's width."""


def _log(values: Array) -> Array:
    return np.asarray(np.log(np.maximum(values, 1e-9)))


def _pixel_sides(layout: Layout) -> Array:
    return np.asarray(layout.boxes[:, 2:] - layout.boxes[:, :2])


def _to_the_right(layout: Layout) -> Array:
    return np.asarray(layout.middles[:, 0] / layout.image_size[1] - 0.5)


def _image_height(layout: Layout) -> Array:
    return np.asarray((layout.image_size[0] / 2 - layout.middles[:, 1]) / layout.image_size[1])


def _nearer_edge(layout: Layout) -> Array:
    return np.asarray((layout.boxes[:, 3] - layout.image_size[0]) / layout.image_size[1])


def _nearness(layout: Layout) -> Array:
    return np.asarray(-np.linalg.norm(layout.centers, axis=1))


_SIZE, _PLACE = 0.05, 0.01

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "height": Measure(
            lambda at: _log(at.sizes[:, 2]), lambda at: _log(_pixel_sides(at)[:, 1]), _SIZE
        ),
        "volume": Measure(
            lambda at: _log(at.sizes.prod(axis=1)) / 3,
            lambda at: _log(_pixel_sides(at).prod(axis=1)) / 2,
            _SIZE / 2,
        ),
        "length": Measure(
            lambda at: _log(at.sizes.max(axis=1)),
            lambda at: _log(_pixel_sides(at).max(axis=1)),
            _SIZE,
        ),
        "width": Measure(
            lambda at: _log(at.sizes[:, 0]), lambda at: _log(_pixel_sides(at)[:, 0]), _SIZE
        ),
        "thickness": Measure(
            lambda at: _log(at.sizes.min(axis=1)),
            lambda at: _log(_pixel_sides(at).min(axis=1)),
            _SIZE,
        ),
        "right": Measure(None, _to_the_right, _PLACE),
        "robot's right": Measure(lambda at: at.centers[:, 0], None, _PLACE),
        "image height": Measure(None, _image_height, _PLACE),
        "elevation": Measure(lambda at: at.tops, _image_height, _PLACE),
        "nearness": Measure(_nearness, _nearer_edge, _PLACE),
        "front": Measure(lambda at: -at.centers[:, 1], _nearer_edge, _PLACE),
    }
)
"""Every measure by its name."""

SUPERLATIVES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "largest": ("volume", 1),
        "smallest": ("volume", -1),
        "tallest": ("height", 1),
        "shortest": ("height", -1),
        "longest": ("length", 1),
        "widest": ("width", 1),
        "narrowest": ("width", -1),
        "thickest": ("thickness", 1),
        "thinnest": ("thickness", -1),
        "leftmost": ("right", -1),
        "rightmost": ("right", 1),
        "topmost": ("elevation", 1),
        "bottommost": ("elevation", -1),
        "frontmost": ("front", 1),
        "backmost": ("front", -1),
        "closest": ("nearness", 1),
        "farthest": ("nearness", -1),
    }
)
"""Superlative to measure and sign."""

COMPARATIVES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "taller_than": ("height", 1),
        "shorter_than": ("height", -1),
        "larger_than": ("volume", 1),
        "smaller_than": ("volume", -1),
        "longer_than": ("length", 1),
        "wider_than": ("width", 1),
        "narrower_than": ("width", -1),
        "thicker_than": ("thickness", 1),
        "thinner_than": ("thickness", -1),
        "higher_than": ("elevation", 1),
        "lower_than": ("elevation", -1),
        "closer_than": ("nearness", 1),
        "farther_than": ("nearness", -1),
    }
)
"""Comparative to measure and sign."""

SIDES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "left": ("right", -1),
        "right": ("right", 1),
        "front": ("front", 1),
        "back": ("front", -1),
        "top": ("elevation", 1),
        "bottom": ("elevation", -1),
        "camera": ("nearness", 1),
    }
)
"""Where the counting of an ordinal starts, to measure and sign."""

PICTURE: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "left_of": ("right", -1),
        "right_of": ("right", 1),
        "above": ("image height", 1),
        "below": ("image height", -1),
        "in_front_of": ("front", 1),
        "behind": ("front", -1),
        "near": ("nearness", 1),
        "far_from": ("nearness", -1),
    }
)
"""A relation to the picture or the scene ("on the left", "in the back") to measure and sign."""


@dataclass(frozen=True, eq=False)
class Measured:
    """One measure of all objects."""

    values: Array
    """(N,), more is more; NaN: not known."""
    lead: float
    """What differs by less is alike."""
    unit: str
    """"metres" or "pixels"."""


def measured(
    layout: Layout, name: str, sign: int, rows: NDArray[np.intp] | None = None
) -> Measured:
    """Measure all objects in one unit: metres where every one of `rows` has them, else pixels."""
    if name == "right" and layout.robot:
        name = "robot's right"
    measure = MEASURES[name]
    rows = np.arange(len(layout)) if rows is None else rows
    if measure.metres is not None:
        values = sign * measure.metres(layout)
        if measure.pixels is None or np.isfinite(values[rows]).all():
            return Measured(values, measure.lead, "metres")
    assert measure.pixels is not None  # else it is in metres
    return Measured(sign * measure.pixels(layout), measure.lead, "pixels")
