"""Fits a shape to many objects at once: robust Gauss-Newton on its equations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.shapes import ROUGH_M, Shape
from grounding_ros.geometry.views import LOWEST_M, Views

Array = NDArray[np.float64]

_STEPS = 4
_CAUTIOUS = 2
"""Steps in which what lies far off still pulls, for the first guess may be far off itself."""
_HUBER = 1.5
_FAR = 4.0
"""Deviations beyond which a residual counts less, at first and then."""
_OUTLINE_PX = 0.7
"""Standard deviation of where an outline is, pixels."""
_WORST = 9.0
"""Most that a squared residual adds to the misfit."""
_SHORT = 2.0
"""Deviations by which a shape may end before what is seen of it."""
_HIDDEN = (0.15, 0.3)
"""How far an object goes on where something hides it, as a share of its visible size: mean and
standard deviation."""
_WIDEST = 0.5
"""Standard deviation of a first guess of a length, as a share of it."""
_SMALLEST = 0.005
"""Length that a shape keeps, metres."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A shape that was fitted to N objects."""

    parameters: Array
    """(N, Q) as `Shape` orders them."""
    covariances: Array
    """(N, Q, Q)."""
    outline_misfit: Array
    """(N,) mean of the squared residuals over their variance, each at most 9."""
    points_misfit: Array
    """(N,) the same of the points."""
    top_misfit: Array
    """(N,) the same of the height of the top: half a ball is a bowl."""


def fit(shape: Shape, views: Views) -> Fit:
    """Return the most likely parameters, with their covariance, and how well they explain it all.

    A plane of the outline where the object is hidden says only that the object reaches at least
    there. The covariance is that of least squares: the inverse of the weighted normal matrix.
    """
    first = shape.start(views)
    q = first
    n, k = views.free.shape
    own = np.arange(q.shape[1])
    span = np.maximum(views.boxes[:, 2], views.boxes[:, 3])[:, None]
    sigma = np.empty((n, k + views.points.shape[1]))
    sigma[:, :k], sigma[:, k:] = _OUTLINE_PX * views.pixel, np.hypot(views.noise, ROUGH_M)
    worth = 1 / sigma**2
    worth[:, k:] *= views.weight
    hidden = np.zeros(sigma.shape, bool)
    hidden[:, :k] = ~views.free
    hidden_mean = _HIDDEN[0] * span
    hidden_worth = 1 / (_HIDDEN[1] * span) ** 2 / np.maximum(hidden.sum(axis=1, keepdims=True), 1)
    prior = _prior(shape, first, views, span)
    for number in range(_STEPS):
        at = shape.equations(q, views)
        # Behind what hides it the shape goes on; only ending before what is seen is wrong.
        beyond: NDArray[np.bool_] = hidden & (at.rest < _SHORT * sigma)
        squared = (at.rest / sigma) ** 2
        trusted = worth * _trust(squared, cautious=number < _CAUTIOUS)
        weight = at.told * np.where(beyond, hidden_worth, trusted)
        weighted = np.swapaxes(at.slope * weight[..., None], 1, 2)
        normal = weighted @ at.slope
        right = (weighted @ (at.rest + beyond * hidden_mean)[..., None])[..., 0]
        normal[:, own, own] += prior
        step = np.linalg.solve(normal, (right + prior * (first - q))[..., None])[..., 0]
        q = q + np.minimum(np.maximum(step, -span / 2), span / 2)
        q[:, shape.lengths] = np.maximum(q[:, shape.lengths], _SMALLEST)
        q[:, -1] = np.maximum(q[:, -1], q[:, -2] + LOWEST_M)
    grown = (at.rest + hidden_mean) / (_HIDDEN[1] * span)
    squares: Array = np.minimum(np.where(beyond, grown**2, squared), _WORST)
    return Fit(
        q,
        np.asarray(np.linalg.inv(normal), np.float64),
        _mean(squares[:, :k], at.told[:, :k]),
        _mean(squares[:, k:], at.told[:, k:]),
        np.minimum(prior[:, -1] * (first - q)[:, -1] ** 2, _WORST),
    )


def misfit(fitted: Fit) -> Array:
    """Return (N,) how badly a shape explains outline, points and height together, 0 to 27."""
    return fitted.outline_misfit + fitted.points_misfit + fitted.top_misfit


def _prior(shape: Shape, first: Array, views: Views, span: Array) -> Array:
    """(N, Q) inverse variances of the first guess: weak but for the heights."""
    weak = np.repeat(1 / (_WIDEST * span) ** 2, first.shape[1], axis=1)
    weak[:, -2:] = 1 / views.height_sigmas**2
    if shape.yaw is not None:
        weak[:, shape.yaw] = 1.0  # a radian
    return weak


def _trust(squared: Array, *, cautious: bool) -> Array:
    """Weight of squared residuals: Charbonnier's first, then Geman and McClure's, which forgets."""
    if cautious:
        return np.asarray(1 / np.sqrt(1 + squared / _HUBER**2))
    return np.asarray(1 / (1 + squared / _FAR**2) ** 2)


def _mean(values: Array, where: NDArray[np.bool_]) -> Array:
    return np.asarray((values * where).sum(axis=1) / np.maximum(where.sum(axis=1), 1))
