"""A planner's side of the node: say something, hear which object it is and where to grasp it.

It is an example to begin with: it needs this package for nothing but the names of its topics.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from geometry_msgs.msg import PoseStamped
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import Float32, String

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
_TOGETHER_S = 1.0  # DDS keeps no order between topics: poses may come after their answer


@dataclass(frozen=True)
class Reply:
    """What the node says to one instruction."""

    answer: dict[str, Any]
    """The JSON of `~/answer`, see docs/answer.md; read its `status` first."""
    target_pose: PoseStamped | None = None
    """Of the tool when it closes; None: there is no grasp, `no_grasp` of the answer says why."""
    place_pose: PoseStamped | None = None
    """Of the tool when it opens again; None: there is no place."""
    opening_m: float | None = None
    """How far to open before approaching, metres."""


class Planner:
    """Asks a grounding node. Somebody else must spin `node`, in another thread."""

    def __init__(self, node: Node, grounding: str = "/grounding") -> None:
        """Talk to the node whose full name is `grounding`."""
        self._changed = threading.Condition()
        self._heard: dict[str, Any] = {}
        self._asked_seq = 0
        self._instruction = node.create_publisher(String, "instruction", LATCHED)
        for name, kind in (
            ("answer", String),
            ("target_pose", PoseStamped),
            ("place_pose", PoseStamped),
            ("gripper_opening", Float32),
        ):
            node.create_subscription(
                kind, f"{grounding}/{name}", lambda m, name=name: self._on(name, m), LATCHED
            )

    def ask(self, text: str, seen_after_ns: int = 0, timeout_s: float = 30.0) -> Reply | None:
        """Say an instruction and wait for what the node answers to it; None: nothing in time.

        Parameters
        ----------
        text
            The instruction.
        seen_after_ns
            An answer about an image older than this is not taken: the scene was another one.
        timeout_s
            How long to wait, seconds.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            self._heard.clear()
            self._instruction.publish(String(data=text))
            while (answer := self._answer_to(text)) is None or _stamp_ns(answer) < seen_after_ns:
                if answer is not None:  # about an image that had come before: once more
                    self._asked_seq = answer["instruction_seq"]
                    self._instruction.publish(String(data=text))
                if not self._changed.wait(deadline - time.monotonic()):
                    return None
            self._asked_seq = answer["instruction_seq"]
            together = time.monotonic() + _TOGETHER_S
            while not self._is_whole(answer):
                if not self._changed.wait(together - time.monotonic()):
                    break
            return self._reply(answer)

    def _on(self, name: str, message: Any) -> None:
        with self._changed:
            self._heard[name] = message
            self._changed.notify_all()

    def _answer_to(self, text: str) -> dict[str, Any] | None:
        """Return the newest answer if it is to the instruction that was said last."""
        message = self._heard.get("answer")
        answer = {} if message is None else json.loads(message.data)
        mine = answer.get("text") == text and answer["instruction_seq"] > self._asked_seq
        return answer if mine else None

    def _is_whole(self, answer: dict[str, Any]) -> bool:
        """Tell whether everything has come that was published with an answer."""
        reply = self._reply(answer)
        grasped = answer["grasp"] is None or None not in (reply.target_pose, reply.opening_m)
        return grasped and (answer["place_pose"] is None or reply.place_pose is not None)

    def _reply(self, answer: dict[str, Any]) -> Reply:
        opening = self._heard.get("gripper_opening")
        return Reply(
            answer,
            self._pose("target_pose", answer),
            self._pose("place_pose", answer),
            None if opening is None else float(opening.data),
        )

    def _pose(self, name: str, answer: dict[str, Any]) -> PoseStamped | None:
        """Return the pose that has the answer's stamp."""
        message, stamp = self._heard.get(name), answer["stamp"]
        if message is None:
            return None
        heard = message.header.stamp
        return message if (heard.sec, heard.nanosec) == (stamp["sec"], stamp["nanosec"]) else None


def _stamp_ns(answer: dict[str, Any]) -> int:
    return int(answer["stamp"]["sec"]) * 1_000_000_000 + int(answer["stamp"]["nanosec"])
