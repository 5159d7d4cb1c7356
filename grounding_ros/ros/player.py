"""Plays a bag over DDS to a running node, as `ros2 bag play` would, with fresh stamps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

from rclpy.event_handler import PublisherEventCallbacks
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.serialization import deserialize_message

from grounding_ros.adapters.frame import stamp_ns


class Recorded(NamedTuple):
    """A message of a bag."""

    topic: str
    type: str
    cdr: bytes
    log_time_ns: int


_FRAME_NS = 20_000_000
"""Stamps this near to each other may be of one frame, and move alike."""
_SETTLE_S = 0.5
"""A writer knows its reader a moment before the reader knows it; what is sent then can be lost."""


class BagPlayer:
    """Publishes recorded messages in the bag's rhythm on the bag's topics."""

    def __init__(self, node: Node, topics: Iterable[tuple[str, str]], *, rate: float = 1.0) -> None:
        """Open a publisher for each (topic, type); `rate` 2.0 plays twice as fast."""
        self._node = node
        self._rate = rate
        self.late_s = 0.0
        """How much later than it was due the newest message went out, seconds."""
        self._types = {topic: _message_type(kind) for topic, kind in topics}
        # The node's latched subscription to `instruction` never fits a volatile publisher, and need
        # not: no warning about it.
        silent = PublisherEventCallbacks(use_default_callbacks=False)
        self._publishers = {
            topic: node.create_publisher(kind, topic, _qos(topic), event_callbacks=silent)
            for topic, kind in self._types.items()
        }

    def wait_for_listeners(self, topics: Iterable[str], timeout_s: float) -> list[str]:
        """Wait until somebody hears each topic; return those that nobody hears."""
        deadline = time.monotonic() + timeout_s
        deaf = list(topics)
        while deaf and time.monotonic() < deadline:
            deaf = [name for name in deaf if not self._publishers[name].get_subscription_count()]
            time.sleep(0.02)
        time.sleep(_SETTLE_S)
        return deaf

    def play(
        self,
        messages: Iterable[Recorded],
        *,
        before: Callable[[str, Any], None] = lambda topic, message: None,
        after: Callable[[str, Any], None] = lambda topic, message: None,
    ) -> None:
        """Publish all messages; stamps move by one shift so that the first is now.

        Parameters
        ----------
        messages
            In the order of their log time.
        before, after
            Called around each publish with the topic and the message; time that `after` takes
            pauses the bag.
        """
        clock: _BagClock | None = None
        for topic, _, cdr, log_time_ns in messages:
            if clock is None:
                clock = _BagClock(log_time_ns, self._node.get_clock().now().nanoseconds, self._rate)
            self.late_s = clock.sleep_until(log_time_ns)
            message = deserialize_message(cdr, self._types[topic])
            _restamp(message, clock)
            before(topic, message)
            self._publishers[topic].publish(message)
            began = time.monotonic()
            after(topic, message)
            clock.pause(time.monotonic() - began)

    def show(self, messages: Iterable[Recorded], stamp_ns: int) -> int:
        """Publish messages at once, `stamp_ns` of the bag becoming now; return the new stamp."""
        clock = _BagClock(stamp_ns, self._node.get_clock().now().nanoseconds, 1.0)
        for topic, _, cdr, _ in messages:
            message = deserialize_message(cdr, self._types[topic])
            _restamp(message, clock)
            self._publishers[topic].publish(message)
        return clock.of(stamp_ns)

    def say(self, topic: str, text: str) -> None:
        """Publish a std_msgs/String."""
        self._publishers[topic].publish(self._types[topic](data=text))


class _BagClock:
    """Maps the bag's time to now, so that ages, tf and time-outs are those of a live camera."""

    def __init__(self, first_ns: int, now_ns: int, rate: float) -> None:
        self._first_ns = first_ns
        self._rate = rate
        self._started = time.monotonic()
        self._frame_ns = first_ns
        self._frame_starts_ns = self._next_starts_ns = now_ns

    def of(self, bag_ns: int) -> int:
        """The stamp of now that stands for a stamp of the bag.

        A pause never parts an image from its depth: it moves what is newer than their frame.
        """
        if bag_ns > self._frame_ns + _FRAME_NS:
            self._frame_ns, self._frame_starts_ns = bag_ns, self._next_starts_ns
        return self._frame_starts_ns + round((bag_ns - self._first_ns) / self._rate)

    def sleep_until(self, bag_ns: int) -> float:
        """Wait for a moment of the bag; return how long ago it was, seconds."""
        due = self._started + (bag_ns - self._first_ns) / 1e9 / self._rate
        time.sleep(max(0.0, due - time.monotonic()))
        return time.monotonic() - due

    def pause(self, seconds: float) -> None:
        """Let everything after this happen so much later."""
        self._started += seconds
        self._next_starts_ns += round(seconds * 1e9)


def _restamp(message: Any, clock: _BagClock) -> None:
    headers = [message.header] if hasattr(message, "header") else []
    headers += [transform.header for transform in getattr(message, "transforms", [])]
    for header in headers:
        moved_ns = clock.of(stamp_ns(header))
        header.stamp.sec, header.stamp.nanosec = divmod(moved_ns, 1_000_000_000)


def _message_type(name: str) -> Any:
    package, _, message = name.partition("/")
    return getattr(import_module(f"{package}.msg"), message.rpartition("/")[2])


def _qos(topic: str) -> QoSProfile:
    latched = topic.endswith("tf_static")
    durability = DurabilityPolicy.TRANSIENT_LOCAL if latched else DurabilityPolicy.VOLATILE
    return QoSProfile(depth=10, durability=durability)
