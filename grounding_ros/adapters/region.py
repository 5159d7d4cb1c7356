"""A geometry_msgs/PolygonStamped as what somebody points at."""

from __future__ import annotations

from itertools import islice
from typing import Any

from grounding_ros.scene import Region
from grounding_ros.scene.region import MOST_POINTS


def to_region(message: Any) -> Region:
    """Return the points of a polygon whose x and y are pixels; z does not count.

    Raises
    ------
    InputError
        When it has no points or too many, or one is not finite.
    """
    points = list(islice(message.polygon.points, MOST_POINTS + 1))
    return Region(tuple((point.x, point.y) for point in points), message.header.frame_id)
