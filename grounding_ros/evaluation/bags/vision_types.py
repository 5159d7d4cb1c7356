"""The definitions of vision_msgs 4, which rosbags does not bring along.

The fields are those of https://github.com/ros-perception/vision_msgs (branch ros2); they make up
the hash by which ROS 2 tells types apart.
"""

from __future__ import annotations

from typing import Any

from rosbags.typesys import get_types_from_msg

VISION_DEFINITIONS = {
    "Point2D": "float64 x\nfloat64 y",
    "Pose2D": "Point2D position\nfloat64 theta",
    "BoundingBox2D": "Pose2D center\nfloat64 size_x\nfloat64 size_y",
    "BoundingBox3D": "geometry_msgs/Pose center\ngeometry_msgs/Vector3 size",
    "ObjectHypothesis": "string class_id\nfloat64 score",
    "ObjectHypothesisWithPose": (
        "ObjectHypothesis hypothesis\ngeometry_msgs/PoseWithCovariance pose"
    ),
    "Detection2D": (
        "std_msgs/Header header\nObjectHypothesisWithPose[] results\nBoundingBox2D bbox\nstring id"
    ),
    "Detection2DArray": "std_msgs/Header header\nDetection2D[] detections",
    "Detection3D": (
        "std_msgs/Header header\nObjectHypothesisWithPose[] results\nBoundingBox3D bbox\nstring id"
    ),
    "Detection3DArray": "std_msgs/Header header\nDetection3D[] detections",
    "VisionClass": "uint16 class_id\nstring class_name",
    "LabelInfo": "std_msgs/Header header\nVisionClass[] class_map\nfloat32 threshold",
}
"""The message files by name, without comments."""


def vision_types() -> dict[str, Any]:
    """Return the types as `Typestore.register` takes them."""
    types: dict[str, Any] = {}
    for name, definition in VISION_DEFINITIONS.items():
        types.update(get_types_from_msg(definition, f"vision_msgs/msg/{name}"))
    return types
