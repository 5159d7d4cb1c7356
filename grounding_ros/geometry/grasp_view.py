"""One object and what stands around it, in the object's own frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.grasp_obstacles import obstacles_around
from grounding_ros.geometry.normals import normals_of
from grounding_ros.geometry.plane import Plane
from grounding_ros.geometry.projection import project, rays
from grounding_ros.geometry.statistics import median
from grounding_ros.geometry.surface import main_layer
from grounding_ros.geometry.transforms import inverse, transform_points
from grounding_ros.scene import Answer, Frame, Objects3D

_OWN = 1000
"""Pixels of the object that are looked at."""
_MARGIN = 3
_SHORT_M = 0.004
"""Metres by which the depth measured at a place may fall short of it, and it is still seen."""

Array = NDArray[np.float64]
Points = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class GraspView:
    """An object to be grasped, its neighbours, and what of the space around it was seen.

    The frame: its origin is the middle of the object's foot, x is along the longer level side of
    its box, y along the shorter, z up.
    """

    frame_from_object: Array
    """(4, 4) to the frame of the answer's objects."""
    size: Array
    """(3,) metres, of the box."""
    points: Points
    """(M, 3) metres, on the object's visible surface."""
    normals: Points
    """(M, 3) unit vectors out of the surface; NaN where not known."""
    obstacles: Points
    """(K, 3) metres, on everything else that rises over the foot."""
    obstacles_there: Points
    """(L, 3) the same about the place to which the object is carried, as seen from there."""
    camera: Array
    """(3,) metres, where the camera is."""
    seen_frame: Frame
    """What the camera saw."""
    camera_from_object: Array
    """(4, 4) to the optical frame."""

    @classmethod
    def of(
        cls,
        frame: Frame,
        answer: Answer,
        row: int,
        reach: float,
        noise: float,
        carried: Array | None = None,
    ) -> GraspView:
        """Look at one candidate of an answer.

        Parameters
        ----------
        frame, answer
            A frame and what was found in it.
        row
            Of `answer.candidates`.
        reach
            How far beyond the box the gripper may be, metres.
        noise
            Standard deviation of depth at one metre, metres.
        carried
            (3,) metres in the frame of the objects: how far the object is carried.

        Raises
        ------
        GeometryError
            With the reason, when the object has no place in metres or up is not known.
        """
        frame_from_object = _upright(answer.objects, row)
        pose = None if answer.pose is None else answer.pose.base_from_camera
        object_from_camera = inverse(frame_from_object) @ (np.eye(4) if pose is None else pose)
        camera_from_object = inverse(object_from_camera)
        masks, size = answer.candidates.masks, answer.objects.sizes[row]
        assert masks is not None and frame.depth is not None  # else it had no box
        points, normals = _surface(frame, masks[row], object_from_camera, noise)
        depths = points @ camera_from_object[2, :3] + camera_from_object[2, 3]
        around = partial(
            obstacles_around,
            frame,
            masks[row],
            size,
            nearest=float(depths.min()),
            reach=reach,
            noise=noise,
        )
        here = around(object_from_camera)
        there = here[:0]
        if carried is not None:
            moved = object_from_camera.copy()
            moved[:3, 3] -= frame_from_object[:3, :3].T @ carried
            there = around(moved)
        return cls(
            frame_from_object,
            size,
            points,
            normals,
            here,
            there,
            object_from_camera[:3, 3],
            frame,
            camera_from_object,
        )

    def hidden(self, points: Array) -> NDArray[np.bool_]:
        """Tell of points (..., 3) which the camera did not see: something is before them.

        So is what lies outside the picture and where there is no depth.
        """
        depth, camera = self.seen_frame.depth, self.seen_frame.intrinsics
        assert depth is not None and camera is not None
        flat = transform_points(self.camera_from_object, points.reshape(-1, 3))
        pixels = project(flat, camera)
        height, width = depth.shape
        inside = np.asarray(np.isfinite(pixels).all(axis=1))
        u, v = np.where(inside[:, None], pixels, -1.0).round().T
        inside &= (u >= 0) & (v >= 0) & (u < width) & (v < height)
        seen = np.zeros(len(flat), bool)
        measured = depth[v[inside].astype(int), u[inside].astype(int)]
        seen[inside] = measured > flat[inside, 2] - _SHORT_M
        return np.asarray(~seen.reshape(points.shape[:-1]))


def _upright(objects: Objects3D, row: int) -> Array:
    """(4, 4) the object's frame in that of the objects."""
    if objects.reasons[row]:
        raise GeometryError(objects.reasons[row])
    if not np.isfinite(objects.up).all():
        raise GeometryError(
            "which way is up is not known: set target_frame, or let the camera see the table"
        )
    pose = np.eye(4)
    pose[:3, :3] = objects.rotations[row]
    pose[:3, 3] = objects.centers[row] - pose[:3, 2] * objects.sizes[row, 2] / 2
    return pose


def _surface(
    frame: Frame, mask: NDArray[np.bool_], object_from_camera: Array, noise: float
) -> tuple[Points, Points]:
    """Points and normals of the object, at most about `_OWN`."""
    assert frame.depth is not None and frame.intrinsics is not None
    camera = frame.intrinsics
    u, v, width, height = cv2.boundingRect(mask.view(np.uint8))
    window = (
        slice(max(0, v - _MARGIN), v + height + _MARGIN),
        slice(max(0, u - _MARGIN), u + width + _MARGIN),
    )
    depth = np.ascontiguousarray(frame.depth[window])
    inside = mask[window] & np.isfinite(depth)
    own = main_layer(depth, inside, pixel=1 / min(camera.fx, camera.fy), noise=noise)
    step = max(1, round((np.count_nonzero(own) / _OWN) ** 0.5))
    depth, own = depth[::step, ::step], own[::step, ::step]
    directions = rays(camera)[window][::step, ::step]
    own &= ~np.isnan(directions[..., 0])
    if not own.any():
        raise GeometryError("no depth under the mask lies on one surface")
    z = depth[own]
    middle = Plane(np.array([0.0, 0.0, -1.0]), -median(z))
    alone = np.where(own, depth, np.float32(np.nan))  # else normals lean towards the table
    normals = normals_of(alone, directions, (step / camera.fx, step / camera.fy), middle)[own]
    seen = np.column_stack([directions[own] * z[:, None], z])
    rotation = object_from_camera[:3, :3].astype(np.float32)
    return seen @ rotation.T + object_from_camera[:3, 3].astype(np.float32), normals @ rotation.T
