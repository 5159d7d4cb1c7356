"""An answer for RViz: oriented boxes as markers and the objects' coloured points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.adapters.image import byte_array
from grounding_ros.geometry.projection import rays
from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.scene import Answer, Frame

PALETTE = np.array(
    [(230, 60, 50), (50, 120, 230), (60, 170, 70), (240, 170, 20), (150, 70, 190), (20, 170, 180)],
    np.uint8,
)
"""(6, 3) uint8 RGB; chosen object k is drawn in colour k modulo 6."""


def markers(answer: Answer, header: Any, visualization: Any) -> Any:
    """Return a visualization_msgs/MarkerArray: a box and a name for each chosen object.

    Parameters
    ----------
    answer
        The answer; objects without 3D are left out.
    header
        std_msgs/Header in the frame of `answer.objects`.
    visualization
        The module `visualization_msgs.msg`.
    """
    marker_type = visualization.Marker
    array = visualization.MarkerArray()
    array.markers.append(marker_type(header=header, action=marker_type.DELETEALL))
    for k, row in enumerate(answer.chosen):
        if answer.objects.reasons[row]:
            continue
        box = _marker(answer, row, k, header, visualization)
        box.ns, box.type = "boxes", marker_type.CUBE
        box.scale.x, box.scale.y, box.scale.z = map(float, answer.objects.sizes[row])
        name = _marker(answer, row, k, header, visualization)
        name.ns, name.type = "names", marker_type.TEXT_VIEW_FACING
        name.text = answer.candidates.labels[row]
        name.scale.z = 0.03
        name.color.a = 1.0
        top = answer.objects.rotations[row, :, 2] * (answer.objects.sizes[row, 2] / 2 + 0.03)
        _set_position(name, answer.objects.centers[row] + top)
        array.markers += [box, name]
    return array


def _set_position(marker: Any, point: NDArray[np.float64]) -> None:
    position = marker.pose.position
    position.x, position.y, position.z = map(float, point)


def _marker(answer: Answer, row: int, k: int, header: Any, visualization: Any) -> Any:
    marker = visualization.Marker(header=header, id=k)
    marker.action = visualization.Marker.ADD
    _set_position(marker, answer.objects.centers[row])
    turn = marker.pose.orientation
    turn.x, turn.y, turn.z, turn.w = map(
        float, quaternion_from_matrix(answer.objects.rotations[row])
    )
    red, green, blue = (PALETTE[k % len(PALETTE)] / 255).tolist()
    marker.color.r, marker.color.g, marker.color.b, marker.color.a = red, green, blue, 0.5
    return marker


def objects_cloud(frame: Frame, answer: Answer, header: Any, sensor: Any) -> Any:
    """Return a sensor_msgs/PointCloud2 of the chosen objects' points in the optical frame.

    Parameters
    ----------
    frame
        The frame of the answer.
    answer
        The answer; only masks of its chosen rows are used.
    header
        std_msgs/Header of the image.
    sensor
        The module `sensor_msgs.msg`.
    """
    points = _coloured_points(frame, answer)
    message = sensor.PointCloud2(header=header, height=1, width=len(points), is_dense=True)
    float32 = sensor.PointField.FLOAT32
    message.fields = [
        sensor.PointField(name=name, offset=4 * k, datatype=float32, count=1)
        for k, name in enumerate(("x", "y", "z", "rgb"))
    ]
    message.point_step = 16
    message.row_step = 16 * len(points)
    message.data = byte_array(points)
    return message


def _coloured_points(frame: Frame, answer: Answer) -> NDArray[np.float32]:
    """(M, 4) float32: x, y, z and the colour's bits as PCL packs them."""
    masks = answer.detections.masks
    if frame.depth is None or frame.intrinsics is None or masks is None:
        return np.empty((0, 4), np.float32)
    seen = np.flatnonzero(masks.any(axis=0) & np.isfinite(frame.depth))
    depth = frame.depth.ravel()[seen]
    red, green, blue = frame.rgb.reshape(-1, 3)[seen].astype(np.uint32).T
    points = np.empty((len(seen), 4), np.float32)
    points[:, :2] = rays(frame.intrinsics).reshape(-1, 2)[seen] * depth[:, None]
    points[:, 2] = depth
    points[:, 3] = (red << 16 | green << 8 | blue).view(np.float32)
    return points
