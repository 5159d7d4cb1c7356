"""What one mask shows of an object: its points, its outline, its foot and its top."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.crop import Crop
from grounding_ros.geometry.level import Level
from grounding_ros.geometry.oriented_box import rectangle
from grounding_ros.geometry.outline import direction, outline
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.sensor import DepthSensor
from grounding_ros.geometry.standing import beneath, foot
from grounding_ros.geometry.statistics import extent, mean_point
from grounding_ros.geometry.surface import main_layer
from grounding_ros.geometry.views import LOWEST_M, View
from grounding_ros.scene import Frame

_SAMPLE = 64
"""Points of each object that shapes are fitted to."""
_FEW = 300
"""Pixels with depth; where there are fewer, every one of the image counts."""
_SPREAD = (np.arange(256) + np.random.default_rng(7).random(256)) / 256
"""Places in [0, 1), evenly but not regularly: every 40th pixel may be the same one of each row."""
_STANDS_OUT = 0.006
"""Metres, beside three deviations of depth, above the support that are another thing."""
_FOOT = 0.0015
"""Standard deviation of a foot that is seen, metres."""
_TOP = (0.003, 1.5)
"""Standard deviation of a top: metres, and deviations of depth."""
_HIGHEST = 1.2
"""Deviations of depth by which the highest points are too high."""
_APART = 0.02


@dataclass(frozen=True, eq=False)
class Sighting:
    """One mask's object in the level frame, or the reason why there is none."""

    points: NDArray[np.float32]
    """(M, 3) metres, those of thin parts at the end."""
    count: int
    """Pixels on its surface."""
    view: View | None
    """What shapes are fitted to; None when up is unknown or there is no object."""
    reason: str

    @classmethod
    def of(
        cls,
        frame: Frame,
        mask: NDArray[np.bool_],
        around: Level,
        sensor: DepthSensor,
        settings: LiftingParameters,
    ) -> Sighting:
        """Look at one mask (H, W)."""
        try:
            crop = Crop.of(frame, mask)
            believed = crop.believed(settings.min_depth_m, settings.max_depth_m)
            if crop.step > 1 and np.count_nonzero(crop.mask & believed) < _FEW:
                crop = Crop.of(frame, mask, step=1)
                believed = crop.believed(settings.min_depth_m, settings.max_depth_m)
            return _sighting(crop, believed, around, sensor, settings)
        except GeometryError as error:
            return cls(np.empty((0, 3), np.float32), 0, None, str(error))


def _sighting(
    crop: Crop,
    believed: NDArray[np.bool_],
    around: Level,
    sensor: DepthSensor,
    settings: LiftingParameters,
) -> Sighting:
    inside = crop.mask & believed
    _enough(crop, inside, "have depth", settings.min_points)
    noise = sensor.coefficient
    surface = main_layer(
        crop.depth,
        inside,
        pixel=crop.pixel * crop.step,
        noise=noise,
        rim_px=-(-settings.rim_px // crop.step),
    )
    count = _enough(crop, surface, "lie on one surface", settings.min_points)
    points = around.leveled(crop.points(surface))
    if not around.source:
        return Sighting(points, count, None, "")
    middle = mean_point(points)
    z = around.depth(middle)
    sigma = sensor.sigma(z)
    lowest, top = extent(points[:, 2])
    heights = crop.heights(around.level_from_camera[2])
    down = around.down_in_image(middle)
    bottom = foot(
        lowest,
        heights[beneath(crop.mask, down, crop.step) & believed],
        around.floor_height(middle[0], middle[1]),
        max_hidden=settings.max_hidden_m,
        noise=noise * z**2,
    )
    stands_out = believed & (heights > bottom + _STANDS_OUT + 3 * sigma)
    # Thin parts, such as a handle, are no surface; what is as near as the rest belongs to it.
    apart = max(_APART, crop.pixel * z * math.sqrt(count))
    thin = crop.mask & stands_out & ~surface & (np.abs(crop.depth - z) < apart)
    edge = outline(crop, surface, believed, thin, stands_out & ~crop.mask, sigma)
    spread = points[(_SPREAD * len(points)).astype(np.intp)]
    foot_seen = bool(edge.free[direction(down)])
    view = View(
        normals=edge.normals @ around.level_from_camera.T,
        free=edge.free,
        points=spread[:: len(_SPREAD) // _SAMPLE].astype(np.float64),
        weight=max(1.0, count / _SAMPLE / max(crop.step**2, sensor.alike_px)),
        heights=(bottom, max(top - _HIGHEST * sigma, bottom + LOWEST_M)),
        height_sigmas=(
            _foot_sigma(lowest - bottom, top - lowest, sigma, seen=foot_seen),
            _TOP[0] + _TOP[1] * sigma,
        ),
        box=rectangle(spread),
        pixel=crop.pixel * z,
        noise=sigma,
    )
    if thin.any():
        points = np.vstack([points, around.leveled(crop.points(thin))])
    return Sighting(points, count, view, "")


def _foot_sigma(below: float, visible: float, noise: float, *, seen: bool) -> float:
    """Deviation of a foot this far below the lowest visible point.

    Where nothing hides it and it is lower all the same, the outline knows better; but not where
    hardly a side is seen, as from above.
    """
    if below > visible:
        return _FOOT
    if seen:
        return _FOOT + 0.5 * max(below - 2 * _FOOT - 2 * noise, 0.0)
    return _FOOT + 0.1 * below


def _enough(crop: Crop, kept: NDArray[np.bool_], what: str, needed: int) -> int:
    """Return how many of the image's pixels those that were kept stand for."""
    count = int(np.count_nonzero(kept)) * crop.step**2
    if count < needed:
        raise GeometryError(
            f"only {count} of {np.count_nonzero(crop.fine_mask)} pixels under the mask {what}, "
            f"{needed} are needed (min_points)"
        )
    return count
