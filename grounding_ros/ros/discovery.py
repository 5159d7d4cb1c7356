"""Which camera and instruction topics are there now."""

from __future__ import annotations

import time
from dataclasses import dataclass

import rclpy
from rclpy.node import Node
from rclpy.qos import ReliabilityPolicy

_KINDS = ("Image", "CompressedImage", "CameraInfo")


@dataclass(frozen=True)
class LiveTopic:
    """A topic that somebody publishes."""

    name: str
    kind: str
    """"Image", "CompressedImage" or "CameraInfo"."""
    reliable: bool
    """Whether every publisher is reliable."""


def camera_topics(seconds: float) -> list[LiveTopic]:
    """Listen to the graph for some seconds and return the published camera topics."""
    rclpy.init()
    try:
        node = rclpy.create_node("grounding_doctor")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            rclpy.spin_once(node, timeout_sec=0.1)
        found = []
        for name, types in sorted(node.get_topic_names_and_types()):
            kind = types[0].rpartition("/")[2]
            publishers = node.get_publishers_info_by_topic(name)
            if kind in _KINDS and publishers:
                reliable = all(
                    info.qos_profile.reliability == ReliabilityPolicy.RELIABLE
                    for info in publishers
                )
                found.append(LiveTopic(name, kind, reliable))
        return found
    finally:
        rclpy.try_shutdown()


def grounding_nodes(node: Node) -> list[str]:
    """Return the full names of the grounding nodes that are there now, by what they publish."""
    topics = dict(node.get_topic_names_and_types())
    return sorted(
        name.removesuffix("/answer")
        for name, types in topics.items()
        if name.endswith("/answer")
        and types == ["std_msgs/msg/String"]
        and "vision_msgs/msg/Detection2DArray" in topics.get(_sibling(name, "detections"), ())
        and node.count_publishers(name)
    )


def _sibling(topic: str, name: str) -> str:
    return f"{topic.rpartition('/')[0]}/{name}"
