"""A node of this process that hears its topics in a thread of its own."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import rclpy
from rclpy.context import Context
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node


@contextlib.contextmanager
def spinning(name: str) -> Iterator[Node]:
    """Give a node, in a context of its own, whose callbacks run until the block ends."""
    context = Context()
    rclpy.init(context=context)
    node = rclpy.create_node(name, context=context)
    thread = spin_in_thread(node)
    try:
        yield node
    finally:
        rclpy.try_shutdown(context=context)
        thread.join(5.0)
        node.destroy_node()  # else others count its subscriptions for as long as it is remembered


def spin_in_thread(node: Node) -> threading.Thread:
    """Run a node's callbacks in a new thread, until its context is shut down."""
    executor = SingleThreadedExecutor(context=node.context)
    executor.add_node(node)

    def spin() -> None:
        try:
            executor.spin()
        except (ExternalShutdownException, RuntimeError):
            if node.context.ok():
                raise  # else it was shut down in the middle of something

    thread = threading.Thread(target=spin, name=f"spin {node.get_name()}", daemon=True)
    thread.start()
    return thread
