"""How far a provider's outputs are from torch's in float32, and how far they may be.

Largest differences, not means: TensorRT has returned boxes that were right but for a few objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.folder import Arrays

LIMITS: Mapping[str, Mapping[str, float]] = {
    "fp32": {"scores": 1e-3, "boxes": 1e-3, "features": 1e-3, "masks": 1e-3},
    "fp16": {"scores": 2e-2, "boxes": 1e-2, "features": 2e-2, "masks": 1e-2},
}
"""By precision and kind of output. scores: difference of probabilities. boxes: of coordinates, as a
share of the picture. features: norm of the difference over the norm. masks: share of pixels that
change sides."""

_BEST = 100
"""Rows that are compared where a model chooses its queries: those that it scores highest."""


@dataclass(frozen=True)
class Deviation:
    """One output of one run."""

    output: str
    value: float
    limit: float

    @property
    def is_over(self) -> bool:
        """Whether it is too far off; a NaN is."""
        return not self.value <= self.limit

    def __str__(self) -> str:
        sign = ">" if self.is_over else "<="
        return f"{self.output} {self.value:.2g} {sign} {self.limit:g}"


def deviations(
    expected: Arrays, got: Arrays, kinds: Mapping[str, str], precision: str
) -> tuple[Deviation, ...]:
    """Compare every output of a run with what torch made of the same inputs.

    Parameters
    ----------
    expected, got
        Output name to array.
    kinds
        Output name to kind, a key of LIMITS. Where "scores" and "boxes" come together, each row is
        an object, and rows are paired by their boxes: numbers that nearly tie change their order.
    precision
        "fp32" or "fp16".

    Raises
    ------
    BackendError
        When an output is absent or has another shape: then it is another graph.
    """
    for name in kinds:
        shape, other = expected[name].shape, got[name].shape if name in got else None
        if shape != other:
            raise BackendError(f"output {name}: expected the shape {shape}, got {other}")
    by_kind = {kind: name for name, kind in kinds.items()}
    if {"scores", "boxes"} <= set(by_kind):
        expected, got = _paired(expected, got, by_kind["scores"], by_kind["boxes"])
    limits = LIMITS[precision]
    return tuple(
        Deviation(name, _MEASURES[kind](expected[name], got[name]), limits[kind])
        for name, kind in kinds.items()
    )


def _paired(first: Arrays, second: Arrays, scores: str, boxes: str) -> tuple[Arrays, Arrays]:
    """Return the best rows of either side, each beside the nearest of the other side."""
    left, right = (_rows(side, scores, boxes) for side in (first, second))
    sure, other = _best(first, scores), _best(second, scores)
    pairs = (
        np.concatenate([sure, _nearest(right[other], left)]),
        np.concatenate([_nearest(left[sure], right), other]),
    )
    return tuple(  # type: ignore[return-value]
        {name: side[name][:, rows] for name in (scores, boxes)}
        for side, rows in zip((first, second), pairs, strict=True)
    )


def _best(side: Arrays, scores: str) -> NDArray[np.intp]:
    """Return the rows that score highest; a NaN counts as high, so that it is seen."""
    truths = _probabilities(side[scores][0]).max(axis=-1)
    return np.argsort(-np.nan_to_num(truths, nan=2.0), kind="stable")[:_BEST]


def _rows(side: Arrays, scores: str, boxes: str) -> NDArray[np.float64]:
    """(N, 4 + T): box and probabilities, which tell apart boxes that coincide."""
    joined = np.concatenate([side[boxes][0], _probabilities(side[scores][0])], axis=-1)
    return np.asarray(np.nan_to_num(joined, nan=9.0, posinf=9.0, neginf=-9.0), np.float64)


def _nearest(wanted: NDArray[np.float64], among: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.array([np.abs(among - row).max(axis=-1).argmin() for row in wanted], np.intp)


def _probabilities(logits: NDArray[Any]) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-np.asarray(logits, np.float64))))


def _scores(expected: NDArray[Any], got: NDArray[Any]) -> float:
    return _largest(_probabilities(expected) - _probabilities(got))


def _boxes(expected: NDArray[Any], got: NDArray[Any]) -> float:
    return _largest(np.asarray(expected, np.float64) - np.asarray(got, np.float64))


def _features(expected: NDArray[Any], got: NDArray[Any]) -> float:
    truth = np.asarray(expected, np.float64)
    off = np.linalg.norm(truth - np.asarray(got, np.float64))
    return float(off / max(float(np.linalg.norm(truth)), 1e-12))


def _masks(expected: NDArray[Any], got: NDArray[Any]) -> float:
    if not np.isfinite(got).all():
        return float("nan")
    return float(np.mean((np.asarray(expected) > 0) != (np.asarray(got) > 0)))


def _largest(difference: NDArray[np.float64]) -> float:
    """Return the largest, NaN when one is NaN."""
    return float(np.abs(difference).max(initial=0.0))


_MEASURES = {"scores": _scores, "boxes": _boxes, "features": _features, "masks": _masks}
