"""How a thing lies at one moment: what a judge looks at."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

TABLE, HAND = -1, -2
"""What a thing may touch beside the other things, which have their rows from 0."""


@dataclass(frozen=True, eq=False)
class Lying:
    """One thing at one moment, in the base frame."""

    points: NDArray[np.float64]
    """(M, 3) metres, points whose hull is the thing's."""
    up: NDArray[np.float64]
    """(3,) unit, where its own z axis points."""
    touches: frozenset[int]
    """Rows of the things that it touches, `TABLE`, `HAND`."""

    @property
    def center(self) -> NDArray[np.float64]:
        """(3,) metres, the middle of the level box around it."""
        return np.asarray((self.points.min(axis=0) + self.points.max(axis=0)) / 2)

    @property
    def foot(self) -> float:
        """Height of its lowest point, metres."""
        return float(self.points[:, 2].min())

    @property
    def top(self) -> float:
        """Height of its highest point, metres."""
        return float(self.points[:, 2].max())


def level_gap(first: Lying, second: Lying) -> float:
    """Return the metres between the shadows of two things on the table; 0 when they overlap.

    Of two convex outlines apart, one of the nearest points is a corner.
    """
    a, b = (cv2.convexHull(one.points[:, :2].astype(np.float32)) for one in (first, second))
    inside = [cv2.pointPolygonTest(b, tuple(map(float, point)), True) for point in a[:, 0]]
    inside += [cv2.pointPolygonTest(a, tuple(map(float, point)), True) for point in b[:, 0]]
    return max(0.0, -max(inside))
