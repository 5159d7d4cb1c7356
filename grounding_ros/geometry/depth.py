"""Raw depth images to metres: every rule about units and missing returns, in one place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError, ShapeError


def to_metres(
    depth: NDArray[Any],
    *,
    depth_scale: float = 0.001,
    out: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Return a depth image in metres, NaN where the sensor saw nothing.

    Parameters
    ----------
    depth
        (H, W) uint16 in units of `depth_scale` (16UC1, 0 = no return), or float32 metres (32FC1;
        NaN, infinity, zero and negative values = no return), along the optical axis.
    depth_scale
        Metres a unit of a uint16 image; 0.001 by REP-118, other values for drivers that differ.
        A float32 image is in metres already.
    out
        (H, W) float32 buffer to write into; a new array when None.

    Returns
    -------
    NDArray[np.float32]
        (H, W) float32 metres, NaN = no return. The input is left as it is.

    Raises
    ------
    ShapeError
        For another dtype or shape, or an `out` that does not fit.
    InputError
        For a scale that is not a positive number.

    References
    ----------
    REP-118 (depth images) and REP-117 (what NaN and infinity mean).
    """
    if depth.ndim != 2 or depth.dtype not in (np.uint16, np.float32):
        raise ShapeError(
            f"depth: expected (H, W) uint16 or float32, got {depth.shape} {depth.dtype}; "
            "only 16UC1 and 32FC1 images hold depth"
        )
    if not (math.isfinite(depth_scale) and depth_scale > 0):
        raise InputError(f"depth_scale: expected metres a unit above 0, got {depth_scale}")
    metres = np.empty(depth.shape, np.float32) if out is None else out
    if metres.shape != depth.shape or metres.dtype != np.float32:
        raise ShapeError(f"out: expected {depth.shape} float32, got {metres.shape} {metres.dtype}")
    if depth.dtype == np.uint16:
        np.multiply(depth, np.float32(depth_scale), out=metres, dtype=np.float32)
        missing = depth == 0
    else:
        missing = ~((depth > 0) & (depth < np.inf))
        np.copyto(metres, depth)
    np.copyto(metres, np.float32(np.nan), where=missing)
    return metres
