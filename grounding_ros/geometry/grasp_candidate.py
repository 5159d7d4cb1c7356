"""A way to take hold of an object, in the object's own frame, and what speaks for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.gripper import GripperParameters

Array = NDArray[np.float64]

PAD_M = 0.02
"""Length of the fingertips that is meant to touch."""
_STEEPEST = math.cos(math.radians(30))
"""Between the closing direction and a surface's normal: rubber on most things holds less."""
_LEAST_AIR = 0.6
_AMPLE_M = 0.02
_FAR_M = 0.05


@dataclass(frozen=True, eq=False)
class Candidate:
    """A possible grasp."""

    kind: str
    """As in `Grasp`."""
    pose: Array
    """(4, 4) the tool in the object's frame."""
    opening_m: float
    score: float
    turned: float = 0.0
    """Radians about up by which the hand is turned, with the object, on its way to the place."""


def tool_pose(origin: Array, approach: Array, closing: Array) -> Array:
    """Return (4, 4) of a tool from where it is, and its unit z and y."""
    (yx, yy, yz), (zx, zy, zz), (px, py, pz) = closing.tolist(), approach.tolist(), origin.tolist()
    return np.array(  # written out: numpy's cross product of two vectors is slow
        [
            [yy * zz - yz * zy, yx, zx, px],
            [yz * zx - yx * zz, yy, zy, py],
            [yx * zy - yy * zx, yz, zz, pz],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


def opening_for(width: float, gripper: GripperParameters) -> float:
    """Return how far to open for a width, metres."""
    return min(width + 2 * gripper.clearance_m, gripper.max_opening_m)


def fits(width: float, gripper: GripperParameters) -> bool:
    """Tell whether a width fits between the fingers, with a little of the wanted air."""
    return width + _LEAST_AIR * gripper.clearance_m <= gripper.max_opening_m


def squareness(cosine: float) -> float:
    """Return 0 to 1: how well two fingers hold surfaces whose normals are so far off."""
    return min(max((cosine - _STEEPEST) / (1 - _STEEPEST), 0.0), 1.0)


def roominess(width: float, gripper: GripperParameters) -> float:
    """Return 0.5 to 1: how much the hand may be off and still get around."""
    return 0.5 + 0.5 * min(max((gripper.max_opening_m - width) / _AMPLE_M, 0.0), 1.0)


def centredness(away: float) -> float:
    """Return 0 to 1: how little the object's weight turns it in the hand.

    `away` is from the middle of the pads to the middle of the object, metres.
    """
    return 1 / (1 + (away / _FAR_M) ** 2)


def visibility(hidden: float) -> float:
    """Return 0 to 1 for the part of the hand's places that the camera did not see."""
    return 1 - hidden
