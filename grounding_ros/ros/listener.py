"""Hears a running node's results: a planner's side of the interface."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import Image
from std_msgs.msg import String
from vision_msgs.msg import Detection2DArray, Detection3DArray, LabelInfo

from grounding_ros.adapters.frame import stamp_ns
from grounding_ros.ros.qos import LATCHED, OUTPUT

_KEPT = 64


@dataclass(frozen=True)
class Heard:
    """One answer and what was published with it; parts that did not come are None."""

    answer: dict[str, Any]
    """The JSON of `~/answer`."""
    at: float
    """`time.monotonic()` seconds when it came."""
    detections: Any | None
    detections_3d: Any | None
    masks: Any | None
    label_info: Any | None
    debug_image: Any | None


class ResultListener:
    """Subscribes to the outputs of one grounding node and joins them by stamp."""

    _TOPICS = (
        ("detections", Detection2DArray),
        ("detections_3d", Detection3DArray),
        ("masks", Image),
        ("label_info", LabelInfo),
        ("debug_image", Image),
    )

    def __init__(self, node: Node, grounding: str = "/grounding") -> None:
        """`grounding` is the full name of the node that is listened to."""
        self._parts: dict[tuple[str, int], Any] = {}
        self._answers: list[tuple[dict[str, Any], float]] = []
        self._changed = threading.Condition()
        for name, kind in self._TOPICS:
            node.create_subscription(
                kind, f"{grounding}/{name}", lambda m, name=name: self._on_part(name, m), OUTPUT
            )
        node.create_subscription(String, f"{grounding}/answer", self._on_answer, LATCHED)

    def wait_for(
        self, text: str, *, after: float, timeout_s: float, settle_s: float = 0.5
    ) -> Heard | None:
        """Wait for the answer to `text` that came after a moment of `time.monotonic()`.

        Parts still on their way are waited for at most `settle_s`; the JSON is published last.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while (found := self._find(text, after)) is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)
            answer, at = found
            stamp = answer["stamp"]["sec"] * 1_000_000_000 + answer["stamp"]["nanosec"]
            settled = time.monotonic() + settle_s
            while not self._whole(stamp) and (left := settled - time.monotonic()) > 0:
                self._changed.wait(left)
            parts = {name: self._parts.get((name, stamp)) for name, _ in self._TOPICS}
            return Heard(answer, at, **parts)

    def _find(self, text: str, after: float) -> tuple[dict[str, Any], float] | None:
        for answer, at in self._answers:
            if at >= after and answer["text"] == text:
                return answer, at
        return None

    def _whole(self, stamp: int) -> bool:
        return all((name, stamp) in self._parts for name, _ in self._TOPICS)

    def _on_part(self, name: str, message: Any) -> None:
        with self._changed:
            self._parts[name, stamp_ns(message.header)] = message
            while len(self._parts) > _KEPT * len(self._TOPICS):
                del self._parts[next(iter(self._parts))]
            self._changed.notify_all()

    def _on_answer(self, message: Any) -> None:
        with self._changed:
            self._answers.append((json.loads(message.data), time.monotonic()))
            del self._answers[:-_KEPT]
            self._changed.notify_all()
