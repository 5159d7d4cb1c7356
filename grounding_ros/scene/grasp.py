"""Where a gripper takes hold of an object."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.scene.arrays import rigid

KINDS = ("top", "side", "suction")


@dataclass(frozen=True, eq=False)
class Grasp:
    """A pose of the tool at the moment of closing, in the frame of the answer's objects.

    The tool's origin is midway between the ends of the two fingertips; for suction it is the point
    of contact. Its z is along the approach, towards the object; its y along the closing direction
    of the fingers; x completes the right-handed frame (MoveIt's and the Panda hand's convention).
    """

    kind: str
    """"top" (from above), "side" (hand level) or "suction"."""
    pose: NDArray[np.float64]
    """(4, 4) rigid transform, metres: points of the tool to the frame of the objects."""
    opening_m: float
    """How far to open between the fingers before approaching, metres; 0 for suction."""
    score: float
    """0 to 1, for comparing grasps of one object; not a probability."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise GeometryError(
                f"grasp kind: expected one of {', '.join(KINDS)}, got {self.kind!r}"
            )
        object.__setattr__(self, "pose", rigid("grasp pose", self.pose))
        if not (math.isfinite(self.opening_m) and self.opening_m >= 0):
            raise GeometryError(f"opening_m: expected metres, at least 0, got {self.opening_m}")
        if not 0 <= self.score <= 1:
            raise GeometryError(f"grasp score: expected 0 to 1, got {self.score}")
