"""Hears a running node's results: a planner's side of the interface."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from rclpy.node import Node
from sensor_msgs.msg import Image
from std_msgs.msg import String
from vision_msgs.msg import Detection2DArray, Detection3DArray, LabelInfo

from grounding_ros.adapters.frame import stamp_ns
from grounding_ros.ros.qos import HEARD, HEARD_LATCHED

_KEPT = 64
_PICTURES = ("debug_image",)


@dataclass(frozen=True)
class Heard:
    """One answer and what was published with it; parts that did not come are None."""

    answer: dict[str, Any]
    """The JSON of `~/answer`."""
    at: float
    """`time.monotonic()` seconds when it came."""
    clock_ns: int
    """The same moment by the listening node's clock, that of the stamps, nanoseconds."""
    detections: Any | None
    detections_3d: Any | None
    masks: Any | None
    label_info: Any | None
    debug_image: Any | None


@dataclass(frozen=True)
class _Answer:
    document: dict[str, Any]
    at: float
    clock_ns: int

    @property
    def stamp_ns(self) -> int:
        stamp = self.document["stamp"]
        return int(stamp["sec"]) * 1_000_000_000 + int(stamp["nanosec"])


class ResultListener:
    """Subscribes to the outputs of one grounding node and joins them by stamp and ids."""

    _TOPICS = (
        ("detections", Detection2DArray),
        ("detections_3d", Detection3DArray),
        ("masks", Image),
        ("label_info", LabelInfo),
        ("debug_image", Image),
    )

    def __init__(self, node: Node, grounding: str = "/grounding", *, pictures: bool = True) -> None:
        """Listen to the node whose full name is `grounding`.

        Without `pictures` it is not asked for those that it only draws when somebody looks.
        """
        self._clock = node.get_clock()
        self._names = [name for name, _ in self._TOPICS if pictures or name not in _PICTURES]
        self._parts: dict[tuple[str, int], deque[tuple[list[str], Any]]] = {}
        self._answers: deque[_Answer] = deque(maxlen=_KEPT)
        self._unread: deque[_Answer] = deque(maxlen=_KEPT)
        self._changed = threading.Condition()
        for name, kind in self._TOPICS:
            if name in self._names:
                node.create_subscription(
                    kind, f"{grounding}/{name}", lambda m, name=name: self._on_part(name, m), HEARD
                )
        node.create_subscription(String, f"{grounding}/answer", self._on_answer, HEARD_LATCHED)

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
            return self._joined(found, settle_s)

    def next(self, timeout_s: float, settle_s: float = 0.5) -> Heard | None:
        """Return the oldest answer that this has not returned yet; None: none came in time.

        Of those that nobody takes only the newest 64 are kept.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not self._unread:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)
            return self._joined(self._unread.popleft(), settle_s)

    def _find(self, text: str, after: float) -> _Answer | None:
        for answer in self._answers:
            if answer.at >= after and answer.document["text"] == text:
                return answer
        return None

    def _joined(self, answer: _Answer, settle_s: float) -> Heard:
        settled = time.monotonic() + settle_s
        while True:
            parts = {name: self._part(name, answer) for name, _ in self._TOPICS}
            whole = all(parts[name] is not None for name in self._names)
            left = settled - time.monotonic()
            if whole or left <= 0:
                return Heard(answer.document, answer.at, answer.clock_ns, **parts)
            self._changed.wait(left)

    def _part(self, name: str, answer: _Answer) -> Any | None:
        """Several answers can be about one image: the ids tell whose a part is."""
        chosen = answer.document["chosen"]
        wanted = [one["id"] for one in chosen]
        if name == "detections_3d":
            wanted = [one["id"] for one in chosen if not one["reason"]]
        parts = self._parts.get((name, answer.stamp_ns), ())
        if name == "masks":  # an object may be hidden behind the others
            fitting = [(len(ids), m) for ids, m in parts if set(ids) <= set(wanted)]
            return max(fitting, key=lambda part: part[0], default=(0, None))[1]
        return next(
            (m for ids, m in reversed(parts) if name in _PICTURES or ids == wanted),
            None,
        )

    def _on_part(self, name: str, message: Any) -> None:
        ids = _ids(name, message)
        with self._changed:
            key = (name, stamp_ns(message.header))
            self._parts.setdefault(key, deque(maxlen=_KEPT)).append((ids, message))
            while sum(map(len, self._parts.values())) > _KEPT * len(self._TOPICS):
                del self._parts[next(iter(self._parts))]
            self._changed.notify_all()

    def _on_answer(self, message: Any) -> None:
        clock_ns, at = self._clock.now().nanoseconds, time.monotonic()
        answer = _Answer(json.loads(message.data), at, clock_ns)
        with self._changed:
            self._answers.append(answer)
            self._unread.append(answer)
            self._changed.notify_all()


def _ids(name: str, message: Any) -> list[str]:
    """Return the ids of the objects that a part is about, in its order."""
    if name == "masks":
        ids = np.bincount(np.frombuffer(message.data, np.uint16))
        return [str(id) for id in np.flatnonzero(ids) if id]
    if name == "label_info":
        return [str(one.class_id) for one in message.class_map]
    return [one.id for one in getattr(message, "detections", ())]
