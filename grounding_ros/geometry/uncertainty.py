"""How well a box's centre is known.

Three parts add up. What the fit propagates from the depth's noise, the outline's pixels and the
number of points. What is not seen: along the direction in which something hides the object, and
where a handle may be out of sight. And what the shape does not explain. The constants were set on
rendered scenes of all sensors, so that the stated 95 % hold the truth in 95 % of the cases; the
scenes that are reported are others (docs/evaluation.md).
"""

from __future__ import annotations

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
    explained: float
    """Misfit below which the shape explains what is seen."""


TRUST: Mapping[str, ShapeTrust] = MappingProxyType(
    {
        "cuboid": ShapeTrust(0.8, 0.0002, 0.45, 0.28, 1.3),
        "standing": ShapeTrust(0.85, 0.0002, 0.42, 0.25, 1.5),
        "rim": ShapeTrust(0.3, 0.0004, 0.22, 0.22, 6.0),
        "ball": ShapeTrust(1.25, 0.0001, 0.02, 0.02, 1.3),
        "lying": ShapeTrust(1.1, 0.0003, 0.45, 0.20, 1.3),
    }
)
"""By the name of the shape."""

_UNEXPLAINED = 0.1
"""Deviation for each unit of misfit beyond what is explained, as a share of the size."""
_MOST_MISFIT = 2.0
_HANDLE_M = (0.004, 0.002)
"""Deviation of a handle's reach, level and up; metres."""
_UNSEEN_HANDLE = (0.075, 0.055, 0.015)
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
    misfit: float
    """Mean squared residual over its variance."""
    handle: bool
    """Whether something sticks out of the shape."""
    handle_unseen: bool
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
    span, height = doubt.size
    total = trust.scale**2 * propagated + np.eye(3) * trust.exact_m**2
    # Nothing hides an object from one direction alone: half as much across it.
    hidden = doubt.hidden**1.5
    across = trust.hidden_level * span * hidden / 2
    total = total + _level(doubt.hidden_towards, 2 * across, across)
    total[2, 2] += (trust.hidden_up * height * hidden) ** 2
    if doubt.handle:
        level, up = _HANDLE_M
        total += np.diag([level**2, level**2, up**2])
    else:
        beyond = np.clip(doubt.misfit - trust.explained, 0.0, _MOST_MISFIT)
        total += np.eye(3) * (_UNEXPLAINED * span * beyond) ** 2
    if doubt.handle_unseen:
        along, aside, up = _UNSEEN_HANDLE
        total += _level(doubt.sight, along * span, aside * span)
        total[2, 2] += (up * span) ** 2
    return np.asarray(total)


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
    """(3, 3) with one deviation along a level unit vector and another across it."""
    total = np.zeros((3, 3))
    total[:2, :2] = (along**2 - across**2) * np.outer(towards, towards) + across**2 * np.eye(2)
    return total
