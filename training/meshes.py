"""Triangle meshes with texture coordinates, as values: no MuJoCo here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Profile = Sequence[tuple[float, float]]

_AROUND = 28


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles in an object's own frame (z up, the origin under its middle), metres."""

    vertices: NDArray[np.float64]
    """(V, 3) metres."""
    triangles: NDArray[np.int32]
    """(T, 3) rows of `vertices`, counter-clockwise seen from outside."""
    uv: NDArray[np.float64]
    """(V, 2) where in the texture each vertex is, from 0 to 1."""

    def moved(self, offset: Sequence[float]) -> Mesh:
        """The same mesh elsewhere."""
        return replace(self, vertices=self.vertices + np.asarray(offset, float))

    def scaled(self, factors: Sequence[float]) -> Mesh:
        """The same mesh stretched along its axes by positive factors."""
        return replace(self, vertices=self.vertices * np.asarray(factors, float))

    def turned(self, rotation: NDArray[np.float64]) -> Mesh:
        """The same mesh turned by a (3, 3) rotation."""
        return replace(self, vertices=self.vertices @ rotation.T)


def box(x: float, y: float, z: float) -> Mesh:
    """A box that stands on z = 0; every face has its own sixth of the texture."""
    half = np.array((x, y, z)) / 2
    corners, triangles, uv = [], [], []
    for face, (axis, sign) in enumerate(((0, 1), (0, -1), (1, 1), (1, -1), (2, 1), (2, -1))):
        right, up = ((1, 2), (2, 0), (0, 1))[axis]
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            corner = np.zeros(3)
            # Seen from outside, `right` runs to the right on either of the two opposite faces.
            corner[axis], corner[right], corner[up] = sign, a * sign, b
            corners.append(corner * half + (0, 0, z / 2))
            u, v = (face % 3 + 0.02 + 0.96 * (a + 1) / 2) / 3, (face // 3 + 0.5 + 0.48 * b) / 2
            uv.append((u, v))
        first = 4 * face
        triangles += [(first, first + 1, first + 2), (first, first + 2, first + 3)]
    return Mesh(np.array(corners), np.array(triangles, np.int32), np.array(uv))


def lathe(profile: Profile, around: int = _AROUND) -> Mesh:
    """An outline (radius, z) turned about z; it runs upwards where the surface looks outwards."""
    radii, heights = np.array(profile, float).T
    # A point on the axis is a ring of almost no size: every vertex keeps its own place in the
    # texture.
    radii = np.maximum(radii, 1e-5)
    angles = np.linspace(0, 2 * np.pi, around + 1)
    rings = np.stack(
        [
            radii[:, None] * np.cos(angles),
            radii[:, None] * np.sin(angles),
            np.broadcast_to(heights[:, None], (len(radii), around + 1)),
        ],
        axis=-1,
    )
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(radii), np.diff(heights)))])
    uv = np.stack(
        np.broadcast_arrays(angles / (2 * np.pi), (length / length[-1])[:, None]), axis=-1
    )
    return Mesh(rings.reshape(-1, 3), _grid(len(radii), around + 1), uv.reshape(-1, 2))


def tube(path: NDArray[np.float64], radii: NDArray[np.float64], around: int = 10) -> Mesh:
    """A round rod along `path` (K, 3) with a radius (K,) at each of its points, ends closed."""
    path = np.vstack([path[:1], path, path[-1:]])
    radii = np.concatenate([[1e-5], radii, [1e-5]])
    along = np.gradient(path, axis=0)
    along[0], along[-1] = along[1], along[-2]
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    helper = np.eye(3)[int(np.abs(along).max(axis=0).argmin())]
    side = np.cross(along, helper)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(along, side)
    angles = np.linspace(0, 2 * np.pi, around + 1)[:, None]
    rings = (
        path[:, None]
        + radii[:, None, None] * np.cos(angles) * side[:, None]
        + radii[:, None, None] * np.sin(angles) * other[:, None]
    )
    place = np.linspace(0, 1, len(path))[:, None]
    uv = np.stack(np.broadcast_arrays(angles[:, 0] / (2 * np.pi), place), axis=-1)
    return Mesh(rings.reshape(-1, 3), _grid(len(path), around + 1), uv.reshape(-1, 2))


def prism(outline: NDArray[np.float64], height: float) -> Mesh:
    """A convex outline (K, 2), counter-clockwise, drawn up from z = 0."""
    around = len(outline)
    closed = np.vstack([outline, outline[:1]])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    u = length / length[-1]
    # Each wall has its own vertices, so that edges stay sharp.
    left, right = np.arange(around), np.arange(1, around + 1)
    walls, uv = [], []
    for a, b in zip(left, right, strict=True):
        for i, z in ((a, 0.0), (b, 0.0), (b, height), (a, height)):
            walls.append((*closed[i], z))
            uv.append((u[i], 0.2 + 0.6 * (z > 0)))
    first = 4 * left[:, None]
    triangles = [first + np.array((0, 1, 2)), first + np.array((0, 2, 3))]
    spread = (outline - outline.min(axis=0)) / np.ptp(outline, axis=0)
    fan = np.column_stack(
        [np.zeros(around - 2, int), np.arange(1, around - 1), np.arange(2, around)]
    )
    for z, band, order in ((height, 0.8, fan), (0.0, 0.0, fan[:, ::-1])):
        triangles.append(len(walls) + order)
        walls += [(*point, z) for point in outline]
        uv += [(s, band + 0.2 * t) for s, t in spread]
    return Mesh(np.array(walls), np.vstack(triangles).astype(np.int32), np.array(uv))


def _grid(rows: int, columns: int) -> NDArray[np.int32]:
    """Triangles of a sheet of rows x columns vertices."""
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    right, above = first + 1, first + columns
    return np.vstack(
        [np.column_stack([first, right, above + 1]), np.column_stack([first, above + 1, above])]
    ).astype(np.int32)
