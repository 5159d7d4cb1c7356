"""Masks and depth to boxes in metres."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError
from grounding_ros.geometry.bodies import Body, bodies_of
from grounding_ros.geometry.level import Level, level
from grounding_ros.geometry.oriented_box import aligned_box
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import Plane, SupportPlanes
from grounding_ros.geometry.projection import rays
from grounding_ros.geometry.sensor import SENSORS, DepthSensor
from grounding_ros.geometry.sighting import Sighting
from grounding_ros.geometry.transforms import transform_covariance, transform_points
from grounding_ros.geometry.uncertainty import visible_covariance
from grounding_ros.scene import CameraPose, Detections, Frame, Objects3D


class Lifter:
    """Gives detections their place in the world."""

    def __init__(
        self,
        parameters: LiftingParameters,
        support: SupportPlanes,
        sensor: DepthSensor = SENSORS["kinect"],
    ) -> None:
        """Take the planes that things stand on, and what is known of the depth camera."""
        self._parameters = parameters
        self._support = support
        self._sensor = replace(sensor, coefficient=support.noise)

    def lift(self, frame: Frame, detections: Detections, pose: CameraPose | None) -> Objects3D:
        """Return an oriented box for every detection, or the reason why it has none.

        The box is upright: its third axis is up, its first the longer horizontal one, with a yaw in
        [-pi/2, pi/2) against the frame's x. Up is z of the target frame, else the normal of the
        support plane (then x is the image's right, made level). With neither, the box lies along
        the camera's axes (right, forward, up in the image), `up` is NaN and `up_source` is "":
        still a bound a planner can avoid, but no statement about gravity.

        An object that looks like one of `shapes.SHAPES` gets the box of the whole shape, also of
        what is not seen of it, and `assumptions` names what was taken for granted. The box of any
        other holds sideways what is visible. Downwards a box reaches to what the object stands on,
        see `standing.foot`.

        Parameters
        ----------
        frame
            With depth and intrinsics of a known lens model, else every object is absent for that
            reason.
        detections
            N objects with masks.
        pose
            The camera in the target frame, all results are in that frame; without a transform every
            object is absent for the pose's reason. None: results are in the optical frame.

        Returns
        -------
        Objects3D
            N rows, in the order of the detections.
        """
        reason = _unliftable(frame, detections, pose)
        frame_id = frame.frame_id if pose is None else pose.frame_id
        if reason:
            return Objects3D.absent(len(detections), reason, frame_id)
        masks = () if detections.masks is None else detections.masks
        around = level(pose, self._support.of(frame))
        seen = [Sighting.of(frame, mask, around, self._sensor, self._parameters) for mask in masks]
        rows = self._shaped(seen) if around.source else [self._aligned(one) for one in seen]
        return _objects(rows, frame_id, around, pose)

    def _shaped(self, seen: list[Sighting]) -> list[_Row]:
        """Shapes are fitted to all objects at once, which takes hardly longer than to one."""
        views = [one.view for one in seen if one.view is not None]
        points = [one.points for one in seen if one.view is not None]
        bodies = iter(bodies_of(views, points, self._parameters.extent_uncertainty))
        return [
            _Row.absent(one.reason) if one.view is None else _Row.of(next(bodies), one.count)
            for one in seen
        ]

    def _aligned(self, seen: Sighting) -> _Row:
        """Without an up there is no shape to fit: the box along the camera holds what is seen."""
        if seen.reason:
            return _Row.absent(seen.reason)
        box = aligned_box(seen.points)
        share = self._parameters.extent_uncertainty
        noise = self._sensor.sigma(max(box.center[1], 0.0))  # y is forward here
        covariance = visible_covariance(np.array(box.size), box.rotation, share, noise)
        return _Row.of(Body(box, covariance, ""), seen.count)


@dataclass(frozen=True, eq=False)
class _Row:
    """One object in the level frame."""

    center: NDArray[np.float64]
    axes: NDArray[np.float64]
    size: NDArray[np.float64]
    covariance: NDArray[np.float64]
    count: int
    reason: str
    assumption: str

    @classmethod
    def of(cls, body: Body, count: int) -> _Row:
        box = body.box
        center, size = np.array(box.center), np.array(box.size)
        return cls(center, box.rotation, size, body.covariance, count, "", body.assumption)

    @classmethod
    def absent(cls, reason: str) -> _Row:
        nowhere, matrix = np.full(3, np.nan), np.full((3, 3), np.nan)
        return cls(nowhere, matrix, nowhere, matrix, 0, reason, "")


def _objects(rows: list[_Row], frame_id: str, around: Level, pose: CameraPose | None) -> Objects3D:
    """Take the rows from the level frame by way of the optical one to the target."""
    n = len(rows)
    camera_from_level = around.level_from_camera.T
    centers = np.array([row.center for row in rows]).reshape(n, 3) @ camera_from_level.T
    axes = camera_from_level @ np.array([row.axes for row in rows]).reshape(n, 3, 3)
    sizes = np.array([row.size for row in rows]).reshape(n, 3)
    covariances = np.array([row.covariance for row in rows]).reshape(n, 3, 3)
    covariances = camera_from_level @ covariances @ camera_from_level.T
    target = np.eye(4)
    if pose is not None and pose.base_from_camera is not None:
        target = pose.base_from_camera
    return Objects3D(
        frame_id=frame_id,
        centers=transform_points(target, centers),
        rotations=target[:3, :3] @ axes,
        sizes=sizes,
        covariances=transform_covariance(target, covariances),
        point_counts=np.array([row.count for row in rows], np.int64),
        reasons=tuple(row.reason for row in rows),
        up=target[:3, :3] @ around.up,
        up_source=around.source,
        floor=_moved(around.floor, target),
        assumptions=tuple(row.assumption for row in rows),
    )


def _moved(plane: Plane | None, target: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4,) normal and offset of a plane of the optical frame in the target frame; NaN: none."""
    if plane is None:
        return np.full(4, np.nan)
    normal = target[:3, :3] @ plane.normal
    return np.array([*normal, plane.offset + normal @ target[:3, 3]])


def _unliftable(frame: Frame, detections: Detections, pose: CameraPose | None) -> str:
    if frame.depth is None:
        return frame.missing_3d or "the frame has no depth"
    if frame.intrinsics is None:
        return frame.missing_3d or "the camera's intrinsics are not known (no camera_info)"
    try:
        rays(frame.intrinsics)
    except InputError as error:
        return str(error)
    if pose is not None and pose.base_from_camera is None:
        return pose.reason
    if detections.masks is None and len(detections):
        return "the detections have no masks: they were not segmented"
    return ""
