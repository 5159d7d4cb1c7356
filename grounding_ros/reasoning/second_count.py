"""A count set beside another estimate of how much there is."""

from __future__ import annotations

import math
from dataclasses import replace

from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.scene import Detections

_ALIKE = 1.5  # objects: an estimate is no whole number
_ALIKE_SHARE = 0.2


def with_second_count(counted: Resolution, detections: Detections) -> Resolution:
    """Say so where a grounder's estimate of all objects and those it told apart disagree.

    In a heap some objects are not told apart, and the count is then too low; the count itself is
    left as it is, since the estimate does not know what the objects are.
    """
    estimate, told_apart = detections.estimate, len(detections)
    if counted.count is None or math.isnan(estimate):
        return counted
    if abs(estimate - told_apart) <= max(_ALIKE, _ALIKE_SHARE * told_apart):
        return counted
    doubt = (
        f"the count is doubtful: I told {told_apart} objects apart, of whatever kind, but the "
        f"picture looks like about {round(estimate)}"
    )
    return replace(
        counted,
        message=f"{counted.message}; {doubt}",
        trace=(*counted.trace, f"estimate of all objects: {estimate:.1f}, {told_apart} told apart"),
    )
