"""What stands around an object."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.projection import project, rays
from grounding_ros.geometry.transforms import inverse, transform_points
from grounding_ros.scene import Frame

_PIXELS = 40000
"""That are looked at; most show the table and drop out."""
_RING = np.ones((5, 5), np.uint8)
"""Around a mask, pixels behind the object belong to nobody: there depth is mixed."""
_LOWEST = 0.004
"""Metres over the foot below which a point, but for noise, is what the object stands on."""
_SIGMAS = 3.0


def obstacles_around(
    frame: Frame,
    mask: NDArray[np.bool_],
    size: NDArray[np.float64],
    object_from_camera: NDArray[np.float64],
    *,
    nearest: float,
    reach: float,
    noise: float,
) -> NDArray[np.float32]:
    """Return the points that rise over an object's foot and are not the object.

    Parameters
    ----------
    frame
        With depth and intrinsics.
    mask
        (H, W) bool, of the object.
    size
        (3,) of its box, metres.
    object_from_camera
        (4, 4) to a frame whose origin is the foot's middle and whose z is up.
    nearest
        Depth of the object's nearest point, metres.
    reach
        How far beyond the box is looked, metres.
    noise
        Standard deviation of depth at one metre, metres.

    Returns
    -------
    NDArray[np.float32]
        (K, 3) metres, in that frame.
    """
    assert frame.depth is not None and frame.intrinsics is not None
    side = float(size[0]) / 2 + reach
    rows, columns, step = _window(frame, side, float(size[2]) + reach, inverse(object_from_camera))
    own = mask[rows, columns]
    if own.size == 0:
        return np.empty((0, 3), np.float32)
    ring = cv2.dilate(np.ascontiguousarray(own).view(np.uint8), _RING)[::step, ::step]
    own = own[::step, ::step]
    depth = frame.depth[rows, columns][::step, ::step]
    directions = rays(frame.intrinsics)[rows, columns][::step, ::step]
    matrix = object_from_camera.astype(np.float32)
    heights = depth * (directions @ matrix[2, :2] + matrix[2, 2]) + matrix[2, 3]
    kept = ~own & ((ring == 0) | (depth < nearest))
    kept &= heights > _LOWEST + np.float32(_SIGMAS * noise) * depth * depth
    z = depth[kept]
    points = np.column_stack([directions[kept] * z[:, None], z]) @ matrix[:3, :3].T + matrix[:3, 3]
    return np.asarray(points[np.abs(points[:, :2]).max(axis=1, initial=0.0) < side])


def _window(
    frame: Frame, side: float, height: float, camera_from_object: NDArray[np.float64]
) -> tuple[slice, slice, int]:
    """Rows and columns in which something within reach may be seen, and a step through them."""
    assert frame.intrinsics is not None
    corners = [(x, y, z) for x in (-side, side) for y in (-side, side) for z in (0.0, height)]
    seen = transform_points(camera_from_object, np.array(corners))
    low, high = np.zeros(2), np.array([frame.width, frame.height], float)
    if (seen[:, 2] > 0.05).all():  # else it reaches behind the camera: look everywhere
        pixels = project(seen, frame.intrinsics)
        low, high = pixels.min(axis=0).clip(low, high), pixels.max(axis=0).clip(low, high)
    (u0, v0), (u1, v1) = np.floor(low).astype(int), np.ceil(high).astype(int)
    step = max(1, round(float((u1 - u0) * (v1 - v0) / _PIXELS) ** 0.5))
    return slice(v0, v1), slice(u0, u1), step
