"""Measured oriented boxes against true ones: centre, size, yaw and shared volume.

Both are upright boxes in the base frame: z up, the longer horizontal side first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.metrics.outcome import Outcome
from grounding_ros.geometry.oriented_box import OrientedBox
from grounding_ros.scene import Objects3D
from grounding_ros.simulation.truth import BASE_FRAME, Scene, SceneObject

_ALIKE = 0.05
_CHI2_95 = 7.815
"""What a sum of three squared standard normal numbers stays below in 95 % of the cases."""


@dataclass(frozen=True)
class BoxError:
    """How far one measured box is from the true one."""

    center_m: float
    """Distance of the centres."""
    size_m: float
    """Largest difference of a side."""
    iou3d: float
    """Shared volume over joint volume."""
    yaw_deg: float | None
    """Angle between the longer sides, 0 to 90; None for a footprint without a longer side."""
    longest_m: float
    """Longest side of the true box."""
    distance_m: float | None = None
    """From the camera to the true centre; None where the camera's pose is not known."""
    kind: str = ""
    """The plainest name of the true object."""
    visible_share: float | None = None
    """Of the true object's pixels; None when unknown."""
    sigma_m: float | None = None
    """The stated standard deviation of the centre, over all three axes; None: none was stated."""
    within95: bool | None = None
    """Whether the true centre lies in the stated ellipsoid of 95 %; None: none was stated."""


def box_errors(
    scene: Scene, outcome: Outcome, returned_ids: Sequence[int | None]
) -> tuple[BoxError, ...]:
    """Measure every returned object that has a box and stands for an object of known pose."""
    lifted = outcome.objects
    if lifted is None or lifted.frame_id != BASE_FRAME:
        return ()
    errors = []
    for row, id in zip(outcome.chosen, returned_ids, strict=True):
        true = None if id is None else true_box(scene.object(id))
        if id is not None and true is not None and not lifted.reasons[row]:
            axis = lifted.rotations[row][:, 0]
            measured = OrientedBox(
                _triple(lifted.centers[row]),
                math.atan2(axis[1], axis[0]),
                _triple(lifted.sizes[row]),
            )
            sigma, within = _stated(lifted, row, true)
            thing = scene.object(id)
            errors.append(
                replace(
                    box_error(measured, true),
                    distance_m=_distance(scene, true),
                    kind=thing.names[0],
                    visible_share=thing.visible_share,
                    sigma_m=sigma,
                    within95=within,
                )
            )
    return tuple(errors)


def _stated(lifted: Objects3D, row: int, true: OrientedBox) -> tuple[float | None, bool | None]:
    """Return the stated deviation of a centre, and whether the truth is within 95 % of it."""
    covariance = lifted.covariances[row]
    if not np.isfinite(covariance).all() or np.linalg.eigvalsh(covariance)[0] <= 0:
        return None, None
    off = lifted.centers[row] - true.center
    squared = float(off @ np.linalg.solve(covariance, off))
    return math.sqrt(float(np.trace(covariance))), squared <= _CHI2_95


def _distance(scene: Scene, true: OrientedBox) -> float | None:
    pose = scene.base_from_camera
    return None if pose is None else math.dist(pose[:3, 3], true.center)


def true_box(thing: SceneObject) -> OrientedBox | None:
    """Return the true box of an object, None where its pose is not known."""
    if thing.center_m is None or thing.size_m is None or thing.yaw_rad is None:
        return None
    return OrientedBox(thing.center_m, thing.yaw_rad, thing.size_m)


def box_error(measured: OrientedBox, true: OrientedBox) -> BoxError:
    """Compare two upright boxes.

    The yaw of a footprint whose sides are alike within 5 % is not judged: of a can it means
    nothing, and of a square box a quarter turn is none.
    """
    length, width, _ = true.size
    yaw = None if length - width <= _ALIKE * length else _turn_deg(measured.yaw - true.yaw)
    return BoxError(
        center_m=math.dist(measured.center, true.center),
        size_m=float(np.abs(np.subtract(measured.size, true.size)).max()),
        iou3d=iou3d(measured, true),
        yaw_deg=yaw,
        longest_m=max(true.size),
    )


def iou3d(a: OrientedBox, b: OrientedBox) -> float:
    """Return the shared over the joint volume of two upright boxes, exactly.

    The shared part of two convex footprints is one clipped by the edges of the other (Sutherland
    and Hodgman 1974); the shared height is that of two intervals.
    """
    tops = min(box.center[2] + box.size[2] / 2 for box in (a, b))
    bottoms = max(box.center[2] - box.size[2] / 2 for box in (a, b))
    shared = _shared_area(_footprint(a), _footprint(b)) * max(tops - bottoms, 0.0)
    joint = math.prod(a.size) + math.prod(b.size) - shared
    return shared / joint if joint > 0 else 0.0


def _footprint(box: OrientedBox) -> NDArray[np.float64]:
    """(4, 2) corners seen from above, counter-clockwise, metres."""
    corners = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * np.array(box.size[:2]) / 2
    return np.asarray(corners @ box.rotation[:2, :2].T + np.array(box.center[:2]))


def _shared_area(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    polygon = list(a)
    for start, end in zip(b, np.roll(b, -1, axis=0), strict=True):
        polygon = _clipped(polygon, start, end)
    if len(polygon) < 3:
        return 0.0
    x, y = np.array(polygon).T
    return max(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2, 0.0)


def _clipped(
    polygon: list[NDArray[np.float64]], start: NDArray[np.float64], end: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Keep the part of a convex polygon on the left of the line from `start` to `end`."""
    (x, y), (dx, dy) = start, end - start
    sides = [dx * (point[1] - y) - dy * (point[0] - x) for point in polygon]
    kept = []
    for k, (point, side) in enumerate(zip(polygon, sides, strict=True)):
        before, side_before = polygon[k - 1], sides[k - 1]
        if side * side_before < 0:
            kept.append(before + (point - before) * (side_before / (side_before - side)))
        if side >= 0:
            kept.append(point)
    return kept


def _turn_deg(angle: float) -> float:
    """Return the angle between two undirected axes, 0 to 90 degrees."""
    turn = math.degrees(angle) % 180.0
    return min(turn, 180.0 - turn)


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = values.tolist()
    return x, y, z
