"""What real depth cameras do to depth."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError


@dataclass(frozen=True)
class DepthNoise:
    """The errors of one kind of depth camera; sigma = `floor_m` + `per_m2` * (z - `from_m`)^2."""

    floor_m: float
    """Standard deviation at `from_m`, metres."""
    from_m: float
    """Distance below which the deviation no longer falls, metres."""
    per_m2: float
    """Growth of the deviation with the squared distance, 1/metres."""
    step_per_m2: float
    """Quantisation step over the squared distance, 1/metres."""
    blur_px: float
    """Over how many pixels the error is alike."""
    edge_px: int
    """Width of the holes along depth edges."""
    range_m: tuple[float, float]
    """Nearest and farthest depth that is measured, metres."""


DEPTH_NOISE: dict[str, DepthNoise | None] = {
    "none": None,
    # Nguyen, Izadi, Lovell 2012 (sigma); Khoshelham and Elberink 2012 (step).
    "kinect": DepthNoise(0.0012, 0.4, 0.0019, 0.00285, 0.7, 3, (0.5, 4.0)),
    # Intel's tuning guide: RMS = z^2 * subpixel / (f * baseline), subpixel 0.08, 640 px, 50 mm.
    "d435": DepthNoise(0.0005, 0.0, 0.0025, 0.0, 2.0, 2, (0.2, 6.0)),
}


def add_depth_noise(
    depth: NDArray[np.float32], kind: str, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return `depth` (H, W) metres as the named camera would see it; NaN = no return.

    Raises
    ------
    InputError
        When there is no noise of this name.
    """
    if kind not in DEPTH_NOISE:
        raise InputError(f"depth_noise: expected one of {', '.join(DEPTH_NOISE)}; got {kind!r}")
    noise = DEPTH_NOISE[kind]
    if noise is None:
        return depth
    blurred = cv2.GaussianBlur(rng.standard_normal(depth.shape), (0, 0), noise.blur_px)
    error = blurred / np.std(blurred)
    sigma = noise.floor_m + noise.per_m2 * np.maximum(depth - noise.from_m, 0) ** 2
    measured = depth + sigma * error
    if noise.step_per_m2 > 0:
        step = noise.step_per_m2 * depth**2
        measured = np.round(measured / step) * step
    low, high = noise.range_m
    seen = ~_edges(depth, noise.edge_px) & (depth >= low) & (depth <= high)
    return np.where(seen, measured, np.nan).astype(np.float32)


def _edges(depth: NDArray[np.float32], width_px: int) -> NDArray[np.bool_]:
    """Pixels near a jump of depth of over 3 %, where the pattern of light is half hidden."""
    around = np.ones((width_px, width_px), np.uint8)
    filled = np.nan_to_num(depth, nan=100.0)
    return np.asarray(cv2.dilate(filled, around) - cv2.erode(filled, around) > 0.03 * filled)
