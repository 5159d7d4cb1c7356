"""Where the camera is: the transform from its optical frame to the target frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.scene.arrays import frozen


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
        matrix = frozen("base_from_camera", self.base_from_camera, (4, 4), np.float64)
        rotation = matrix[:3, :3]
        if not (
            np.isfinite(matrix).all()
            and np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-5)
            and np.linalg.det(rotation) > 0
            and np.allclose(matrix[3], (0, 0, 0, 1))
        ):
            raise GeometryError(
                f"base_from_camera: expected a rigid transform, got {matrix.tolist()}; "
                "check the tf publisher's quaternion"
            )
        object.__setattr__(self, "base_from_camera", matrix)
