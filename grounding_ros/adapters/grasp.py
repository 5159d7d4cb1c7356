"""How to take hold of the chosen object, as ROS messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.scene import Answer


def grasp_messages(
    answer: Answer, header: Any, geometry: Any, std: Any
) -> Iterator[tuple[str, Any]]:
    """Yield topic name and message of a grasp and of where the object goes; nothing without one.

    Parameters
    ----------
    answer
        The answer.
    header
        std_msgs/Header in the frame of `answer.objects`.
    geometry, std
        The modules `geometry_msgs.msg` and `std_msgs.msg`.
    """
    if answer.grasp is not None:
        yield "gripper_opening", std.Float32(data=float(answer.grasp.opening_m))
        yield "target_pose", _pose_stamped(answer.grasp.pose, header, geometry)
    if answer.place_pose is not None:
        yield "place_pose", _pose_stamped(answer.place_pose, header, geometry)


def fill_pose(message: Any, pose: NDArray[np.float64]) -> None:
    """Write a (4, 4) rigid transform, metres, into a geometry_msgs/Pose."""
    place, turn = message.position, message.orientation
    place.x, place.y, place.z = pose[:3, 3].tolist()
    turn.x, turn.y, turn.z, turn.w = quaternion_from_matrix(pose[:3, :3]).tolist()


def _pose_stamped(pose: NDArray[np.float64], header: Any, geometry: Any) -> Any:
    message = geometry.PoseStamped(header=header)
    fill_pose(message.pose, pose)
    return message
