"""What several cameras say together, on the names that one camera would use."""

from __future__ import annotations

import threading
import time
from typing import Any

import geometry_msgs.msg
import std_msgs.msg
import vision_msgs.msg
from rclpy.lifecycle import LifecycleNode
from std_msgs.msg import Float32, Header, String, UInt32

from grounding_ros.adapters.detections import detection_3d
from grounding_ros.adapters.grasp import grasp_messages
from grounding_ros.adapters.merged_json import merged_json, newest_stamp_ns
from grounding_ros.language import to_dict
from grounding_ros.ros.inbox import Request
from grounding_ros.ros.qos import LATCHED, OUTPUT
from grounding_ros.scene import Answer
from grounding_ros.scene.merged_answer import MergedAnswer
from grounding_ros.several_cameras import merge


class MergedOutputs:
    """Gathers the cameras' newest answers to the newest instruction and publishes them as one."""

    def __init__(self, node: LifecycleNode, cameras: tuple[str, ...], wait_s: float) -> None:
        """Open the topics; a camera that stays silent for `wait_s` is not waited for."""
        self._node = node
        self._cameras = cameras
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._request: Request | None = None
        self._answers: dict[str, Answer] = {}
        self._since: float | None = None
        pose = geometry_msgs.msg.PoseStamped
        self._publishers: dict[str, Any] = {}
        for name, kind, qos in (
            ("detections_3d", vision_msgs.msg.Detection3DArray, OUTPUT),
            ("count", UInt32, OUTPUT),
            ("gripper_opening", Float32, LATCHED),
            ("target_pose", pose, LATCHED),
            ("place_pose", pose, LATCHED),
            ("answer", String, LATCHED),
        ):
            self._publishers[name] = node.create_lifecycle_publisher(kind, f"~/{name}", qos)
        self._timer = node.create_timer(wait_s / 2, self._on_timer)

    def add(self, camera: str, request: Request, answer: Answer) -> None:
        """Take an answer, called in the worker's thread; that to a region is the camera's own."""
        if request.region is not None:
            return
        with self._lock:
            known = self._request
            if known is None or request.instruction is not known.instruction:
                if known is not None and request.heard_at < known.heard_at:
                    return
                self._request, self._answers = request, {}
            self._answers[camera] = answer
            self._since = self._since or time.monotonic()
            if len(self._answers) == len(self._cameras):
                self._publish()

    def close(self) -> None:
        """Destroy timer and publishers."""
        self._node.destroy_timer(self._timer)
        for publisher in self._publishers.values():
            self._node.destroy_publisher(publisher)

    def _on_timer(self) -> None:
        with self._lock:
            if self._since is not None and time.monotonic() - self._since >= self._wait_s:
                self._publish()

    def _publish(self) -> None:
        assert self._request is not None
        self._since = None
        instruction = self._request.instruction
        answers = {name: self._answers[name] for name in self._cameras if name in self._answers}
        silent = tuple(name for name in self._cameras if name not in answers)
        merged = merge(instruction, answers, silent)
        publish = self._publishers
        publish["detections_3d"].publish(_detections(merged))
        if merged.count is not None:
            publish["count"].publish(UInt32(data=merged.count))
        best = merged.best
        if best is not None and merged.chosen[0].row in best.chosen[:1] and not merged.question:
            lifted = _header(best.stamp_ns, best.objects.frame_id)
            for name, message in grasp_messages(best, lifted, geometry_msgs.msg, std_msgs.msg):
                publish[name].publish(message)
        text = merged_json(merged, to_dict(instruction), self._request.seq)
        publish["answer"].publish(String(data=text))


def _detections(merged: MergedAnswer) -> Any:
    """Return the chosen objects in metres, numbered from 1; those without 3D are left out."""
    frame_id = "" if merged.best is None else merged.best.objects.frame_id
    header = _header(newest_stamp_ns(merged), frame_id)
    message = vision_msgs.msg.Detection3DArray(header=header)
    for number, view in enumerate(merged.chosen, start=1):
        answer = merged.answers[view.camera]
        if not answer.objects.reasons[view.row]:
            seen = _header(answer.stamp_ns, answer.objects.frame_id)
            one = detection_3d(answer, view.row, seen, vision_msgs.msg, str(number))
            message.detections.append(one)
    return message


def _header(stamp_ns: int, frame_id: str) -> Header:
    header = Header(frame_id=frame_id)
    header.stamp.sec, header.stamp.nanosec = divmod(stamp_ns, 1_000_000_000)
    return header
