"""What stands on what: contact along up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.reasoning.footprints import (
    covered,
    gaps,
    overlaps,
    pixel_gaps,
    pixel_shares,
)
from grounding_ros.reasoning.layout import Array, Layout

_CONTACT = 0.035  # metres between a foot and what it stands on, with the errors of depth
_LN2 = float(np.log(2.0))
HOLDS = 0.25
"""One object stands on the other from this degree of `on` on."""
_SHARED = 0.25  # of the smaller footprint
_HIDDEN = 0.03  # metres of the lower footprint that the upper object may hide
_HIDING = 0.7  # of a width: what is before more of it may hide its foot
_EDGE = 0.1  # of a thing's height in the image: where its upper edge is
_AIR = 0.015  # metres between two things that touch
_SUNK = 0.02  # metres by which what is in a bowl reaches below its rim


def on(layout: Layout) -> Array:
    """Return (N, N) degrees to which one object stands directly on another, metres.

    It does when their footprints overlap and its foot is where the other's top is, the more plainly
    the more of it is over the other. A foot that is
    hidden may be claimed too low; but two solid things are not in one place, so that what is in the
    same place and higher stands on it all the same, if it is seen to stand on nothing else. So does
    what is seen to end at the other's top, although it is too wide for its foot to be hidden.
    """
    part, core = covered(layout, _HIDDEN, 0.0)
    shared = np.fmax(part, part.T) >= _SHARED
    gap = layout.bottoms[:, None] - layout.tops[None]
    above = layout.tops[:, None] > layout.tops[None]
    close = np.exp(-((gap / _CONTACT) ** 2) * _LN2)
    met = np.nan_to_num(close * (above & shared) * (0.4 + 0.6 * part))
    rises = layout.tops[:, None] > layout.tops[None] + _CONTACT
    together = (np.fmax(core, core.T) >= 0.5) | (shared & _perched(layout))
    sunk = (gap < 0) & rises & together
    sunk = sunk & ~(met >= HOLDS).any(axis=1, keepdims=True)
    highest = np.where(sunk, layout.tops[None], -np.inf).max(axis=1, initial=-np.inf)
    held = sunk & (layout.tops[None] >= highest[:, None] - _CONTACT)
    return _known(_direct(np.maximum(met, 0.7 * held)), layout)


def _direct(degrees: Array) -> Array:
    """Leave out what is on a thing through another one, as a cup on a tray where a plate is."""
    holds = degrees >= HOLDS
    nearer = degrees[:, :, None] >= degrees[:, None, :]
    through = (holds[:, :, None] & holds[None] & nearer).any(axis=1)
    return np.where(through, 0.0, degrees)


def _perched(layout: Layout) -> NDArray[np.bool_]:
    """Return (N, N) whether one ends at the other's upper edge in the image, and is seen to end.

    What stands behind a thing ends there too, but only as far as it is hidden by it: what is wider
    than all that its lower edge meets would be seen to go on beside it.
    """
    foot, tops, ends = layout.boxes[:, None, 3], layout.boxes[None, :, 1], layout.boxes[None, :, 3]
    across = _across(layout)
    np.fill_diagonal(across, 0.0)
    met = (foot > tops - _EDGE * (ends - tops)) & (foot < ends)
    wider = (met * across).sum(axis=1, keepdims=True) <= _HIDING
    return np.asarray(met & (across > 0) & wider & (foot < tops + 2 * _EDGE * (ends - tops)))


def _across(layout: Layout) -> Array:
    """Return (N, N): the part of a box's width that the other is over, under or before, pixels."""
    lows, highs = layout.boxes[:, 0], layout.boxes[:, 2]
    shared = np.minimum(highs[:, None], highs) - np.maximum(lows[:, None], lows)
    return np.clip(shared / np.maximum(highs - lows, 1.0)[:, None], 0.0, 1.0)


def settled(layout: Layout) -> Layout:
    """Raise the feet that are claimed to reach through what they stand on, to its top.

    The lifter takes an object whose foot is hidden to reach down to the surface seen below it; only
    here is it known that something else is there. What is in a bowl keeps its foot.
    """
    if not len(layout):
        return layout
    through = layout.bottoms[:, None] < layout.bottoms[None] + 0.3 * layout.sizes[None, :, 2]
    holds = (on(layout) >= HOLDS) & through
    np.fill_diagonal(holds, False)
    base = np.where(holds, layout.tops[None], -np.inf).max(axis=1)
    lifted = np.maximum(layout.bottoms, base)
    lifted = np.minimum(lifted, layout.tops - 1e-3)
    if np.array_equal(lifted, layout.bottoms, equal_nan=True):
        return layout
    centers, sizes = layout.centers.copy(), layout.sizes.copy()
    centers[:, 2], sizes[:, 2] = (layout.tops + lifted) / 2, layout.tops - lifted
    return replace(layout, centers=centers, sizes=sizes)


def on_pixels(layout: Layout) -> Array:
    """Judge `on` in the image: the lower edge of one box ends within the other."""
    foot, boxes = layout.boxes[:, None, 3], layout.boxes[None]
    heights = np.maximum(boxes[..., 3] - boxes[..., 1], 1.0)
    share = (foot - boxes[..., 1]) / heights  # 0: at its upper edge, 1: at its lower edge
    higher = layout.boxes[:, None, 1] < boxes[..., 1] + 0.5 * heights
    reached = np.where((share > -0.1) & (share < 0.95) & higher, 1.0, 0.0)
    return np.asarray(reached * _across(layout))


def under(layout: Layout) -> Array:
    """Return (N, N) degrees to which the other object stands directly on this one, metres."""
    return np.asarray(on(layout).T)


def under_pixels(layout: Layout) -> Array:
    """Judge `under` in the image."""
    return np.asarray(on_pixels(layout).T)


def inside(layout: Layout) -> Array:
    """Return (N, N) degrees to which one object is in the other, metres.

    Its middle is over the other's footprint, which is larger, and it reaches below the rim.
    """
    shared = overlaps(layout)
    areas = np.prod(layout.sizes[:, :2], axis=1)
    smaller = areas[:, None] < areas[None]
    sunk = layout.tops[None] - layout.bottoms[:, None] > _SUNK
    # What stands beside a bowl is sunk too: it must be over it by most of its footprint.
    off = np.linalg.norm(layout.centers[:, None, :2] - layout.centers[None, :, :2], axis=-1)
    reach = layout.sizes[None, :, :2].mean(axis=-1) / 2
    centred = off < reach
    stands_low = layout.bottoms[:, None] > layout.bottoms[None] - _CONTACT
    fits = smaller & sunk & centred & stands_low
    return _known(fits * np.clip(shared, 0.0, 1.0), layout)


def inside_pixels(layout: Layout) -> Array:
    """Judge `in` in the image: the part of its box that is in the other's, which is larger."""
    areas = np.prod(layout.boxes[:, 2:] - layout.boxes[:, :2], axis=1)
    return np.asarray(pixel_shares(layout) * (areas[:, None] < areas[None]))


def contains(layout: Layout) -> Array:
    """Return (N, N) degrees to which the other object is in this one, metres."""
    return np.asarray(inside(layout).T)


def contains_pixels(layout: Layout) -> Array:
    """Judge `contains` in the image."""
    return np.asarray(inside_pixels(layout).T)


def touching(layout: Layout) -> Array:
    """Return (N, N) degrees to which two boxes meet, metres."""
    air = gaps(layout)
    return np.asarray(np.maximum(np.exp(-air / _AIR), np.nan_to_num(on(layout)) + 0 * air))


def touching_pixels(layout: Layout) -> Array:
    """Judge `touching` in the image: no background between the boxes."""
    return np.asarray(np.exp(-10.0 * pixel_gaps(layout)))


def overlapping(layout: Layout) -> Array:
    """Return (N, N) degrees to which two objects share a part of the image, pixels."""
    shares = pixel_shares(layout)
    return np.asarray(np.minimum(1.0, 5.0 * np.maximum(shares, shares.T)))


def _known(degrees: Array, layout: Layout) -> Array:
    both = layout.measured[:, None] & layout.measured[None]
    return np.where(both, degrees, np.nan)
