"""Pixels to metres and back, through one camera.

Pixels are (u, v), u to the right, v down, the centre of the top left pixel is (0, 0). Points are
metres in the optical frame: x right, y down, z forward (REP-103).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import ShapeError
from grounding_ros.geometry.lens import distort, undistort
from grounding_ros.scene import Intrinsics


@lru_cache(maxsize=4)
def rays(intrinsics: Intrinsics) -> NDArray[np.float32]:
    """Return the ray of every pixel, undistorted.

    Returns
    -------
    NDArray[np.float32]
        (H, W, 2) read-only: x/z and y/z; NaN where the lens model is not valid. The four most
        recent cameras are remembered.

    Raises
    ------
    InputError
        For a distortion model that is not known.
    """
    v, u = np.mgrid[: intrinsics.height, : intrinsics.width]
    pixels = np.stack([u.ravel(), v.ravel()], axis=-1).astype(np.float64)
    grid = _rays_at(pixels, intrinsics).astype(np.float32)
    grid = grid.reshape(intrinsics.height, intrinsics.width, 2)
    grid.flags.writeable = False
    return grid


def points_grid(depth: NDArray[np.float32], intrinsics: Intrinsics) -> NDArray[np.float32]:
    """Return the point of every pixel.

    Parameters
    ----------
    depth
        (H, W) float32 metres along the optical axis, NaN = no return.
    intrinsics
        The camera of this very image.

    Returns
    -------
    NDArray[np.float32]
        (H, W, 3) metres, optical frame; NaN where there is no return.

    Raises
    ------
    ShapeError
        When the depth is not of the camera's size.
    """
    size = (intrinsics.height, intrinsics.width)
    if depth.shape != size:
        raise ShapeError(f"depth: expected the camera's size {size}, got {depth.shape}")
    points = np.empty((*size, 3), np.float32)
    np.multiply(rays(intrinsics), depth[..., None], out=points[..., :2])
    points[..., 2] = depth
    return points


def deproject(
    pixels: NDArray[np.floating], depth: NDArray[np.floating], intrinsics: Intrinsics
) -> NDArray[np.float64]:
    """Return the points seen at some pixels.

    Parameters
    ----------
    pixels
        (M, 2) u and v; between pixel centres too.
    depth
        (M,) metres along the optical axis.
    intrinsics
        The camera; only these pixels are undistorted.

    Returns
    -------
    NDArray[np.float64]
        (M, 3) metres, optical frame.
    """
    pixels = np.asarray(pixels, np.float64).reshape(-1, 2)
    z = np.asarray(depth, np.float64).reshape(-1, 1)
    if len(pixels) != len(z):
        raise ShapeError(f"depth: expected one a pixel ({len(pixels)}), got {len(z)}")
    return np.hstack([_rays_at(pixels, intrinsics) * z, z])


def project(points: NDArray[np.floating], intrinsics: Intrinsics) -> NDArray[np.float64]:
    """Return the pixels where points are seen: the inverse of `deproject`.

    Parameters
    ----------
    points
        (M, 3) metres, optical frame.
    intrinsics
        The camera, with its distortion. A polynomial model is trusted as it stands: far outside
        the image it may fold points back into it.

    Returns
    -------
    NDArray[np.float64]
        (M, 2) u and v, also outside the image; NaN at or behind the camera's plane.
    """
    points = np.asarray(points, np.float64).reshape(-1, 3)
    depth = np.where(points[:, 2:] > 0, points[:, 2:], np.nan)
    landed = distort(points[:, :2] / depth, intrinsics)
    return landed * (intrinsics.fx, intrinsics.fy) + (intrinsics.cx, intrinsics.cy)


def _rays_at(pixels: NDArray[np.float64], intrinsics: Intrinsics) -> NDArray[np.float64]:
    landed = (pixels - (intrinsics.cx, intrinsics.cy)) / (intrinsics.fx, intrinsics.fy)
    return undistort(landed, intrinsics)
