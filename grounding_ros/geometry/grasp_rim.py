"""Grasps of hollow things by their rim: one finger inside, one outside."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grounding_ros.geometry.grasp_candidate import (
    Array,
    Candidate,
    fits,
    opening_for,
    roominess,
    squareness,
    tool_pose,
)
from grounding_ros.geometry.grasp_contact import Whole, contact
from grounding_ros.geometry.grasp_top import DOWN
from grounding_ros.geometry.grasp_view import GraspView, Points
from grounding_ros.geometry.gripper import GripperParameters

_DIRECTIONS = 12
_BAND_M = 0.008
_HOLLOW_M = 0.015
_DEPTH_M = 0.025
_WALL_M = 0.012
"""Room for a wall and its slope: often only its one side is seen."""
BEST_RIM = 0.6
"""The best score of a grasp by the rim: a thing held by its rim hangs to one side."""
_SECTORS = 12
_FEWEST = 12


@dataclass(frozen=True)
class Rim:
    """A level circle at the top of a hollow thing, in the object's frame."""

    x: float
    y: float
    radius: float


def rim_grasps(view: GraspView, gripper: GripperParameters) -> list[Candidate]:
    """Return grasps by the rim, in the object's own frame; [] where it has none."""
    rim = find_rim(view.points, float(view.size[2]))
    if rim is None:
        return []
    height = float(view.size[2])
    depth = min(_DEPTH_M, height - _HOLLOW_M, gripper.finger_length_m)
    seen = Whole(view.points - np.array([rim.x, rim.y, 0.0], np.float32), view.normals)
    tip = height - depth
    found = []
    for k in range(_DIRECTIONS):
        angle = 2 * math.pi * k / _DIRECTIONS
        outwards = np.array([math.cos(angle), math.sin(angle), 0.0])
        turned = seen.turned(tool_pose(np.zeros(3), DOWN, outwards)[:3, :3])
        this_side = turned.points[:, 1] > rim.radius / 2
        wall = Whole(turned.points[this_side], turned.normals[this_side])
        touched = contact(wall, 0.0, -tip, gripper)
        if touched is None or abs(touched.high - rim.radius) > _BAND_M:
            continue
        width = max(touched.width, _WALL_M)
        if not fits(width, gripper):
            continue
        quality = BEST_RIM * squareness(touched.cosine) * roominess(width, gripper)
        outside = max(touched.high, rim.radius)
        origin = np.array([rim.x, rim.y, tip]) + outwards * (outside - width / 2)
        at = tool_pose(origin, DOWN, outwards)
        if quality > 0:
            found.append(Candidate("top", at, opening_for(width, gripper), quality))
    return found


def find_rim(points: Points, height: float) -> Rim | None:
    """Return the rim of a hollow thing; None where its top is closed or not round.

    Parameters
    ----------
    points
        (M, 3) metres on its visible surface, z over its foot.
    height
        Of its box, metres.
    """
    if height < 2 * _HOLLOW_M:
        return None
    band = points[points[:, 2] > height - _BAND_M, :2].astype(np.float64)
    if len(band) < _FEWEST:
        return None
    rim, spread = _circle(band)
    from_centre = np.hypot(points[:, 0] - rim.x, points[:, 1] - rim.y)
    lid = (from_centre < 0.6 * rim.radius) & (points[:, 2] > height - _HOLLOW_M)
    around = np.arctan2(band[:, 1] - rim.y, band[:, 0] - rim.x)
    sectors = len(np.unique(((around / math.pi + 1) / 2 * _SECTORS).astype(int)))
    closed = np.count_nonzero(lid) > 0.02 * len(points)
    if closed or spread > 0.1 * rim.radius or 2 * sectors < _SECTORS:
        return None
    return rim


def _circle(flat: Array) -> tuple[Rim, float]:
    """The least-squares circle (Kåsa, 1976) through points (M, 2), and their spread about it."""
    middle = flat.mean(axis=0)
    x, y = (flat - middle).T
    system = np.column_stack([2 * x, 2 * y, np.ones_like(x)])
    # By the normal equations, which are small; least squares of those, for points may be in a row.
    normal, right = system.T @ system, system.T @ (x * x + y * y)
    a, b, _ = np.linalg.lstsq(normal, right, rcond=None)[0]
    away = np.hypot(x - a, y - b)
    outside = float(np.quantile(away, 0.95))  # the band holds some of the wall's slope
    return Rim(float(a + middle[0]), float(b + middle[1]), outside), float(np.std(away))
