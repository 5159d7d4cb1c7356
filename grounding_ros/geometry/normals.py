"""Surface normals of a depth image, sharp at creases."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane

_RADIUS = 2
_SHIFTS = [(dv, du) for dv in (-_RADIUS, 0, _RADIUS) for du in (-_RADIUS, 0, _RADIUS)]
_MIN_KNOWN = 0.4


def normals_of(
    depth: NDArray[np.float32],
    directions: NDArray[np.float32],
    pitch: tuple[float, float],
    reference: Plane,
) -> NDArray[np.float32]:
    """Return the normal at every pixel, from planes fitted to windows of 5 x 5 pixels.

    A plane is linear in (u, v, 1/z), and the noise of a disparity sensor is even in 1/z. Of the
    nine windows that hold a pixel the flattest is taken (Kuwahara et al., 1976): at a crease that
    is one which lies on the pixel's own side.

    Parameters
    ----------
    depth
        (h, w) metres, NaN = no return.
    directions
        (h, w, 2) x/z and y/z of the pixels; nearly even steps (little distortion).
    pitch
        Step of x/z and y/z from one pixel to the next.
    reference
        A plane that much of the image lies near; only keeps the numbers small.

    Returns
    -------
    NDArray[np.float32]
        (h, w, 3) unit vectors towards the camera; NaN where too little is known.
    """
    x, y = directions[..., 0], directions[..., 1]
    known = np.isfinite(depth) & np.isfinite(x) & np.isfinite(y)
    slope = (reference.normal / min(reference.offset, -1e-3)).tolist()
    expected = slope[0] * x + slope[1] * y + slope[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.where(known, 1.0 / depth - expected, np.float32(0))
    slope_x, slope_y, level, residual = _window_planes(deviation, known.astype(np.float32))
    which, best = _flattest(residual)
    dv, du = np.array(_SHIFTS, np.float32).T
    steps = np.array([dv * depth.shape[1] + du for dv, du in _SHIFTS])
    flattest = np.arange(depth.size).reshape(depth.shape) + np.take(steps, which)
    slope_x, slope_y = np.take(slope_x, flattest), np.take(slope_y, flattest)
    inverse = np.take(level, flattest) + expected
    inverse -= slope_x * np.take(du, which) + slope_y * np.take(dv, which)
    # 1/z = a x + b y + c is the plane (a, b, c) . p = 1, seen from the origin's side.
    a = slope_x / np.float32(pitch[0]) + np.float32(slope[0])
    b = slope_y / np.float32(pitch[1]) + np.float32(slope[1])
    c = inverse - a * x - b * y
    length = -np.sqrt(a * a + b * b + c * c)
    length[~known | ~np.isfinite(best)] = np.nan
    normals = np.empty((*depth.shape, 3), np.float32)
    for axis, part in enumerate((a, b, c)):
        np.divide(part, length, out=normals[..., axis])
    return normals


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
    share = 1 / np.maximum(n, 1)
    mx, my = total(weight, ramp, flat) * share, total(weight, flat, ramp) * share
    mz = total(value, flat, flat) * share
    xx = total(weight, ramp**2, flat) * share - mx * mx
    yy = total(weight, flat, ramp**2) * share - my * my
    xy = total(weight, ramp, ramp) * share - mx * my
    xz = total(value, ramp, flat) * share - mx * mz
    yz = total(value, flat, ramp) * share - my * mz
    zz = total(value * value, flat, flat) * share - mz * mz
    determinant = xx * yy - xy * xy
    good = (n >= _MIN_KNOWN * len(flat) ** 2) & (determinant > 0.1)
    determinant[~good] = 1
    slope_x = (yy * xz - xy * yz) / determinant
    slope_y = (xx * yz - xy * xz) / determinant
    residual = np.maximum(zz - slope_x * xz - slope_y * yz, 0)
    residual[~good] = np.inf
    return slope_x, slope_y, mz - slope_x * mx - slope_y * my, residual


def _flattest(residual: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return which of _SHIFTS leads to the flattest window that holds each pixel, and its residual.

    (h, w) each; a window that lies outside the image is not flat.
    """
    height, width = residual.shape
    padded = np.pad(residual, _RADIUS, constant_values=np.inf)
    best = residual.copy()
    which = np.full(residual.shape, _SHIFTS.index((0, 0)), np.intp)
    for index, (v, u) in enumerate(_SHIFTS):
        other = padded[_RADIUS + v :, _RADIUS + u :][:height, :width]
        np.copyto(which, index, where=other < best)
        np.minimum(best, other, out=best)
    return which, best
