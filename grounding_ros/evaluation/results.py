"""Everything an evaluation found out, and its JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grounding_ros.errors import InputError
from grounding_ros.evaluation.live_counts import LiveCounts, live_json, total_live
from grounding_ros.evaluation.metrics.instance_scores import InstanceScores, instance_scores
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.metrics.scores import (
    BoxScores,
    Latency,
    Scores,
    box_scores,
    box_scores_by_share,
    box_scores_by_type,
    latencies,
    scores,
    scores_by_kind,
)
from grounding_ros.evaluation.record import Broken, Heard, SceneRecord
from grounding_ros.evaluation.report.evidence import SceneEvidence

_INSTANCES = ("recall50", "precision50", "mask_iou", "ap50")
_GROUP = ("n", "exact", "acc50", "acc75", "count_exact", "count_mae", "ci95")
_BOXES = (
    "n",
    "center_median_m",
    "center_p90_m",
    "iou3d_median",
    "yaw_median_deg",
    "coverage95",
    "sigma_over_rms",
)


@dataclass(frozen=True)
class Step:
    """How right the answers are with the truth in the place of some stages."""

    stage: str
    """The last of them, "masks", "names", "objects", "boxes", "language" or "reasoning"; "": no
    stage."""
    exact: float
    """Share of answers that are entirely right."""
    by_kind: Mapping[str, float]


@dataclass(frozen=True)
class Results:
    """The figures of an evaluation; what needs truth is None where none is known."""

    scenes: int
    instances: InstanceScores | None
    overall: Scores | None
    by_kind: Mapping[str, Scores]
    baselines: Mapping[str, Scores]
    boxes3d: BoxScores | None
    latency_ms: Mapping[str, Latency]
    statuses: Mapping[str, int]
    """How many answers had each status."""
    judgements: tuple[Judgement, ...]
    heard: tuple[Heard, ...] = ()
    """The answers whose truth is not known."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """What the failed answers say, and how many of them say it."""
    broken: tuple[Broken, ...] = ()
    """The sources that could not be read, or not to their end."""
    waterfall: tuple[Step, ...] = ()
    """What the truth in the place of stage after stage gains; () when it was not asked for."""
    evidence: tuple[SceneEvidence, ...] = ()
    """What the report shows of each scene; () when none was asked for."""
    live: LiveCounts | None = None
    """What was sent to a running node and what came back; None: there was none."""
    baselines_by_kind: Mapping[str, Mapping[str, Scores]] = field(default_factory=dict)
    """Of each baseline, the scores of each kind of expression."""
    boxes3d_by_type: Mapping[str, BoxScores] = field(default_factory=dict)
    """By the plainest name of the true object."""
    boxes3d_by_share: Mapping[str, BoxScores] = field(default_factory=dict)
    """By how much of the true object is visible."""


def summarize(records: Iterable[SceneRecord | Broken]) -> Results:
    """Sum up scenes as they come."""
    kept: list[SceneRecord] = []
    broken: list[Broken] = []
    for record in records:
        if isinstance(record, Broken):
            broken.append(record)
        else:
            kept.append(record)
    judgements = tuple(one for record in kept for one in record.judgements)
    heard = tuple(one for record in kept for one in record.heard)
    answers: tuple[Judgement | Heard, ...] = (*judgements, *heard)
    instances = [record.instances for record in kept if record.instances is not None]
    names = dict.fromkeys(name for record in kept for name in record.baselines)
    baselines = {
        name: [one for record in kept for one in record.baselines.get(name, ())] for name in names
    }
    return Results(
        scenes=len(kept),
        instances=instance_scores(instances) if instances else None,
        overall=scores(judgements) if instances else None,
        by_kind=scores_by_kind(judgements),
        baselines={name: scores(judged) for name, judged in baselines.items()},
        boxes3d=box_scores(judgements) if instances else None,
        boxes3d_by_type=box_scores_by_type(judgements),
        boxes3d_by_share=box_scores_by_share(judgements),
        latency_ms=latencies([one.timings_ms for one in answers]),
        statuses=Counter(one.status for one in answers),
        judgements=judgements,
        heard=heard,
        failures=Counter(message for record in kept for message in record.failures),
        broken=tuple(broken),
        evidence=tuple(record.evidence for record in kept if record.evidence is not None),
        live=total_live([record.live for record in kept if record.live is not None]),
        baselines_by_kind={name: scores_by_kind(judged) for name, judged in baselines.items()},
    )


def results_json(results: Results) -> dict[str, Any]:
    """Return the figures as plain data; what was not asked for is null."""
    return {
        "instances": _picked(results.instances, _INSTANCES),
        "overall": _picked(results.overall, _GROUP),
        "by_kind": {kind: _picked(group, _GROUP) for kind, group in results.by_kind.items()},
        "boxes3d": _boxes(results),
        "latency_ms": latency_json(results.latency_ms),
        "expressions": [
            *(_judged(one) for one in results.judgements),
            *(_unjudged(one) for one in results.heard),
        ],
        "broken": [{"source": str(one.source), "reason": one.reason} for one in results.broken],
        "waterfall": _waterfall(results.waterfall),
        "live": None if results.live is None else live_json(results.live, results.latency_ms),
    }


def latency_json(stages: Mapping[str, Latency]) -> dict[str, Any]:
    """Return the percentiles of each stage as plain data."""
    return {stage: _picked(latency, ("p50", "p95")) for stage, latency in stages.items()}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write `content` as strict JSON.

    Raises
    ------
    InputError
        When nothing can be written there.
    """
    text = json.dumps(content, indent=1, allow_nan=False)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: expected a writable file, got {error.strerror}") from error


def _boxes(results: Results) -> dict[str, Any] | None:
    if results.boxes3d is None:
        return None
    groups = {"by_type": results.boxes3d_by_type, "by_visible_share": results.boxes3d_by_share}
    return {
        **_picked(results.boxes3d, _BOXES),
        **{
            name: {one: _picked(group, _BOXES) for one, group in by.items()}
            for name, by in groups.items()
        },
    }


def _judged(one: Judgement) -> dict[str, Any]:
    return {
        "id": one.id,
        "exact": one.exact,
        "status": one.status,
        "returned_ids": one.returned_ids,
        "expected_ids": one.expected_ids,
        "scene": one.scene,
        "kind": one.kind,
        "text": one.text,
    }


def _unjudged(one: Heard) -> dict[str, Any]:
    unknown = {"exact": None, "returned_ids": None, "expected_ids": None}
    told = {"scene": None, "kind": None, "text": one.text}
    return {"id": one.id, "status": one.status, **unknown, **told}


def _waterfall(steps: Sequence[Step]) -> list[dict[str, Any]] | None:
    """A first step that gains nothing, and what each of the others adds to the one before it."""
    before = (*steps[:1], *steps[:-1])
    return [
        {
            "stage": step.stage,
            "exact": step.exact,
            "gained": step.exact - last.exact,
            "by_kind": dict(step.by_kind),
        }
        for last, step in zip(before, steps, strict=True)
    ] or None


def _picked(value: object, names: tuple[str, ...]) -> Any:
    return None if value is None else {name: getattr(value, name) for name in names}
