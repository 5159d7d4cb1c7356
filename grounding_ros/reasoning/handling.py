"""What of an answer the robot's hand has to do."""

from __future__ import annotations

from grounding_ros.language import Instruction
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.scene import Status

_HANDLED = frozenset({"find", "pick", "place"})
_SURE = frozenset({Status.GROUNDED, Status.PARTLY_GROUNDED})


def is_to_be_taken(instruction: Instruction, resolution: Resolution) -> bool:
    """Tell whether it is known which one object the hand is to take."""
    known = resolution.status in _SURE and len(resolution.chosen) == 1
    return known and instruction.task in _HANDLED


def goes_into(instruction: Instruction) -> bool:
    """Tell whether it is to be put into something, over a rim."""
    goal = instruction.destination
    return goal is not None and goal.predicate in ("in", "contains")
