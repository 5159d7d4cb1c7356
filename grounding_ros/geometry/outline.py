"""An object's outline as planes: each touches the object and goes through the camera.

A line in the image that touches a mask from outside is seen from the camera as a plane, and the
object lies on one side of it and touches it. For a shape with the support function h this says
h(n) = 0, linear in its centre and its size (Cross and Zisserman, ICCV 1998, use the same planes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.crop import Crop

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
_CLOSE = np.ones((7, 7), np.uint8)
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
    nearest = cv2.erode(np.where(surface, crop.depth, _FAR), _CLOSE)
    behind = believed & (crop.depth > nearest + np.float32(_BEHIND_M + 6 * noise))
    object_px = surface | thin | (crop.mask & (nearest < _FAR) & ~behind & crop.has_ray())
    contours, _ = cv2.findContours(
        object_px.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    corners = cv2.convexHull(np.concatenate(contours))[:, 0]
    along = (_INWARDS * crop.rays[corners[:, 1], corners[:, 0]]).real
    touched = along.argmax(axis=1)
    reach = along[np.arange(DIRECTIONS), touched] + _BEYOND_PX * crop.pixel
    normals = _PLANES.copy()
    normals[:, 2] = -reach
    contact = corners[touched]
    own = nearest[contact[:, 1], contact[:, 0]] + np.float32(_TOUCHING_M + 2 * noise)
    hidden = _before(crop, contact, others) < own
    if any(crop.open):
        hidden |= _at_border(crop, contact)
    return Outline(normals, ~hidden)


def _before(
    crop: Crop, contact: NDArray[np.int32], others: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """(K,) depth of the nearest other thing just beyond where a plane touches; infinite: none."""
    u, v = contact[:, 0] + _LOOK_U, contact[:, 1] + _LOOK_V
    height, width = others.shape
    u = np.minimum(np.maximum(u, 0), width - 1)
    v = np.minimum(np.maximum(v, 0), height - 1)
    return np.asarray(np.where(others[v, u], crop.depth[v, u], _FAR).min(axis=0))


def _at_border(crop: Crop, contact: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(K,) whether the image ends there."""
    left, top, right, bottom = crop.open
    height, width = crop.mask.shape
    u, v = contact.T
    return np.asarray(
        (left & (u < _BORDER_PX))
        | (top & (v < _BORDER_PX))
        | (right & (u >= width - _BORDER_PX))
        | (bottom & (v >= height - _BORDER_PX))
    )


def direction(way: tuple[float, float]) -> int:
    """Return which of the planes touches the object farthest along a unit vector (u, v)."""
    return round(math.atan2(way[1], way[0]) / (2 * math.pi) * DIRECTIONS) % DIRECTIONS
