"""Where a simulated camera stands and what lens it has."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.scene import Intrinsics

WIDTH, HEIGHT = 640, 480

_FOCAL_LENGTHS = (525.0, 570.3, 607.4, 615.0)
"""Pixels at VGA: Kinect and Xtion by factory value, RealSense D415 and D435 colour."""


@dataclass(frozen=True, eq=False)
class Camera:
    """A pinhole camera in the base frame."""

    intrinsics: Intrinsics
    """Its lens."""
    base_from_camera: NDArray[np.float64]
    """(4, 4) metres, points of the optical frame to the base."""


def sample_camera(rng: np.random.Generator) -> Camera:
    """Return a camera as people mount them: 0.7 to 1.1 m off, looking 32 to 55 degrees down.

    It looks from the base's -x side, give or take 40 degrees, at a point near the origin.
    """
    focal = float(rng.choice(_FOCAL_LENGTHS))
    # Farther with a longer lens, so that the objects' part of the table stays in the picture.
    distance = float(rng.uniform(0.75, 0.97)) * focal / 525.0
    down = math.radians(rng.uniform(32, 55))
    around = math.radians(180 + rng.uniform(-40, 40))
    target = np.array([rng.uniform(-0.03, 0.03), rng.uniform(-0.03, 0.03), 0.02])
    position = target + distance * np.array(
        [
            math.cos(down) * math.cos(around),
            math.cos(down) * math.sin(around),
            math.sin(down),
        ]
    )
    roll = math.radians(rng.uniform(-2, 2))
    intrinsics = Intrinsics(
        width=WIDTH,
        height=HEIGHT,
        fx=focal,
        fy=focal,
        cx=round((WIDTH - 1) / 2 + float(rng.uniform(-8, 8)), 2),
        cy=round((HEIGHT - 1) / 2 + float(rng.uniform(-8, 8)), 2),
    )
    return Camera(intrinsics, looking_at(position, target, roll))


def looking_at(
    position: NDArray[np.float64], target: NDArray[np.float64], roll: float = 0.0
) -> NDArray[np.float64]:
    """Return the (4, 4) pose of an optical frame at `position` that looks at `target`.

    Parameters
    ----------
    position, target
        (3,) metres, in a frame whose z is up; not one above the other.
    roll
        Radians about the optical axis; 0 keeps the horizon level.
    """
    forward = (target - position) / np.linalg.norm(target - position)
    right = np.cross(forward, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    cosine, sine = math.cos(roll), math.sin(roll)
    pose = np.eye(4)
    pose[:3, :3] = np.column_stack(
        [cosine * right + sine * down, cosine * down - sine * right, forward]
    )
    pose[:3, 3] = position
    return pose
