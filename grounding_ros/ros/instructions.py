"""The instruction topic, heard from plain and from latched publishers alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.event_handler import SubscriptionEventCallbacks
from rclpy.node import Node
from std_msgs.msg import String

from grounding_ros.ros.qos import INSTRUCTION_LATCHED, INSTRUCTION_VOLATILE


def listen_to_instructions(node: Node, hear: Callable[[str], None]) -> list[Any]:
    """Subscribe to `instruction` twice and call `hear` once for each message.

    A volatile subscription never hears what was latched before it came; a transient-local one
    never hears a volatile publisher. A message that reaches both is told apart by its source
    timestamp and text.
    """
    last: list[tuple[Any, str]] = []

    def receive(message: String, info: Any) -> None:
        key = (info["source_timestamp"], message.data)
        if key in last:
            return
        last.append(key)
        del last[:-8]
        hear(message.data)

    # The latched one is incompatible with volatile publishers on purpose: no warning about it.
    silent = SubscriptionEventCallbacks(use_default_callbacks=False)
    return [
        node.create_subscription(String, "instruction", receive, qos, event_callbacks=silent)
        for qos in (INSTRUCTION_VOLATILE, INSTRUCTION_LATCHED)
    ]
