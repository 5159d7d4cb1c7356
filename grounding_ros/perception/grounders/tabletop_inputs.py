"""What the tabletop network sees of a frame: colour, and geometry relative to the support plane."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.normals import normals_of
from grounding_ros.geometry.plane import Plane
from grounding_ros.geometry.projection import rays
from grounding_ros.perception.geometric.measures import upright
from grounding_ros.scene import Frame

WIDTH = 384
"""Columns of the network's picture, unless its graph tells others; the rows follow from the frame's
aspect."""
MULTIPLE = 32
"""Rows and columns are padded to a multiple of this."""
CHANNELS = 11
"""Red, green, blue; known depth; height, normal (3), range; x and y on the support."""

_HEIGHT_M = 0.01
_RANGE_M = 1.5
_PLANE_M = 0.5
_LIMITS = np.array(
    [(0, 1), (-3, 3), (-1, 1), (-1, 1), (-1, 1), (-0.5, 1.5), (-3, 3), (-3, 3)], np.float32
).T[..., None, None]
"""Low and high of each channel of `geometry`."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """A frame as the network takes it."""

    values: NDArray[np.float32]
    """(CHANNELS, h, w), zeros where depth is unknown and in the padding."""
    scale: float
    """Network pixels over frame pixels."""
    size: tuple[int, int]
    """(rows, columns) that show the frame; the rest is padding below and on the right."""


def inputs_of(frame: Frame, plane: Plane | None, width: int = WIDTH) -> Inputs:
    """Shrink a frame; without depth, camera or plane its geometry is zero.

    Parameters
    ----------
    frame
        Any size.
    plane
        What heights are measured from, in the optical frame.
    width
        Columns of the network's picture.
    """
    scale = width / frame.width
    rows, columns = max(1, round(frame.height * scale)), width
    area = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    rgb = np.asarray(cv2.resize(frame.rgb, (columns, rows), interpolation=area), np.uint8)
    values = np.zeros((CHANNELS, -(-rows // MULTIPLE) * MULTIPLE, columns), np.float32)
    values[:3, :rows] = colors(rgb)
    if plane is not None and frame.depth is not None and frame.intrinsics is not None:
        v = ((np.arange(rows) + 0.5) * frame.height / rows).astype(np.intp)[:, None]
        u = ((np.arange(columns) + 0.5) / scale).astype(np.intp)
        pitch = (1 / (frame.intrinsics.fx * scale), 1 / (frame.intrinsics.fy * scale))
        values[3:, :rows] = geometry(frame.depth[v, u], rays(frame.intrinsics)[v, u], pitch, plane)
    return Inputs(values, scale, (rows, columns))


def colors(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (3, h, w) about zero of a picture (h, w, 3)."""
    return np.asarray(rgb.transpose(2, 0, 1).astype(np.float32) / 64.0 - 2.0)


def geometry(
    depth: NDArray[np.float32],
    directions: NDArray[np.float32],
    pitch: tuple[float, float],
    plane: Plane,
) -> NDArray[np.float32]:
    """Return the (8, h, w) channels of depth (h, w) in metres, NaN = no return.

    Known (0 or 1), height above the plane, the normal's parts along the plane's axes and up, the
    range, and two coordinates on the plane. `directions` (h, w, 2) are x/z and y/z of the pixels,
    `pitch` their steps.
    """
    normals = normals_of(depth, directions, pitch, plane)
    axes = upright(plane.normal).astype(np.float32)
    known = np.isfinite(depth) & np.isfinite(directions[..., 0])  # a lens may have no ray there
    z = np.where(known, depth, np.float32(0))
    points = np.stack([directions[..., 0] * z, directions[..., 1] * z, z])
    across, ahead, up = (axes @ points.reshape(3, -1)).reshape(points.shape)
    up -= np.float32(plane.offset)
    channels = np.empty((8, *depth.shape), np.float32)
    channels[0] = known
    # By its logarithm: a magazine is one centimetre high, a bottle thirty.
    channels[1] = np.copysign(np.log1p(np.abs(up) / np.float32(_HEIGHT_M)) / 2, up)
    channels[2:5] = (axes @ normals.reshape(-1, 3).T).reshape(points.shape)
    channels[5] = z / np.float32(_RANGE_M) - np.float32(0.5)
    for channel, flat in zip(channels[6:], (across, ahead), strict=True):
        start = flat[known].mean() if known.any() else 0.0
        np.divide(flat - start, np.float32(_PLANE_M), out=channel)
    np.clip(channels, *_LIMITS, out=channels)
    channels[:, ~known] = 0
    upright_normals = channels[2:5]
    upright_normals[np.isnan(upright_normals)] = 0  # not every pixel with depth has one
    return channels


def metres_away(channel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the range in metres from its channel, the sixth of `geometry`."""
    return np.asarray((channel + np.float32(0.5)) * np.float32(_RANGE_M))
