"""Pictures for table, floor, wall and printed boxes, painted with numpy."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_WOODS = ((0.62, 0.45, 0.29), (0.47, 0.31, 0.19), (0.74, 0.60, 0.42))
_PLAINS = ((0.70, 0.69, 0.66), (0.55, 0.60, 0.63), (0.80, 0.77, 0.70), (0.33, 0.35, 0.38))


def table_top(rng: np.random.Generator, size: int = 512) -> Picture:
    """Return wood or a speckled laminate, (size, size, 3) RGB."""
    if rng.random() < 0.6:
        return _wood(rng, _WOODS[int(rng.integers(len(_WOODS)))], size)
    base = np.array(_PLAINS[int(rng.integers(len(_PLAINS)))])
    speckle = _cloud(rng, size, 0.8) * 0.03 + _cloud(rng, size, 30) * 0.02
    return _picture(base + speckle[..., None])


def floor(rng: np.random.Generator, size: int = 512) -> Picture:
    """Return tiles or a carpet, (size, size, 3) RGB."""
    base = np.array(_PLAINS[int(rng.integers(len(_PLAINS)))]) * 0.8
    grain = _cloud(rng, size, 1.0) * 0.05 + _cloud(rng, size, 12) * 0.03
    picture = base + grain[..., None]
    if rng.random() < 0.5:
        picture[:6] = picture[:, :6] = 0.25  # the joints between tiles
    return _picture(picture)


def wall(rng: np.random.Generator, size: int = 256) -> Picture:
    """Return a painted wall, (size, size, 3) RGB."""
    tint = np.array((0.72, 0.71, 0.68)) + rng.uniform(-0.05, 0.05, 3)
    return _picture(tint + (_cloud(rng, size, 20) * 0.015)[..., None])


def _wood(rng: np.random.Generator, base: tuple[float, ...], size: int) -> Picture:
    along = cv2.GaussianBlur(rng.standard_normal((size, size)), (0, 0), sigmaX=60, sigmaY=0.9)
    grain = along / np.std(along) * 0.035 + _cloud(rng, size, 50) * 0.012
    rows = np.arange(size)[:, None] / size
    rings = 0.03 * np.sin(2 * np.pi * (9 * rows + 0.6 * _cloud(rng, size, 70)))
    picture = np.array(base) * (1 + (2 * (grain + rings))[..., None])
    picture[:: size // 4] *= 0.72  # the joints between planks
    return _picture(picture)


def _cloud(rng: np.random.Generator, size: int, blur_px: float) -> NDArray[np.float64]:
    """Return (size, size) smooth noise of mean 0 and deviation 1 that repeats without a seam."""
    coarse = max(1, int(blur_px / 3))  # a wide blur needs few samples
    margin = -(-size // coarse) // 2
    noise = np.pad(rng.standard_normal((-(-size // coarse),) * 2), margin, mode="wrap")
    blurred = cv2.GaussianBlur(noise, (0, 0), blur_px / coarse)[margin:-margin, margin:-margin]
    cloud = cv2.resize(blurred, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.asarray((cloud - np.mean(cloud)) / np.std(cloud), np.float64)


def _picture(values: NDArray[np.float64]) -> Picture:
    return np.clip(values * 255, 0, 255).astype(np.uint8)
