"""Robust numbers from measured points."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_TRIMMED = 0.2
_Float = TypeVar("_Float", bound=np.floating)


def extent(values: NDArray[np.floating]) -> tuple[float, float]:
    """Return where measured values begin and end, without the few farthest out.

    Of M points on a surface about sqrt(M) lie on its outermost row of pixels. Leaving out a fifth
    of a row on either side drops stray points and costs a fifth of a pixel, at every distance; a
    fixed percentage would cost more the larger the object is.

    Parameters
    ----------
    values
        (M,) with M > 0; finite.

    Returns
    -------
    tuple[float, float]
        Low and high.
    """
    strays = int(_TRIMMED * math.sqrt(len(values)))
    last = len(values) - 1
    ordered = np.partition(values, (strays, last - strays))
    return float(ordered[strays]), float(ordered[last - strays])


def median(values: NDArray[np.floating]) -> float:
    """Return the median of finite values (M,), M > 0.

    For the few hundred values here it is five times faster than numpy's, which looks for NaN first.
    """
    middle = (len(values) - 1) // 2, len(values) // 2
    ordered = np.partition(values, middle)
    return float(ordered[middle[0]] + ordered[middle[1]]) / 2


def percentiles(values: NDArray[np.floating], *shares: float) -> tuple[float, ...]:
    """Return what lies above each share, in percent, of finite values (M,), M > 0.

    As numpy's, which for the few hundred values here takes ten times as long.
    """
    places = [share / 100 * (len(values) - 1) for share in shares]
    below = [int(place) for place in places]
    above = [min(low + 1, len(values) - 1) for low in below]
    ordered = np.partition(values, sorted({*below, *above}))
    ends = zip(places, ordered[below].tolist(), ordered[above].tolist(), strict=True)
    return tuple(low + (place - int(place)) * (high - low) for place, low, high in ends)


def median_point(points: NDArray[_Float]) -> NDArray[_Float]:
    """Return the median of every column of finite points (M, D), M > 0."""
    return np.array([median(column) for column in np.ascontiguousarray(points.T)], points.dtype)


def mean_point(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the mean (D,) of points (M, D), M > 0.

    As a product of matrices: for the long and narrow arrays here it is ten times faster than
    numpy's mean.
    """
    return np.asarray(np.ones(len(points), points.dtype) @ points / len(points))
