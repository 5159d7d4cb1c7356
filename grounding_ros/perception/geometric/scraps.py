"""Scraps and holes: what is too small or too thin to be an object, and what an object encloses."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.geometric.colors import color_shares
from grounding_ros.perception.geometric.labels import nearest_label, numbered
from grounding_ros.perception.geometric.surface import Surface

_CRUMB = 100  # working pixels
_SLIVER = 500  # working pixels, the largest handle
_THIN = 3.0  # working pixels, half the width of a handle
_MAX_GAP = 0.04  # metres
_STEP = 0.015  # metres
_RING = 2
_SQUARE = np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8)


def without_crumbs(labels: NDArray[np.int32], surface: Surface) -> NDArray[np.int32]:
    """Give scraps of the foreground to the object they touch most or lie nearest to.

    What is as small as noise counts as an object only where it stands alone; so does what is as
    thin as a handle and has the colour of what it touches.
    """
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    for scrap in np.flatnonzero((counts > 0) & (counts < _SLIVER)):
        where = labels == scrap
        ring = cv2.dilate(where.astype(np.uint8), _SQUARE).astype(bool) & ~where
        around = np.bincount(labels[ring & surface.foreground], minlength=len(counts))
        around[0] = 0
        owner = int(around.argmax())
        crumb = counts[scrap] < _CRUMB and around[owner] > 0.2 * ring.sum()
        if crumb or (around[owner] > 0 and _handle(where, labels == owner, surface)):
            labels = np.where(where, np.int32(owner), labels)
    grown = nearest_label(labels, surface.points, _MAX_GAP)
    return numbered(np.where(surface.foreground, grown, 0))


def without_gaps(labels: NDArray[np.int32], surface: Surface) -> NDArray[np.int32]:
    """Close the holes in an object where depth is missing or its own floor is seen, as in a bowl.

    A hole that shows what is far below, as in a handle, stays open.
    """
    free = np.pad((labels == 0).astype(np.uint8), _RING, constant_values=1)
    _, holes, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
    closed = np.pad(labels, _RING)
    heights = np.pad(surface.heights, _RING, constant_values=np.nan)
    outside = holes[0, 0]
    for hole, (x, y, width, height, _) in enumerate(stats):
        if hole in (0, outside):
            continue
        window = (
            slice(y - _RING, y + height + _RING),
            slice(x - _RING, x + width + _RING),
        )
        where = holes[window] == hole
        rim = cv2.dilate(where.astype(np.uint8), _SQUARE).astype(bool) & (closed[window] > 0)
        owners = np.unique(closed[window][rim])
        if len(owners) == 1 and not _drops(heights[window][where], heights[window][rim]):
            closed[window][where] = owners[0]
    inner: NDArray[np.int32] = closed[_RING:-_RING, _RING:-_RING]
    return inner


def _drops(inside: NDArray[np.float32], rim: NDArray[np.float32]) -> bool:
    """Whether what is seen in a hole lies far below its rim."""
    seen = inside[np.isfinite(inside)]
    return bool(len(seen) and np.nanmedian(rim) - np.median(seen) > _STEP)


def _handle(scrap: NDArray[np.bool_], owner: NDArray[np.bool_], surface: Surface) -> bool:
    """Whether a scrap is as thin as a handle and has its owner's colour."""
    if scrap.sum() > owner.sum():
        return False
    if cv2.distanceTransform(scrap.astype(np.uint8), cv2.DIST_L2, 3).max() > _THIN:
        return False
    own, other = color_shares(surface.lab[scrap]), color_shares(surface.lab[owner])
    return bool(np.minimum(own, other).sum() > 0.6)
