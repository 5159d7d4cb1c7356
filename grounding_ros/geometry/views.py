"""What is known of several objects, stacked, so that shapes are fitted to all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LOWEST_M = 0.0005
"""Least height of a top over its foot: of paper, or of a mask of the table itself, little more is
measured."""


@dataclass(frozen=True, eq=False)
class View:
    """One object in the level frame; metres."""

    normals: Array
    """(K, 3) of `Outline`."""
    free: NDArray[np.bool_]
    """(K,) of `Outline`."""
    points: Array
    """(P, 3) spread evenly over the surface."""
    weight: float
    """How many independent measurements each point stands for."""
    heights: tuple[float, float]
    """Of the foot and the top."""
    height_sigmas: tuple[float, float]
    """How well each is known."""
    box: tuple[float, float, float, float, float]
    """Rectangle around the points seen from above: its centre x, y, its two sides and its yaw."""
    pixel: float
    """Width of a pixel at the object."""
    noise: float
    """Standard deviation of depth at the object."""


@dataclass(frozen=True, eq=False)
class Views:
    """N objects; every array has one row an object."""

    normals: Array
    """(N, K, 3)."""
    free: NDArray[np.bool_]
    """(N, K)."""
    points: Array
    """(N, P, 3)."""
    weight: Array
    """(N, 1)."""
    heights: Array
    """(N, 2)."""
    height_sigmas: Array
    """(N, 2)."""
    boxes: Array
    """(N, 5)."""
    pixel: Array
    """(N, 1)."""
    noise: Array
    """(N, 1)."""

    normal_columns: Array
    """(3, N, K) the normals, component by component in memory, for that is how they are read."""
    normal_lengths: Array
    """(N, K)."""
    normal_spreads: Array
    """(N, K) lengths of the normals' horizontal parts."""
    point_columns: Array
    """(3, N, P) the points."""

    @classmethod
    def of(cls, views: Sequence[View]) -> Views:
        """Stack one object or more."""
        normals = np.array([view.normals for view in views])
        points = np.array([view.points for view in views])
        spreads = np.hypot(normals[..., 0], normals[..., 1])
        return cls(
            normals,
            np.array([view.free for view in views]),
            points,
            np.array([[view.weight] for view in views]),
            np.array([view.heights for view in views]),
            np.array([view.height_sigmas for view in views]),
            np.array([view.box for view in views]),
            np.array([[view.pixel] for view in views]),
            np.array([[view.noise] for view in views]),
            np.ascontiguousarray(normals.transpose(2, 0, 1)),
            np.hypot(spreads, normals[..., 2]),
            spreads,
            np.ascontiguousarray(points.transpose(2, 0, 1)),
        )
