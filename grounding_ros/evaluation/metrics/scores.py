"""Judgements summed up: overall, by kind of expression, in metres and in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grounding_ros.evaluation.metrics.bootstrap import interval95
from grounding_ros.evaluation.metrics.boxes3d import BoxError
from grounding_ros.evaluation.metrics.judgement import Judgement

_SHARES = {"0.7 and more": (0.7, 1.01), "0.4 to 0.7": (0.4, 0.7), "below 0.4": (0.0, 0.4)}
"""Strata of the share of an object that is visible, lower bound included."""


@dataclass(frozen=True)
class Scores:
    """The figures of a group of expressions; None where none of them asks for that."""

    n: int
    """Expressions."""
    exact: float | None
    """Share of answers that are entirely right."""
    ci95: tuple[float, float] | None
    """Of `exact`."""
    acc50: float | None
    """Share of top boxes with an IoU of 0.5 or more."""
    acc75: float | None
    recall1: float | None
    """Share of expressions with an expected object at the head of the ranking."""
    recall5: float | None
    """Share with an expected object among the first five."""
    mask_miou: float | None
    """Mean IoU of returned and expected pixels, where something is expected."""
    mask_ciou: float | None
    """Shared pixels over joint pixels, both summed over the same expressions."""
    mask_giou: float | None
    """Mean IoU of returned and expected pixels, nothing with nothing being 1."""
    count_exact: float | None
    """Share of counts that are right; one that was not judged is wrong."""
    count_mae: float | None
    """Mean absolute error of the counts that were judged."""


@dataclass(frozen=True)
class BoxScores:
    """3D boxes of returned objects that stand for one of known pose."""

    n: int
    center_median_m: float | None
    center_p90_m: float | None
    size_median_m: float | None
    iou3d_median: float | None
    iou3d_long_median: float | None
    """Of those with a longer side: the turn of a can or a ball, which means nothing, costs none."""
    yaw_median_deg: float | None
    """Of those with a longer side."""
    coverage95: float | None = None
    """Share of true centres within the stated ellipsoid of 95 %; 0.95 is right."""
    sigma_over_rms: float | None = None
    """Median stated deviation of the centre over the root mean square of its error: far above 1
    more is stated than happens."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds of one stage."""

    n: int
    """Answers that went through it."""
    p50: float
    p95: float
    p99: float


def scores(judgements: Sequence[Judgement]) -> Scores:
    """Sum up a group of judgements."""
    asked = [one for one in judgements if one.top_iou is not None]
    judged_masks = [one.mask_iou for one in judgements if one.mask_iou is not None]
    counts = [one for one in judgements if one.kind == "count"]
    errors = [abs(one.count - len(one.expected_ids)) for one in counts if one.count is not None]
    exact = [float(one.exact) for one in judgements]
    joint = sum(one.joint_px for one in asked)
    return Scores(
        n=len(judgements),
        exact=_mean(exact),
        ci95=interval95(exact, [one.scene for one in judgements]),
        acc50=_mean([(one.top_iou or 0.0) >= 0.5 for one in asked]),
        acc75=_mean([(one.top_iou or 0.0) >= 0.75 for one in asked]),
        recall1=_mean([_hit_within(one, 1) for one in asked]),
        recall5=_mean([_hit_within(one, 5) for one in asked]),
        mask_miou=_mean([one.mask_iou or 0.0 for one in asked]),
        mask_ciou=sum(one.shared_px for one in asked) / joint if joint else None,
        mask_giou=_mean(judged_masks),
        count_exact=_mean([one.count == len(one.expected_ids) for one in counts]),
        count_mae=_mean(errors),
    )


def scores_by_kind(judgements: Sequence[Judgement]) -> dict[str, Scores]:
    """Sum up each kind of expression, in alphabetical order."""
    kinds = sorted({one.kind for one in judgements})
    return {kind: scores([one for one in judgements if one.kind == kind]) for kind in kinds}


def box_scores(judgements: Sequence[Judgement]) -> BoxScores:
    """Sum up the 3D boxes of every answer."""
    return _box_scores([error for one in judgements for error in one.boxes3d])


def box_scores_by_type(judgements: Sequence[Judgement]) -> dict[str, BoxScores]:
    """Sum up the 3D boxes of each type of object, in alphabetical order."""
    errors = [error for one in judgements for error in one.boxes3d]
    kinds = sorted({error.kind for error in errors if error.kind})
    return {kind: _box_scores([one for one in errors if one.kind == kind]) for kind in kinds}


def box_scores_by_share(judgements: Sequence[Judgement]) -> dict[str, BoxScores]:
    """Sum up the 3D boxes of objects as much of which is visible, the most visible first."""
    errors = [error for one in judgements for error in one.boxes3d]
    shares = {
        name: [
            one
            for one in errors
            if one.visible_share is not None and low <= one.visible_share < high
        ]
        for name, (low, high) in _SHARES.items()
    }
    return {name: _box_scores(group) for name, group in shares.items() if group}


def _box_scores(errors: Sequence[BoxError]) -> BoxScores:
    centers = [error.center_m for error in errors]
    stated = [error for error in errors if error.sigma_m is not None]
    rms = float(np.sqrt(np.mean([one.center_m**2 for one in stated]))) if stated else 0.0
    sigma = _percentile([one.sigma_m for one in stated if one.sigma_m is not None], 50)
    turns = [error.yaw_deg for error in errors if error.yaw_deg is not None]
    return BoxScores(
        n=len(errors),
        center_median_m=_percentile(centers, 50),
        center_p90_m=_percentile(centers, 90),
        size_median_m=_percentile([error.size_m for error in errors], 50),
        iou3d_median=_percentile([error.iou3d for error in errors], 50),
        iou3d_long_median=_percentile(
            [error.iou3d for error in errors if error.yaw_deg is not None], 50
        ),
        yaw_median_deg=_percentile(turns, 50),
        coverage95=_mean([bool(one.within95) for one in stated]),
        sigma_over_rms=None if sigma is None or rms == 0.0 else sigma / rms,
    )


def latencies(timings_ms: Sequence[Mapping[str, float]]) -> dict[str, Latency]:
    """Return percentiles of each stage over the answers that went through it."""
    stages = dict.fromkeys(stage for timings in timings_ms for stage in timings)
    return {
        stage: _latency([timings[stage] for timings in timings_ms if stage in timings])
        for stage in stages
    }


def _latency(values: Sequence[float]) -> Latency:
    p50, p95, p99 = np.percentile(values, (50, 95, 99)).tolist()
    return Latency(len(values), p50, p95, p99)


def _hit_within(one: Judgement, k: int) -> bool:
    return one.first_hit is not None and one.first_hit < k


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _percentile(values: Sequence[float], percent: float) -> float | None:
    return float(np.percentile(values, percent)) if values else None
