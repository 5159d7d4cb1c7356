"""Bags played to a running node over DDS, and what the node really publishes measured."""

from grounding_ros.errors import InputError

try:
    from grounding_ros.live.run import run_live
except ModuleNotFoundError as error:
    raise InputError(
        f"--live: expected ROS 2 in this Python, got {error}; source your ROS, or run `make setup`"
    ) from error

__all__ = ["run_live"]
