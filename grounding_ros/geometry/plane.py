"""The support plane: the table or floor that the objects of a frame stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.projection import rays
from grounding_ros.scene import Frame
from grounding_ros.scene.arrays import frozen

DEPTH_NOISE = 1.5e-3
"""Standard deviation of a structured-light camera's depth at one metre, metres; it grows with the
square of the distance (Khoshelham and Oude Elberink, Sensors 2012: 1.425e-3 z^2)."""

_SAMPLES = 2000
_HYPOTHESES = 200
_SEED = 7
_SETTLING = 10
_SAME_SHARE = 0.02
_MIN_SHARE = 0.2  # of the points that have depth
_TALLEST = 0.5  # metres; what rises higher over a plane than this is a table, not a thing


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane `normal . p = offset`; the normal points to the side the camera is on."""

    normal: NDArray[np.float64]
    """(3,) unit vector in the optical frame, away from the support: "up"."""
    offset: float
    """Metres; the camera is at height `-offset`."""

    def __post_init__(self) -> None:
        """Refuse a normal that is not a unit vector."""
        normal = frozen("normal", self.normal, (3,), np.float64)
        length = float(np.linalg.norm(normal))
        if not np.isclose(length, 1.0, atol=1e-6):
            raise GeometryError(f"plane normal: expected a unit vector, got length {length:g}")
        object.__setattr__(self, "normal", normal)

    def height(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Signed distance of points (..., 3) in metres, positive on the camera's side."""
        heights: NDArray[np.float64] = points @ self.normal - self.offset
        return heights


def fit_plane(
    points: NDArray[np.floating], noise: float = DEPTH_NOISE, seed: int = _SEED
) -> Plane | None:
    """Fit the plane that most points lie on, the same for the same points.

    RANSAC (Fischler and Bolles, 1981) over a fixed sample, then least squares over the inliers.

    Parameters
    ----------
    points
        (M, 3) metres in the optical frame; rows with NaN are ignored.
    noise
        Standard deviation of depth at one metre, metres; grows with the square of z.
    seed
        Of the random hypotheses.

    Returns
    -------
    Plane or None
        None when fewer than three points, or only points on a line, are there.
    """
    finite = points[np.isfinite(points).all(axis=1)].astype(np.float64)
    if len(finite) < 3:
        return None
    sample = _sampled(finite)
    tolerance = _tolerance(sample, noise)
    normals, offsets = _hypotheses(sample, np.random.default_rng(seed))
    if len(normals) == 0:
        return None
    x, y, z = sample.astype(np.float32).T
    a, b, c = normals.astype(np.float32).T[..., None]
    distances = a * x + b * y + c * z - offsets.astype(np.float32)[:, None]
    np.abs(distances, out=distances)
    best = int(np.argmax(np.count_nonzero(distances < tolerance.astype(np.float32), axis=1)))
    return _settled(_towards_camera(normals[best], float(offsets[best])), sample, tolerance)


def _settled(plane: Plane, sample: NDArray[np.float64], tolerance: NDArray[np.float64]) -> Plane:
    """Fit to what lies on the plane until that no longer changes: then where it began is forgotten.

    So a plane that is kept from an earlier frame ends as the one that a search would have found.
    """
    before = np.zeros(len(sample), bool)
    for _ in range(_SETTLING):
        inliers = np.abs(plane.height(sample)) < tolerance
        if inliers.sum() < 3 or np.array_equal(inliers, before):
            break
        plane = _least_squares(sample[inliers], tolerance[inliers])
        before = inliers
    return plane


class SupportPlanes:
    """The support plane of a frame; remembers the newest frame's, and only that.

    Grounder and lifter ask for the same frame. A camera that has not moved sees the same plane
    again: when as much of the next frame lies on the last plane, it is fitted anew, not searched.
    """

    def __init__(self, noise: float = DEPTH_NOISE) -> None:
        """Take the standard deviation of depth at one metre, metres."""
        self.noise = noise
        """Standard deviation of depth at one metre, metres."""
        self._newest: tuple[Frame, Plane | None] | None = None
        self._share = 0.0
        """Of the newest frame's points on its plane; 0: it must be searched."""

    def of(self, frame: Frame) -> Plane | None:
        """The table or floor of `frame`; None without depth, camera or a large enough plane."""
        newest = self._newest
        if newest is not None and newest[0] is frame:
            return newest[1]
        points = _points(frame)
        plane = self._kept(points) if newest is not None else None
        if plane is None:
            plane = _support(points, self.noise)
            self._share = self._share_on(plane, points)
        self._newest = (frame, plane)
        return plane

    def _kept(self, points: NDArray[np.float64]) -> Plane | None:
        assert self._newest is not None
        last = self._newest[1]
        # A plane that is not the largest by far may be another one's neighbour: it is searched.
        if last is None or self._share < 0.5 or not len(points):
            return None
        if abs(self._share_on(last, points) - self._share) > _SAME_SHARE:
            return None
        sample = _sampled(points)
        return _settled(last, sample, _tolerance(sample, self.noise))

    def _share_on(self, plane: Plane | None, points: NDArray[np.float64]) -> float:
        if plane is None or not len(points):
            return 0.0
        return float(np.mean(np.abs(plane.height(points)) < _tolerance(points, self.noise)))


def _points(frame: Frame) -> NDArray[np.float64]:
    """(M, 3) metres, evenly from a frame; none without depth or camera."""
    if frame.depth is None or frame.intrinsics is None:
        return np.empty((0, 3))
    step = max(1, round(float(np.sqrt(frame.depth.size / (4 * _SAMPLES)))))
    depth = frame.depth[::step, ::step]
    known = np.isfinite(depth)
    grid = rays(frame.intrinsics)[::step, ::step][known]
    z = depth[known].astype(np.float64)
    return np.column_stack([grid * z[:, None], z])


def _support(points: NDArray[np.float64], noise: float) -> Plane | None:
    """Of the largest planes the one that things most likely stand on."""
    candidates: list[tuple[float, Plane]] = []
    rest = points
    while len(rest) > _MIN_SHARE * len(points):
        plane = fit_plane(rest, noise)
        if plane is None:
            break
        on_it = np.abs(plane.height(rest)) < _tolerance(rest, noise)
        share = float(on_it.sum()) / len(points)
        if share < _MIN_SHARE:
            break
        candidates.append((share * _upness(plane), plane))
        rest = rest[~on_it]
    if not candidates:
        return None
    support = max(candidates, key=lambda candidate: candidate[0])[1]
    # A table far above a parallel floor is nearer to the camera than the floor.
    above = [p for _, p in candidates if p.normal @ support.normal > 0.95]
    top = max(above, key=lambda p: p.offset)
    return top if top.offset - support.offset > _TALLEST else support


def _sampled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return points[:: -(-len(points) // _SAMPLES)]


def _upness(plane: Plane) -> float:
    """From 0.2 to 1: cameras are rarely mounted upside down, so a table's normal goes up."""
    return 0.2 + 0.8 * max(0.0, float(-plane.normal[1]))


def _tolerance(points: NDArray[np.float64], noise: float) -> NDArray[np.float64]:
    tolerance: NDArray[np.float64] = 2e-3 + 3.0 * noise * points[:, 2] ** 2
    return tolerance


def _hypotheses(
    points: NDArray[np.float64], random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Planes (K, 3), (K,) through random triples of points."""
    a, b, c = points[random.integers(0, len(points), (3, _HYPOTHESES))]
    normals = np.cross(b - a, c - a)
    lengths = np.linalg.norm(normals, axis=1)
    spread = np.linalg.norm(b - a, axis=1) * np.linalg.norm(c - a, axis=1)
    wide = lengths > 1e-3 * spread  # a thin triangle's normal is noise
    normals = normals[wide] / lengths[wide, None]
    return normals, np.einsum("kd,kd->k", normals, a[wide])


def _least_squares(points: NDArray[np.float64], sigma: NDArray[np.float64]) -> Plane:
    weights = 1.0 / sigma**2
    center = np.average(points, axis=0, weights=weights)
    spread = (points - center) * np.sqrt(weights)[:, None]
    normal = np.linalg.eigh(spread.T @ spread)[1][:, 0]
    return _towards_camera(normal, float(normal @ center))


def _towards_camera(normal: NDArray[np.float64], offset: float) -> Plane:
    """The camera is the origin: its height `-offset` is never negative."""
    sign = -1.0 if offset > 0 else 1.0
    return Plane(sign * normal / np.linalg.norm(normal), sign * offset)
