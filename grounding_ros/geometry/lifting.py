"""Masks and depth to boxes in metres."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError, InputError
from grounding_ros.geometry.level import Level, level
from grounding_ros.geometry.oriented_box import aligned_box, upright_box
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import Plane, SupportPlanes
from grounding_ros.geometry.projection import rays
from grounding_ros.geometry.standing import REACH, beneath, foot
from grounding_ros.geometry.statistics import extent, mean_point
from grounding_ros.geometry.surface import main_layer
from grounding_ros.geometry.transforms import transform_covariance, transform_points
from grounding_ros.geometry.uncertainty import center_covariance
from grounding_ros.scene import CameraPose, Detections, Frame, Intrinsics, Objects3D

_ENOUGH = 6000
"""Points that determine a box to a fraction of a pixel; more only cost time."""


class Lifter:
    """Gives detections their place in the world."""

    def __init__(self, parameters: LiftingParameters, support: SupportPlanes) -> None:
        self._parameters = parameters
        self._support = support

    def lift(self, frame: Frame, detections: Detections, pose: CameraPose | None) -> Objects3D:
        """Return an oriented box for every detection, or the reason why it has none.

        The box is upright: its third axis is up, its first the longer horizontal one, with a yaw in
        [-pi/2, pi/2) against the frame's x. Up is z of the target frame, else the normal of the
        support plane (then x is the image's right, made level). With neither, the box lies along
        the camera's axes (right, forward, up in the image), `up` is NaN and `up_source` is "":
        still a bound a planner can avoid, but no statement about gravity.

        Sideways the box holds what is visible. Downwards it reaches to what the object stands on,
        see `standing.foot` for the assumptions.

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
        rows = [self._row(frame, mask, around) for mask in masks]
        return self._objects(rows, frame, frame_id, around, pose)

    def _row(self, frame: Frame, mask: NDArray[np.bool_], around: Level) -> _Row:
        try:
            return self._box(_Crop.of(frame, mask), around)
        except GeometryError as error:
            return _Row.absent(str(error))

    def _box(self, crop: _Crop, around: Level) -> _Row:
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
        if around.source:
            box = upright_box(points, self._heights(points, crop, believed, around))
        else:
            box = aligned_box(points)
        return _Row(np.array(box.center), box.rotation, np.array(box.size), count, "")

    def _heights(
        self,
        points: NDArray[np.float32],
        crop: _Crop,
        believed: NDArray[np.bool_],
        around: Level,
    ) -> tuple[float, float]:
        """Bottom and top of an object, from its points and from what is seen just below it."""
        lowest, top = extent(points[:, 2])
        middle = mean_point(points)
        strip = beneath(crop.mask, around.down_in_image(middle)) & believed
        bottom = foot(
            lowest,
            around.leveled(crop.points(strip))[:, 2],
            around.floor_height(middle[0], middle[1]),
            max_hidden=self._parameters.max_hidden_m,
            noise=self._support.noise * around.depth(middle) ** 2,
        )
        return bottom, top

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
            pixel=_pixel(frame.intrinsics),
            depth_noise=self._support.noise,
            extent_uncertainty=self._parameters.extent_uncertainty,
        )
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
class _Crop:
    """The part of a frame around one mask, with a margin; nothing else of the image is touched."""

    mask: NDArray[np.bool_]
    depth: NDArray[np.float32]
    rays: NDArray[np.complex64]
    """(h, w) x/z + i y/z: a boolean index over pairs is slow, over one number it is not."""
    pixel: float
    """Width of a pixel at one metre."""

    @classmethod
    def of(cls, frame: Frame, mask: NDArray[np.bool_]) -> _Crop:
        assert frame.depth is not None and frame.intrinsics is not None
        u, v, width, height = cv2.boundingRect(mask.view(np.uint8))
        if width == 0:
            raise GeometryError("the mask is empty")
        window = (
            slice(max(0, v - REACH), v + height + REACH),
            slice(max(0, u - REACH), u + width + REACH),
        )
        grid: NDArray[np.complex64] = rays(frame.intrinsics).view(np.complex64)[..., 0]
        return cls(
            np.ascontiguousarray(mask[window]),
            frame.depth[window],
            grid[window],
            _pixel(frame.intrinsics),
        )

    def believed(self, near: float, far: float) -> NDArray[np.bool_]:
        """(h, w) True where depth is in range, which NaN never is, and the lens has a ray."""
        in_range = (self.depth >= near) & (self.depth <= far)
        return np.asarray(in_range & ~np.isnan(self.rays))

    def points(self, where: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(M, 3) metres in the optical frame, of at most `_ENOUGH` pixels of `where`, evenly.

        Column by column in memory, for that is how they are read.
        """
        z = self.depth[where]
        step = -(-len(z) // _ENOUGH) or 1
        z = z[::step]
        chosen = self.rays[where][::step]
        columns = np.empty((3, len(z)), np.float32)
        columns[0], columns[1], columns[2] = chosen.real * z, chosen.imag * z, z
        return np.asarray(columns.T)


@dataclass(frozen=True, eq=False)
class _Row:
    """One object in the level frame."""

    center: NDArray[np.float64]
    axes: NDArray[np.float64]
    size: NDArray[np.float64]
    count: int
    reason: str

    @classmethod
    def absent(cls, reason: str) -> _Row:
        nowhere = np.full(3, np.nan)
        return cls(nowhere, np.full((3, 3), np.nan), nowhere, 0, reason)


def _moved(plane: Plane | None, target: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4,) normal and offset of a plane of the optical frame in the target frame; NaN: none."""
    if plane is None:
        return np.full(4, np.nan)
    normal = target[:3, :3] @ plane.normal
    return np.array([*normal, plane.offset + normal @ target[:3, 3]])


def _pixel(intrinsics: Intrinsics) -> float:
    """Return the width of a pixel at one metre."""
    return 1 / min(intrinsics.fx, intrinsics.fy)


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
