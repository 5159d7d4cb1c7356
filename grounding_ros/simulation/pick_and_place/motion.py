"""Moves the hand: to a pose in a straight line, open, close, wait."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import (
    matrix_from_quaternion,
    quaternion_from_matrix,
    slerp,
)
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.pick_and_place.arena import Arena
from grounding_ros.simulation.pick_and_place.hand import (
    OPENING_M,
    PARKED,
    opening_of,
    want_opening,
    want_pose,
)
from grounding_ros.simulation.world import STEP_S

Pose = NDArray[np.float64]

_STEPS = 4  # of physics between two wishes
_TURNING = 1.5  # radians/s
_CLOSING_S = 0.8
_SQUEEZED_M = -0.04


class Hand:
    """The hand of an arena; time goes on only while it does something."""

    def __init__(self, arena: Arena, watch: Callable[[Any], None] | None = None) -> None:
        """`watch` is called with the mujoco.MjData every few milliseconds of simulated time."""
        self._step = load_mujoco().mj_step
        self._model, self._data = arena.world.model, arena.data
        self._watch = watch
        self._pose: Pose = PARKED
        self._opening = OPENING_M

    def move(self, base_from_tool: Pose, speed: float) -> None:
        """Go to a (4, 4) pose of the tool frame in a straight line.

        `speed` is the mean one, metres/s; it begins and ends gently.
        """
        begin, end = self._pose, np.asarray(base_from_tool, np.float64)
        first, last = (quaternion_from_matrix(pose[:3, :3]) for pose in (begin, end))
        angle = 2 * math.acos(min(1.0, abs(float(first @ last))))
        length = float(np.linalg.norm(end[:3, 3] - begin[:3, 3]))
        for share in _gently(max(length / speed, angle / _TURNING)):
            pose = np.eye(4)
            pose[:3, 3] = (1 - share) * begin[:3, 3] + share * end[:3, 3]
            pose[:3, :3] = matrix_from_quaternion(slerp(first, last, share))
            want_pose(self._model, self._data, pose)
            self._go_on()
        self._pose = end

    @property
    def width_m(self) -> float:
        """How far apart the fingertips are, metres."""
        return opening_of(self._data)

    def open(self, opening_m: float = OPENING_M) -> None:
        """Bring the fingertips so far apart, metres."""
        self._grip(min(opening_m, OPENING_M), _CLOSING_S / 2)

    def close(self) -> None:
        """Close until something is held, and hold it."""
        self._grip(_SQUEEZED_M, _CLOSING_S)

    def wait(self, seconds: float) -> None:
        """Stay for so long of simulated time."""
        for _ in range(_moments(seconds)):
            self._go_on()

    def _grip(self, opening_m: float, seconds: float) -> None:
        begin = self._opening
        for share in _gently(seconds):
            want_opening(self._data, (1 - share) * begin + share * opening_m)
            self._go_on()
        self._opening = opening_m

    def _go_on(self) -> None:
        self._step(self._model, self._data, nstep=_STEPS)
        if self._watch is not None:
            self._watch(self._data)


def _moments(seconds: float) -> int:
    return max(1, round(seconds / (_STEPS * STEP_S)))


def _gently(seconds: float) -> NDArray[np.float64]:
    """Return the shares of a way, the last one 1: slow at both ends (smoothstep)."""
    count = _moments(seconds)
    time = np.arange(1, count + 1) / count
    return np.asarray(time * time * (3 - 2 * time))
