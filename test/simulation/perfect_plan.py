"""Plans from the truth: with them only physics and the judge are tested."""

import math

import cv2
import numpy as np

from grounding_ros.simulation.pick_and_place.deed import Plan
from grounding_ros.simulation.pick_and_place.hand import FINGER_M, OPENING_M
from grounding_ros.simulation.pick_and_place.state import level_gap
from grounding_ros.simulation.pick_and_place.task import ANCHOR, TARGET

CLEAR_M = 0.004


def perfect_plan(arena):
    """Grasp the target from above across its narrow side, a mug by its wall, and put it down."""
    target, task = arena.start[TARGET], arena.task
    thing = task.things[TARGET]
    if thing.kind.name == "mug":
        center, closing, opening = mug_wall(arena, target)
    else:
        (x, y), sides, angle = cv2.minAreaRect(target.points[:, :2].astype(np.float32))
        turn = math.radians(angle) + (math.pi / 2 if sides[1] < sides[0] else 0.0)
        center, closing = np.array([x, y]), turn
        opening = min(OPENING_M, min(sides) + 0.02)
    depth = max(target.foot + CLEAR_M, target.top - FINGER_M + 0.015)
    depth = max(depth, target.foot + CLEAR_M)
    if thing.kind.name == "ball":
        depth = max(target.center[2] - 0.01, CLEAR_M)
    pose = tool_pose(center, depth, closing)
    return Plan(pose, placed(pose, arena), opening)


def mug_wall(arena, target):
    """The wall on the side of the handle's opposite, seen from the mug's axis."""
    origin = arena.data.xpos[arena.world.body_ids[TARGET]]
    turn = arena.data.xmat[arena.world.body_ids[TARGET]].reshape(3, 3)
    away = -turn[:2, 0] / np.linalg.norm(turn[:2, 0])
    diameter, _ = arena.task.things[TARGET].kind.sizes[arena.task.things[TARGET].size_word]
    return origin[:2] + away * (diameter / 2 - 0.002), math.atan2(away[1], away[0]), 0.04


def tool_pose(center, height, closing):
    y = np.array([math.cos(closing), math.sin(closing), 0.0])
    z = np.array([0.0, 0.0, -1.0])
    pose = np.eye(4)
    pose[:3, :3] = np.column_stack([np.cross(y, z), y, z])
    pose[:3, 3] = *center, height
    return pose


def placed(pose, arena):
    """The pose that brings the target's foot to the place, its middle over it."""
    target, anchor = arena.start[TARGET], arena.start[ANCHOR]
    spot = anchor.center.copy()
    if arena.task.predicate == "next_to":
        spot = beside(arena)
    elif arena.task.predicate == "on":
        spot[2] = anchor.foot + 0.006
    else:
        spot[2] = anchor.top - 0.01
    wanted = pose.copy()
    wanted[:3, 3] += spot - [*target.center[:2], target.foot] + [0, 0, 0.003]
    return wanted


def beside(arena):
    """A point of the table near the anchor with room for the target and the hand."""
    target, anchor = arena.start[TARGET], arena.start[ANCHOR]
    radius = np.linalg.norm(target.points[:, :2] - target.center[:2], axis=1).max()
    others = [one for row, one in enumerate(arena.start) if row != TARGET]
    wide = np.linalg.norm(anchor.points[:, :2] - anchor.center[:2], axis=1).max()
    best, best_gap = None, -1.0
    for angle in np.linspace(0, 2 * math.pi, 24, endpoint=False):
        away = (wide + radius + 0.04) * np.array([math.cos(angle), math.sin(angle)])
        shift = np.array([*(anchor.center[:2] + away - target.center[:2]), 0.0])
        moved = type(target)(target.points + shift, target.up, target.touches)
        gap = min(level_gap(moved, one) for one in others)
        if gap > best_gap:
            best, best_gap = moved, gap
    return np.array([*best.center[:2], 0.0])
