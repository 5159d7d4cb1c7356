"""Plans from the truth: with them only physics and the judge are tested."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.pick_and_place.arena import Arena
from grounding_ros.simulation.pick_and_place.deed import Plan, Pose
from grounding_ros.simulation.pick_and_place.hand import FINGER_M, OPENING_M
from grounding_ros.simulation.pick_and_place.state import Lying, level_gap
from grounding_ros.simulation.pick_and_place.task import ANCHOR, TARGET

Array = NDArray[np.float64]

_CLEAR_M = 0.004
_ROOM_M = 0.02
_AROUND = 24


def perfect_plan(arena: Arena) -> Plan:
    """Grasp the target from above across its narrow side, a mug by its wall, and put it down.

    The target is carried without being turned. That nothing is in the hand's way is not looked at.
    """
    target = arena.start[TARGET]
    if arena.task.things[TARGET].kind.name == "mug":
        middle, closing, opening = _mug_wall(arena)
    else:
        middle, closing, opening = _narrow_side(target)
    pose = _tool_pose(middle, _depth(target, arena.task.things[TARGET].kind.name), closing)
    spot = _spot(arena)
    place = pose.copy()
    place[:3, 3] += spot - (*target.center[:2], target.foot) + (0, 0, _CLEAR_M)
    return Plan(pose, place, opening)


def _narrow_side(target: Lying) -> tuple[Array, float, float]:
    """Return middle, closing direction and opening across the narrow side of a thing's shadow."""
    middle, sides, degrees = cv2.minAreaRect(target.points[:, :2].astype(np.float32))
    closing = math.radians(degrees) + (math.pi / 2 if sides[1] < sides[0] else 0.0)
    return np.array(middle), closing, min(OPENING_M, min(sides) + _ROOM_M)


def _mug_wall(arena: Arena) -> tuple[Array, float, float]:
    """Return the same for the wall of a standing mug on the far side of its handle, which is +x."""
    thing = arena.task.things[TARGET]
    body = arena.data.body(arena.world.body_ids[TARGET])
    away = -body.xmat.reshape(3, 3)[:2, 0] / np.linalg.norm(body.xmat.reshape(3, 3)[:2, 0])
    diameter, _ = thing.kind.sizes[thing.size_word]
    middle = body.xpos[:2] + away * (diameter / 2 - 0.002)
    return middle, math.atan2(away[1], away[0]), OPENING_M / 2


def _depth(target: Lying, name: str) -> float:
    """Return how high the fingertips are when they close: as deep as the palm lets them."""
    lowest = target.foot + _CLEAR_M
    if name == "ball":
        return max(lowest, float(target.center[2]) - 0.01)
    return max(lowest, target.top - FINGER_M + 0.015)


def _tool_pose(middle: Array, height: float, closing: float) -> Pose:
    y, z = np.array([math.cos(closing), math.sin(closing), 0.0]), np.array([0.0, 0.0, -1.0])
    pose = np.eye(4)
    pose[:3, :3] = np.column_stack([np.cross(y, z), y, z])
    pose[:3, 3] = *middle, height
    return pose


def _spot(arena: Arena) -> Array:
    """Return where the target's foot comes, (3,) metres."""
    anchor = arena.start[ANCHOR]
    if arena.task.predicate == "next_to":
        return _beside(arena)
    height = anchor.foot + 0.006 if arena.task.predicate == "on" else anchor.top - 0.01
    return np.array([*anchor.center[:2], height])


def _beside(arena: Arena) -> Array:
    """Return the point around the anchor, near to it, that is farthest from everything else."""
    target, anchor = arena.start[TARGET], arena.start[ANCHOR]
    others = [one for row, one in enumerate(arena.start) if row != TARGET]
    away = _radius(target) + _radius(anchor) + 0.04
    spots = [
        anchor.center[:2] + away * np.array([math.cos(turn), math.sin(turn)])
        for turn in np.linspace(0, 2 * math.pi, _AROUND, endpoint=False)
    ]

    def gap(spot: Array) -> float:
        shift = (*(spot - target.center[:2]), 0.0)
        moved = replace(target, points=target.points + shift)
        return min(level_gap(moved, one) for one in others)

    return np.array([*max(spots, key=gap), 0.0])


def _radius(lying: Lying) -> float:
    return float(np.linalg.norm(lying.points[:, :2] - lying.center[:2], axis=1).max())
