"""What the node says: one publish call for each answer, all with the image's stamp."""

from __future__ import annotations

from typing import Any

import geometry_msgs.msg
import sensor_msgs.msg
import std_msgs.msg
import vision_msgs.msg
import visualization_msgs.msg
from rclpy.lifecycle import LifecycleNode
from std_msgs.msg import Float32, Header, String, UInt32

from grounding_ros.adapters.detections import (
    detections_2d,
    detections_3d,
    instance_image,
    label_info,
)
from grounding_ros.adapters.drawing import draw
from grounding_ros.adapters.grasp import grasp_messages
from grounding_ros.adapters.image import fill_image
from grounding_ros.adapters.visualization import markers, objects_cloud
from grounding_ros.ros.moveit import Obstacles, moveit_modules
from grounding_ros.ros.qos import LATCHED, OUTPUT
from grounding_ros.scene import Answer, Frame


class Publishers:
    """The outputs of the node's table; they speak only while the node is active."""

    def __init__(self, node: LifecycleNode) -> None:
        self._node = node
        self._publishers: list[Any] = []
        self._answer = self._open(String, "answer", LATCHED)
        self._detections = self._open(vision_msgs.msg.Detection2DArray, "detections")
        self._detections_3d = self._open(vision_msgs.msg.Detection3DArray, "detections_3d")
        self._masks = self._open(sensor_msgs.msg.Image, "masks")
        self._label_info = self._open(vision_msgs.msg.LabelInfo, "label_info")
        self._count = self._open(UInt32, "count")
        pose = geometry_msgs.msg.PoseStamped
        self._grasp = {
            "gripper_opening": self._open(Float32, "gripper_opening", LATCHED),
            "target_pose": self._open(pose, "target_pose", LATCHED),
            "place_pose": self._open(pose, "place_pose", LATCHED),
        }
        self._markers = self._open(visualization_msgs.msg.MarkerArray, "markers")
        self._cloud = self._open(sensor_msgs.msg.PointCloud2, "objects_cloud")
        self._debug_image = self._open(sensor_msgs.msg.Image, "debug_image")
        self._obstacles: Obstacles | None = None
        if (moveit := moveit_modules()) is not None:
            scene = self._open(moveit[0].PlanningScene, "planning_scene")
            self._obstacles = Obstacles(scene, moveit)

    def publish(self, header: Header, answer: Answer, text: str, frame: Frame | None) -> None:
        """Publish an answer on every topic; `frame` is None when there was no usable picture.

        The order is fixed: the JSON answer comes last, so that whoever hears it already has the
        rest.
        """
        self._detections.publish(detections_2d(answer, header, vision_msgs.msg))
        lifted = Header(stamp=header.stamp, frame_id=answer.objects.frame_id or header.frame_id)
        self._detections_3d.publish(detections_3d(answer, lifted, vision_msgs.msg))
        if frame is not None:
            self._publish_masks(header, answer)
            self._publish_pictures(header, lifted, answer, frame)
        if answer.count is not None:
            self._count.publish(UInt32(data=answer.count))
        for name, message in grasp_messages(answer, lifted, geometry_msgs.msg, std_msgs.msg):
            self._grasp[name].publish(message)
        if self._obstacles is not None:
            self._obstacles.publish(answer, lifted)
        self._answer.publish(String(data=text))

    def close(self) -> None:
        """Destroy the publishers."""
        for publisher in self._publishers:
            self._node.destroy_publisher(publisher)

    def _publish_masks(self, header: Header, answer: Answer) -> None:
        image = fill_image(sensor_msgs.msg.Image(), header, instance_image(answer), "mono16")
        self._masks.publish(image)
        self._label_info.publish(label_info(answer, header, vision_msgs.msg))

    def _publish_pictures(
        self, header: Header, lifted: Header, answer: Answer, frame: Frame
    ) -> None:
        """Publish what is only for people, when somebody looks."""
        if self._markers.get_subscription_count():
            self._markers.publish(markers(answer, lifted, visualization_msgs.msg))
        if self._cloud.get_subscription_count():
            self._cloud.publish(objects_cloud(frame, answer, header, sensor_msgs.msg))
        if self._debug_image.get_subscription_count():
            picture = draw(frame, answer)
            self._debug_image.publish(fill_image(sensor_msgs.msg.Image(), header, picture, "rgb8"))

    def _open(self, message_type: Any, name: str, qos: Any = OUTPUT) -> Any:
        publisher = self._node.create_lifecycle_publisher(message_type, f"~/{name}", qos)
        self._publishers.append(publisher)
        return publisher
