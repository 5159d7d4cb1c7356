"""An object's outline as planes: each touches the object and goes through the camera.

A line in the image that touches a mask from outside is seen from the camera as a plane, and the
object lies on one side of it and touches it. For a shape with the support function h this says
h(n) = 0, linear in its centre and its size (Cross and Zisserman, ICCV 1998, use the same planes).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.crop import Crop

DIRECTIONS = 36
"""How many planes an outline has."""
_ANGLES = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
_OUTWARDS = np.exp(1j * _ANGLES).astype(np.complex64)
_LOOKS = np.exp(1j * (_ANGLES + np.radians([[-50], [0], [50]])))[..., None] * (3.0, 4.5, 6.0)
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


def solid(
    crop: Crop, surface: NDArray[np.bool_], believed: NDArray[np.bool_], noise: float
) -> NDArray[np.bool_]:
    """Return the object's pixels (h, w): its surface, and what of the mask is close to it.

    Holes belong to it, and what is too steep to be measured; what lies behind it does not.
    """
    nearest = cv2.erode(np.where(surface, crop.depth, np.float32(np.inf)), _CLOSE)
    behind = believed & (crop.depth > nearest + np.float32(_BEHIND_M + 6 * noise))
    around = np.isfinite(nearest)
    return np.asarray(surface | (crop.mask & around & ~behind))


def outline(
    crop: Crop,
    object_px: NDArray[np.bool_],
    surface: NDArray[np.bool_],
    others: NDArray[np.bool_],
    noise: float,
) -> Outline:
    """Return the planes that touch an object.

    Parameters
    ----------
    crop
        Depth and rays.
    object_px
        (h, w) of `solid`.
    surface
        (h, w) the pixels of the object with depth.
    others
        (h, w) pixels of other things that stand out of the support, with depth.
    noise
        Standard deviation of depth at the object, metres.
    """
    contours, _ = cv2.findContours(
        object_px.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    corners = cv2.convexHull(np.concatenate(contours))[:, 0]
    ray = crop.rays[corners[:, 1], corners[:, 0]]
    along = (np.conj(_OUTWARDS)[:, None] * ray).real
    touched = along.argmax(axis=1)
    reach = along[np.arange(DIRECTIONS), touched] + _BEYOND_PX * crop.pixel
    normals = np.column_stack([_OUTWARDS.real, _OUTWARDS.imag, -reach]).astype(np.float64)
    contact = corners[touched]
    hidden = _behind(crop, contact, surface, others, noise) | _at_border(crop, contact)
    return Outline(normals, ~hidden)


def _behind(
    crop: Crop,
    contact: NDArray[np.int32],
    surface: NDArray[np.bool_],
    others: NDArray[np.bool_],
    noise: float,
) -> NDArray[np.bool_]:
    """(K,) whether something nearer begins where the object ends."""
    far = np.float32(np.inf)
    own = cv2.erode(np.where(surface, crop.depth, far), _CLOSE)[contact[:, 1], contact[:, 0]]
    u = np.rint(contact[:, 0] + _LOOKS.real.transpose(2, 0, 1)).astype(np.intp)
    v = np.rint(contact[:, 1] + _LOOKS.imag.transpose(2, 0, 1)).astype(np.intp)
    height, width = surface.shape
    u, v = u.clip(0, width - 1), v.clip(0, height - 1)
    before = np.where(others[v, u], crop.depth[v, u], far).min(axis=(0, 1))
    return np.asarray(before < own + _TOUCHING_M + 2 * noise)


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
