"""The one surface under a mask: depth that belongs to the object, without flying pixels."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

_STEEPEST = math.tan(math.radians(80))
"""A surface seen at a flatter angle than this returns little light; steeper is a jump."""
_SIGMAS = 6.0
_SMALLEST_PART = 0.05
_SAME_LAYER = 0.02
"""Metres by which another part may stick out of the main part's range of depth."""


def main_layer(
    depth: NDArray[np.float32],
    mask: NDArray[np.bool_],
    pixel: float,
    noise: float,
) -> NDArray[np.bool_]:
    """Return the pixels whose depth lies on the object's surface.

    Flying pixels (Kinect's interpolation between an object and what is behind it) sit where depth
    jumps inside the mask; what remains falls into connected parts. The largest part is the object;
    other parts count when they are not tiny and at the same depth, as behind a thin occluder. There
    is no cut by distance from the median: it would remove the receding top of an upright box.

    Parameters
    ----------
    depth
        (h, w) float32 metres, NaN = no return.
    mask
        (h, w) bool; True only where the depth is believed.
    pixel
        Width of a pixel at one metre, 1 / focal length.
    noise
        Standard deviation of depth at one metre, metres.

    Returns
    -------
    NDArray[np.bool_]
        (h, w) True on the surface, a subset of `mask`.
    """
    smooth = _without_jumps(depth, mask, pixel, noise)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(smooth.view(np.uint8), connectivity=8)
    if count < 2:
        return smooth
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    main = int(np.argmax(areas))
    keep = np.zeros(count, bool)
    keep[main] = True
    layer = depth[parts == main]
    near, far = float(layer.min()) - _SAME_LAYER, float(layer.max()) + _SAME_LAYER
    for part in np.flatnonzero(areas > _SMALLEST_PART * areas[main]):
        if part != main:
            keep[part] = near < float(np.median(depth[parts == part])) < far
    return np.asarray(keep[parts])


def eroded(mask: NDArray[np.bool_], pixels: int) -> NDArray[np.bool_]:
    """Return a mask without its rim, or as it is when it is too narrow to spare one.

    Outlines of segmenters are a pixel or two off, and what they take in is background.
    """
    if pixels == 0 or min(mask.shape) < 16 * pixels:
        return mask
    side = 2 * pixels + 1
    core = cv2.erode(mask.view(np.uint8), np.ones((side, side), np.uint8), borderValue=1)
    return core.view(np.bool_) if 2 * np.count_nonzero(core) > np.count_nonzero(mask) else mask


def _without_jumps(
    depth: NDArray[np.float32], mask: NDArray[np.bool_], pixel: float, noise: float
) -> NDArray[np.bool_]:
    window = np.ones((3, 3), np.uint8)
    nearest = cv2.erode(np.where(mask, depth, np.float32(np.inf)), window)
    farthest = cv2.dilate(np.where(mask, depth, np.float32(-np.inf)), window)
    steps = np.subtract(farthest, nearest, out=np.full_like(depth, np.inf), where=mask)
    z = np.where(mask, depth, np.float32(0))
    allowed = z * np.float32(2 * _STEEPEST * pixel) + z * z * np.float32(_SIGMAS * noise)
    return np.asarray(mask & (steps <= allowed))
