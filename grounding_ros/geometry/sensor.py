"""Depth cameras: what error their depth has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType


@dataclass(frozen=True)
class DepthSensor:
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
    coefficient: float
    """The one-number law sigma = `coefficient` * z^2 that thresholds use, 1/metres."""

    def sigma(self, z: float) -> float:
        """Return the standard deviation of depth at a distance of `z` metres."""
        return float(self.floor_m + self.per_m2 * max(z - self.from_m, 0.0) ** 2)

    def with_noise(self, coefficient: float) -> DepthSensor:
        """Return the same camera with the noise `coefficient` * z^2."""
        return replace(self, floor_m=0.0, from_m=0.0, per_m2=coefficient, coefficient=coefficient)

    @property
    def alike_px(self) -> float:
        """Return how many neighbouring pixels count as one measurement, at least 1."""
        return max(1.0, 4 * math.pi * self.blur_px**2)


SENSORS: Mapping[str, DepthSensor] = MappingProxyType(
    {
        # Nguyen, Izadi, Lovell 2012 (sigma); Khoshelham and Elberink 2012 (step, coefficient).
        "kinect": DepthSensor(0.0012, 0.4, 0.0019, 0.00285, 0.7, 3, (0.5, 4.0), 0.0015),
        # Intel's tuning guide: RMS = z^2 * subpixel / (f * baseline), subpixel 0.08, 640 px, 50 mm.
        "d435": DepthSensor(0.0005, 0.0, 0.0025, 0.0, 2.0, 2, (0.2, 6.0), 0.0025),
        # The same law for 120 mm, 530 px and a subpixel of 0.12, smoothed over more pixels.
        "zed": DepthSensor(0.0005, 0.0, 0.0019, 0.0, 3.0, 3, (0.3, 20.0), 0.0019),
        # Exact but for the rounding to whole millimetres.
        "ideal": DepthSensor(0.0003, 0.0, 0.0, 0.0, 0.0, 0, (0.0, 1000.0), 0.0003),
    }
)
"""By the name that `sensor.model` takes."""
