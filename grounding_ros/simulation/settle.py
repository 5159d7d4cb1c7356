"""Lets the planned objects fall until they rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.plan import TABLE_HALF
from grounding_ros.simulation.world import STEP_S, World

_LONGEST_S = 5.0
_CHECKED_EVERY_S = 0.1
_STILL_CHECKS = 5
_STILL = 2e-3  # metres/s and radians/s
_DEEPEST_M = 1e-3


@dataclass(frozen=True, eq=False)
class Rest:
    """Objects that lie still."""

    data: Any
    """mujoco.MjData in that state."""
    positions: NDArray[np.float64]
    """(N, 3) metres, origins of the objects' own frames in the base frame."""
    rotations: NDArray[np.float64]
    """(N, 3, 3), base from object."""
    supports: frozenset[tuple[int, int]]
    """Pairs (upper, lower) of objects that touch, the one resting on the other."""


def settle(world: World) -> Rest | None:
    """Return the state in which everything rests on the table, or None when it does not.

    None also when an object has fallen off the table or is pressed into another by over 1 mm.
    """
    mujoco = load_mujoco()
    data = mujoco.MjData(world.model)
    still = 0
    for _ in range(round(_LONGEST_S / _CHECKED_EVERY_S)):
        mujoco.mj_step(world.model, data, nstep=round(_CHECKED_EVERY_S / STEP_S))
        still = still + 1 if np.abs(data.qvel).max(initial=0.0) < _STILL else 0
        if still == _STILL_CHECKS:
            break
    else:
        return None
    mujoco.mj_forward(world.model, data)
    bodies = list(world.body_ids)
    positions = data.xpos[bodies].copy()
    on_table = (np.abs(positions[:, :2]) < TABLE_HALF).all() and (positions[:, 2] > -1e-3).all()
    if not on_table or data.contact.dist.min(initial=0.0) < -_DEEPEST_M:
        return None
    rotations = data.xmat[bodies].reshape(-1, 3, 3).copy()
    return Rest(data, positions, rotations, _supports(world, data))


def _supports(world: World, data: Any) -> frozenset[tuple[int, int]]:
    """Pairs whose contact pushes the one up: its normal, from the first to the second, is steep."""
    number = {body: index for index, body in enumerate(world.body_ids)}
    pairs = set()
    for contact in data.contact:
        first, second = (world.model.geom_bodyid[geom] for geom in contact.geom)
        if first in number and second in number and abs(contact.frame[2]) > 0.7:
            lower, upper = (first, second) if contact.frame[2] > 0 else (second, first)
            pairs.add((number[upper], number[lower]))
    return frozenset(pairs)
