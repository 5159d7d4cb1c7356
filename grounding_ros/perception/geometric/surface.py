"""The visible surface at working resolution: points, normals, heights and colours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.normals import normals_of
from grounding_ros.geometry.plane import Plane
from grounding_ros.geometry.projection import rays
from grounding_ros.perception.geometric.colors import balanced_lab, white_gains
from grounding_ros.perception.geometric.measures import upright
from grounding_ros.scene import Frame

# Windows of pixels should span the same angle for every camera, at a bounded cost.
_FOCAL = 260.0
_WIDTH = 480
_CLEAR = 3e-3  # metres above the support, noise apart
_MARGIN = 8  # working pixels


@dataclass(frozen=True, eq=False)
class Surface:
    """The h x w pixels that are worked on: every `step`-th of the part with something on it."""

    step: int
    """Frame pixels between two working pixels."""
    origin: tuple[int, int]
    """(row, column) of the first working pixel in the frame."""
    foreground: NDArray[np.bool_]
    """(h, w) what rises above the support."""
    points: NDArray[np.float32]
    """(h, w, 3) metres, optical frame; NaN = no return."""
    normals: NDArray[np.float32]
    """(h, w, 3) unit vectors towards the camera; NaN where unknown."""
    heights: NDArray[np.float32]
    """(h, w) metres above the support; NaN = no return."""
    noise: NDArray[np.float32]
    """(h, w) metres, standard deviation of depth; NaN = no return."""
    lab: NDArray[np.float32]
    """(h, w, 3) CIELAB, white-balanced."""
    support: NDArray[np.float32]
    """(K, 2) metres, convex outline of what is seen of the support, in the first two axes of
    `upright`; empty where nothing of it is seen."""


def surface_of(frame: Frame, plane: Plane, noise: float, ceiling: float = np.inf) -> Surface:
    """Measure the surface of a frame that has depth and a camera.

    Parameters
    ----------
    frame
        With depth and intrinsics.
    plane
        What heights are measured from.
    noise
        Standard deviation of depth at one metre, metres.
    ceiling
        Metres, height of what is no longer foreground.
    """
    assert frame.depth is not None and frame.intrinsics is not None
    step = max(1, round(max(frame.intrinsics.fx / _FOCAL, frame.width / _WIDTH)))
    depth = frame.depth[::step, ::step]
    directions = rays(frame.intrinsics)[::step, ::step]
    a, b, c = plane.normal.tolist()
    heights = (directions[..., 0] * a + directions[..., 1] * b + c) * depth - plane.offset
    deviation = noise * depth**2
    tolerance = _CLEAR + 3 * deviation
    foreground = (heights > tolerance) & (heights < ceiling)
    window = _window(foreground)
    support = _outline(np.abs(heights) / tolerance, directions, depth, plane)
    depth, directions = np.ascontiguousarray(depth[window]), directions[window]
    pitch = (step / frame.intrinsics.fx, step / frame.intrinsics.fy)
    return Surface(
        step=step,
        origin=(window[0].start * step, window[1].start * step),
        foreground=foreground[window],
        points=np.dstack([directions * depth[..., None], depth]),
        normals=normals_of(depth, directions, pitch, plane),
        heights=heights[window],
        noise=deviation[window],
        lab=balanced_lab(frame.rgb[::step, ::step][window], white_gains(frame.rgb)),
        support=support,
    )


def _outline(
    off_plane: NDArray[np.float32],
    directions: NDArray[np.float32],
    depth: NDArray[np.float32],
    plane: Plane,
) -> NDArray[np.float32]:
    """Return the convex outline (K, 2) of the support's pieces.

    A wall behind the table crosses its plane too, but there `off_plane` (h, w), the distance in
    tolerances, takes all values below 1 alike.
    """
    on_plane = (off_plane < 1).astype(np.uint8)
    solid = cv2.morphologyEx(on_plane, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    large = (areas > 0) & (areas >= 0.02 * areas.max())
    off = np.bincount(pieces.ravel(), np.where(solid > 0, off_plane, 0).ravel(), len(areas))
    large &= off < 0.4 * areas
    rows, columns = np.nonzero(large[pieces[::2, ::2]])
    z = depth[::2, ::2][rows, columns]
    points = np.hstack([directions[::2, ::2][rows, columns] * z[:, None], z[:, None]])
    if len(points) == 0:
        return np.empty((0, 2), np.float32)
    flat = points @ upright(plane.normal)[:2].T.astype(np.float32)
    outline: NDArray[np.float32] = cv2.convexHull(flat.astype(np.float32)).reshape(-1, 2)
    return outline


def _window(foreground: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Return rows and columns that hold the foreground, single pixels excepted, and a margin."""
    solid = cv2.erode(foreground.astype(np.uint8), np.ones((3, 3), np.uint8))
    x, y, width, height = cv2.boundingRect(solid)
    return (
        slice(max(y - _MARGIN, 0), y + height + _MARGIN),
        slice(max(x - _MARGIN, 0), x + width + _MARGIN),
    )
