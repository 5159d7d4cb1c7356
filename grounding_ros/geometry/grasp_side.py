"""Grasps of tall things from the side, with the hand level."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from grounding_ros.geometry.grasp_candidate import (
    PAD_M,
    Array,
    Candidate,
    centredness,
    fits,
    opening_for,
    roominess,
    squareness,
    tool_pose,
)
from grounding_ros.geometry.grasp_contact import Whole, contact
from grounding_ros.geometry.grasp_view import GraspView
from grounding_ros.geometry.gripper import GripperParameters

_DIRECTIONS = 12
_FROM_BEHIND = -0.3
BEST_SIDE = 0.85
"""The best score from the side: a level hand comes closer to what is not seen."""


def side_grasps(view: GraspView, whole: Whole, gripper: GripperParameters) -> list[Candidate]:
    """Return grasps of an object with the hand level, in its own frame.

    The hand stays over what the object stands on. It had better come from the camera's side, for
    there the way is seen; it never comes from behind.

    Parameters
    ----------
    view, whole
        The object, and its surface with the hidden back.
    gripper
        The gripper.
    """
    middle = float(view.size[2]) / 2
    height = max(middle, gripper.palm_depth_m / 2 + gripper.clearance_m)
    if height + gripper.finger_width_m / 2 > view.size[2]:
        return []
    away = -view.camera[:2] / max(float(np.linalg.norm(view.camera[:2])), 1e-9)
    half = float(view.size[1]) / 2
    found = []
    directions = list(_directions(away))
    ends = np.array([np.outer((-half, half), closing) for _, closing in directions])
    hidden = view.hidden(ends + np.array([0.0, 0.0, height]))
    for (approach, closing), unseen in zip(directions, hidden, strict=True):
        pose = tool_pose(np.zeros(3), approach, closing)
        turned = whole.turned(pose[:3, :3])
        front = float(turned.points[:, 2].min())
        tip = min(PAD_M / 2, front + gripper.finger_length_m - gripper.clearance_m)
        touched = contact(turned, height, tip, gripper)
        if touched is None:
            continue
        touched = touched.out_to(half, unseen)
        if not fits(touched.width, gripper):
            continue
        quality = (
            BEST_SIDE
            * squareness(touched.cosine)
            * roominess(touched.width, gripper)
            * centredness(math.hypot(touched.middle, tip - PAD_M / 2, height - middle))
            * (0.75 + 0.25 * float(approach[:2] @ away))
        )
        if quality > 0:
            pose[:3, 3] = approach * tip + closing * touched.middle + (0.0, 0.0, height)
            found.append(Candidate("side", pose, opening_for(touched.width, gripper), quality))
    return found


def _directions(away: Array) -> Iterator[tuple[Array, Array]]:
    """Yield level approaches, not against `away` (2,), each with its closing direction.

    The tool's x is then up.
    """
    for angle in 2 * math.pi * np.arange(_DIRECTIONS) / _DIRECTIONS:
        c, s = math.cos(angle), math.sin(angle)
        if c * away[0] + s * away[1] > _FROM_BEHIND:
            yield np.array([c, s, 0.0]), np.array([s, -c, 0.0])
