"""Everything an evaluation found out, and its JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grounding_ros.errors import InputError
from grounding_ros.evaluation.instance_scores import (
    InstanceScores,
    SceneInstances,
    instance_scores,
)
from grounding_ros.evaluation.judgement import Judgement
from grounding_ros.evaluation.runner import SceneResult
from grounding_ros.evaluation.scores import (
    BoxScores,
    Latency,
    Scores,
    box_scores,
    latencies,
    scores,
    scores_by_kind,
)

_INSTANCES = ("recall50", "precision50", "mask_iou", "ap50")
_GROUP = ("n", "exact", "acc50", "acc75", "count_exact", "count_mae", "ci95")
_BOXES = ("n", "center_median_m", "center_p90_m", "iou3d_median", "yaw_median_deg")


@dataclass(frozen=True)
class Results:
    """The figures of a folder of scenes with truth."""

    scenes: int
    instances: InstanceScores
    overall: Scores
    by_kind: Mapping[str, Scores]
    baselines: Mapping[str, Scores]
    boxes3d: BoxScores
    latency_ms: Mapping[str, Latency]
    statuses: Mapping[str, int]
    """How many answers had each status."""
    judgements: tuple[Judgement, ...]


def summarize(scenes: Iterable[SceneResult]) -> Results:
    """Sum up scenes as they come; only their numbers are kept."""
    instances: list[SceneInstances] = []
    judgements: list[Judgement] = []
    baselines: dict[str, list[Judgement]] = {}
    for scene in scenes:
        instances.append(scene.instances)
        judgements += scene.judgements
        for name, judged in scene.baselines.items():
            baselines.setdefault(name, []).extend(judged)
    return Results(
        scenes=len(instances),
        instances=instance_scores(instances),
        overall=scores(judgements),
        by_kind=scores_by_kind(judgements),
        baselines={name: scores(judged) for name, judged in baselines.items()},
        boxes3d=box_scores(judgements),
        latency_ms=latencies([one.timings_ms for one in judgements]),
        statuses=Counter(one.status for one in judgements),
        judgements=tuple(judgements),
    )


def results_json(results: Results) -> dict[str, Any]:
    """Return the figures as plain data; what was not asked for is null."""
    return {
        "instances": _picked(results.instances, _INSTANCES),
        "overall": _picked(results.overall, _GROUP),
        "by_kind": {kind: _picked(group, _GROUP) for kind, group in results.by_kind.items()},
        "boxes3d": _picked(results.boxes3d, _BOXES),
        "latency_ms": latency_json(results.latency_ms),
        "expressions": [
            {
                "id": one.id,
                "exact": one.exact,
                "status": one.status,
                "returned_ids": one.returned_ids,
                "expected_ids": one.expected_ids,
            }
            for one in results.judgements
        ],
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


def _picked(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}
