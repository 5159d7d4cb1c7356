"""The camera's pose from tf at the image's stamp: tf2_ros where it is, else our own listener."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from grounding_ros.adapters.transform_buffer import TransformBuffer
from grounding_ros.errors import GeometryError
from grounding_ros.geometry.transforms import transform


class TransformSource(Protocol):
    """Where transforms come from."""

    def lookup(self, target: str, source: str, stamp_ns: int, timeout_s: float) -> Any:
        """(4, 4) target_from_source at the stamp; GeometryError when it is not there in time."""
        ...

    def clear(self) -> None:
        """Forget what was heard: the clock jumped."""
        ...


def open_transforms(node: Any) -> TransformSource:
    """Listen to tf with tf2_ros when it is installed, else with our own listener."""
    try:
        import tf2_ros  # noqa: F401
    except ImportError:
        return Listener(node)
    return Tf2Listener(node)


class Listener:
    """Subscribes to /tf and /tf_static and keeps a bounded history."""

    def __init__(self, node: Any) -> None:
        from rclpy.qos import DurabilityPolicy, QoSProfile
        from tf2_msgs.msg import TFMessage

        self._buffer = TransformBuffer()
        self._heard = threading.Condition()
        latched = QoSProfile(depth=100, durability=DurabilityPolicy.TRANSIENT_LOCAL)
        node.create_subscription(TFMessage, "/tf", lambda m: self._add(m, False), 100)
        node.create_subscription(TFMessage, "/tf_static", lambda m: self._add(m, True), latched)
        self._logger = node.get_logger()

    def _add(self, message: Any, static: bool) -> None:
        try:
            self._buffer.add_message(message, static)
        except GeometryError as error:
            self._logger.warning(f"tf: {error}", throttle_duration_sec=5.0)
        with self._heard:
            self._heard.notify_all()

    def lookup(self, target: str, source: str, stamp_ns: int, timeout_s: float) -> Any:
        """(4, 4) target_from_source; waits in the calling thread until it is there."""
        deadline = time.monotonic() + timeout_s
        with self._heard:
            while True:
                try:
                    return self._buffer.lookup(target, source, stamp_ns)
                except GeometryError:
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise
                    self._heard.wait(left)

    def clear(self) -> None:
        """Forget the moving transforms; static ones are latched and stay."""
        self._buffer.clear()


class Tf2Listener:
    """The same on tf2_ros, which shares its buffer's rules with the rest of the robot."""

    def __init__(self, node: Any) -> None:
        import tf2_ros

        self._tf2 = tf2_ros
        self._buffer = tf2_ros.Buffer(node=node)
        self._listener = tf2_ros.TransformListener(self._buffer, node, spin_thread=False)

    def lookup(self, target: str, source: str, stamp_ns: int, timeout_s: float) -> Any:
        """(4, 4) target_from_source; waits in the calling thread until it is there."""
        from rclpy.duration import Duration
        from rclpy.time import Time

        stamp, timeout = Time(nanoseconds=stamp_ns), Duration(seconds=timeout_s)
        try:
            found = self._buffer.lookup_transform(target, source, stamp, timeout).transform
        except self._tf2.TransformException as error:
            raise GeometryError(f"no transform from {source} to {target}: {error}") from error
        turn, shift = found.rotation, found.translation
        return transform((shift.x, shift.y, shift.z), (turn.x, turn.y, turn.z, turn.w))

    def clear(self) -> None:
        """Forget everything but static transforms."""
        self._buffer.clear()
