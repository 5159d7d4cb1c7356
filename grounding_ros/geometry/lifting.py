"""Masks and depth to boxes in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError, InputError
from grounding_ros.geometry.bodies import Body, bodies_of
from grounding_ros.geometry.crop import Crop
from grounding_ros.geometry.level import Level, level
from grounding_ros.geometry.oriented_box import aligned_box, rectangle
from grounding_ros.geometry.outline import direction, outline
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import Plane, SupportPlanes
from grounding_ros.geometry.projection import rays
from grounding_ros.geometry.sensor import SENSORS, DepthSensor
from grounding_ros.geometry.standing import beneath, foot
from grounding_ros.geometry.statistics import extent, mean_point
from grounding_ros.geometry.surface import main_layer
from grounding_ros.geometry.transforms import transform_covariance, transform_points
from grounding_ros.geometry.uncertainty import visible_covariance
from grounding_ros.geometry.views import View
from grounding_ros.scene import CameraPose, Detections, Frame, Objects3D

_SAMPLE = 64
"""Points of each object that shapes are fitted to."""
_STANDS_OUT = 0.006
"""Metres, beside three deviations of depth, above the support that are another thing."""
_FOOT = 0.0015
"""Standard deviation of a foot that is seen, metres."""


class Lifter:
    """Gives detections their place in the world."""

    def __init__(
        self,
        parameters: LiftingParameters,
        support: SupportPlanes,
        sensor: DepthSensor = SENSORS["kinect"],
    ) -> None:
        self._parameters = parameters
        self._support = support
        self._sensor = sensor

    def lift(self, frame: Frame, detections: Detections, pose: CameraPose | None) -> Objects3D:
        """Return an oriented box for every detection, or the reason why it has none."""
        reason = _unliftable(frame, detections, pose)
        frame_id = frame.frame_id if pose is None else pose.frame_id
        if reason:
            return Objects3D.absent(len(detections), reason, frame_id)
        masks = () if detections.masks is None else detections.masks
        around = level(pose, self._support.of(frame))
        seen = [self._seen(frame, mask, around) for mask in masks]
        rows = self._shaped(seen) if around.source else [self._aligned(one) for one in seen]
        return self._objects(rows, frame_id, around, pose)

    def _shaped(self, seen: list[_Seen]) -> list[_Row]:
        """Shapes are fitted to all objects at once, which takes hardly longer than to one."""
        there = [one for one in seen if one.view is not None]
        bodies = iter(
            bodies_of(
                [one.view for one in there if one.view is not None],
                [one.points for one in there],
                self._parameters.extent_uncertainty,
            )
        )
        return [
            _Row.absent(one.reason) if one.view is None else _Row.of(next(bodies), one.count)
            for one in seen
        ]

    def _seen(self, frame: Frame, mask: NDArray[np.bool_], around: Level) -> _Seen:
        try:
            return self._surface(Crop.of(frame, mask), around)
        except GeometryError as error:
            return _Seen(np.empty((0, 3), np.float32), 0, None, str(error))

    def _surface(self, crop: Crop, around: Level) -> _Seen:
        settings = self._parameters
        believed = crop.believed(settings.min_depth_m, settings.max_depth_m)
        inside = crop.mask & believed
        self._enough(inside, crop.mask, "have depth")
        surface = main_layer(
            crop.depth,
            inside,
            pixel=crop.pixel,
            noise=self._support.noise,
            rim_px=settings.rim_px,
        )
        count = self._enough(surface, crop.mask, "lie on one surface")
        points = around.leveled(crop.points(surface))
        if not around.source:
            return _Seen(points, count, None, "")
        points, view = self._view(points, count, crop, surface, believed, around)
        return _Seen(points, count, view, "")

    def _view(self, points, count, crop, surface, believed, around):
        middle = mean_point(points)
        z = around.depth(middle)
        noise = self._sensor.sigma(z)
        lowest, top = extent(points[:, 2])
        up = around.level_from_camera[2]
        heights = crop.heights(up)
        down = around.down_in_image(middle)
        strip = beneath(crop.mask, down) & believed
        bottom = foot(
            lowest,
            heights[strip],
            around.floor_height(middle[0], middle[1]),
            max_hidden=self._parameters.max_hidden_m,
            noise=self._support.noise * z**2,
        )
        stands_out = believed & (heights > bottom + _STANDS_OUT + 3 * noise)
        # Thin parts, such as a handle, are no surface; what is as near as the rest belongs to it.
        reach = max(0.02, crop.pixel * z * math.sqrt(count) / 2)
        thin = crop.mask & stands_out & ~surface & (np.abs(crop.depth - z) < 2 * reach)
        edge = outline(crop, surface, believed, thin, stands_out & ~crop.mask, noise)
        sample = points[np.linspace(0, len(points) - 1, _SAMPLE).astype(np.intp)]
        view = View(
            normals=edge.normals @ around.level_from_camera.T,
            free=edge.free,
            points=sample.astype(np.float64),
            weight=max(1.0, count / _SAMPLE / self._sensor.alike_px),
            heights=(bottom, top - 1.2 * noise),
            height_sigmas=(
                _foot_sigma(lowest - bottom, noise, bool(edge.free[direction(down)])),
                0.003 + 1.5 * noise,
            ),
            box=rectangle(sample),
            pixel=crop.pixel * z,
            noise=noise,
        )
        if thin.any():
            points = np.vstack([points, around.leveled(crop.points(thin))])
        return points, view

    def _aligned(self, seen: _Seen) -> _Row:
        """Without an up there is no shape to fit: the box along the camera holds what is seen."""
        if seen.reason:
            return _Row.absent(seen.reason)
        box = aligned_box(seen.points)
        share = self._parameters.extent_uncertainty
        noise = self._sensor.sigma(max(box.center[1], 0.0))  # y is forward here
        covariance = visible_covariance(np.array(box.size), box.rotation, share, noise)
        return _Row.of(Body(box, covariance, ""), seen.count)

    def _objects(
        self,
        rows: list[_Row],
        frame_id: str,
        around: Level,
        pose: CameraPose | None,
    ) -> Objects3D:
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

    def _enough(self, kept: NDArray[np.bool_], mask: NDArray[np.bool_], what: str) -> int:
        count, needed = np.count_nonzero(kept), self._parameters.min_points
        if count < needed:
            raise GeometryError(
                f"only {count} of {np.count_nonzero(mask)} pixels under the mask {what}, "
                f"{needed} are needed (min_points)"
            )
        return int(count)


@dataclass(frozen=True, eq=False)
class _Seen:
    points: NDArray[np.float32]
    count: int
    view: View | None
    reason: str


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


def _foot_sigma(below: float, noise: float, seen: bool) -> float:
    """Deviation of a foot this far below the lowest visible point, which something may hide."""
    if seen:
        return _FOOT + 0.5 * max(below - 2 * _FOOT - 2 * noise, 0.0)
    return _FOOT + 0.1 * below


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
