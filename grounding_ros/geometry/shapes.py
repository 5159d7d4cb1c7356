"""Shapes an object may have, each as equations that are linear near a guess.

Every shape has a support function h: a plane through the camera with outward normal n touches it
where h(n) = 0. And every shape has a distance to its visible surface, 0 at the points measured.
`Equations` holds the derivatives of both by the parameters, and what is missing to 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.views import Views

Array = NDArray[np.float64]

_INSIDE = 0.004
"""Metres, beside three deviations, by which a point of the inside of a hollow thing is inside."""

_NEAR = 2.0
"""Deviations of depth within which a point may lie on a face."""
MOST_PARAMETERS = 7
"""How many a shape may have."""
ROUGH_M = 0.001
"""Metres by which real surfaces are not the shape."""


@dataclass(frozen=True, eq=False)
class Equations:
    """Equations `step @ slope = rest` of S shapes for N objects.

    First K of the outline, then P of the points. Those of one shape have no first axis.
    """

    slope: Array
    """(S, N, MOST_PARAMETERS, K + P) derivatives by the parameters; 0 where a shape has fewer."""
    rest: Array
    """(S, N, K + P) metres by which the outline and the points lie beyond the shape."""
    told: NDArray[np.bool_]
    """(S, N, K + P) whether the shape says anything there."""

    @classmethod
    def zeros(cls, shapes: int, views: Views) -> Equations:
        """Return as many as the views have, to be filled in."""
        n, length = len(views.boxes), views.normals.shape[1] + views.points.shape[1]
        slope = np.zeros((shapes, n, MOST_PARAMETERS, length))
        return cls(slope, np.empty((shapes, n, length)), np.ones((shapes, n, length), bool))

    def __getitem__(self, shape: int) -> Equations:
        """Return those of one shape, in the same memory."""
        return Equations(self.slope[shape], self.rest[shape], self.told[shape])


@dataclass(frozen=True)
class Shape:
    """A shape and its parameters; the last two are always the heights of foot and top."""

    start: Callable[[Views], Array]
    """(N, Q) a first guess."""
    equations: Callable[[Array, Views, Equations], None]
    """Fills in those of the shape at parameters (N, Q); what is always 0 stays untouched."""
    box: Callable[[Array], tuple[Array, Array, Array]]
    """Centre (N, 3), size (N, 3) and yaw (N,) of the box around it."""
    parameters: int
    """How many it has: Q."""
    lengths: slice
    """The parameters that stay positive."""
    yaw: int | None
    """The parameter that is an angle."""
    assumption: str
    """What is taken for granted about the side that is not seen."""
    handicap: float = 0.0
    """By how much better it must fit than the others, since it explains less."""


def _cuboid_start(views: Views) -> Array:
    x, y, length, width, yaw = views.boxes.T
    return np.column_stack([x, y, length, width, yaw, views.heights])


def _cuboid(q: Array, views: Views, at: Equations) -> None:
    """Parameters: x, y, length, width, yaw, foot, top."""
    x, y, length, width, yaw, foot, top = q.T[..., None]
    c, s = np.cos(yaw), np.sin(yaw)
    nx, ny, nz = views.normal_columns
    k = nx.shape[1]
    along, across = nx * c + ny * s, ny * c - nx * s
    half_along, half_across = np.abs(along) / 2, np.abs(across) / 2
    up, down = np.maximum(nz, 0), np.minimum(nz, 0)
    outline, points = at.slope[..., :k], at.slope[..., k:]
    outline[:, 0], outline[:, 1] = nx, ny
    outline[:, 2], outline[:, 3] = half_along, half_across
    outline[:, 4] = (np.sign(along) * across * length - np.sign(across) * along * width) / 2
    outline[:, 5], outline[:, 6] = down, up
    h = nx * x + ny * y + half_along * length + half_across * width + up * top + down * foot
    at.rest[:, :k] = -h
    px, py, pz = views.point_columns
    dx, dy = px - x, py - y
    front, side = dx * c + dy * s, dy * c - dx * s
    # Of opposite faces the camera, at the origin, sees one.
    f, g = -np.sign(x * c + y * s), -np.sign(y * c - x * s)
    before, beside, over = f * front - length / 2, g * side - width / 2, pz - top
    # Near an edge a point may be of either face. The top's are many; what hides a face must not
    # make one of those that end at it.
    near = _NEAR * views.noise + ROUGH_M
    at_front, at_side = np.abs(before) < near, np.abs(beside) < near
    beyond = (before > near) | (beside > near)
    is_top = ((over > before) & (over > beside)) | ((np.abs(over) < near) & ~beyond)
    is_front = ~is_top & (before >= beside)
    at.told[:, k:] = is_top | ~(at_front & at_side)
    is_side = ~is_top & ~is_front
    points[:, 0] = is_front * (f * c) - is_side * (g * s)
    points[:, 1] = is_front * (f * s) + is_side * (g * c)
    points[:, 2], points[:, 3], points[:, 6] = 0.5 * is_front, 0.5 * is_side, is_top
    points[:, 4] = is_side * (g * front) - is_front * (f * side)
    at.rest[:, k:] = np.where(is_top, over, np.where(is_front, before, beside))


def _cuboid_box(q: Array) -> tuple[Array, Array, Array]:
    x, y, length, width, yaw, foot, top = q.T
    center = np.column_stack([x, y, (foot + top) / 2])
    return center, np.column_stack([length, width, top - foot]), yaw


def _round_start(views: Views) -> Array:
    x, y, length, width, _ = views.boxes.T
    return np.column_stack([x, y, np.maximum(length, width) / 2, views.heights])


def _standing(q: Array, views: Views, at: Equations) -> None:
    """An upright cylinder, closed or hollow. Parameters: x, y, radius, foot, top."""
    x, y, radius, foot, top = q.T[..., None]
    nx, ny, nz = views.normal_columns
    k = nx.shape[1]
    level = views.normal_spreads
    up, down = np.maximum(nz, 0), np.minimum(nz, 0)
    outline, points = at.slope[..., :k], at.slope[..., k:]
    outline[:, 0], outline[:, 1], outline[:, 2] = nx, ny, level
    outline[:, 3], outline[:, 4] = down, up
    at.rest[:, :k] = -(nx * x + ny * y + radius * level + up * top + down * foot)
    px, py, pz = views.point_columns
    dx, dy = px - x, py - y
    away = np.sqrt(dx * dx + dy * dy)  # half the time of hypot, which minds overflow
    beside, over = away - radius, pz - top
    near = _NEAR * views.noise + ROUGH_M
    on_top = (over > beside) & ~((np.abs(beside) < near) & (over < near))
    on_side = ~on_top
    points[:, 0], points[:, 1] = on_side * dx / away, on_side * dy / away
    points[:, 2], points[:, 4] = on_side, on_top
    at.rest[:, k:] = np.where(on_top, over, beside)
    # A hollow one shows the inside of its far wall, which is nearer to the axis than the outside.
    facing = dx * x + dy * y < 0
    margin = _INSIDE + 3 * views.noise
    inside = (beside < -margin) & (over < -margin)
    at.told[:, k:] = (on_top | facing) & ~inside


def _rim(q: Array, views: Views, at: Equations) -> None:
    """Something round whose widest part is its rim. Parameters: x, y, radius, foot, top."""
    x, y, radius, _, top = q.T[..., None]
    nx, ny, nz = views.normal_columns
    k = nx.shape[1]
    level = views.normal_spreads
    outline = at.slope[..., :k]
    outline[:, 0], outline[:, 1], outline[:, 2], outline[:, 4] = nx, ny, level, nz
    at.rest[:, :k] = -(nx * x + ny * y + radius * level + nz * top)
    at.told[:, :k] = nz > 0.05 * level
    px, py, pz = views.point_columns
    # No point tells where the rim is, but none may lie beyond it.
    dx, dy = px - x, py - y
    beyond = np.maximum(np.sqrt(dx * dx + dy * dy) - radius, pz - top)
    at.rest[:, k:] = beyond
    at.told[:, k:] = beyond > -_INSIDE - 3 * views.noise


def _round_box(q: Array) -> tuple[Array, Array, Array]:
    x, y, radius, foot, top = q.T
    center = np.column_stack([x, y, (foot + top) / 2])
    return center, np.column_stack([2 * radius, 2 * radius, top - foot]), np.zeros(len(q))


def _ball_start(views: Views) -> Array:
    x, y = views.boxes.T[:2]
    return np.column_stack([x, y, views.heights])


def _ball(q: Array, views: Views, at: Equations) -> None:
    """Parameters: x, y, foot, top; its radius is half the difference of the heights."""
    x, y, foot, top = q.T[..., None]
    z, radius = (foot + top) / 2, (top - foot) / 2
    nx, ny, nz = views.normal_columns
    k = nx.shape[1]
    n = views.normal_lengths
    outline, points = at.slope[..., :k], at.slope[..., k:]
    outline[:, 0], outline[:, 1] = nx, ny
    outline[:, 2], outline[:, 3] = (nz - n) / 2, (nz + n) / 2
    at.rest[:, :k] = -(nx * x + ny * y + nz * z + n * radius)
    px, py, pz = views.point_columns
    dx, dy, dz = px - x, py - y, pz - z
    away = np.sqrt(dx * dx + dy * dy + dz * dz)
    up = dz / away
    points[:, 0], points[:, 1] = dx / away, dy / away
    points[:, 2], points[:, 3] = (up - 1) / 2, (up + 1) / 2
    at.rest[:, k:] = away - radius


def _ball_box(q: Array) -> tuple[Array, Array, Array]:
    x, y, foot, top = q.T
    size = np.repeat((top - foot)[:, None], 3, axis=1)
    return np.column_stack([x, y, (foot + top) / 2]), size, np.zeros(len(q))


def _lying_start(views: Views) -> Array:
    x, y, length, width, yaw = views.boxes.T
    yaw = np.where(length >= width, yaw, yaw + np.pi / 2)
    return np.column_stack([x, y, np.maximum(length, width), yaw, views.heights])


def _lying(q: Array, views: Views, at: Equations) -> None:
    """A cylinder on its side. Parameters: x, y, length, yaw, foot, top."""
    x, y, length, yaw, foot, top = q.T[..., None]
    z, radius = (foot + top) / 2, (top - foot) / 2
    c, s = np.cos(yaw), np.sin(yaw)
    nx, ny, nz = views.normal_columns
    k = nx.shape[1]
    along, across = nx * c + ny * s, ny * c - nx * s
    around, half_along = np.sqrt(across * across + nz * nz), np.abs(along) / 2
    outline, points = at.slope[..., :k], at.slope[..., k:]
    outline[:, 0], outline[:, 1], outline[:, 2] = nx, ny, half_along
    outline[:, 3] = across * (np.sign(along) * length / 2 - radius * along / around)
    outline[:, 4], outline[:, 5] = (nz - around) / 2, (nz + around) / 2
    at.rest[:, :k] = -(nx * x + ny * y + nz * z + half_along * length + radius * around)
    px, py, pz = views.point_columns
    dx, dy, dz = px - x, py - y, pz - z
    front, side = dx * c + dy * s, dy * c - dx * s
    away = np.sqrt(side * side + dz * dz)
    f = -np.sign(x * c + y * s)  # of the two ends the camera, at the origin, sees one
    beyond, before = away - radius, f * front - length / 2
    near = _NEAR * views.noise + ROUGH_M
    capped = (before > beyond) & ~((np.abs(beyond) < near) & (before < near))
    bent = ~capped / away
    b, u = side * bent, dz * bent
    points[:, 0], points[:, 1] = capped * (f * c) - b * s, capped * (f * s) + b * c
    points[:, 2] = 0.5 * capped
    points[:, 3] = b * front - capped * (f * side)
    points[:, 4], points[:, 5] = (u - ~capped) / 2, (u + ~capped) / 2
    at.rest[:, k:] = np.where(capped, before, beyond)


def _lying_box(q: Array) -> tuple[Array, Array, Array]:
    x, y, length, yaw, foot, top = q.T
    center = np.column_stack([x, y, (foot + top) / 2])
    return center, np.column_stack([length, top - foot, top - foot]), yaw


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "cuboid": Shape(
            _cuboid_start, _cuboid, _cuboid_box, 7, slice(2, 4), 4, "opposite sides are parallel"
        ),
        "standing": Shape(
            _round_start,
            _standing,
            _round_box,
            5,
            slice(2, 3),
            None,
            "round about its upright axis",
        ),
        "rim": Shape(
            _round_start,
            _rim,
            _round_box,
            5,
            slice(2, 3),
            None,
            "round about its upright axis",
            1.0,
        ),
        "ball": Shape(_ball_start, _ball, _ball_box, 4, slice(0, 0), None, "round like a ball"),
        "lying": Shape(
            _lying_start, _lying, _lying_box, 6, slice(2, 3), 3, "round about its lying axis"
        ),
    }
)
"""By name; of shapes that fit equally well the first is taken."""
