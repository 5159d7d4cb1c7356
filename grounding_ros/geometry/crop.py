"""The part of a frame around one mask."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.projection import rays
from grounding_ros.geometry.standing import REACH
from grounding_ros.scene import Frame, Intrinsics

_ENOUGH = 1250
"""Pixels that determine a box: what fills more is looked at as if from farther away."""


@dataclass(frozen=True, eq=False)
class Crop:
    """A mask with a margin, every `step`-th pixel of it; nothing else of the image is touched."""

    mask: NDArray[np.bool_]
    """(h, w)."""
    depth: NDArray[np.float32]
    """(h, w) metres, NaN = no return."""
    rays: NDArray[np.complex64]
    """(h, w) x/z + i y/z: a boolean index over pairs is slow, over one number it is not."""
    fine_mask: NDArray[np.bool_]
    """(h', w') the same with every pixel, for the outline."""
    fine_rays: NDArray[np.complex64]
    """(h', w')."""
    step: int
    """How many pixels of the image are as wide as one of the crop's."""
    pixel: float
    """Width of a pixel of the image at one metre."""
    open: tuple[bool, bool, bool, bool]
    """Whether the mask ends at the image's left, top, right and bottom border."""
    seen_whole: bool
    """Whether the lens has a ray for every pixel."""

    @classmethod
    def of(cls, frame: Frame, mask: NDArray[np.bool_], step: int = 0) -> Crop:
        """Cut out what surrounds a mask (H, W); raise GeometryError when it is empty.

        Without a `step` it is chosen so that enough pixels are left.
        """
        assert frame.depth is not None and frame.intrinsics is not None
        u, v, width, height = cv2.boundingRect(mask.view(np.uint8))
        if width == 0:
            raise GeometryError("the mask is empty")
        filled = np.count_nonzero(mask[v : v + height, u : u + width])
        step = step or max(1, math.isqrt(filled // _ENOUGH))
        margin = step * REACH
        window = (
            slice(max(0, v - margin), v + height + margin),
            slice(max(0, u - margin), u + width + margin),
        )
        grid: NDArray[np.complex64] = rays(frame.intrinsics).view(np.complex64)[..., 0]
        fine_mask, fine_rays = mask[window], grid[window]
        bottom, right = mask.shape
        return cls(
            np.ascontiguousarray(fine_mask[::step, ::step]),
            np.ascontiguousarray(frame.depth[window][::step, ::step]),
            np.ascontiguousarray(fine_rays[::step, ::step]),
            fine_mask,
            fine_rays,
            step,
            pixel_of(frame.intrinsics),
            (u == 0, v == 0, u + width == right, v + height == bottom),
            _has_every_ray(frame.intrinsics),
        )

    def believed(self, near: float, far: float) -> NDArray[np.bool_]:
        """(h, w) True where depth is in range, which NaN never is, and the lens has a ray."""
        return self.with_ray((self.depth >= near) & (self.depth <= far))

    def with_ray(self, pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return those of some pixels (h, w) for which the lens has a ray."""
        return pixels if self.seen_whole else pixels & ~np.isnan(self.rays)

    def heights(self, up: NDArray[np.float64]) -> NDArray[np.float32]:
        """(h, w) metres along `up`, (3,) of the optical frame, above the camera."""
        x, y, z = up.astype(np.float32)
        return np.asarray(self.depth * (self.rays.real * x + self.rays.imag * y + z))

    def points(self, where: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(M, 3) metres in the optical frame, of the pixels of `where`.

        Column by column in memory, for that is how they are read.
        """
        chosen = np.flatnonzero(where)
        z, ray = self.depth.ravel()[chosen], self.rays.ravel()[chosen]
        columns = np.empty((3, len(z)), np.float32)
        columns[0], columns[1], columns[2] = ray.real * z, ray.imag * z, z
        return np.asarray(columns.T)


@lru_cache(maxsize=4)
def _has_every_ray(intrinsics: Intrinsics) -> bool:
    return not np.isnan(rays(intrinsics)).any()


def pixel_of(intrinsics: Intrinsics) -> float:
    """Return the width of a pixel at one metre."""
    return 1 / min(intrinsics.fx, intrinsics.fy)
