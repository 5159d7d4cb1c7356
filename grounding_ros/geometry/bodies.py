"""Which shape an object has, and the box around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.fitting import Fit, fit, misfit
from grounding_ros.geometry.handle import box_with_handle
from grounding_ros.geometry.oriented_box import OrientedBox, upright_box
from grounding_ros.geometry.shapes import SHAPES
from grounding_ros.geometry.uncertainty import (
    Doubt,
    center_covariance,
    hidden_covariance,
    visible_covariance,
)
from grounding_ros.geometry.views import View, Views

Array = NDArray[np.float64]

_WORST_FIT = 7.0
"""Misfit of outline and points from which on an object has none of the shapes."""
_STICKS_OUT = 0.003
_ROUND = ("standing", "rim")
_LID = 0.04
"""Share of an object's points that lie on its lid, if it has one."""
_SQUAT = 1.3
"""Length over width below which something round may be a mug."""


@dataclass(frozen=True, eq=False)
class Body:
    """One object in the level frame."""

    box: OrientedBox
    covariance: Array
    """(3, 3) square metres, of the centre."""
    assumption: str
    """What was taken for granted about what is not seen; "" for nothing."""


def bodies_of(
    views: Sequence[View], points: Sequence[NDArray[np.floating]], extent_uncertainty: float
) -> list[Body]:
    """Return the most likely shape of each object, and its box.

    Parameters
    ----------
    views
        N objects.
    points
        (M, 3) metres in the level frame of each, with those of its thin parts.
    extent_uncertainty
        Of a box without a shape: standard deviation along each axis as a share of the size.
    """
    if not views:
        return []
    stacked = Views.of(views)
    fits = fit(tuple(SHAPES.values()), stacked)
    misfits = np.array([misfit(one) for one in fits])
    handicapped = misfits + np.array([[shape.handicap] for shape in SHAPES.values()])
    doubts = _doubts(stacked)
    bodies = []
    for row, best in enumerate(handicapped.argmin(axis=0).tolist()):
        if misfits[best, row] > _WORST_FIT:
            bodies.append(_shapeless(views[row], points[row], doubts[row], extent_uncertainty))
        else:
            doubt = replace(doubts[row], misfit=float(misfits[best, row]))
            name = tuple(SHAPES)[best]
            bodies.append(_shaped(views[row], points[row], name, fits[best], row, doubt))
    return bodies


def _shapeless(
    view: View, points: NDArray[np.floating], doubt: Doubt, extent_uncertainty: float
) -> Body:
    box = upright_box(points, view.heights)
    size = np.array(box.size)
    seen = visible_covariance(size, box.rotation, extent_uncertainty, view.noise)
    return Body(box, seen + hidden_covariance(doubt), "")


def _shaped(
    view: View, points: NDArray[np.floating], name: str, fitted: Fit, row: int, doubt: Doubt
) -> Body:
    shape = SHAPES[name]
    centers, sizes, yaws = shape.box(fitted.parameters[row : row + 1])
    x, y, z = centers[0].tolist()
    length, width, height = sizes[0].tolist()
    body = OrientedBox((x, y, z), float(yaws[0]), (length, width, height))
    box = body
    if name != "cuboid" and name != "ball":
        margin = _STICKS_OUT + 3 * view.noise
        box = box_with_handle(body, points, margin, round=name in _ROUND)
    unseen = box is body and _may_hide_handle(name, body, points, view.noise)
    doubt = replace(doubt, handle=box is not body, handle_unseen=unseen)
    covariance = center_covariance(fitted.covariances[row], name, doubt)
    return Body(box.sorted(), covariance, shape.assumption)


def _doubts(views: Views) -> list[Doubt]:
    """What is not seen of each object, whatever its shape is."""
    hidden = ~views.free
    towards = _units((hidden[:, None] @ views.normals[..., :2])[:, 0])
    spans = views.boxes[:, 2:4].max(axis=1)
    upwards = views.normals[..., 2].argmax(axis=1)
    seen = np.ptp((views.points[..., :2] @ towards[..., None])[..., 0], axis=1)
    return [
        Doubt(*row)
        for row in zip(
            hidden.mean(axis=1).tolist(),
            towards,
            zip(spans.tolist(), np.diff(views.heights)[:, 0].tolist(), strict=True),
            _units(views.boxes[:, :2]),
            np.maximum(spans - seen, 0.0).tolist(),
            hidden[np.arange(len(hidden)), upwards].tolist(),
            strict=True,
        )
    ]


def _units(vectors: Array) -> Array:
    """(N, 2) of length one; 0 stays 0."""
    lengths = np.hypot(vectors[:, 0], vectors[:, 1])[:, None]
    return np.asarray(np.where(lengths > 1e-9, vectors / np.maximum(lengths, 1e-9), 0.0))


def _may_hide_handle(
    name: str, box: OrientedBox, points: NDArray[np.floating], noise: float
) -> bool:
    """Tell whether something round is as squat as a mug, and, if it stands, open at the top."""
    length, width, height = box.size
    if name == "lying":
        return length < _SQUAT * width
    if name not in _ROUND or not width < _SQUAT * height < _SQUAT**2 * width:
        return False
    x, y, z = box.center
    inside = np.hypot(points[:, 0] - x, points[:, 1] - y) < 0.35 * width
    lid = inside & (points[:, 2] > z + height / 2 - 0.004 - 3 * noise)
    return bool(np.count_nonzero(lid) < _LID * len(points))
