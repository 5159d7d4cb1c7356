"""The plot of how long every stage takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grounding_ros.evaluation.report.axes import Axis, log_axis
from grounding_ros.evaluation.report.plot import WIDTH, plot, sign, text, x_axis
from grounding_ros.evaluation.results import Results

_LEFT, _RIGHT, _TOP, _ROW = 70.0, WIDTH - 16.0, 10.0, 40.0
_BINS = 60
_LEAST_MS = 1e-2


def latency_plot(results: Results) -> str:
    """Return a histogram for each stage, all over the same milliseconds; "" without an answer."""
    stages = stage_times(results)
    if not stages:
        return ""
    every = [value for values in stages.values() for value in values]
    axis = log_axis(every, _LEFT, _RIGHT, _LEAST_MS)
    bottom = _TOP + _ROW * len(stages)
    parts = [x_axis(axis, _TOP, bottom, "milliseconds, logarithmic")]
    for place, (stage, values) in enumerate(stages.items()):
        parts.append(_row(stage, values, axis, _TOP + _ROW * (place + 1)))
    key = "".join(
        (sign("middle", "p50, half of the answers are faster"), sign("tail", "p95")),
    )
    return plot("How long each stage takes", bottom + 42, parts, key)


def stage_times(results: Results) -> dict[str, list[float]]:
    """Return the milliseconds of every answer that went through a stage, by stage."""
    stages: dict[str, list[float]] = {}
    for timings in timings_of(results):
        for stage, value in timings.items():
            stages.setdefault(stage, []).append(value)
    return stages


def timings_of(results: Results) -> list[Mapping[str, float]]:
    """Return the milliseconds of every answer, by stage."""
    judged = (one.timings_ms for one in results.judgements)
    return [*judged, *(one.timings_ms for one in results.heard)]


def _row(stage: str, values: Sequence[float], axis: Axis, floor: float) -> str:
    edges = np.geomspace(axis.low, axis.high, _BINS + 1)
    counts, _ = np.histogram(np.clip(values, axis.low, axis.high), edges)
    tall = (_ROW - 10) / counts.max()
    bars = [
        f"M{axis(low)} {floor:g}v-{count * tall:.1f}H{axis(high)}V{floor:g}z"
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
        if count
    ]
    p50, p95 = (axis(float(value)) for value in np.percentile(values, (50, 95)))
    return "".join(
        (
            text(_LEFT - 10, floor - 8, stage, "end", "name"),
            f'<path class="base" d="M{_LEFT} {floor:g}H{_RIGHT}"/>',
            f'<path class="bars" d="{"".join(bars)}"/>',
            f'<path class="middle" d="M{p50} {floor:g}v-{_ROW - 8:g}"/>',
            f'<path class="tail" d="M{p95} {floor:g}v-{_ROW - 8:g}"/>',
        )
    )
