"""What two fingers touch when they close."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.grasp_candidate import PAD_M
from grounding_ros.geometry.grasp_view import GraspView, Points
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.statistics import extent

_FEWEST = 4
_SKIN_M = 0.005
"""How far from the outermost points something is still touched."""
_CAP = 0.8
"""A surface that faces the palm more than this is not touched by the fingers' sides."""
_STRIPS = 3
_LOST_M = 0.01
"""Most that the silhouette of a round thing loses."""
_UNSEEN_FACE = 0.98
"""Cosine of a face of the box that is not seen, a little worse than one that is."""


@dataclass(frozen=True, eq=False)
class Whole:
    """An object's surface with its hidden back, which is taken to be like its front.

    Every point seen has a twin on the other side of the upright line through the box's middle:
    that holds of boxes, cylinders, balls and bowls.
    """

    points: Points
    """(M, 3) metres in the object's frame."""
    normals: Points
    """(M, 3) unit vectors out of the surface, NaN where not known."""

    @classmethod
    def of(cls, view: GraspView) -> Whole:
        """Complete what is seen."""
        turned = np.array([-1, -1, 1], np.float32)
        return cls(
            np.concatenate([view.points, view.points * turned]),
            np.concatenate([view.normals, view.normals * turned]),
        )

    def turned(self, axes: NDArray[np.float64]) -> Whole:
        """The same along other axes, the columns of (3, 3)."""
        rotation = axes.astype(np.float32)
        return Whole(self.points @ rotation, self.normals @ rotation)


@dataclass(frozen=True)
class Contact:
    """Between the fingers, along the closing direction."""

    low: float
    high: float
    """Where the object begins and ends, metres along the tool's y."""
    cosine: float
    """Between the closing direction and the normals of what is touched, the mean of both sides."""

    @property
    def width(self) -> float:
        """Metres."""
        return self.high - self.low

    @property
    def middle(self) -> float:
        """Metres along the tool's y."""
        return (self.low + self.high) / 2

    def out_to(self, half: float, hidden: NDArray[np.bool_]) -> Contact:
        """Let the ends reach to `half` from the middle of the box.

        An end (2,) that is hidden is believed to do so. One that is seen is, if it is nearly there:
        a silhouette loses some millimetres of a round thing, which its box has been given back.
        """
        lost_low, lost_high = np.where(hidden, half, _LOST_M).tolist()
        low = min(self.low, max(-half, self.low - lost_low))
        high = max(self.high, min(half, self.high + lost_high))
        return replace(self, low=low, high=high)


def contact(
    whole: Whole, x: float, tip: float, gripper: GripperParameters, *, face: bool = False
) -> Contact | None:
    """Return what fingers touch that reach to `tip` at a place `x`.

    Parameters
    ----------
    whole
        The object along the tool's axes: x across the closing direction, y along it, z along the
        approach.
    x, tip
        Metres along the tool's x and z, from the same origin.
    gripper
        Its fingers' width, and how far it opens: of what is wider, only the width is told.
    face
        Whether the fingers close on two faces of the box: they are taken to be square where they
        are not seen.

    Returns
    -------
    Contact or None
        None where nothing is between the fingers.
    """
    away = whole.points[:, 0] - x
    between = (np.abs(away) <= gripper.finger_width_m / 2) & (whole.points[:, 2] <= tip)
    points = whole.points[between]
    if len(points) < _FEWEST:
        return None
    low, high = extent(points[:, 1])
    if high - low > gripper.max_opening_m:
        return Contact(low, high, 0.0)
    cosine = _touched(points, whole.normals[between], low, high, tip)
    if cosine is None and face:
        cosine = _UNSEEN_FACE
    elif cosine is None:
        cosine = _outline(points, away[between], gripper.finger_width_m)
    return Contact(low, high, cosine)


def _touched(points: Points, normals: Points, low: float, high: float, tip: float) -> float | None:
    """The mean cosine by the normals at the pads; None where too few sides are seen."""
    y = points[:, 1]
    side = (y > high - _SKIN_M).astype(np.float32) - (y < low + _SKIN_M)
    touched = (side != 0) & (points[:, 2] >= tip - PAD_M) & (np.abs(normals[:, 2]) < _CAP)
    if np.count_nonzero(touched) < _FEWEST:
        return None
    return float((normals[touched, 1] * side[touched]).mean())


def _outline(points: Points, away: NDArray[np.float32], finger_width: float) -> float:
    """The cosine by the slope of the outline across the fingers, seen along the approach."""
    strip = ((away / finger_width + 0.5) * _STRIPS).clip(0, _STRIPS - 1).astype(int)
    ends = [extent(points[strip == k, 1]) for k in range(_STRIPS) if (strip == k).any()]
    if len(ends) < _STRIPS:
        return 0.0
    step = float(np.abs(np.diff(np.array(ends), axis=0)).max())
    return float(1 / np.hypot(1, step * _STRIPS / finger_width))
