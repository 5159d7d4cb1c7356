"""Grasps from straight above."""

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
from grounding_ros.geometry.grasp_contact import Contact, Whole, contact
from grounding_ros.geometry.grasp_view import GraspView
from grounding_ros.geometry.gripper import GripperParameters

DOWN = np.array([0.0, 0.0, -1.0])

_TURNS = 8
_STEP_M = 0.015
_OFF_AXIS = 0.85
"""A turn that is not along the box's sides must be that much better."""
_SHALLOWEST_M = 0.008
"""Less than this around an object is no hold."""


def top_grasps(
    view: GraspView, whole: Whole, gripper: GripperParameters, *, shallow: bool = False
) -> tuple[list[Candidate], float]:
    """Return grasps of an object from above, in its own frame, and its least width, metres.

    The width is 0 when it is too flat, infinite when too little of it is seen.

    Parameters
    ----------
    view, whole
        The object, and its surface with the hidden back.
    gripper
        The gripper.
    shallow
        Hold it by its top only, which keeps the hand above neighbours.
    """
    height = float(view.size[2])
    tip = _tip(height, gripper, shallow)
    if height - tip < _SHALLOWEST_M:
        return [], 0.0
    found, narrowest = [], math.inf
    for closing, along, x, touched in _contacts(view, whole, tip, gripper):
        narrowest = min(narrowest, touched.width)
        if not fits(touched.width, gripper):
            continue
        y, over = touched.middle, tip + PAD_M / 2 - height / 2
        quality = (
            squareness(touched.cosine)
            * roominess(touched.width, gripper)
            * centredness(math.hypot(x, y, over / 2))  # hanging, its weight turns it less
            * (1.0 if along else _OFF_AXIS)
        )
        if quality > 0:
            pose = tool_pose(np.zeros(3), DOWN, closing)
            pose[:3, 3] = pose[:3, 0] * x + pose[:3, 1] * y + (0.0, 0.0, tip)
            found.append(Candidate("top", pose, opening_for(touched.width, gripper), quality))
    return found, narrowest


def _contacts(
    view: GraspView, whole: Whole, tip: float, gripper: GripperParameters
) -> Iterator[tuple[Array, bool, float, Contact]]:
    """Yield closing direction, whether that is along the box, place across it, what is held."""
    angles = np.pi * np.arange(_TURNS) / _TURNS
    directions = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(_TURNS)])
    halves = np.where(angles == 0, view.size[0], view.size[1]) / 2
    ends = directions[:, None] * halves[:, None, None] * np.array([[[-1], [1]]])
    hidden = view.hidden(ends + np.array([0.0, 0.0, view.size[2] / 2]))
    for turn, closing in enumerate(directions):
        turned = whole.turned(tool_pose(np.zeros(3), DOWN, closing)[:3, :3])
        along = turn % (_TURNS // 2) == 0
        for x in _places(turned) if along else (0.0,):
            touched = contact(turned, x, -tip, gripper, face=along)
            if touched is not None:
                yield closing, along, x, touched.out_to(float(halves[turn]), hidden[turn])


def _places(turned: Whole) -> list[float]:
    """Where along the object to hold it: in the middle, or to its sides."""
    reach = float(np.abs(turned.points[:, 0]).max(initial=0.0)) * 0.6
    return [k * _STEP_M for k in range(-2, 3) if abs(k) * _STEP_M <= reach]


def _tip(height: float, gripper: GripperParameters, shallow: bool) -> float:
    """How high over the foot the fingertips end: about the middle, as far as they can reach."""
    wanted = height - PAD_M if shallow else height / 2 - PAD_M / 2
    deepest = height - gripper.finger_length_m + gripper.clearance_m  # air below the palm
    return max(gripper.clearance_m, deepest, wanted)
