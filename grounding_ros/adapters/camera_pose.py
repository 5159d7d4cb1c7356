"""The camera's pose at an image's stamp, from any source of transforms, live or a bag's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.scene import CameraPose, Frame

Lookup = Callable[[str, str, int], NDArray[np.float64]]
"""Given target frame, source frame and stamp, nanoseconds: (4, 4) target_from_source."""


def camera_pose(lookup: Lookup, frame: Frame, target_frame: str) -> CameraPose | None:
    """Return the camera's pose in the target frame.

    None when no target frame is wanted. The pose carries the reason when tf does not know it.
    """
    if not target_frame:
        return None
    if not frame.frame_id:
        reason = "the image has no frame_id; set one in the camera driver"
        return CameraPose(target_frame, None, reason)
    try:
        return CameraPose(target_frame, lookup(target_frame, frame.frame_id, frame.stamp_ns))
    except GeometryError as error:
        return CameraPose(target_frame, None, str(error))
