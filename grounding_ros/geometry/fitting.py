"""Fits a shape to many objects at once: robust Gauss-Newton on its equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.shapes import MOST_PARAMETERS, ROUGH_M, Equations, Shape
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
    """(N, 3, 3) square metres, of the centre; as the parameters' own propagate to it."""
    outline_misfit: Array
    """(N,) mean of the squared residuals over their variance, each at most 9."""
    points_misfit: Array
    """(N,) the same of the points."""
    top_misfit: Array
    """(N,) the same of the height of the top: half a ball is a bowl."""


def fit(shapes: Sequence[Shape], views: Views) -> tuple[Fit, ...]:
    """Return each shape's most likely parameters, with their covariance, and how well it explains.

    A plane of the outline where the object is hidden says only that the object reaches at least
    there. The covariance is that of least squares: the inverse of the weighted normal matrix.
    All shapes are fitted at once, which takes hardly longer than one; parameters that a shape does
    not have stay 0.
    """
    at = Equations.zeros(len(shapes), views)
    q, prior, least = _guess(shapes, views)
    first = q.copy()
    every, last = np.arange(len(shapes)), np.array([shape.parameters - 1 for shape in shapes])
    foot, top = (every, slice(None), last - 1), (every, slice(None), last)
    k = views.free.shape[1]
    own = np.arange(MOST_PARAMETERS)
    span = _span(views)
    sigma = np.empty(at.rest.shape[1:])
    sigma[:, :k], sigma[:, k:] = _OUTLINE_PX * views.pixel, np.hypot(views.noise, ROUGH_M)
    worth = 1 / sigma**2
    worth[:, k:] *= views.weight
    hidden = np.zeros(sigma.shape, bool)
    hidden[:, :k] = ~views.free
    hidden_mean = _HIDDEN[0] * span
    hidden_worth = 1 / (_HIDDEN[1] * span) ** 2 / np.maximum(hidden.sum(axis=1, keepdims=True), 1)
    for number in range(_STEPS):
        for row, shape in enumerate(shapes):
            shape.equations(q[row, :, : shape.parameters], views, at[row])
        # Behind what hides it the shape goes on; only ending before what is seen is wrong.
        beyond: NDArray[np.bool_] = hidden & (at.rest < _SHORT * sigma)
        squared = (at.rest / sigma) ** 2
        trusted = worth * _trust(squared, cautious=number < _CAUTIOUS)
        weight = at.told * np.where(beyond, hidden_worth, trusted)
        weighted = at.slope * weight[..., None, :]
        normal = weighted @ np.swapaxes(at.slope, -1, -2)
        right = (weighted @ (at.rest + beyond * hidden_mean)[..., None])[..., 0]
        normal[..., own, own] += prior
        step = np.linalg.solve(normal, (right + prior * (first - q))[..., None])[..., 0]
        q = np.maximum(q + np.minimum(np.maximum(step, -span / 2), span / 2), least)
        q[top] = np.maximum(q[top], q[foot] + LOWEST_M)
    grown = (at.rest + hidden_mean) / (_HIDDEN[1] * span)
    squares: Array = np.minimum(np.where(beyond, grown**2, squared), _WORST)
    middle = _middle(shapes)
    covariances = middle @ np.linalg.inv(normal) @ np.swapaxes(middle, -1, -2)
    outline = _mean(squares[..., :k], at.told[..., :k])
    points = _mean(squares[..., k:], at.told[..., k:])
    tops = np.minimum(prior[top] * (first - q)[top] ** 2, _WORST)
    return tuple(
        Fit(
            q[row, :, : shape.parameters],
            covariances[row],
            outline[row],
            points[row],
            tops[row],
        )
        for row, shape in enumerate(shapes)
    )


def misfit(fitted: Fit) -> Array:
    """Return (N,) how badly a shape explains outline, points and height together, 0 to 27."""
    return fitted.outline_misfit + fitted.points_misfit + fitted.top_misfit


def _guess(shapes: Sequence[Shape], views: Views) -> tuple[Array, Array, Array]:
    """(S, N, MOST_PARAMETERS) first guesses and their inverse variances: weak but for the heights.

    And (S, 1, MOST_PARAMETERS) the least that each may become.
    """
    size = len(shapes), len(views.boxes), MOST_PARAMETERS
    first, prior, least = np.zeros(size), np.ones(size), np.full((size[0], 1, size[2]), -np.inf)
    weak = 1 / (_WIDEST * _span(views)) ** 2
    for row, shape in enumerate(shapes):
        own = shape.parameters
        first[row, :, :own] = shape.start(views)
        prior[row, :, : own - 2] = weak
        prior[row, :, own - 2 : own] = 1 / views.height_sigmas**2
        if shape.yaw is not None:
            prior[row, :, shape.yaw] = 1.0  # a radian
        least[row, :, shape.lengths] = _SMALLEST
    return first, prior, least


def _middle(shapes: Sequence[Shape]) -> Array:
    """(S, 1, 3, MOST_PARAMETERS) derivatives of the centre: x, y, and half of foot and top."""
    matrix = np.zeros((len(shapes), 1, 3, MOST_PARAMETERS))
    matrix[..., 0, 0] = matrix[..., 1, 1] = 1.0
    for row, shape in enumerate(shapes):
        matrix[row, :, 2, shape.parameters - 2 : shape.parameters] = 0.5
    return matrix


def _span(views: Views) -> Array:
    """(N, 1) the longer side of what is seen from above."""
    return np.maximum(views.boxes[:, 2], views.boxes[:, 3])[:, None]


def _trust(squared: Array, *, cautious: bool) -> Array:
    """Weight of squared residuals: Charbonnier's first, then Geman and McClure's, which forgets."""
    if cautious:
        return np.asarray(1 / np.sqrt(1 + squared / _HUBER**2))
    return np.asarray(1 / (1 + squared / _FAR**2) ** 2)


def _mean(values: Array, where: NDArray[np.bool_]) -> Array:
    return np.asarray((values * where).sum(axis=-1) / np.maximum(where.sum(axis=-1), 1))
