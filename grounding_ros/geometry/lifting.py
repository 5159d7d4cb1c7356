"""Masks and depth to boxes in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError, InputError
from grounding_ros.geometry.bodies import Body, bodies_of
from grounding_ros.geometry.crop import Crop, pixel_of
from grounding_ros.geometry.level import Level, level
from grounding_ros.geometry.oriented_box import aligned_box, upright_box
from grounding_ros.geometry.outline import outline, solid
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import Plane, SupportPlanes
from grounding_ros.geometry.projection import rays
from grounding_ros.geometry.sensor import SENSORS, DepthSensor
from grounding_ros.geometry.standing import beneath, foot
from grounding_ros.geometry.statistics import extent, mean_point
from grounding_ros.geometry.surface import main_layer
from grounding_ros.geometry.transforms import transform_covariance, transform_points
from grounding_ros.geometry.uncertainty import center_covariance
from grounding_ros.geometry.views import View
from grounding_ros.scene import CameraPose, Detections, Frame, Objects3D

_SAMPLE = 96
"""Points of each object that shapes are fitted to."""
_STANDS_OUT = 0.006


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
        """Return an oriented box for every detection, or the reason why it has none.
        """
        reason = _unliftable(frame, detections, pose)
        frame_id = frame.frame_id if pose is None else pose.frame_id
        if reason:
            return Objects3D.absent(len(detections), reason, frame_id)
        masks = () if detections.masks is None else detections.masks
        around = level(pose, self._support.of(frame))
        seen = [self._seen(frame, mask, around) for mask in masks]
        if around.source:
            bodies = iter(bodies_of([one.view for one in seen if one.view is not None], [one.points for one in seen if one.view is not None]))
            rows = [_Row.of(one, next(bodies)) if one.view is not None else _Row.absent(one.reason) for one in seen]
        else:
            rows = [self._aligned(one) for one in seen]
        return self._objects(rows, frame, frame_id, around, pose)

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
        noise = float(self._sensor.sigma(np.array(z)))
        lowest, top = extent(points[:, 2])
        strip = beneath(crop.mask, around.down_in_image(middle)) & believed
        bottom = foot(
            lowest,
            around.leveled(crop.points(strip))[:, 2],
            around.floor_height(middle[0], middle[1]),
            max_hidden=self._parameters.max_hidden_m,
            noise=self._support.noise * z**2,
        )
        up = around.level_from_camera[2].astype(np.float32)
        heights = crop.depth * (crop.rays.real * up[0] + crop.rays.imag * up[1] + up[2])
        stands_out = believed & (heights > bottom + _STANDS_OUT + 3 * noise)
        # Thin parts, such as a handle, are no surface; what is as near as the rest belongs to it.
        reach = max(0.02, crop.pixel * z * math.sqrt(count) / 2)
        thin = crop.mask & stands_out & ~surface & (np.abs(crop.depth - z) < 2 * reach)
        object_px = solid(crop, surface, believed, noise) | thin
        edge = outline(crop, object_px, surface, stands_out & ~crop.mask, noise)
        sample = points[np.linspace(0, len(points) - 1, _SAMPLE).astype(np.intp)]
        flat = upright_box(sample)
        return np.vstack([points, around.leveled(crop.points(thin))]), View(
            normals=edge.normals @ around.level_from_camera.T,
            free=edge.free,
            points=sample.astype(np.float64),
            weight=max(1.0, count / _SAMPLE / self._sensor.alike_px),
            heights=(bottom, top - 1.2 * noise),
            height_sigmas=(0.0015, 0.003 + 1.5 * noise),
            box=(*flat.center[:2], *flat.size[:2], flat.yaw),
            pixel=crop.pixel * z,
            noise=noise,
        )

    def _aligned(self, seen: _Seen) -> _Row:
        if seen.reason:
            return _Row.absent(seen.reason)
        box = aligned_box(seen.points)
        return _Row(np.array(box.center), box.rotation, np.array(box.size), None, seen.count, "", "")

    def _objects(
        self,
        rows: list[_Row],
        frame: Frame,
        frame_id: str,
        around: Level,
        pose: CameraPose | None,
    ) -> Objects3D:
        """Take the rows from the level frame by way of the optical one to the target."""
        assert frame.intrinsics is not None
        n = len(rows)
        level_from_camera = around.level_from_camera
        centers = np.array([row.center for row in rows]).reshape(n, 3) @ level_from_camera
        axes = level_from_camera.T @ np.array([row.axes for row in rows]).reshape(n, 3, 3)
        sizes = np.array([row.size for row in rows]).reshape(n, 3)
        covariances = center_covariance(
            centers,
            axes,
            sizes,
            pixel=pixel_of(frame.intrinsics),
            depth_noise=self._support.noise,
            extent_uncertainty=self._parameters.extent_uncertainty,
        )
        for k, row in enumerate(rows):
            if row.cov is not None:
                covariances[k] = level_from_camera.T @ row.cov @ level_from_camera
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
    cov: object
    count: int
    reason: str
    assumption: str

    @classmethod
    def of(cls, seen: _Seen, body: Body) -> _Row:
        return cls(np.array(body.box.center), body.box.rotation, np.array(body.box.size), body.covariance, seen.count, "", body.assumption)

    @classmethod
    def absent(cls, reason: str) -> _Row:
        nowhere = np.full(3, np.nan)
        return cls(nowhere, np.full((3, 3), np.nan), nowhere, None, 0, reason, "")


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
