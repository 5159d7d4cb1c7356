"""What the hand does with the poses of an answer, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.pick_and_place.arena import Arena
from grounding_ros.simulation.pick_and_place.hand import PARKED
from grounding_ros.simulation.pick_and_place.motion import Hand
from grounding_ros.simulation.pick_and_place.state import HAND, Lying
from grounding_ros.simulation.pick_and_place.task import TARGET

Pose = NDArray[np.float64]

_OFF = 0.1
_LIFT = 0.22
_LET_GO = 0.02  # wider than what is held: it may be wider than it was thought
_FREE, _CARRYING, _NEAR = 1.2, 0.35, 0.15  # metres/s


@dataclass(frozen=True, eq=False)
class Plan:
    """What a planner was told: where to close the hand and where to open it."""

    target_pose: Pose
    """(4, 4) base from tool: the origin between the fingertips, z the approach, y the closing."""
    place_pose: Pose
    """(4, 4) the same when the hand opens."""
    opening_m: float
    """How far the fingers are apart on the way to the target, metres."""


@dataclass(frozen=True, eq=False)
class Deed:
    """What came of a plan."""

    rise_m: float
    """How much higher than before the target's foot was after lifting."""
    held: bool
    """Whether the hand still had it just before it opened."""
    after: tuple[Lying, ...]
    """All things at rest when the hand was away again."""


def carry_out(plan: Plan, arena: Arena, hand: Hand) -> Deed:
    """Pick the target, carry it and put it down."""
    hand.open(plan.opening_m)
    hand.move(_above(_before(plan.target_pose)), _FREE)
    hand.move(_before(plan.target_pose), _CARRYING)
    hand.move(plan.target_pose, _NEAR)
    hand.close()
    hand.move(_above(plan.target_pose), _CARRYING)
    rise_m = arena.now()[TARGET].foot - arena.start[TARGET].foot
    hand.move(_above(plan.place_pose), _CARRYING)
    hand.move(plan.place_pose, _NEAR)
    hand.wait(0.1)
    held = HAND in arena.now()[TARGET].touches
    hand.open(max(plan.opening_m, hand.width_m + _LET_GO))
    hand.move(_before(plan.place_pose), _NEAR)
    hand.move(_above(_before(plan.place_pose)), _CARRYING)
    hand.move(PARKED, _FREE)
    hand.wait(1.0)
    return Deed(rise_m, held, arena.now())


def _before(pose: Pose) -> Pose:
    """Return the pose a hand's length back along the approach."""
    return _moved(pose, -_OFF * pose[:3, 2])


def _above(pose: Pose) -> Pose:
    return _moved(pose, np.array([0.0, 0.0, _LIFT]))


def _moved(pose: Pose, shift: NDArray[np.float64]) -> Pose:
    moved = np.array(pose, np.float64)
    moved[:3, 3] += shift
    return moved
