"""The solids that objects are made of, as values: no MuJoCo here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import matrix_from_quaternion

Triple = tuple[float, float, float]

_AROUND = 96  # corners of a turned surface; its flats are then 0.1 mm off a 10 cm circle
_CIRCLE = np.linspace(0, 2 * math.pi, _AROUND, endpoint=False)


@dataclass(frozen=True)
class Part:
    """A solid in its object's own frame (z up, origin under the middle of the standing object)."""

    shape: str
    """"box", "cylinder", "sphere", "capsule" or "lathe"."""
    size: tuple[float, ...] = ()
    """Metres: box half extents; cylinder radius, half length; sphere radius; capsule radius."""
    position: Triple = (0.0, 0.0, 0.0)
    """Metres; of a capsule, where it begins."""
    end: Triple = (0.0, 0.0, 0.0)
    """Metres; where a capsule ends."""
    quaternion: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    """Rotation wxyz (MuJoCo's order)."""
    profile: tuple[tuple[float, float], ...] = ()
    """(radius, z) of a lathe's closed outline, metres."""
    tone: int = 0
    """Which of the object's colours it has."""
    solid: bool = True
    """Whether it touches other objects."""
    visible: bool = True
    """Whether it is seen (and counts for the object's extent)."""


def lathe_mesh(
    profile: tuple[tuple[float, float], ...],
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return vertices (V, 3) metres and triangles (T, 3) of an outline turned about z.

    The outline starts and ends on the axis, counter-clockwise in the (radius, z) plane.
    """
    rings = [
        np.column_stack([radius * np.cos(_CIRCLE), radius * np.sin(_CIRCLE), np.full(_AROUND, z)])
        for radius, z in profile[1:-1]
    ]
    axis = np.array([(0, 0, profile[0][1]), (0, 0, profile[-1][1])], float)
    here = np.arange(_AROUND)
    following = np.roll(here, -1)
    first, last = _AROUND * len(rings), _AROUND * len(rings) + 1
    triangles = [np.column_stack([np.full(_AROUND, first), following, here])]
    for ring in range(len(rings) - 1):
        low, high = ring * _AROUND, (ring + 1) * _AROUND
        triangles.append(np.column_stack([low + here, low + following, high + following]))
        triangles.append(np.column_stack([low + here, high + following, high + here]))
    top = _AROUND * (len(rings) - 1)
    triangles.append(np.column_stack([top + here, top + following, np.full(_AROUND, last)]))
    return np.vstack([*rings, axis]), np.vstack(triangles).astype(np.int32)


def surface_points(part: Part) -> NDArray[np.float64]:
    """Return points (M, 3) of the part's surface whose hull is the part's, object frame, metres."""
    if part.shape == "capsule":
        ball = _sphere(part.size[0])
        return np.vstack([ball + part.position, ball + part.end])
    if part.shape == "sphere":
        points = _sphere(part.size[0])
    elif part.shape == "box":
        corners = np.array(np.meshgrid((-1, 1), (-1, 1), (-1, 1))).reshape(3, -1).T
        points = corners * np.array(part.size)
    elif part.shape == "cylinder":
        radius, half = part.size
        circle = radius * np.column_stack([np.cos(_CIRCLE), np.sin(_CIRCLE)])
        points = np.vstack([np.column_stack([circle, np.full(_AROUND, z)]) for z in (-half, half)])
    else:
        points = lathe_mesh(part.profile)[0]
    return np.asarray(points @ rotation(part.quaternion).T + part.position)


def rotation(quaternion: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the (3, 3) rotation of a unit quaternion wxyz."""
    w, x, y, z = quaternion
    return matrix_from_quaternion((x, y, z, w))


def wall(
    low: tuple[float, float], high: tuple[float, float], thickness: float, pieces: int
) -> tuple[Part, ...]:
    """Return the invisible solid of a ring-shaped wall: convex boxes around z.

    Parameters
    ----------
    low, high
        (radius, z) of the wall's middle at its lower and upper end, metres.
    thickness
        Metres.
    pieces
        How many boxes stand around.
    """
    (r0, z0), (r1, z1) = low, high
    lean = math.atan2(r1 - r0, z1 - z0)
    half = (thickness / 2, max(r0, r1) * math.tan(math.pi / pieces), math.dist(low, high) / 2)
    parts = []
    for turn in 2 * math.pi * np.arange(pieces) / pieces:
        middle = ((r0 + r1) / 2 * math.cos(turn), (r0 + r1) / 2 * math.sin(turn), (z0 + z1) / 2)
        # About z by the turn, then outwards about the piece's own y by the lean.
        ct, st = math.cos(turn / 2), math.sin(turn / 2)
        cl, sl = math.cos(lean / 2), math.sin(lean / 2)
        quaternion = (ct * cl, -st * sl, ct * sl, st * cl)
        parts.append(Part("box", half, middle, quaternion=quaternion, visible=False))
    return tuple(parts)


def _sphere(radius: float) -> NDArray[np.float64]:
    polar = np.linspace(0, math.pi, _AROUND // 2 + 1)[:, None]
    points = np.stack(
        [
            np.sin(polar) * np.cos(_CIRCLE),
            np.sin(polar) * np.sin(_CIRCLE),
            np.cos(polar) * np.ones(_AROUND),
        ],
        axis=-1,
    )
    return radius * points.reshape(-1, 3)
