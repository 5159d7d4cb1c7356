"""How well a box's centre is known.

Three parts add up. What the fit propagates from the depth's noise, the outline's pixels and the
number of points. What is not seen: along the direction in which something hides the object, and
where a handle may be out of sight. And what the shape does not explain. The constants were set on
rendered scenes of all sensors, so that the stated 95 % hold the truth in 95 % of the cases; the
scenes that are reported are others (docs/evaluation.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ShapeTrust:
    """How far a fitted shape can be trusted."""

    scale: float
    """Real over propagated deviation of what is seen."""
    exact_m: float
    """Deviation of the best fit, metres."""
    hidden_level: float
    """Deviation along the hidden direction, as a share of the size where all is hidden."""
    hidden_up: float
    """The same of the height."""
    sliver: float
    """Deviation along the hidden direction, as a share of `Doubt.sliver`, where all is hidden."""
    explained: float
    """Misfit below which the shape explains what is seen."""


TRUST: Mapping[str, ShapeTrust] = MappingProxyType(
    {
        "cuboid": ShapeTrust(0.75, 0.0002, 0.45, 0.28, 0.95, 1.3),
        "standing": ShapeTrust(0.8, 0.0002, 0.27, 0.25, 0.48, 1.5),
        "rim": ShapeTrust(0.125, 0.0003, 0.22, 0.22, 0.6, 6.0),
        "ball": ShapeTrust(1.45, 0.0001, 0.02, 0.02, 0.05, 1.3),
        "lying": ShapeTrust(1.1, 0.0003, 0.45, 0.20, 0.8, 1.3),
    }
)
"""By the name of the shape."""

_SHAPELESS = (1.1, 0.7, 0.8)
"""As `hidden_level`, `hidden_up` and `sliver`, of what has none of the shapes."""
_MOSTLY = 9.0
"""By how much more of what is hidden beyond half of the outline counts: little is left to tell."""
_UNDER = 0.3
"""Deviation up where the upper edge is not seen, as a share of how much higher it may well be."""
_DIAGONAL = np.diag_indices(3)
_UNEXPLAINED = 0.1
"""Deviation for each unit of misfit beyond what is explained, as a share of the size."""
_MOST_MISFIT = 2.0
_HANDLE_M = (0.0036, 0.002)
"""Deviation of a handle's reach, level and up; metres."""
_UNSEEN_HANDLE = (0.07, 0.05, 0.015)
"""Deviation along and across the line of sight and up where a handle may be, as a share of the
size."""


@dataclass(frozen=True, eq=False)
class Doubt:
    """What makes a fitted centre uncertain, beside the noise."""

    hidden: float
    """Share of the outline where something hides the object."""
    hidden_towards: Array
    """(2,) level unit vector towards what is hidden; 0 when nothing is."""
    size: tuple[float, float]
    """Longest level extent and height of what is seen, metres."""
    sight: Array
    """(2,) level unit vector from the camera to the object."""
    sliver: float = 0.0
    """By how much what is seen is shorter towards what is hidden than it is wide, metres: behind an
    edge that leaves a sliver the object may go on for as long as the sliver is."""
    under: bool = False
    """Whether something hides the object's upper edge: under a thing that stands on it, or at the
    image's border, it may be higher than what is seen."""
    misfit: float = 0.0
    """Mean squared residual over its variance."""
    handle: bool = False
    """Whether something sticks out of the shape."""
    handle_unseen: bool = False
    """Whether a handle may be hidden behind it."""


def center_covariance(propagated: Array, shape: str, doubt: Doubt) -> Array:
    """Return the covariance of a fitted centre.

    Parameters
    ----------
    propagated
        (3, 3) square metres, of the fit, in the level frame.
    shape
        A key of `TRUST`.
    doubt
        What else is uncertain.

    Returns
    -------
    Array
        (3, 3) square metres, level frame; symmetric and positive definite.
    """
    trust = TRUST[shape]
    span = doubt.size[0]
    total = trust.scale**2 * propagated
    total += hidden_covariance(doubt, (trust.hidden_level, trust.hidden_up, trust.sliver))
    if doubt.handle:
        level, up = _HANDLE_M[0] ** 2, _HANDLE_M[1] ** 2
    else:
        beyond = min(max(doubt.misfit - trust.explained, 0.0), _MOST_MISFIT)
        level = up = (_UNEXPLAINED * span * beyond) ** 2
    if doubt.handle_unseen:
        along, aside, reach = _UNSEEN_HANDLE
        total[:2, :2] += _level(doubt.sight, along * span, aside * span)
        up += (reach * span) ** 2
    exact = trust.exact_m**2
    total[_DIAGONAL] += (level + exact, level + exact, up + exact)
    return total


def hidden_covariance(doubt: Doubt, shares: tuple[float, float, float] = _SHAPELESS) -> Array:
    """Return the (3, 3) covariance of a centre that comes from what hides the object.

    Parameters
    ----------
    doubt
        What is hidden.
    shares
        `hidden_level`, `hidden_up` and `sliver` of a shape.
    """
    level, up, sliver = shares
    span, height = doubt.size
    hidden = doubt.hidden**1.5 * (1 + _MOSTLY * max(doubt.hidden - 0.5, 0.0))
    # Nothing hides an object from one direction alone: half as much across it.
    across = level * span * hidden / 2
    along = math.hypot(2 * across, sliver * doubt.sliver * doubt.hidden)
    total = np.zeros((3, 3))
    total[:2, :2] = _level(doubt.hidden_towards, along, across)
    # An edge alone may lie behind something slim: it counts where half of the outline is hidden.
    # What is as high as two widths already is seldom much higher.
    higher = min(height, max(2 * span - height, 0.0))
    under = _UNDER * higher * doubt.under * min(2 * doubt.hidden, 1.0) ** 6
    total[2, 2] = (up * height * hidden) ** 2 + under**2
    return total


def visible_covariance(size: Array, rotation: Array, share: float, noise: float) -> Array:
    """Return the covariance of the centre of a box that holds only what is seen.

    Parameters
    ----------
    size
        (3,) metres.
    rotation
        (3, 3), columns are the axes of the box.
    share
        Standard deviation along each axis as a share of the size.
    noise
        Standard deviation of depth at the object, metres.
    """
    spread = rotation * (share * size)
    return np.asarray(spread @ spread.T + np.eye(3) * noise**2)


def _level(towards: Array, along: float, across: float) -> Array:
    """(2, 2) with one deviation along a level unit vector and another across it."""
    x, y = towards.tolist()
    more, least = along**2 - across**2, across**2
    return np.array([[more * x * x + least, more * x * y], [more * x * y, more * y * y + least]])
