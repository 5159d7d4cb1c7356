"""The upright box around points: its yaw, its centre, its size."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.statistics import extent, mean_point
from grounding_ros.geometry.transforms import rotation_about_z

_OUTLINE_POINTS = 500


@dataclass(frozen=True)
class OrientedBox:
    """A box in a level frame (z up); its third axis is z, its first the longer horizontal one."""

    center: tuple[float, float, float]
    """Metres."""
    yaw: float
    """Radians in [-pi/2, pi/2): from x to the first axis, about z."""
    size: tuple[float, float, float]
    """Metres; the first is at least the second."""

    @property
    def rotation(self) -> NDArray[np.float64]:
        """(3, 3), columns are the axes of the box."""
        return rotation_about_z(self.yaw)

    def sorted(self) -> OrientedBox:
        """Return the same box with the longer horizontal side first."""
        length, width, height = self.size
        if length >= width:
            return OrientedBox(self.center, half_turn(self.yaw), self.size)
        return OrientedBox(self.center, half_turn(self.yaw + math.pi / 2), (width, length, height))


def upright_box(
    points: NDArray[np.floating], heights: tuple[float, float] | None = None
) -> OrientedBox:
    """Fit the upright box of the least footprint.

    The yaw is that of the least rectangle around the points seen from above, once stray points are
    gone; the sides are those of `extent`.

    Parameters
    ----------
    points
        (M, 3) metres in a level frame, M > 0.
    heights
        Of the bottom and the top, where they are known better than from the points.
    """
    flat = points[:, :2].astype(np.float32)
    origin = mean_point(flat)
    flat -= origin  # float32 is finest near zero
    yaw = _least_rectangle(flat[:: -(-len(flat) // _OUTLINE_POINTS)])
    c, s = math.cos(yaw), math.sin(yaw)
    front, side = extent(_along(flat, c, s)), extent(_along(flat, -s, c))
    low, high = extent(points[:, 2]) if heights is None else heights
    along, across = sum(front) / 2, sum(side) / 2
    length, width = front[1] - front[0], side[1] - side[0]
    center = (
        float(origin[0]) + c * along - s * across,
        float(origin[1]) + s * along + c * across,
        (low + high) / 2,
    )
    return OrientedBox(center, yaw, (length, width, high - low)).sorted()


def rectangle(points: NDArray[np.floating]) -> tuple[float, float, float, float, float]:
    """Return the least rectangle around points (M, 3) seen from above, stray ones and all.

    Returns
    -------
    tuple
        x, y of its centre, its longer and its shorter side in metres, and its yaw.
    """
    hull = cv2.convexHull(np.ascontiguousarray(points[:, :2], np.float32))
    corners = cv2.boxPoints(cv2.minAreaRect(hull))
    (x0, y0), (x1, y1), (x2, y2), _ = corners.tolist()
    x, y = (x0 + x2) / 2, (y0 + y2) / 2
    ax, ay, bx, by = x1 - x0, y1 - y0, x2 - x1, y2 - y1
    a, b = math.hypot(ax, ay), math.hypot(bx, by)
    return (x, y, a, b, math.atan2(ay, ax)) if a >= b else (x, y, b, a, math.atan2(by, bx))


def aligned_box(points: NDArray[np.floating]) -> OrientedBox:
    """Fit the box along the frame's own axes: where no up is known there is no yaw to fit.

    The size is not sorted: the yaw is 0.
    """
    sides = [extent(points[:, axis]) for axis in range(3)]
    x, y, z = ((low + high) / 2 for low, high in sides)
    dx, dy, dz = (high - low for low, high in sides)
    return OrientedBox((x, y, z), 0.0, (dx, dy, dz))


def _least_rectangle(flat: NDArray[np.float32]) -> float:
    # OpenCV sorts by x for each of the two rectangles, which takes a third when they are sorted.
    flat = flat[np.argsort(flat[:, 0])]
    yaw = _rectangle_yaw(flat)
    c, s = math.cos(yaw), math.sin(yaw)
    kept = np.ones(len(flat), bool)
    for axis in ((c, s), (-s, c)):
        along = _along(flat, *axis)
        low, high = extent(along)
        kept &= (along >= low) & (along <= high)
    return _rectangle_yaw(flat[kept])


def _rectangle_yaw(flat: NDArray[np.float32]) -> float:
    # Two corners of the rectangle: OpenCV's releases differ in what its angle means.
    corners = cv2.boxPoints(cv2.minAreaRect(np.ascontiguousarray(flat)))
    longest = max((corners[1:3] - corners[:2]).tolist(), key=lambda edge: math.hypot(*edge))
    return math.atan2(longest[1], longest[0])


def _along(flat: NDArray[np.float32], x: float, y: float) -> NDArray[np.float32]:
    return np.asarray(flat @ np.array([x, y], np.float32))


def half_turn(yaw: float) -> float:
    """Return the yaw in [-pi/2, pi/2) of the same axis."""
    turned = (yaw + math.pi / 2) % math.pi  # rounds to pi itself just below 0
    return (turned if turned < math.pi else 0.0) - math.pi / 2
