"""Where the objects are for somebody who looks at them: the numbers that relations are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.scene import CameraPose, Detections, Objects3D

Array = NDArray[np.float64]

_STEEP = 0.2  # looking this straight down, "away" is what is higher in the image


@dataclass(frozen=True, eq=False)
class Layout:
    """N objects in the image, and in the viewer's level frame: x right, y away, z up (up).

    A row without 3D is NaN. Where no up is known, z is the image's own up.
    """

    boxes: Array
    """(N, 4) xyxy pixels."""
    image_size: tuple[int, int]
    """(height, width) pixels."""
    centers: Array
    """(N, 3) metres from the viewer."""
    sizes: Array
    """(N, 3) metres along the box's own axes."""
    axes: Array
    """(N, 2, 2): columns are the level directions of the box's first two axes."""
    floor: float | None
    """Height of the support plane below the middle of the objects, metres; None: unknown."""
    robot: bool = False
    """Whether the robot looks, not the camera: then left and right are in metres too."""

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def measured(self) -> NDArray[np.bool_]:
        """(N,) whether the object is known in metres."""
        return np.asarray(np.isfinite(self.centers).all(axis=1))

    @property
    def middles(self) -> Array:
        """(N, 2) u and v of the boxes' centres, pixels."""
        return (self.boxes[:, :2] + self.boxes[:, 2:]) / 2

    @property
    def bottoms(self) -> Array:
        """(N,) height of the foot, metres."""
        return self.centers[:, 2] - self.sizes[:, 2] / 2

    @property
    def tops(self) -> Array:
        """(N,) height of the top, metres."""
        return self.centers[:, 2] + self.sizes[:, 2] / 2


def layout(
    detections: Detections,
    objects: Objects3D,
    pose: CameraPose | None = None,
    *,
    robot: bool = False,
) -> Layout:
    """Place the objects around the camera, or around the robot.

    Parameters
    ----------
    detections, objects
        The same N objects.
    pose
        The camera in the frame of `objects`; None: that frame is the camera's optical one.
    robot
        Look as the robot does: from the origin of the frame of `objects` along its x (REP-103).
    """
    up, away, origin = _view(objects, pose, robot=robot)
    right = np.cross(away, up)
    view_from_frame = np.stack([right, away, up])
    height, width = detections.image_size
    normal, offset = objects.floor[:3], objects.floor[3]
    return Layout(
        boxes=detections.boxes.astype(np.float64),
        image_size=(height, width),
        centers=(objects.centers - origin) @ view_from_frame.T,
        sizes=objects.sizes,
        axes=(view_from_frame @ objects.rotations)[:, :2, :2],
        floor=_floor(objects, normal, float(offset), up, origin),
        robot=robot,
    )


def frame_from_view(
    objects: Objects3D, pose: CameraPose | None, *, robot: bool = False
) -> tuple[Array, Array]:
    """Return the rotation (3, 3) and the origin (3,) that take a viewer's point to the frame."""
    up, away, origin = _view(objects, pose, robot=robot)
    return np.stack([np.cross(away, up), away, up], axis=1), origin


def _view(
    objects: Objects3D, pose: CameraPose | None, *, robot: bool
) -> tuple[Array, Array, Array]:
    """Up, away and the viewer's place in the frame of the objects."""
    frame_from_camera = np.eye(4)
    if pose is not None and pose.base_from_camera is not None:
        frame_from_camera = pose.base_from_camera
    forward, image_up = frame_from_camera[:3, 2], -frame_from_camera[:3, 1]
    up = objects.up if np.isfinite(objects.up).all() else image_up
    if robot:
        return up, _leveled(np.array([1.0, 0, 0]), up), np.zeros(3)
    away = forward if np.linalg.norm(forward - (forward @ up) * up) > _STEEP else image_up
    return up, _leveled(away, up), frame_from_camera[:3, 3]


def _leveled(direction: Array, up: Array) -> Array:
    level = direction - (direction @ up) * up
    return np.asarray(level / np.linalg.norm(level))


def _floor(
    objects: Objects3D, normal: Array, offset: float, up: Array, origin: Array
) -> float | None:
    """Height over the viewer of the support plane where the objects are."""
    if not np.isfinite(objects.floor).all():
        return None
    present = objects.present
    middle = objects.centers[present].mean(axis=0) if present.any() else origin
    along = (offset - normal @ middle) / (normal @ up)
    return float((middle + along * up - origin) @ up)
