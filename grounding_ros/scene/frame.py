"""One picture of the world: colour, depth and the camera that took them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import ShapeError
from grounding_ros.scene.arrays import frozen
from grounding_ros.scene.intrinsics import Intrinsics


@dataclass(frozen=True, eq=False)
class Frame:
    """An RGB image with what is known of its depth and camera."""

    rgb: NDArray[np.uint8]
    """(H, W, 3) uint8, RGB."""
    depth: NDArray[np.float32] | None = None
    """(H, W) float32 metres along the optical axis, NaN = no return (REP-118, REP-117)."""
    intrinsics: Intrinsics | None = None
    """The camera of `rgb`; None when no camera_info is known."""
    stamp_ns: int = 0
    """Time of exposure, nanoseconds."""
    frame_id: str = ""
    """The camera's optical frame: x right, y down, z forward (REP-103)."""
    missing_3d: str = ""
    """Why depth or intrinsics are absent, a sentence; "" when both are there."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rgb", frozen("rgb", self.rgb, (None, None, 3), np.uint8))
        if self.rgb.size == 0:
            raise ShapeError(f"rgb: expected a picture, got an empty one {self.rgb.shape}")
        if self.depth is not None:
            depth = frozen("depth", self.depth, (self.height, self.width), np.float32)
            object.__setattr__(self, "depth", depth)
        camera = self.intrinsics
        if camera is not None and (camera.height, camera.width) != (self.height, self.width):
            raise ShapeError(
                f"intrinsics: expected the image's size {self.width}x{self.height}, "
                f"got {camera.width}x{camera.height}; use the camera_info of this very image"
            )

    @property
    def height(self) -> int:
        """Rows of the image."""
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        """Columns of the image."""
        return int(self.rgb.shape[1])
