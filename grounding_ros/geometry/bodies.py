"""Which shape an object has, and the box around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.fitting import Fit, fit, misfit
from grounding_ros.geometry.handle import box_with_handle
from grounding_ros.geometry.oriented_box import OrientedBox, upright_box
from grounding_ros.geometry.shapes import SHAPES
from grounding_ros.geometry.uncertainty import Doubt, center_covariance, visible_covariance
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
    fits = {name: fit(shape, stacked) for name, shape in SHAPES.items()}
    misfits = np.array([misfit(one) for one in fits.values()])
    handicapped = misfits + np.array([[shape.handicap] for shape in SHAPES.values()])
    names = list(fits)
    bodies = []
    for row, best in enumerate(handicapped.argmin(axis=0)):
        if misfits[best, row] > _WORST_FIT:
            bodies.append(_shapeless(views[row], points[row], extent_uncertainty))
        else:
            bodies.append(_shaped(views[row], points[row], names[best], fits[names[best]], row))
    return bodies


def _shapeless(view: View, points: NDArray[np.floating], extent_uncertainty: float) -> Body:
    box = upright_box(points, view.heights)
    size = np.array(box.size)
    return Body(box, visible_covariance(size, box.rotation, extent_uncertainty, view.noise), "")


def _shaped(view: View, points: NDArray[np.floating], name: str, fitted: Fit, row: int) -> Body:
    shape = SHAPES[name]
    centers, sizes, yaws = shape.box(fitted.parameters[row : row + 1])
    x, y, z = centers[0].tolist()
    length, width, height = sizes[0].tolist()
    body = OrientedBox((x, y, z), float(yaws[0]), (length, width, height))
    box = body
    if name != "cuboid" and name != "ball":
        margin = _STICKS_OUT + 3 * view.noise
        box = box_with_handle(body, points, margin, round=name in _ROUND)
    covariance = center_covariance(
        _of_center(fitted.covariances[row]),
        name,
        _doubt(
            view,
            misfit=float(misfit(fitted)[row]),
            handle=box is not body,
            handle_unseen=box is body and _may_hide_handle(name, body, points, view.noise),
        ),
    )
    return Body(box.sorted(), covariance, shape.assumption)


def _of_center(covariance: Array) -> Array:
    """(3, 3) of the centre, from (Q, Q) of x, y, ..., foot, top."""
    center = np.zeros((3, len(covariance)))
    center[0, 0] = center[1, 1] = 1.0
    center[2, -2:] = 0.5
    return np.asarray(center @ covariance @ center.T)


def _doubt(view: View, *, misfit: float, handle: bool, handle_unseen: bool) -> Doubt:
    hidden = ~view.free
    x, y = view.box[:2]
    sight = np.array([x, y]) / max(math.hypot(x, y), 1e-9)
    towards = view.normals[hidden, :2].sum(axis=0)
    length = float(np.linalg.norm(towards))
    return Doubt(
        hidden=float(hidden.mean()),
        hidden_towards=towards / length if length > 1e-9 else np.zeros(2),
        size=(max(view.box[2:4]), view.heights[1] - view.heights[0]),
        sight=sight,
        misfit=misfit,
        handle=handle,
        handle_unseen=handle_unseen,
    )


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
