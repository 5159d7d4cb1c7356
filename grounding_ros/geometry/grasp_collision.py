"""Whether the hand is free to come to a grasp."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.grasp_view import Array, Points
from grounding_ros.geometry.gripper import GripperParameters

APPROACH_M = 0.12
"""The way along the tool's z that must be free."""
_STRAYS = 3
"""Points of the object that may seem to be in a finger: its outline is not exact."""


def is_free(
    pose: Array, opening: float, others: Points, own: Points, gripper: GripperParameters
) -> bool:
    """Tell whether an open hand comes along its z to a pose without touching anything.

    Of everything else nothing may come between the fingers either.

    Parameters
    ----------
    pose
        (4, 4) the tool in the frame of the points.
    opening
        Metres between the fingers.
    others
        (K, 3) metres, of everything but the object; `clearance_m` is kept to them.
    own
        (M, 3) metres, of the object.
    gripper
        Its measures.
    """
    return not (
        _touched(pose, opening, 0.0, others, gripper.clearance_m, gripper).any()
        or np.count_nonzero(_touched(pose, opening, opening, own, 0.0, gripper)) > _STRAYS
    )


def _touched(
    pose: Array, opening: float, between: float, points: Points, air: float, p: GripperParameters
) -> NDArray[np.bool_]:
    """(K,) the points in the way of the fingers, `between` metres apart, or of the palm."""
    axes = pose[:3, :3].astype(np.float32)
    local = (points - pose[:3, 3].astype(np.float32)) @ axes
    x, y, z = np.abs(local[:, 0]), np.abs(local[:, 1]), local[:, 2]
    half = opening / 2 + p.finger_thickness_m
    fingers = (x <= p.finger_width_m / 2 + air) & (y <= half + air) & (y >= between / 2)
    palm = (x <= p.palm_depth_m / 2 + air) & (y <= max(p.palm_width_m / 2, half) + air)
    on_the_way = (z <= 0) & (z >= -p.finger_length_m - APPROACH_M)
    return np.asarray(on_the_way & (fingers | (palm & (z <= -p.finger_length_m))))


def finger_places(pose: NDArray[np.float64], opening: float, gripper: GripperParameters) -> Array:
    """Return (6, 3) points in the middle of the open fingers, at their ends and higher up."""
    y = opening / 2 + gripper.finger_thickness_m / 2
    local = np.array([(0.0, side * y, -up) for side in (-1, 1) for up in (0.0, 0.01, 0.02)])
    return np.asarray(local @ pose[:3, :3].T + pose[:3, 3])
