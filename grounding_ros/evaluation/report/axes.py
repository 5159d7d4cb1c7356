"""Axes of the report's plots: where a value is, and which values are written beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high` on pixels from `start` to `end`, which may run backwards."""

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; what is outside is put at the end of the axis."""
        low, high, at = (_log(v) if self.is_log else v for v in (self.low, self.high, value))
        share = (min(max(at, low), high) - low) / (high - low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values, at most seven."""
        if self.is_log:
            first, last = round(_log(self.low)), round(_log(self.high))
            decades = max(math.ceil((last - first) / 6), 1)
            return tuple(10.0**power for power in range(first, last + 1, decades))
        step = round_step(self.high - self.low)
        lowest, highest = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return tuple(step * k for k in range(lowest, highest + 1))


def linear_axis(values: Sequence[float], start: float, end: float) -> Axis:
    """Return an axis around all `values`, of which there is one at least, with round ends."""
    low, high = min(values), max(values)
    step = round_step(high - low or abs(high) or 1.0)
    first, last = math.floor(low / step), math.ceil(high / step)
    return Axis(step * first, step * max(last, first + 1), start, end)


def log_axis(values: Sequence[float], start: float, end: float, least: float) -> Axis:
    """Return an axis of whole decades around all `values`; those below `least` are taken for it."""
    first = math.floor(_log(max(min(values), least)) + 1e-9)
    last = math.ceil(_log(max(*values, least)) - 1e-9)
    return Axis(10.0**first, 10.0 ** max(last, first + 1), start, end, is_log=True)


def round_step(span: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that a span above 0 has three to six of them."""
    power = 10.0 ** math.floor(math.log10(span / 5))
    return next(power * k for k in (1, 2, 5, 10) if span / (power * k) <= 6)


def short(value: float) -> str:
    """Write a tick: no more digits than it needs."""
    return f"{value:.6g}"


def _log(value: float) -> float:
    return math.log10(value) if value > 0 else -math.inf
