"""The visible surface at working resolution: points, normals and heights above the support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane
from grounding_ros.geometry.projection import rays
from grounding_ros.scene import Frame

_WIDTH = 320
_RADIUS = 2
_SHIFTS = [(dv, du) for dv in (-_RADIUS, 0, _RADIUS) for du in (-_RADIUS, 0, _RADIUS)]


@dataclass(frozen=True, eq=False)
class Surface:
    """The h x w pixels that are worked on: every `step`-th of the frame."""

    step: int
    """Frame pixels between two working pixels."""
    points: NDArray[np.float32]
    """(h, w, 3) metres, optical frame; NaN = no return."""
    normals: NDArray[np.float32]
    """(h, w, 3) unit vectors towards the camera; NaN where unknown."""
    heights: NDArray[np.float32]
    """(h, w) metres above the support; NaN = no return."""
    noise: NDArray[np.float32]
    """(h, w) metres, standard deviation of depth."""


def surface_of(frame: Frame, plane: Plane, noise: float) -> Surface:
    """Measure the surface of a frame that has depth and a camera.

    Normals come from planes fitted to windows of pixels. A plane is linear in (u, v, 1/z), and
    so is the sensor's disparity noise; of the nine windows that hold a pixel the flattest is
    taken (Kuwahara et al., 1976), which keeps creases sharp.
    """
    assert frame.depth is not None and frame.intrinsics is not None
    step = max(1, frame.width // _WIDTH)
    depth = frame.depth[::step, ::step]
    directions = rays(frame.intrinsics)[::step, ::step]
    points = np.dstack([directions * depth[..., None], depth]).astype(np.float32)
    heights = plane.height(points).astype(np.float32)
    pitch = (step / frame.intrinsics.fx, step / frame.intrinsics.fy)
    normals = _normals(depth, directions, plane, pitch)
    return Surface(step, points, normals, heights, (noise * depth**2).astype(np.float32))


def _normals(
    depth: NDArray[np.float32],
    directions: NDArray[np.float32],
    plane: Plane,
    pitch: tuple[float, float],
) -> NDArray[np.float32]:
    known = np.isfinite(depth) & np.isfinite(directions).all(axis=-1)
    x, y = np.nan_to_num(directions[..., 0]), np.nan_to_num(directions[..., 1])
    # Inverse depth relative to the support: small numbers, so float32 is exact enough.
    base_a, base_b, base_c = plane.normal / min(plane.offset, -1e-3)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 1.0 / depth - (base_a * x + base_b * y + base_c)
    value = np.where(known, value, 0).astype(np.float32)
    slope_x, slope_y, level, spread = _window_planes(value, known.astype(np.float32))
    dv, du = _flattest(spread)
    rows, columns = np.indices(depth.shape, dtype=np.int32)
    r, c = rows + dv, columns + du
    a = slope_x[r, c] / pitch[0]
    b = slope_y[r, c] / pitch[1]
    here = level[r, c] - slope_x[r, c] * du - slope_y[r, c] * dv
    a, b = a + base_a, b + base_b
    inverse = here + base_a * x + base_b * y + base_c
    normals = -np.dstack([a, b, inverse - a * x - b * y])
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    normals[~known | ~np.isfinite(spread[r, c])] = np.nan
    return normals.astype(np.float32)


def _window_planes(
    value: NDArray[np.float32], weight: NDArray[np.float32]
) -> tuple[NDArray[np.float32], ...]:
    """Fit a plane to the window about each pixel.

    Returns slope x, slope y, level and mean squared residual, all (h, w); the residual is infinite
    where too little is known.
    """
    flat = np.ones(2 * _RADIUS + 1, np.float32)
    ramp = np.arange(-_RADIUS, _RADIUS + 1, dtype=np.float32)

    def total(image: NDArray[np.float32], kx: NDArray[np.float32], ky: NDArray[np.float32]) -> Any:
        return cv2.sepFilter2D(image, cv2.CV_32F, kx, ky, borderType=cv2.BORDER_CONSTANT)

    n = total(weight, flat, flat)
    x, y = total(weight, ramp, flat), total(weight, flat, ramp)
    count = np.maximum(n, 1)
    mx, my, mz = x / count, y / count, total(value, flat, flat) / count
    xx = total(weight, ramp**2, flat) / count - mx**2
    yy = total(weight, flat, ramp**2) / count - my**2
    xy = total(weight, ramp, ramp) / count - mx * my
    xz = total(value, ramp, flat) / count - mx * mz
    yz = total(value, flat, ramp) / count - my * mz
    zz = total(value**2, flat, flat) / count - mz**2
    determinant = xx * yy - xy**2
    good = (n >= 0.4 * len(flat) ** 2) & (determinant > 0.1)
    determinant = np.where(good, determinant, 1)
    slope_x = (yy * xz - xy * yz) / determinant
    slope_y = (xx * yz - xy * xz) / determinant
    residual = np.where(good, np.maximum(zz - slope_x * xz - slope_y * yz, 0), np.inf)
    return slope_x, slope_y, mz - slope_x * mx - slope_y * my, residual


def _flattest(
    spread: NDArray[np.float32],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The shift (dv, du) to the flattest window that still holds each pixel."""
    height, width = spread.shape
    padded = np.pad(spread, _RADIUS, constant_values=np.inf)
    best = spread.copy()
    dv, du = np.zeros(spread.shape, np.int32), np.zeros(spread.shape, np.int32)
    for v, u in _SHIFTS:
        other = padded[_RADIUS + v :, _RADIUS + u :][:height, :width]
        better = other < best
        best[better] = other[better]
        dv[better], du[better] = v, u
    return dv, du
