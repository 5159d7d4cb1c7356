"""Colour images: sensor_msgs/Image and CompressedImage to RGB, and arrays back to Image."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError

Fallback = Callable[[Any], NDArray[np.uint8]]
"""Converts an Image of a rare encoding to (H, W, 3) RGB: cv_bridge, where there is one."""

# Encoding: (bytes a pixel, OpenCV's conversion to RGB or None). "yuv422" is UYVY
# (sensor_msgs/image_encodings.hpp); "uyvy" and "yuyv" are the newer names.
_ENCODINGS: dict[str, tuple[int, int | None]] = {
    "rgb8": (3, None),
    "bgr8": (3, cv2.COLOR_BGR2RGB),
    "rgba8": (4, cv2.COLOR_RGBA2RGB),
    "bgra8": (4, cv2.COLOR_BGRA2RGB),
    "mono8": (1, cv2.COLOR_GRAY2RGB),
    "8UC3": (3, cv2.COLOR_BGR2RGB),  # OpenCV's own order, which is what writes 8UC3
    "yuv422": (2, cv2.COLOR_YUV2RGB_UYVY),
    "uyvy": (2, cv2.COLOR_YUV2RGB_UYVY),
    "yuv422_yuy2": (2, cv2.COLOR_YUV2RGB_YUYV),
    "yuyv": (2, cv2.COLOR_YUV2RGB_YUYV),
}


def to_rgb(message: Any, fallback: Fallback | None = None) -> NDArray[np.uint8]:
    """Return the RGB picture of a sensor_msgs/Image.

    Parameters
    ----------
    message
        Anything with `height`, `width`, `encoding`, `step` and `data`, live or from a bag.
    fallback
        Converts encodings that are not among the common ones (bayer, nv12).

    Returns
    -------
    (H, W, 3) uint8. A view of the message for packed rgb8, else one copy.

    Raises
    ------
    InputError
        If the message contradicts itself or its encoding is unknown.
    """
    if message.encoding not in _ENCODINGS:
        return _through(fallback, message)
    pixel_bytes, conversion = _ENCODINGS[message.encoding]
    rows = image_rows(message, pixel_bytes)
    picture = rows.reshape(message.height, message.width, pixel_bytes)
    if pixel_bytes == 2 and message.width % 2:
        raise InputError(f"{message.encoding} image: expected an even width, got {message.width}")
    if conversion is None:
        return np.ascontiguousarray(picture)
    return np.asarray(cv2.cvtColor(picture, conversion), np.uint8)


def image_rows(message: Any, pixel_bytes: int) -> NDArray[np.uint8]:
    """Return the pixels of an Image without its padding, (H, W * pixel_bytes) uint8, a view.

    Raises
    ------
    InputError
        If the size is zero, `step` is too small or `data` is too short.
    """
    height, width, step = message.height, message.width, message.step
    if height == 0 or width == 0:
        raise InputError(f"image: expected a picture, got an empty one ({width}x{height})")
    row_bytes = width * pixel_bytes
    if step < row_bytes:
        raise InputError(
            f"image step: expected at least {row_bytes} bytes ({width} pixels of "
            f"{message.encoding}), got {step}; fix the driver's step or encoding"
        )
    data = np.frombuffer(message.data, np.uint8)
    if data.size < step * (height - 1) + row_bytes:
        raise InputError(
            f"image data: expected {step * height} bytes ({height} rows of step {step}), "
            f"got {data.size}; the message was cut or its height is wrong"
        )
    return np.lib.stride_tricks.as_strided(data, (height, row_bytes), (step, 1), writeable=False)


def compressed_to_rgb(message: Any) -> NDArray[np.uint8]:
    """Return the (H, W, 3) uint8 RGB picture of a sensor_msgs/CompressedImage (jpeg, png).

    Raises
    ------
    InputError
        If the bytes are not a picture.
    """
    data = np.frombuffer(message.data, np.uint8)
    # Drivers declare formats loosely ("rgb8; jpeg compressed bgr8"): the bytes are the truth.
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise InputError(
            f"compressed image: expected jpeg or png, got {data.size} bytes of format "
            f"{message.format!r} that do not decode; check the camera's image_transport"
        )
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def fill_image(message: Any, header: Any, picture: NDArray[Any], encoding: str) -> Any:
    """Fill and return a sensor_msgs/Image with an (H, W) or (H, W, 3) array."""
    pixels = np.ascontiguousarray(picture)
    message.header = header
    message.height, message.width = pixels.shape[:2]
    message.encoding = encoding
    message.is_bigendian = 0
    message.step = pixels.strides[0]
    message.data = byte_array(pixels)
    return message


def byte_array(values: NDArray[Any]) -> Any:
    """Return the bytes of a contiguous array as a message's `data` takes them at once.

    rclpy assigns an array.array as it is; Humble looks at every single byte of `bytes`.
    """
    data = array("B")
    data.frombytes(values.reshape(-1).view(np.uint8).data)
    return data


def _through(fallback: Fallback | None, message: Any) -> NDArray[np.uint8]:
    if fallback is None:
        raise InputError(
            f"image encoding: expected one of {', '.join(_ENCODINGS)}, got {message.encoding!r}; "
            "set the driver to one of these or install cv_bridge"
        )
    return np.ascontiguousarray(fallback(message), np.uint8)
