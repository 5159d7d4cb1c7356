"""The pinhole camera of an image."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError


@dataclass(frozen=True)
class Intrinsics:
    """A pinhole camera with optional lens distortion (REP-104, sensor_msgs/CameraInfo)."""

    width: int
    """Pixels; the image's own width, after binning and ROI."""
    height: int
    """Pixels; the image's own height, after binning and ROI."""
    fx: float
    """Focal length, pixels."""
    fy: float
    """Focal length, pixels."""
    cx: float
    """Principal point, pixels; the centre of the top left pixel is (0, 0)."""
    cy: float
    """Principal point, pixels."""
    distortion_model: str = ""
    """"" (none: a rectified image), "plumb_bob", "rational_polynomial" or "equidistant"."""
    distortion: tuple[float, ...] = ()
    """Coefficients D of the model, in the order of sensor_msgs/CameraInfo."""

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise InputError(
                f"camera size: expected positive width and height, got {self.width}x{self.height}; "
                "check that camera_info comes from a calibrated driver"
            )
        for name in ("fx", "fy"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise InputError(
                    f"{name}: expected a positive focal length in pixels, got {value}; "
                    "calibrate the camera or fix its camera_info"
                )
        if not (math.isfinite(self.cx) and math.isfinite(self.cy)):
            raise InputError(f"principal point: expected finite pixels, got ({self.cx}, {self.cy})")

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(3, 3) camera matrix K."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1]], float)
