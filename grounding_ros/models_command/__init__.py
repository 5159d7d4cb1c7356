"""What `grounding-ros models` does."""

from grounding_ros.models_command.actions import run

__all__ = ["run"]
