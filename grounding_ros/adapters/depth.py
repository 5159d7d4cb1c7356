"""Depth images: sensor_msgs/Image and CompressedImage (compressedDepth) to metres."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.adapters.image import image_rows
from grounding_ros.errors import InputError
from grounding_ros.geometry.depth import to_metres

_DTYPES = {"16UC1": np.uint16, "mono16": np.uint16, "32FC1": np.float32}

# compressed_depth_image_transport: an int32 and two float32 of quantisation before the png.
_CONFIG_HEADER = struct.Struct("<iff")


def depth_to_metres(message: Any) -> NDArray[np.float32]:
    """Return the depth of a sensor_msgs/Image of 16UC1 (mm) or 32FC1 (m) (REP-118).

    Returns
    -------
    (H, W) float32 metres along the optical axis, NaN = no return.

    Raises
    ------
    InputError
        If the message contradicts itself or its encoding is not a depth.
    """
    if message.encoding not in _DTYPES:
        raise InputError(
            f"depth encoding: expected {', '.join(_DTYPES)}, got {message.encoding!r}; "
            "is the depth topic remapped to a colour image?"
        )
    dtype = np.dtype(_DTYPES[message.encoding])
    rows = image_rows(message, dtype.itemsize)
    values = np.ascontiguousarray(rows).view(
        dtype.newbyteorder(">" if message.is_bigendian else "<")
    )
    return to_metres(values.astype(dtype, copy=False))


def compressed_depth_to_metres(message: Any) -> NDArray[np.float32]:
    """Return the depth of a compressedDepth sensor_msgs/CompressedImage, (H, W) float32 metres.

    32FC1 is stored as quantised inverse depth: depth = a / (value - b).

    Raises
    ------
    InputError
        If the bytes are not a depth png (RVL is not read).
    """
    encoding, _, method = (part.strip() for part in message.format.partition(";"))
    data = np.frombuffer(message.data, np.uint8)
    if encoding not in _DTYPES or "compressedDepth" not in method or "rvl" in method:
        raise InputError(
            f"compressed depth: expected format '16UC1; compressedDepth png' or '32FC1; ...', got "
            f"{message.format!r}; set the depth topic's compressedDepth format to png"
        )
    header = _CONFIG_HEADER.size
    values = cv2.imdecode(data[header:], cv2.IMREAD_UNCHANGED) if data.size > header else None
    if values is None or values.dtype != np.uint16 or values.ndim != 2:
        raise InputError(
            f"compressed depth: expected a 16-bit png after {header} bytes of header, got "
            f"{data.size} bytes that do not decode to one"
        )
    if _DTYPES[encoding] is np.uint16:
        return to_metres(values)
    _, a, b = _CONFIG_HEADER.unpack(data[:header].tobytes())
    with np.errstate(divide="ignore"):
        metres = np.float32(a) / (values.astype(np.float32) - np.float32(b))
    metres[values == 0] = np.nan
    return to_metres(metres)
