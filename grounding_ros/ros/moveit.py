"""MoveIt's planning scene, where the user's ROS has moveit_msgs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from grounding_ros.adapters.planning_scene import obstacle_names, planning_scene
from grounding_ros.scene import Answer

_PACKAGES = ("moveit_msgs", "shape_msgs", "geometry_msgs")


class Obstacles:
    """Tells MoveIt of the objects of each answer, and when they are gone."""

    def __init__(self, publisher: Any, messages: tuple[Any, ...]) -> None:
        """Publish moveit_msgs/PlanningScene made of the modules of `moveit_modules`."""
        self._publisher, self._messages = publisher, messages
        self._told: set[str] = set()

    def publish(self, answer: Answer, header: Any) -> None:
        """Tell of an answer, if somebody listens."""
        if self._publisher.get_subscription_count() == 0:
            return
        names = set(obstacle_names(answer))
        scene = planning_scene(answer, header, self._told - names, *self._messages)
        self._publisher.publish(scene)
        self._told = names


def moveit_modules(load: Callable[[str], Any] = import_module) -> tuple[Any, ...] | None:
    """Return the modules of messages that MoveIt needs; None where they are not installed."""
    try:
        return tuple(load(f"{package}.msg") for package in _PACKAGES)
    except ImportError:
        return None
