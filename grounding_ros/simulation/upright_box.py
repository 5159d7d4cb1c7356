"""The smallest upright box around points: the 3D truth of an object as it lies."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.shapes import Triple

_ALIKE = 0.01
_TIED = 1e-3


def upright_box(points: NDArray[np.float64]) -> tuple[Triple, Triple, float]:
    """Return centre, full size and yaw of the gravity-aligned box of least footprint.

    Parameters
    ----------
    points
        (M, 3) metres, in a frame whose z is up; their hull is the object's.

    Returns
    -------
    center
        Metres.
    size
        Along the box's own x, y and z, metres; x is the longer horizontal side.
    yaw
        Of the box's x axis about z, radians in [-pi/2, pi/2). A square footprint, whose two sides
        are alike within 1 %, has it in [-pi/4, pi/4); a round one, which has no direction, 0.
    """
    flat = points[:, :2]
    middle = flat.mean(axis=0)  # float32 hulls are exact to nanometres near the origin
    hull = cv2.convexHull((flat - middle).astype(np.float32)).reshape(-1, 2).astype(np.float64)
    sides = np.roll(hull, -1, axis=0) - hull
    angles = np.arctan2(sides[:, 1], sides[:, 0])
    widths = np.array([np.ptp(_turned(hull, angle), axis=0) for angle in angles])
    yaw = _least_turn(angles, widths)
    if _is_round(hull):
        yaw = 0.0
    turned = _turned(hull, yaw)
    width, depth = np.ptp(turned, axis=0)
    if width < depth:
        yaw, width, depth = yaw + math.pi / 2, depth, width
    period = math.pi / 2 if width - depth <= _ALIKE * width else math.pi
    yaw = (yaw + period / 2) % period - period / 2
    turned = _turned(hull, yaw)
    width, depth = np.ptp(turned, axis=0)
    x, y = _turned(((turned.min(axis=0) + turned.max(axis=0)) / 2)[None], -yaw)[0] + middle
    low, high = points[:, 2].min(), points[:, 2].max()
    center = (float(x), float(y), float((low + high) / 2))
    return center, (float(width), float(depth), float(high - low)), yaw


def _least_turn(angles: NDArray[np.float64], widths: NDArray[np.float64]) -> float:
    """Of the least rectangles the one whose longer side is turned least from x.

    There are two around anything that is symmetric about an axis it does not lie along, such as a
    mug with its handle; which of them is smaller in the last digit means nothing.
    """
    areas = widths.prod(axis=1)
    longer = angles + np.where(widths[:, 0] < widths[:, 1], math.pi / 2, 0.0)
    turn = np.abs((longer + math.pi / 2) % math.pi - math.pi / 2)
    turn[areas > (1 + _TIED) * areas.min()] = np.inf
    return float(angles[np.argmin(turn)])


def _is_round(hull: NDArray[np.float64]) -> bool:
    """Whether it is as wide in every direction."""
    directions = np.linspace(0, math.pi / 2, 13)
    widths = np.array([np.ptp(_turned(hull, angle), axis=0) for angle in directions])
    return bool(np.ptp(widths) <= _ALIKE * widths.max())


def _turned(points: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    """Return (N, 2) points in axes turned by `angle` about z."""
    c, s = math.cos(angle), math.sin(angle)
    return np.asarray(points @ np.array([[c, -s], [s, c]]))
