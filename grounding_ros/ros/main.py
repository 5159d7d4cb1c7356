"""The executable `grounding_node`."""

from __future__ import annotations

import signal
import sys

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor

from grounding_ros.errors import GroundingRosError
from grounding_ros.ros.node import GroundingNode


def main(args: list[str] | None = None) -> int:
    """Run the node until it is told to stop; 2 when an argument or a parameter is wrong."""
    try:
        rclpy.init(args=args)
    except RuntimeError as error:  # the base of rclpy's errors about --ros-args
        print(f"grounding: cannot read the arguments: {error}", file=sys.stderr)
        return 2
    try:
        node = GroundingNode()
    except GroundingRosError as error:
        print(f"grounding: {error}", file=sys.stderr)
        rclpy.try_shutdown()
        return 2
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        if node.parameters.autostart:
            node.trigger_configure()
            node.trigger_activate()
        executor.spin()
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        # Ctrl-C of `ros2 launch` comes twice, from the terminal and from launch: once is enough.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        node.on_shutdown(None)
        node.destroy_node()
        rclpy.try_shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
