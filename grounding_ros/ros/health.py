"""Hears how a running node is: the other side of diagnostics.py."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node

from grounding_ros.adapters.frame import stamp_ns

TELLING_S = 3.0
"""Within this a running node publishes its diagnostics, unless its period is longer."""


class HealthListener:
    """Keeps the newest diagnostics of one grounding node."""

    def __init__(self, node: Node, name: str) -> None:
        """`name` is the node's own, without a namespace."""
        self._name = name
        self._stamp_ns = -1
        self._values: dict[str, str] = {}
        self._changed = threading.Condition()
        node.create_subscription(DiagnosticArray, "/diagnostics", self._on_array, 10)

    def wait(self, after_ns: int, timeout_s: float) -> Mapping[str, str] | None:
        """Return the first values that were published after a moment; None: none came in time.

        `message` is the pipeline's message, its error where it has one.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while self._stamp_ns < after_ns:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)
            return self._values

    def _on_array(self, array: DiagnosticArray) -> None:
        mine = [one for one in array.status if one.name.startswith(f"{self._name}: ")]
        if not mine:
            return
        values = {pair.key: pair.value for status in mine for pair in status.values}
        with self._changed:
            self._values = {**values, "message": mine[-1].message}
            self._stamp_ns = stamp_ns(array.header)
            self._changed.notify_all()
