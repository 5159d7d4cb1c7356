"""Where the camera is: the transform from its optical frame to the target frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.scene.arrays import rigid


@dataclass(frozen=True, eq=False)
class CameraPose:
    """A known camera pose, or the reason why it is not known."""

    frame_id: str
    """The target frame; z is up (REP-103)."""
    base_from_camera: NDArray[np.float64] | None = None
    """(4, 4) rigid transform, metres: points of the optical frame to `frame_id`."""
    reason: str = ""
    """Why there is no transform; "" when there is one."""

    def __post_init__(self) -> None:
        if (self.base_from_camera is None) != bool(self.reason):
            raise GeometryError("camera pose: expected a transform or a reason, got both or none")
        if self.base_from_camera is None:
            return
        advice = "; check the tf publisher's quaternion"
        matrix = rigid("base_from_camera", self.base_from_camera, advice)
        object.__setattr__(self, "base_from_camera", matrix)
