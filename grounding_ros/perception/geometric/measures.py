"""An instance in metres: how large it is, how it stands, which way its surface looks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane
from grounding_ros.geometry.statistics import median_point, percentiles


@dataclass(frozen=True, eq=False)
class Measures:
    """The visible part of one instance in a frame whose third axis is up."""

    points: NDArray[np.float32]
    """(M, 3) metres; third: height above the support."""
    normals: NDArray[np.float32]
    """(M, 3) unit vectors, same frame."""
    base: float
    """Metres, height of its lowest points above the support."""
    height: float
    """Metres from its lowest to its highest points."""
    length: float
    """Metres, longer side of its footprint."""
    width: float
    """Metres, shorter side of its footprint."""
    center: tuple[float, float]
    """Metres, middle of the footprint."""
    direction: tuple[float, float]
    """Unit vector along the footprint's longer side."""

    @property
    def size(self) -> float:
        """Metres, the longest of the three sides."""
        return max(self.height, self.length)

    @property
    def girth(self) -> float:
        """Metres, geometric mean of the two longest sides: what "big" goes by."""
        first, second = sorted((self.height, self.length, self.width))[1:]
        return float(np.sqrt(first * second))


def measure(points: NDArray[np.float32], normals: NDArray[np.float32], plane: Plane) -> Measures:
    """Measure an instance from its points (M, 3) and normals (M, 3) in the optical frame."""
    up_from_camera = upright(plane.normal).astype(np.float32)
    standing = points @ up_from_camera.T
    standing[:, 2] -= plane.offset
    turned = normals @ up_from_camera.T
    low, high = percentiles(standing[:, 2], 2, 98)
    reach = np.linalg.norm(standing[:, :2] - median_point(standing[:, :2]), axis=1)
    body = standing[reach <= percentiles(reach, 98)[0]]
    footprint = cv2.minAreaRect(np.ascontiguousarray(body[:, :2]))
    center, sides, _ = footprint
    corners = cv2.boxPoints(footprint)
    edges = corners[1:3] - corners[:2]
    along = edges[int(np.linalg.norm(edges, axis=1).argmax())]
    along = along / max(float(np.linalg.norm(along)), 1e-9)
    return Measures(
        points=standing,
        normals=turned,
        base=low,
        height=high - low,
        length=float(max(sides)),
        width=float(min(sides)),
        center=(float(center[0]), float(center[1])),
        direction=(float(along[0]), float(along[1])),
    )


def bend_radius(points: NDArray[np.float32], normals: NDArray[np.float32]) -> float:
    """Return the radius of the ball that a surface bends about, in the least-squares sense.

    Negative where it bends the hollow way, infinite where it hardly bends; metres, from points
    (M, 3) and normals (M, 3).
    """
    p, n = points - points.mean(axis=0), normals - normals.mean(axis=0)
    bend = float((n * n).sum())
    return float((p * n).sum()) / bend if bend > 0.04 * len(points) else np.inf


def upright(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (3, 3) rotation of the optical frame to one whose third axis is `normal`."""
    aside = np.cross(normal, (0.0, 0.0, 1.0))
    if np.linalg.norm(aside) < 1e-6:  # looking straight down
        aside = np.array((1.0, 0.0, 0.0))
    aside = aside / np.linalg.norm(aside)
    return np.stack([aside, np.cross(normal, aside), normal])
