"""A pair of messages as a Frame; the same code live and offline."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.adapters.camera_info import to_intrinsics
from grounding_ros.adapters.depth import compressed_depth_to_metres, depth_to_metres
from grounding_ros.adapters.image import Fallback, compressed_to_rgb, to_rgb
from grounding_ros.adapters.pairing import Pair
from grounding_ros.errors import InputError
from grounding_ros.scene import Frame, Intrinsics

_KNOWN_CAMERAS = 16


class CameraInfos:
    """The newest camera_info of each frame and size; it rarely changes, so it is not paired."""

    def __init__(self, *, rectified: bool) -> None:
        """See `to_intrinsics` for `rectified`."""
        self._rectified = rectified
        self._messages: OrderedDict[tuple[str, int, int], Any] = OrderedDict()

    def put(self, message: Any) -> None:
        """Remember a sensor_msgs/CameraInfo."""
        key = (message.header.frame_id, int(message.width), int(message.height))
        self._messages[key] = message
        self._messages.move_to_end(key)
        if len(self._messages) > _KNOWN_CAMERAS:
            self._messages.popitem(last=False)

    def find(self, frame_id: str, width: int, height: int) -> Intrinsics:
        """Return the camera of an image of this frame and size, after binning and ROI.

        Raises
        ------
        InputError
            When there is none, or its numbers are not those of a camera.
        """
        known = list(self._messages.items())
        for (name, *_), message in reversed(known):
            if name != frame_id:
                continue
            camera = to_intrinsics(message, rectified=self._rectified)
            if (camera.width, camera.height) == (width, height):
                return camera
        heard = ", ".join(f"{name!r} {w}x{h}" for (name, w, h), _ in known) or "none"
        raise InputError(
            f"camera_info: expected one for frame {frame_id!r} of {width}x{height}, got {heard}; "
            "remap camera_info to the one published beside this image"
        )


def to_frame(pair: Pair, cameras: CameraInfos, fallback: Fallback | None = None) -> Frame:
    """Return the frame of an image message and its depth message.

    What is wrong with depth or camera_info becomes `missing_3d`: the frame is then 2D.

    Raises
    ------
    InputError
        When the image itself cannot be read.
    """
    header = pair.image.header
    rgb = _rgb(pair.image, fallback)
    depth, intrinsics, missing = None, None, pair.missing_depth
    try:
        if pair.depth is not None:
            depth = _registered_depth(pair, rgb.shape[:2])
        intrinsics = cameras.find(header.frame_id, rgb.shape[1], rgb.shape[0])
    except InputError as error:
        missing = "; ".join(filter(None, (missing, str(error))))
    return Frame(rgb, depth, intrinsics, pair.stamp_ns, header.frame_id, missing)


def stamp_ns(header: Any) -> int:
    """Nanoseconds of a std_msgs/Header."""
    return int(header.stamp.sec) * 1_000_000_000 + int(header.stamp.nanosec)


def _rgb(message: Any, fallback: Fallback | None) -> NDArray[np.uint8]:
    if hasattr(message, "format"):
        return compressed_to_rgb(message)
    return to_rgb(message, fallback)


def _registered_depth(pair: Pair, size: tuple[int, ...]) -> NDArray[np.float32]:
    message, wanted = pair.depth, pair.image.header.frame_id
    assert message is not None
    if message.header.frame_id != wanted:
        raise InputError(
            f"depth frame: expected the image's {wanted!r}, got {message.header.frame_id!r}; "
            "use depth registered to colour (RealSense: align_depth.enable:=true)"
        )
    compressed = hasattr(message, "format")
    depth = compressed_depth_to_metres(message) if compressed else depth_to_metres(message)
    if depth.shape != tuple(size):
        raise InputError(
            f"depth size: expected the image's {size[1]}x{size[0]}, got "
            f"{depth.shape[1]}x{depth.shape[0]}; use depth registered to colour"
        )
    return depth
