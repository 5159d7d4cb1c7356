"""sensor_msgs/CameraInfo to intrinsics, with binning and region of interest."""

from __future__ import annotations

from typing import Any

from grounding_ros.scene import Intrinsics


def to_intrinsics(message: Any, *, rectified: bool) -> Intrinsics:
    """Return the pinhole camera of the image that this CameraInfo was sent with.

    Parameters
    ----------
    message
        Anything with the fields of sensor_msgs/CameraInfo (a bag's has lower-case k, d, p too).
    rectified
        True: the image is rectified, so P holds. False: it is raw, so K and the distortion D hold.

    Raises
    ------
    InputError
        If the focal length is not positive and finite, or the size is zero.
    """
    matrix = message.p if rectified else message.k
    fx, cx = float(matrix[0]), float(matrix[2])
    fy, cy = (
        (float(matrix[5]), float(matrix[6])) if rectified else (float(matrix[4]), float(matrix[5]))
    )
    # The matrices are those of the full sensor: crop first, then bin (CameraInfo.msg). 0 means 1.
    binning_x, binning_y = max(message.binning_x, 1), max(message.binning_y, 1)
    roi = message.roi
    width, height = roi.width or message.width, roi.height or message.height
    coefficients = tuple(float(value) for value in message.d)
    distorted = not rectified and any(coefficients)
    return Intrinsics(
        width=int(width) // binning_x,
        height=int(height) // binning_y,
        fx=fx / binning_x,
        fy=fy / binning_y,
        cx=(cx - roi.x_offset) / binning_x,
        cy=(cy - roi.y_offset) / binning_y,
        distortion_model=message.distortion_model if distorted else "",
        distortion=coefficients if distorted else (),
    )
