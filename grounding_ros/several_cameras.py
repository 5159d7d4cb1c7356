"""Several cameras' answers to one instruction, made one.

Every camera has judged the instruction in its own picture; here objects that several of them chose
become one, by their places in the common frame. Hence a set that no camera sees as a whole ("two
mugs", one to each camera) is not found; a count is of all different objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grounding_ros.language import Instruction
from grounding_ros.scene import Answer, Status
from grounding_ros.scene.merged_answer import MergedAnswer, View

_SAME_M = 0.03
"""Centres this near belong to one object: each camera sees another side of it."""
_SAME_SHARE = 0.5
"""The same, as a share of the smaller one's shortest side."""
_SURE = (Status.GROUNDED, Status.PARTLY_GROUNDED)
_WORST_FIRST = (
    Status.FAILED,
    Status.NOT_UNDERSTOOD,
    Status.CANNOT_JUDGE,
    Status.NOT_FOUND,
)


def merge(
    instruction: Instruction, answers: Mapping[str, Answer], silent: tuple[str, ...] = ()
) -> MergedAnswer:
    """Return what the cameras say together.

    Parameters
    ----------
    instruction
        The program all of them answered.
    answers
        By camera; at least one.
    silent
        Cameras without an answer.

    Returns
    -------
    MergedAnswer
        `ambiguous` when it is so for one camera, or when one object is asked for and the cameras
        chose different ones; `failed` when the chosen objects are not in one frame and cannot be
        compared. What no camera is sure of is said as the camera says it that is worst off.
    """
    told = tuple(f"{name}: {answer.status.value}" for name, answer in answers.items())
    trace = (*told, *(f"{name}: silent" for name in silent))
    return replace(_merged(instruction, answers), silent=silent, trace=trace)


def _merged(instruction: Instruction, answers: Mapping[str, Answer]) -> MergedAnswer:
    for name, answer in answers.items():
        if answer.status is Status.AMBIGUOUS:
            return _as_said_by(name, answers)
    sure = {name: answer for name, answer in answers.items() if answer.status in _SURE}
    if not sure:
        worst = min(answers, key=lambda name: _WORST_FIRST.index(answers[name].status))
        return _as_said_by(worst, answers)
    if instruction.task == "verify":
        return _verified(sure, answers)
    if why := _incomparable(sure):
        return MergedAnswer(Status.FAILED, answers, message=why)
    return _chosen(instruction, sure, answers)


def _chosen(
    instruction: Instruction, sure: Mapping[str, Answer], answers: Mapping[str, Answer]
) -> MergedAnswer:
    views = _distinct(sure)
    partly = any(sure[view.camera].status is Status.PARTLY_GROUNDED for view in views)
    found = MergedAnswer(
        Status.PARTLY_GROUNDED if partly else Status.GROUNDED, answers, chosen=views
    )
    if instruction.target is None or instruction.target.number != "one":
        message = f"{len(views)} different objects are seen by {_names(list(sure))}"
        return replace(found, count=len(views), message=message)
    if len(views) > 1:
        return replace(
            found,
            status=Status.AMBIGUOUS,
            count=len(views),
            message="the cameras chose different objects",
            question=_question(views, sure),
        )
    best = sure[views[0].camera]
    return replace(found, count=best.count, message=best.message)


def _as_said_by(camera: str, answers: Mapping[str, Answer]) -> MergedAnswer:
    answer = answers[camera]
    return MergedAnswer(
        answer.status,
        answers,
        chosen=tuple(View(camera, row, (camera,)) for row in answer.chosen),
        count=answer.count,
        truth=answer.truth,
        message=answer.message,
        question=answer.question,
    )


def _verified(sure: Mapping[str, Answer], answers: Mapping[str, Answer]) -> MergedAnswer:
    yes = [name for name, answer in sure.items() if answer.truth]
    no = [name for name, answer in sure.items() if answer.truth is False]
    if yes and no:
        message = f"{_names(yes)} would say yes, {_names(no)} no"
        return MergedAnswer(Status.CANNOT_JUDGE, answers, message=message)
    return _as_said_by((yes or no or list(sure))[0], answers)


def _incomparable(sure: Mapping[str, Answer]) -> str:
    """Say why the chosen objects cannot be compared; "" when they can."""
    chose = {name: answer for name, answer in sure.items() if answer.chosen}
    frames = {answer.objects.frame_id for answer in chose.values()}
    if len(frames) > 1:
        named = ", ".join(f"{name} in {one.objects.frame_id!r}" for name, one in chose.items())
        return f"expected all cameras' objects in one frame, got {named}; set target_frame"
    if len(chose) > 1:
        for name, answer in chose.items():
            for row in answer.chosen:
                if reason := answer.objects.reasons[row]:
                    return f"an object that {name} sees has no place in metres: {reason}"
    return ""


def _distinct(sure: Mapping[str, Answer]) -> tuple[View, ...]:
    """Every chosen object once: in the camera that has most depth points on it."""
    kept: list[View] = []
    for name, answer in sure.items():
        for row in answer.chosen:
            twin = next((k for k, view in enumerate(kept) if _same(view, name, row, sure)), None)
            if twin is None:
                kept.append(View(name, row, (name,)))
                continue
            other = kept[twin]
            seen_by = (*other.seen_by, name)
            better = _points(sure[name], row) > _points(sure[other.camera], other.row)
            best = (name, row) if better else (other.camera, other.row)
            kept[twin] = View(*best, seen_by)
    return tuple(kept)


def _same(view: View, camera: str, row: int, sure: Mapping[str, Answer]) -> bool:
    if camera in view.seen_by:
        return False  # a camera tells its own objects apart
    one, other = sure[view.camera].objects, sure[camera].objects
    apart = float(np.linalg.norm(one.centers[view.row] - other.centers[row]))
    shortest = float(min(one.sizes[view.row].min(), other.sizes[row].min()))
    return apart <= max(_SAME_M, _SAME_SHARE * shortest)


def _points(answer: Answer, row: int) -> int:
    return int(answer.objects.point_counts[row])


def _question(views: tuple[View, ...], sure: Mapping[str, Answer]) -> str:
    names = []
    for view in views:
        answer = sure[view.camera]
        x, y, z = answer.objects.centers[view.row].tolist()
        label = answer.candidates.labels[view.row]
        names.append(f"the {label} at ({x:.2f}, {y:.2f}, {z:.2f}) that {_names(view.seen_by)} sees")
    return f"Which one do you mean: {', or '.join(names)}?"


def _names(cameras: Sequence[str]) -> str:
    return " and ".join(cameras)
