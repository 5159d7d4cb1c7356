"""Programs to answers."""

from grounding_ros.reasoning.handling import goes_into, is_to_be_taken
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
    "goes_into",
    "is_to_be_taken",
    "missing",
    "point_out",
    "resolve",
]
