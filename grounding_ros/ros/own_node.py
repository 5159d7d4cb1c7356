"""The grounding node in this process, with threads of its own: over DDS like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import rclpy
from rclpy.context import Context
from rclpy.logging import LoggingSeverity
from rclpy.parameter import Parameter

from grounding_ros.errors import BackendError
from grounding_ros.pipeline import Pipeline, PipelineParameters, build_pipeline
from grounding_ros.ros.node import GroundingNode
from grounding_ros.ros.session import spin_in_thread


@contextmanager
def own_node(
    parameters: Mapping[str, Any],
    build: Callable[[PipelineParameters], Pipeline] = build_pipeline,
) -> Iterator[GroundingNode]:
    """Run an active node until the block ends.

    Parameters
    ----------
    parameters
        By their ROS names.
    build
        Makes its pipeline.

    Raises
    ------
    BackendError
        When it cannot be configured.
    """
    context = Context()
    rclpy.init(context=context)
    overrides = [Parameter(name, value=value) for name, value in parameters.items()]
    node = GroundingNode(build=build, context=context, parameter_overrides=overrides)
    node.get_logger().set_level(LoggingSeverity.WARN)
    node.trigger_configure()
    node.trigger_activate()
    thread = spin_in_thread(node)
    try:
        if node._state_machine.current_state[1] != "active":
            raise BackendError("the node: expected it to become active; its log says why not")
        yield node
    finally:
        rclpy.try_shutdown(context=context)
        thread.join(5.0)
        node.on_shutdown(None)  # nothing spins it any more
        node.destroy_node()
