"""The executable `grounding_node`."""

from __future__ import annotations

import os
import signal
import sys

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor

from grounding_ros.errors import GroundingRosError
from grounding_ros.ros.node import GroundingNode
from grounding_ros.shared_files import share

_PROFILES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")  # old and new name


def main(args: list[str] | None = None) -> int:
    """Run the node until it is told to stop; 2 when an argument or a parameter is wrong."""
    use_profile()
    # rclpy ends the spinning. A KeyboardInterrupt could cut the end short: Ctrl-C of `ros2 launch`
    # comes twice, from the terminal and from launch.
    signal.signal(signal.SIGINT, lambda *_: None)
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
    except (ExternalShutdownException, RuntimeError):
        if rclpy.ok():
            raise  # else it was interrupted in the middle of something
    finally:
        node.on_shutdown(None)
        node.destroy_node()
        rclpy.try_shutdown()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a handler is undone when Python ends
    return 0


def use_profile() -> None:
    """Give Fast DDS room for the masks; without it what is sent just before them gets lost.

    A profile that the user has chosen is kept.
    """
    profile = share("config/fastdds.xml")
    if profile is not None and not any(name in os.environ for name in _PROFILES):
        os.environ[_PROFILES[0]] = str(profile)


if __name__ == "__main__":
    sys.exit(main())
