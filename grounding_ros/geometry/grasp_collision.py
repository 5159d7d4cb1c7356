"""Whether the hand is free to come to a grasp."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.grasp_candidate import Candidate
from grounding_ros.geometry.grasp_view import Array, Points
from grounding_ros.geometry.gripper import GripperParameters

APPROACH_M = 0.12
"""The way along the tool's z that must be free."""
_STRAYS = 3
"""Points of the object that may seem to be in a finger: its outline is not exact."""


@dataclass(frozen=True)
class Block:
    """What of the tool goes ahead of the palm, a block about the tool's z."""

    half_x: float
    """Metres."""
    half_y: float
    """Metres."""
    gap: float
    """In its middle, along y, metres: there the object may be."""


def block_of(candidate: Candidate, gripper: GripperParameters) -> Block:
    """Return the open fingers, or the cup."""
    if candidate.kind == "suction":
        return Block(gripper.suction_radius_m, gripper.suction_radius_m, math.inf)
    half_y = candidate.opening_m / 2 + gripper.finger_thickness_m
    return Block(gripper.finger_width_m / 2, half_y, candidate.opening_m)


def is_free(candidate: Candidate, others: Points, own: Points, gripper: GripperParameters) -> bool:
    """Tell whether an open hand comes along its z to a grasp without touching anything.

    Of everything else nothing may come between the fingers either.

    Parameters
    ----------
    candidate
        The grasp, in the frame of the points.
    others
        (K, 3) metres, of everything but the object; `clearance_m` is kept to them.
    own
        (M, 3) metres, of the object.
    gripper
        Its measures.
    """
    block, air = block_of(candidate, gripper), gripper.clearance_m
    solid = replace(block, half_x=block.half_x + air, half_y=block.half_y + air, gap=0.0)
    if _touched(candidate.pose, solid, others, air, gripper).any():
        return False
    return int(_touched(candidate.pose, block, own, 0.0, gripper).sum()) <= _STRAYS


def _touched(
    pose: Array, block: Block, points: Points, air: float, gripper: GripperParameters
) -> NDArray[np.bool_]:
    """(K,) the points in the way of a block or, `air` around it, of the palm."""
    axes = pose[:3, :3].astype(np.float32)
    local = (points - pose[:3, 3].astype(np.float32)) @ axes
    x, y, z = np.abs(local[:, 0]), np.abs(local[:, 1]), local[:, 2]
    ahead = (x <= block.half_x) & (y <= block.half_y) & (y >= block.gap / 2)
    half_palm = max(gripper.palm_width_m / 2, block.half_y)
    palm = (x <= gripper.palm_depth_m / 2 + air) & (y <= half_palm + air)
    on_the_way = (z <= 0) & (z >= -gripper.finger_length_m - APPROACH_M)
    return np.asarray(on_the_way & (ahead | (palm & (z <= -gripper.finger_length_m))))


def hand_places(candidate: Candidate, gripper: GripperParameters) -> Array:
    """Return (10, 3) points in the open fingers, low and higher up, and about the palm."""
    y = (candidate.opening_m + gripper.finger_thickness_m) / 2
    half_x, half_y, palm = (
        gripper.palm_depth_m / 2,
        gripper.palm_width_m / 2,
        -gripper.finger_length_m,
    )
    local = [(0.0, side * y, -up) for side in (-1, 1) for up in (0.0, 0.01, 0.02)]
    local += [(a * half_x, b * half_y, palm) for a in (-1, 1) for b in (-1, 1)]
    return np.asarray(np.array(local) @ candidate.pose[:3, :3].T + candidate.pose[:3, 3])
