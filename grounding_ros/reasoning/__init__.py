"""Programs to answers."""

from grounding_ros.reasoning.memory import Memory
from grounding_ros.reasoning.parameters import ReasoningParameters
from grounding_ros.reasoning.pointing import point_out
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.resolve import missing, resolve
from grounding_ros.reasoning.steady_count import SteadyCount

__all__ = [
    "Memory",
    "ReasoningParameters",
    "Resolution",
    "SteadyCount",
    "missing",
    "point_out",
    "resolve",
]
