"""Which way is up, and the level frame that follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane
from grounding_ros.scene import CameraPose

_SLOPE = np.cos(np.radians(15))


@dataclass(frozen=True, eq=False)
class Level:
    """A frame at the camera's origin whose z is up."""

    level_from_camera: NDArray[np.float64]
    """(3, 3) rotation: its rows are the level axes in the optical frame."""
    source: str
    """"tf", "plane", or "" when up is unknown: then z is the image's own up."""
    floor: Plane | None
    """The support plane, in the optical frame; None without one."""

    @property
    def up(self) -> NDArray[np.float64]:
        """(3,) unit vector in the optical frame, NaN when unknown."""
        return self.level_from_camera[2] if self.source else np.full(3, np.nan)

    def leveled(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """(M, 3) points of the optical frame in the level frame, column by column in memory."""
        rotation = self.level_from_camera.astype(np.float32)
        return np.asarray((rotation @ points.T).T)

    def depth(self, point: NDArray[np.floating]) -> float:
        """Depth along the optical axis of a point of the level frame, metres."""
        return float(point @ self.level_from_camera[:, 2])

    def down_in_image(self, point: NDArray[np.floating]) -> tuple[float, float]:
        """Where down is in the image at a point of the level frame, a unit vector (u, v).

        Looking straight down, every direction leads over an object's edge: v is returned.
        """
        x, y, z = (point @ self.level_from_camera).tolist()
        ux, uy, uz = self.level_from_camera[2].tolist()
        u, v = x * uz / z - ux, y * uz / z - uy
        length = math.hypot(u, v)
        return (u / length, v / length) if length > 1e-6 else (0.0, 1.0)

    def floor_height(self, x: float, y: float) -> float | None:
        """Height of the support plane at a place (x, y) of the level frame, metres."""
        if self.floor is None:
            return None
        nx, ny, nz = self.level_from_camera @ self.floor.normal
        return float((self.floor.offset - nx * x - ny * y) / nz)


def level(pose: CameraPose | None, plane: Plane | None) -> Level:
    """Return the level frame: by tf, else by the support plane, else the camera's own axes.

    With a pose its axes are those of the target frame. By the plane, x is the image's right as far
    as it is horizontal. With neither, x is right, y is forward and z is the image's up: boxes are
    then along the camera's axes and `source` is "".

    Parameters
    ----------
    pose
        With a transform, or None.
    plane
        The support plane. One that is not level by tf (a wall, a ramp) is no floor.
    """
    if pose is not None and pose.base_from_camera is not None:
        rotation = pose.base_from_camera[:3, :3]
        is_floor = plane is not None and rotation[2] @ plane.normal > _SLOPE
        return Level(rotation, "tf", plane if is_floor else None)
    if plane is None:
        return Level(np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]), "", None)
    up = plane.normal
    # A camera on its side has its right pointing up or down: take its forward then.
    reference = np.eye(3)[0 if abs(up[0]) < 0.9 else 2]
    right = reference - (reference @ up) * up
    right /= np.linalg.norm(right)
    return Level(np.stack([right, np.cross(up, right), up]), "plane", plane)
