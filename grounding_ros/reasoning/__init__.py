"""Programs to answers."""

from grounding_ros.reasoning.parameters import ReasoningParameters
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.resolve import missing, resolve

__all__ = ["ReasoningParameters", "Resolution", "missing", "resolve"]
