"""What a real colour and depth camera makes of a clean picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.depth_noise import add_depth_noise

_JPEG_QUALITY = (25, 90)


def photographed(rgb: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return (H, W, 3) RGB with white balance, gamma, blur, noise and compression."""
    values = rgb.astype(np.float32) / 255
    gains = (rng.uniform(0.75, 1.35) * rng.uniform(0.85, 1.15, 3)).astype(np.float32)
    values = np.clip(values * gains, 0, 1) ** np.float32(rng.uniform(0.75, 1.3))
    if rng.random() < 0.5:
        values = cv2.GaussianBlur(values, (0, 0), float(rng.uniform(0.3, 1.1)))
    sigma = float(rng.uniform(0.0, 0.035))
    values = values + sigma * rng.standard_normal(values.shape, dtype=np.float32)
    picture = np.clip(values * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        quality = int(rng.integers(*_JPEG_QUALITY))
        _, packed = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))
        picture = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return picture


def measured(
    depth: NDArray[np.float32], on_table: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return (H, W) metres with the noise of a depth camera, its holes and its limits.

    `on_table` (H, W) is where the table and what stands on it are seen: a share of the frames has
    no depth elsewhere, as where a robot crops its cloud.
    """
    kind = ("kinect", "kinect", "d435", "none")[int(rng.integers(4))]
    noisy = add_depth_noise(depth, kind, rng)
    height, width = depth.shape
    for _ in range(int(rng.integers(0, 5))):  # gloss and glass return nothing
        center = (int(rng.integers(width)), int(rng.integers(height)))
        reach = (int(rng.integers(2, 14)), int(rng.integers(2, 10)))
        hole = np.zeros(depth.shape, np.uint8)
        cv2.ellipse(hole, center, reach, float(rng.uniform(0, 180)), 0, 360, 1, -1)
        ragged = hole.astype(bool) & (rng.random(depth.shape) < 0.8)
        noisy[ragged] = np.nan
    if rng.random() < 0.4:
        noisy[~on_table] = np.nan
    return noisy
