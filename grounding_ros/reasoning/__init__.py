"""Programs to answers."""

from grounding_ros.reasoning.handling import goes_into, is_to_be_taken
from grounding_ros.reasoning.parameters import ReasoningParameters
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.resolve import missing, resolve

__all__ = [
    "ReasoningParameters",
    "Resolution",
    "goes_into",
    "is_to_be_taken",
    "missing",
    "resolve",
]
