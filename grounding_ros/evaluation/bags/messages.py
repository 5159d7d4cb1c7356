"""The ROS messages of one scene, as values of rosbags' ROS 2 Jazzy types."""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rosbags.typesys import Stores, get_typestore

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.vision_types import vision_types
from grounding_ros.geometry.transforms import inverse, quaternion_from_matrix
from grounding_ros.scene import Frame
from grounding_ros.simulation.folder_writer import depth_to_mm
from grounding_ros.simulation.truth import BASE_FRAME, OPTICAL_FRAME

CAMERA_LINK = "camera_link"
"""The camera's body: x forward, y left, z up (REP-103)."""

TYPES = get_typestore(Stores.ROS2_JAZZY)
"""The messages' types with the type hashes of ROS 2 Jazzy, those of vision_msgs among them."""
TYPES.register(vision_types())

LINK_FROM_OPTICAL: NDArray[np.float64] = np.array(
    [[0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]], float
)
"""(4, 4) the rotation between a camera's body and its optical frame (REP-103)."""

_PNG_LEVEL = [cv2.IMWRITE_PNG_COMPRESSION, 5]  # a higher one takes far longer for little
# compressed_depth_image_transport's ConfigHeader: format INV_DEPTH = 0 and two parameters, which
# only 32FC1 uses.
_COMPRESSED_DEPTH_HEADER = struct.pack("<iff", 0, 0.0, 0.0)


def color_image(frame: Frame, stamp_ns: int) -> Any:
    """Return the colour of `frame` as sensor_msgs/Image, rgb8."""
    return _image(frame, frame.rgb, "rgb8", stamp_ns)


def depth_image(frame: Frame, stamp_ns: int) -> Any:
    """Return the depth of `frame` as sensor_msgs/Image, 16UC1 millimetres, 0 = no return."""
    return _image(frame, depth_to_mm(frame).astype("<u2"), "16UC1", stamp_ns)


def compressed_color(frame: Frame, stamp_ns: int, jpeg_quality: int | None) -> Any:
    """Return the colour of `frame` as sensor_msgs/CompressedImage, JPEG, or PNG without quality."""
    bgr = cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2BGR)
    if jpeg_quality is None:
        data, kind = _encoded(".png", bgr, _PNG_LEVEL), "png"
    else:
        data, kind = _encoded(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality]), "jpeg"
    return _message(
        "sensor_msgs/msg/CompressedImage",
        header=header(stamp_ns, frame.frame_id),
        format=f"rgb8; {kind} compressed bgr8",
        data=data,
    )


def compressed_depth(frame: Frame, stamp_ns: int) -> Any:
    """Return the depth of `frame` as compressed_depth_image_transport would: exact, PNG."""
    quantisation = np.frombuffer(_COMPRESSED_DEPTH_HEADER, np.uint8)
    return _message(
        "sensor_msgs/msg/CompressedImage",
        header=header(stamp_ns, frame.frame_id),
        format="16UC1; compressedDepth png",
        data=np.concatenate([quantisation, _encoded(".png", depth_to_mm(frame), _PNG_LEVEL)]),
    )


def camera_info(frame: Frame, stamp_ns: int) -> Any:
    """Return the camera of `frame` as sensor_msgs/CameraInfo of a rectified image.

    Raises
    ------
    InputError
        When the frame has no intrinsics.
    """
    camera = frame.intrinsics
    if camera is None:
        raise InputError("frame: expected intrinsics, got none; a camera_info needs them")
    matrix = camera.matrix
    return _message(
        "sensor_msgs/msg/CameraInfo",
        header=header(stamp_ns, frame.frame_id),
        height=camera.height,
        width=camera.width,
        distortion_model=camera.distortion_model or "plumb_bob",
        d=np.array(camera.distortion or (0.0,) * 5),
        k=matrix.ravel(),
        r=np.eye(3).ravel(),
        p=np.hstack([matrix, np.zeros((3, 1))]).ravel(),
        binning_x=0,
        binning_y=0,
        roi=_message(
            "sensor_msgs/msg/RegionOfInterest",
            x_offset=0,
            y_offset=0,
            height=0,
            width=0,
            do_rectify=False,
        ),
    )


def optical_tf(stamp_ns: int) -> Any:
    """Return the constant transform of the optical frame in the camera's body."""
    return tf(CAMERA_LINK, OPTICAL_FRAME, LINK_FROM_OPTICAL, stamp_ns)


def camera_tf(base_from_camera: NDArray[np.float64], stamp_ns: int) -> Any:
    """Return the transform of the camera's body in the base, for a known (4, 4) optical pose."""
    return tf(BASE_FRAME, CAMERA_LINK, base_from_camera @ inverse(LINK_FROM_OPTICAL), stamp_ns)


def tf(parent: str, child: str, parent_from_child: NDArray[np.float64], stamp_ns: int) -> Any:
    """Return a (4, 4) rigid transform, metres, as tf2_msgs/TFMessage."""
    x, y, z, w = (float(value) for value in quaternion_from_matrix(parent_from_child[:3, :3]))
    shift = (float(value) for value in parent_from_child[:3, 3])
    transform = _message(
        "geometry_msgs/msg/Transform",
        translation=_message("geometry_msgs/msg/Vector3", **dict(zip("xyz", shift, strict=True))),
        rotation=_message("geometry_msgs/msg/Quaternion", x=x, y=y, z=z, w=w),
    )
    stamped = _message(
        "geometry_msgs/msg/TransformStamped",
        header=header(stamp_ns, parent),
        child_frame_id=child,
        transform=transform,
    )
    return _message("tf2_msgs/msg/TFMessage", transforms=[stamped])


def header(stamp_ns: int, frame_id: str) -> Any:
    """Return std_msgs/Header."""
    seconds, nanoseconds = divmod(stamp_ns, 10**9)
    stamp = _message("builtin_interfaces/msg/Time", sec=seconds, nanosec=nanoseconds)
    return _message("std_msgs/msg/Header", stamp=stamp, frame_id=frame_id)


def string(text: str) -> Any:
    """Return `text` as std_msgs/String."""
    return _message("std_msgs/msg/String", data=text)


def _image(frame: Frame, picture: NDArray[Any], encoding: str, stamp_ns: int) -> Any:
    pixels = np.ascontiguousarray(picture)
    return _message(
        "sensor_msgs/msg/Image",
        header=header(stamp_ns, frame.frame_id),
        height=pixels.shape[0],
        width=pixels.shape[1],
        encoding=encoding,
        is_bigendian=0,
        step=pixels.strides[0],
        data=pixels.view(np.uint8).ravel(),
    )


def _encoded(suffix: str, pixels: NDArray[Any], settings: list[int]) -> NDArray[np.uint8]:
    done, data = cv2.imencode(suffix, pixels, settings)
    if not done:
        raise InputError(f"picture: expected {suffix} to encode {pixels.shape}, got a failure")
    return np.asarray(data, np.uint8).ravel()


def _message(kind: str, **fields: Any) -> Any:
    return TYPES.types[kind](**fields)
