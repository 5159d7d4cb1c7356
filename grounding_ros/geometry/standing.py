"""Where an object's foot is, when the camera sees it and when it does not."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.statistics import median

_GAP = 2
_REACH = 5
REACH = _REACH + 1
"""Pixels around a mask that `beneath` may look at."""
_TOUCHING = 0.004
_SEEN = 0.3
_HIGH = 0.85
_SAME = 0.003


def beneath(mask: NDArray[np.bool_], down: tuple[float, float], step: int = 1) -> NDArray[np.bool_]:
    """Return the narrow strip of pixels just below a mask.

    Parameters
    ----------
    mask
        (h, w) bool with a margin of `REACH` pixels, where the image has them.
    down
        Where down is in the image, a unit vector (u, v).
    step
        How many pixels of the image are as wide as one of the mask's.

    Returns
    -------
    NDArray[np.bool_]
        (h, w) bool, a few pixels off the mask: its outline is full of flying pixels.
    """
    solid = mask.view(np.uint8)
    u, v = down
    shadow = _shadow(round(u, 1), round(v, 1), step)  # half a pixel, at most
    below, near = cv2.dilate(solid, shadow), cv2.dilate(solid, _around(step))
    return np.asarray(below > near)


def foot(
    lowest: float,
    ground: NDArray[np.floating],
    floor: float | None,
    *,
    max_hidden: float,
    noise: float = 0.0,
) -> float:
    """Return the height on which an object stands.

    The surface seen just below the object in the image tells: at the object's lowest visible point
    the object stands on it; lower, the camera looks over the object's edge and its foot is hidden
    behind itself, so it is taken to reach down to that surface; higher, something in front hides
    the foot, and the object is taken to stand on the support plane. An object is never extended by
    more than `max_hidden`: then only what is visible is claimed.

    Parameters
    ----------
    lowest
        Height of the object's lowest visible point, metres.
    ground
        (K,) heights of the surface seen just below the object; empty when nothing is known of it.
    floor
        Height of the support plane under the object, None when there is none.
    max_hidden, noise
        Metres; the standard deviation of depth at the object.
    """
    touching = lowest + _TOUCHING + 2.5 * noise
    base = floor
    below = ground[ground <= touching]
    if len(below) > _SEEN * len(ground):
        # The highest surface: past a support that is narrower than the object lies another.
        high = np.partition(below, last := int(_HIGH * (len(below) - 1)))[last]
        base = median(below[below > high - _SAME - 3 * noise])
    if base is None or not lowest - max_hidden <= base <= touching:
        return lowest
    return min(base, lowest)


@lru_cache(maxsize=256)
def _shadow(u: float, v: float, step: int) -> NDArray[np.uint8]:
    """Return the kernel that dilates a mask by the places up to `_REACH` pixels below it."""
    reach = -(-_REACH // step)
    kernel = np.zeros((2 * reach + 1,) * 2, np.uint8)
    for distance in range(-(-(_GAP + 1) // step), reach + 1):
        kernel[round(reach - distance * v), round(reach - distance * u)] = 1
    return kernel


@lru_cache(maxsize=16)
def _around(step: int) -> NDArray[np.uint8]:
    """Return the kernel that dilates a mask by the gap."""
    return np.ones((2 * (_GAP // step) + 1,) * 2, np.uint8)
