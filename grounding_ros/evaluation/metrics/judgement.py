"""One answer judged against its truth; `docs/evaluation.md` has the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grounding_ros.evaluation.metrics.boxes3d import BoxError, box_errors
from grounding_ros.evaluation.metrics.matching import TrueObjects, box_ious, masks_of, stand_for
from grounding_ros.evaluation.metrics.outcome import Outcome
from grounding_ros.scene import Status
from grounding_ros.simulation.truth import Expression, Scene


@dataclass(frozen=True)
class Judgement:
    """What one answer is worth; only numbers, so that thousands of them are light."""

    id: str
    """Of the expression."""
    scene: str
    kind: str
    status: str
    exact: bool
    """Whether the answer is entirely right."""
    returned_ids: tuple[int | None, ...]
    """What each returned object stands for, best first; None: nothing."""
    expected_ids: tuple[int, ...]
    top_iou: float | None
    """IoU of the top box with the best of the expected ones; None: no box is asked for."""
    first_hit: int | None
    """Place of the first expected object in the ranking, 0 is the best; None: not in it."""
    shared_px: int = 0
    """Pixels that are both returned and expected."""
    joint_px: int = 0
    """Pixels that are returned or expected."""
    mask_iou: float | None = None
    """Of the two; of nothing with nothing 1 if the status is `not_found`; None: yes or no."""
    count: int | None = None
    """How many objects the answer counts; None when it was not judged."""
    boxes3d: tuple[BoxError, ...] = ()
    """Of the returned objects that stand for one whose pose is known."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    """What was said."""


def judge(scene: Scene, true: TrueObjects, expression: Expression, outcome: Outcome) -> Judgement:
    """Judge one answer.

    Parameters
    ----------
    scene
        Where the expression is from.
    true
        Its objects, `TrueObjects.of(scene)`, made once a scene.
    expression
        What was said, and what is right.
    outcome
        What came back.
    """
    returned = outcome.returned
    returned_ids = stand_for(returned, true)
    expected = true.rows(expression.target_ids)
    top_iou = None
    if expected and expression.kind != "verify":
        ious = box_ious(returned.boxes[:1], true.boxes[expected])
        top_iou = float(ious.max(initial=0.0))
    shared, joint = _pixels(outcome, true, expected)
    return Judgement(
        id=expression.id,
        scene=scene.name,
        kind=expression.kind,
        status=outcome.status.value,
        exact=is_exact(
            expression,
            outcome,
            returned_ids,
            stand_for(outcome.candidates[list(outcome.places)], true),
        ),
        returned_ids=returned_ids,
        expected_ids=expression.target_ids,
        top_iou=top_iou,
        first_hit=_first_hit(expression, outcome, true),
        shared_px=shared,
        joint_px=joint,
        mask_iou=_mask_iou(expression, outcome, shared, joint),
        count=outcome.count,
        boxes3d=box_errors(scene, outcome, returned_ids),
        timings_ms=outcome.timings_ms,
        text=expression.text,
    )


def is_exact(
    expression: Expression,
    outcome: Outcome,
    returned_ids: tuple[int | None, ...],
    place_ids: tuple[int | None, ...],
) -> bool:
    """Tell whether an answer is entirely right.

    The same object returned twice is one too many. A question of yes and no is right by its truth.
    """
    if expression.kind == "verify":
        return outcome.truth is not None and outcome.truth == expression.answer
    if (outcome.status is Status.AMBIGUOUS) != (expression.kind == "ambiguous"):
        return False
    if not expression.target_ids and outcome.status is not Status.NOT_FOUND:
        return False
    return _same(returned_ids, expression.target_ids) and _same(place_ids, expression.place_ids)


def _same(returned: tuple[int | None, ...], expected: tuple[int, ...]) -> bool:
    return None not in returned and sorted(map(str, returned)) == sorted(map(str, expected))


def _first_hit(expression: Expression, outcome: Outcome, true: TrueObjects) -> int | None:
    ranked = stand_for(outcome.candidates[list(outcome.ranking)], true)
    hits = (place for place, id in enumerate(ranked) if id in expression.target_ids)
    return next(hits, None)


def _pixels(outcome: Outcome, true: TrueObjects, expected: list[int]) -> tuple[int, int]:
    returned_px = masks_of(outcome.returned).any(axis=0)
    expected_px = true.masks[expected].any(axis=0)
    shared = int(np.count_nonzero(returned_px & expected_px))
    return shared, int(np.count_nonzero(returned_px | expected_px))


def _mask_iou(expression: Expression, outcome: Outcome, shared: int, joint: int) -> float | None:
    if expression.kind == "verify":
        return None
    if not expression.target_ids:
        return float(outcome.status is Status.NOT_FOUND and joint == 0)
    return shared / max(joint, 1)
