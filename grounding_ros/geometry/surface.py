"""The one surface under a mask: depth that belongs to the object, without flying pixels."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.statistics import median

_STEEPEST = math.tan(math.radians(80))
"""A surface seen at a flatter angle than this returns little light; steeper is a jump."""
_SIGMAS = 6.0
_NEIGHBOURS = np.ones((3, 3), np.uint8)
_SMALLEST_PART = 0.01
_SAME_LAYER = 0.02
"""Metres by which another part may stick out of the main part's range of depth."""


def main_layer(
    depth: NDArray[np.float32],
    mask: NDArray[np.bool_],
    *,
    pixel: float,
    noise: float,
    rim_px: int = 0,
) -> NDArray[np.bool_]:
    """Return the pixels whose depth lies on the object's surface.

    Flying pixels (a sensor's interpolation between an object and what is behind it) sit where depth
    jumps inside the mask. What remains falls into connected parts: the largest is the object, and
    others belong to it when they are not tiny and at the same depth, as behind a thin occluder. The
    mask's rim, where outlines take in the background, joins last and only where its depth continues
    a part; else a rim of table would join where the object touches the table.

    There is no cut by distance from the median: it would remove the receding top of an upright box.

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
    rim_px
        Width of the rim, pixels; a mask too narrow to have an inside has no rim.

    Returns
    -------
    NDArray[np.bool_]
        (h, w) True on the surface, a subset of `mask`.
    """
    smooth = _without_jumps(depth, mask, pixel, noise)
    inside = _inside(mask, rim_px)
    if inside is mask:
        return _main_parts(depth, smooth, pixel)
    return _regrown(_main_parts(depth, smooth & inside, pixel), smooth, rim_px)


def nearest_around(
    depth: NDArray[np.float32], where: NDArray[np.bool_], kernel: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Return (h, w) the least depth of the pixels `where` under a kernel; infinite without any."""
    beyond = np.full(depth.shape, np.float32(np.inf))
    return np.asarray(cv2.erode(cv2.copyTo(depth, where.view(np.uint8), beyond), kernel))


def _without_jumps(
    depth: NDArray[np.float32], mask: NDArray[np.bool_], pixel: float, noise: float
) -> NDArray[np.bool_]:
    z = cv2.copyTo(depth, mask.view(np.uint8))
    farthest = cv2.dilate(z, _NEIGHBOURS)
    nearest = nearest_around(depth, mask, _NEIGHBOURS)
    allowed = z * (np.float32(2 * _STEEPEST * pixel) + z * np.float32(_SIGMAS * noise))
    return np.asarray(mask & (farthest - nearest <= allowed))


def _inside(mask: NDArray[np.bool_], rim_px: int) -> NDArray[np.bool_]:
    """Return the mask without its rim; the mask itself when the rim is more than half of it."""
    if rim_px == 0:
        return mask
    # The border of the image is no outline: beyond it the object goes on.
    side = 2 * rim_px + 1
    # Single pixels without depth are no outline either.
    solid = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_CLOSE, _NEIGHBOURS)
    core = cv2.erode(solid, np.ones((side, side), np.uint8), borderValue=1) & mask.view(np.uint8)
    enough = 2 * np.count_nonzero(core) > np.count_nonzero(mask)
    return core.view(np.bool_) if enough else mask


def _main_parts(
    depth: NDArray[np.float32], smooth: NDArray[np.bool_], pixel: float
) -> NDArray[np.bool_]:
    count, parts = cv2.connectedComponents(smooth.view(np.uint8), connectivity=8)
    if count <= 2:
        return smooth
    areas = np.bincount(parts.ravel())
    areas[0] = 0  # the background is no part
    main = int(np.argmax(areas))
    own = parts == main
    layer = depth[own]
    # A bowl's near wall hides its far one in part, and is as far before it as the bowl is wide.
    apart = max(_SAME_LAYER, float(np.sqrt(len(layer))) * pixel * float(layer.min()))
    near, far = float(layer.min()) - apart, float(layer.max()) + apart
    for part in np.flatnonzero(areas > _SMALLEST_PART * areas[main]):
        if part != main:
            other = parts == part
            if near < median(depth[other]) < far:
                own |= other
    return np.asarray(own)


def _regrown(core: NDArray[np.bool_], smooth: NDArray[np.bool_], steps: int) -> NDArray[np.bool_]:
    grown = core.view(np.uint8)
    for _ in range(steps):
        grown = cv2.dilate(grown, _NEIGHBOURS) & smooth.view(np.uint8)
    return grown.view(np.bool_)
