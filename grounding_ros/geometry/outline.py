"""An object's outline as planes: each touches the object and goes through the camera.

A line in the image that touches a mask from outside is seen from the camera as a plane, and the
object lies on one side of it and touches it. For a shape with the support function h this says
h(n) = 0, linear in its centre and its size (Cross and Zisserman, ICCV 1998, use the same planes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.crop import Crop
from grounding_ros.geometry.surface import nearest_around

DIRECTIONS = 36
"""How many planes an outline has."""
_ANGLES = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
_OUTWARDS = np.exp(1j * _ANGLES).astype(np.complex64)
_PLANES = np.column_stack([_OUTWARDS.real, _OUTWARDS.imag, np.zeros(DIRECTIONS)]).astype(np.float64)
_INWARDS = np.conj(_OUTWARDS)[:, None]
_LOOKS = np.vstack(
    [
        far * np.exp(1j * (_ANGLES + np.radians(turn)))
        for far in (3, 5)
        for turn in range(-110, 120, 44)
    ]
)
_LOOK_U = np.rint(_LOOKS.real).astype(np.int32)
_LOOK_V = np.rint(_LOOKS.imag).astype(np.int32)
"""(L, K) pixels from where a plane touches: about there, whatever hides the object begins."""
_FAR = np.float32(np.inf)
_BEYOND_PX = 0.5
"""How far an edge lies, on average, beyond the outermost pixel centres."""
_CLOSE_PX = 3
_TOUCHING_M = 0.01
_BEHIND_M = 0.02
_BORDER_PX = 2


@dataclass(frozen=True, eq=False)
class Outline:
    """Planes that touch one object."""

    normals: NDArray[np.float64]
    """(K, 3) outward, through the camera's centre, in the optical frame; `normals @ p` is in metres
    across the line of sight at the point p."""
    free: NDArray[np.bool_]
    """(K,) whether the object itself ends there; else something before it, or the image."""


def outline(
    crop: Crop,
    surface: NDArray[np.bool_],
    believed: NDArray[np.bool_],
    thin: NDArray[np.bool_],
    others: NDArray[np.bool_],
    noise: float,
) -> Outline:
    """Return the planes that touch an object.

    The object's pixels are its surface, its thin parts, and what of the mask is close to its
    surface: holes, and what is too steep to be measured, but not what lies behind.

    Parameters
    ----------
    crop
        Mask, depth and rays.
    surface
        (h, w) the object's pixels with depth.
    believed
        (h, w) the pixels whose depth is believed.
    thin
        (h, w) pixels of thin parts, such as a handle.
    others
        (h, w) pixels of other things that stand out of the support, with depth.
    noise
        Standard deviation of depth at the object, metres.
    """
    nearest = nearest_around(crop.depth, surface, _close(crop.step))
    behind = believed & (crop.depth > nearest + np.float32(_BEHIND_M + 6 * noise))
    object_px = surface | thin | crop.with_ray(crop.mask & (nearest < _FAR) & ~behind)
    contours, _ = cv2.findContours(
        _fine(object_px, crop).view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    corners = cv2.convexHull(np.concatenate(contours))[:, 0]
    along = (_INWARDS * crop.fine_rays[corners[:, 1], corners[:, 0]]).real
    touched = along.argmax(axis=1)
    reach = along[np.arange(DIRECTIONS), touched] + _BEYOND_PX * crop.pixel
    normals = _PLANES.copy()
    normals[:, 2] = -reach
    touching = corners[touched]
    contact = touching // crop.step
    own = nearest[contact[:, 1], contact[:, 0]] + np.float32(_TOUCHING_M + 2 * noise)
    hidden = _before(crop, touching, others) < own
    if any(crop.open):
        hidden |= _at_border(crop, touching)
    return Outline(normals, ~hidden)


def _fine(object_px: NDArray[np.bool_], crop: Crop) -> NDArray[np.bool_]:
    """Return the object's pixels (h, w) as those of the image (h', w')."""
    if crop.step == 1:
        return object_px
    height, width = crop.fine_mask.shape
    dropped = crop.mask & ~object_px
    if not dropped.any():
        return crop.fine_mask
    size = object_px.shape[1] * crop.step, object_px.shape[0] * crop.step
    fine = cv2.resize(dropped.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(crop.fine_mask & ~fine[:height, :width].view(np.bool_))


def _before(
    crop: Crop, touching: NDArray[np.int32], others: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """(K,) depth of the nearest other thing just beyond where a plane touches; infinite: none."""
    u, v = (touching[:, 0] + _LOOK_U) // crop.step, (touching[:, 1] + _LOOK_V) // crop.step
    height, width = others.shape
    u = np.minimum(np.maximum(u, 0), width - 1)
    v = np.minimum(np.maximum(v, 0), height - 1)
    looks = v * width + u  # one index is looked up three times as fast as two
    return np.asarray(np.where(others.ravel()[looks], crop.depth.ravel()[looks], _FAR).min(axis=0))


def _at_border(crop: Crop, touching: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(K,) whether the image ends there."""
    left, top, right, bottom = crop.open
    height, width = crop.fine_mask.shape
    u, v = touching.T
    return np.asarray(
        (left & (u < _BORDER_PX))
        | (top & (v < _BORDER_PX))
        | (right & (u >= width - _BORDER_PX))
        | (bottom & (v >= height - _BORDER_PX))
    )


@lru_cache(maxsize=16)
def _close(step: int) -> NDArray[np.uint8]:
    """Return the kernel that reaches over small holes."""
    return np.ones((2 * -(-_CLOSE_PX // step) + 1,) * 2, np.uint8)


def direction(way: tuple[float, float]) -> int:
    """Return which of the planes touches the object farthest along a unit vector (u, v)."""
    return round(math.atan2(way[1], way[0]) / (2 * math.pi) * DIRECTIONS) % DIRECTIONS
