"""cv_bridge for the rare encodings, where the user's ROS has it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.adapters.image import Fallback
from grounding_ros.errors import InputError


def cv_bridge_fallback() -> Fallback | None:
    """Return a converter of any encoding that cv_bridge knows; None where it is not installed."""
    try:
        from cv_bridge import CvBridge
    except ImportError:
        return None
    bridge = CvBridge()

    def convert(message: Any) -> NDArray[np.uint8]:
        try:
            return np.asarray(bridge.imgmsg_to_cv2(message, "rgb8"), np.uint8)
        except Exception as error:  # cv_bridge raises OpenCV's and its own errors
            raise InputError(
                f"image encoding {message.encoding!r}: cv_bridge said: {error}"
            ) from error

    return convert
