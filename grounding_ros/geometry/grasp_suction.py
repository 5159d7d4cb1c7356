"""Where a suction cup takes hold of a top."""

from __future__ import annotations

import math

import numpy as np

from grounding_ros.geometry.grasp_candidate import Array, Candidate, centredness, tool_pose
from grounding_ros.geometry.grasp_view import GraspView, Points
from grounding_ros.geometry.gripper import GripperParameters

_GRID_M, _GRID_CELLS = 0.01, 6
_SECTORS = 8
_EDGE = 0.7
_FEWEST = 12


def suction_grasps(view: GraspView, gripper: GripperParameters) -> list[Candidate]:
    """Return places on the object's top that are flat all around a cup, in its own frame."""
    up = np.cos(np.radians(gripper.suction_tilt_deg))
    tops = view.points[view.normals[:, 2] > up]
    if len(tops) < _FEWEST:
        return []
    found = []
    for place in _grid(tops):
        away = tops - place
        under = tops[np.hypot(away[:, 0], away[:, 1]) <= gripper.suction_radius_m]
        patch = _patch(under, place, gripper)
        if patch is None:
            continue
        normal, origin, rough = patch
        if normal[2] < up:
            continue
        closing = np.cross(-normal, (1.0, 0.0, 0.0))
        pose = tool_pose(origin, -normal, closing / np.linalg.norm(closing))
        off = float(np.hypot(origin[0], origin[1]))
        flat = 1 - rough / gripper.suction_roughness_m
        found.append(Candidate("suction", pose, 0.0, centredness(off) * flat * float(normal[2])))
    return found


def _grid(tops: Points) -> Points:
    """One of the points for every few square centimetres."""
    side = max(_GRID_M, float(np.ptp(tops[:, :2], axis=0).max()) / _GRID_CELLS)
    cells = np.floor(tops[:, :2] / side).astype(int)
    _, first = np.unique(cells, axis=0, return_index=True)
    return tops[np.sort(first)]


def _patch(
    under: Points, place: Points, gripper: GripperParameters
) -> tuple[Array, Array, float] | None:
    """Normal, middle and roughness of what is under a cup; None where it leaks."""
    if len(under) < _FEWEST:
        return None
    flat = under[:, :2].astype(np.float64) - place[:2]
    edge = flat[np.hypot(flat[:, 0], flat[:, 1]) > _EDGE * gripper.suction_radius_m]
    around = np.arctan2(edge[:, 1], edge[:, 0])
    sectors = np.unique(((around / math.pi + 1) / 2 * _SECTORS).astype(int) % _SECTORS)
    if len(sectors) < _SECTORS:
        return None
    system = np.column_stack([flat, np.ones(len(flat))])
    (a, b, c), *_ = np.linalg.lstsq(system, under[:, 2].astype(np.float64), rcond=None)
    rough = float(np.sqrt(np.mean((system @ (a, b, c) - under[:, 2]) ** 2)))
    if rough > gripper.suction_roughness_m:
        return None
    normal = np.array([-a, -b, 1.0]) / math.sqrt(a * a + b * b + 1)
    return normal, np.array([place[0], place[1], c]), rough
