"""How well the objects themselves are found, without any phrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.metrics.matching import SAME, TrueObjects, object_ious, pairs
from grounding_ros.scene import Detections


@dataclass(frozen=True, eq=False)
class SceneInstances:
    """What was found in one scene; only numbers, the masks are not kept."""

    true: int
    """True objects."""
    scores: NDArray[np.float32]
    """(N,) how sure the grounder is of each found object."""
    hit: NDArray[np.bool_]
    """(N,) whether it takes a true object that no surer one takes, in the way of AP."""
    ious: tuple[float, ...]
    """Overlap of every one-to-one pair."""


@dataclass(frozen=True)
class InstanceScores:
    """Over all scenes; None where there is nothing to divide by."""

    recall50: float | None
    """Pairs over true objects."""
    precision50: float | None
    """Pairs over found objects."""
    mask_iou: float | None
    """Mean overlap of the pairs."""
    ap50: float | None
    """Area under the curve of precision over recall."""


def scene_instances(found: Detections, true: TrueObjects) -> SceneInstances:
    """Compare everything a grounder takes for an object with a scene's true objects."""
    ious = object_ious(found, true)
    partners = pairs(ious)
    return SceneInstances(
        true=len(true.ids),
        scores=found.scores,
        hit=_hits(ious, found.scores),
        ious=tuple(float(ious[pair]) for pair in partners),
    )


def instance_scores(scenes: Sequence[SceneInstances]) -> InstanceScores:
    """Sum up over scenes."""
    true = sum(scene.true for scene in scenes)
    found = sum(len(scene.scores) for scene in scenes)
    ious = [iou for scene in scenes for iou in scene.ious]
    return InstanceScores(
        recall50=len(ious) / true if true else None,
        precision50=len(ious) / found if found else None,
        mask_iou=float(np.mean(ious)) if ious else None,
        ap50=average_precision(
            np.concatenate([np.empty(0), *(scene.scores for scene in scenes)]),
            np.concatenate([np.empty(0, bool), *(scene.hit for scene in scenes)]),
            true,
        ),
    )


def average_precision(
    scores: NDArray[np.floating], hit: NDArray[np.bool_], true: int
) -> float | None:
    """Return the area under precision over recall; None without true objects.

    Every point of the curve counts, and precision is first made to fall with recall (PASCAL VOC
    2010; COCO samples the same curve at 101 points). Equal scores enter together, so that the order
    of the objects never matters.

    Parameters
    ----------
    scores
        (N,) how sure each found object is.
    hit
        (N,) whether it is right.
    true
        How many there are to be found.
    """
    if true == 0:
        return None
    order = np.argsort(-scores, kind="stable")
    last_of_equals = np.flatnonzero(np.diff(-scores[order], append=np.inf))
    right = np.cumsum(hit[order])[last_of_equals]
    precision = right / (last_of_equals + 1)
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    gained = np.diff(right / true, prepend=0.0)
    return float(falling @ gained)


def _hits(ious: NDArray[np.float64], scores: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The surest first, each takes the free true object that it overlaps best (COCO)."""
    hit, free = np.zeros(len(ious), bool), ious.copy()
    if ious.size == 0:
        return hit
    # Of equally sure ones the better overlap goes first, whatever their order.
    for n in np.lexsort((-ious.max(axis=1), -scores)):
        best = int(free[n].argmax())
        if free[n, best] >= SAME:
            hit[n] = True
            free[:, best] = 0.0
    return hit
