"""An answer as the JSON of `~/answer`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.scene import Answer, Objects3D

SCHEMA = "grounding_ros/answer/2"
"""Name and version; the number grows when a key changes its meaning or goes."""


def answer_json(
    answer: Answer, program: Mapping[str, Any], seq: int, age_ms: float | None = None
) -> str:
    """Write an answer as strict JSON: no NaN; what is absent is null.

    Parameters
    ----------
    answer
        The answer.
    program
        The instruction as plain data, `language.to_dict`.
    seq
        Which instruction it answers, counted by the node.
    age_ms
        Milliseconds from the image's stamp to now; null when not known.
    """
    seconds, nanoseconds = divmod(answer.stamp_ns, 1_000_000_000)
    objects = [object_document(answer, row) for row in range(len(answer.candidates))]
    document = {
        "schema": SCHEMA,
        "text": answer.text,
        "instruction_seq": seq,
        "status": answer.status.value,
        "task": answer.task,
        "count": answer.count,
        "count_in_frame": answer.count_in_frame,
        "objects_estimated": _number(answer.candidates.estimate),
        "region": answer.region or None,
        "message": answer.message,
        "question": answer.question,
        "unjudged": answer.unjudged,
        "chosen": [objects[row] for row in answer.chosen],
        "candidates": objects,
        "anchors": [objects[row] for row in answer.anchors],
        "places": [objects[row] for row in answer.places],
        "free_spot": None if answer.free_spot is None else _numbers(answer.free_spot),
        "grasp": _grasp(answer),
        "no_grasp": answer.no_grasp,
        "place_pose": None if answer.place_pose is None else _pose(answer.place_pose),
        "truth": answer.truth,
        "phrases": answer.candidates.phrases,
        "program": program,
        "trace": answer.trace,
        "timings_ms": {stage: _number(ms) for stage, ms in answer.timings_ms.items()},
        "age_ms": _number(age_ms),
        "stamp": {"sec": seconds, "nanosec": nanoseconds},
        "frame_id": answer.frame_id,
        "target_frame": answer.objects.frame_id,
    }
    return json.dumps(document, allow_nan=False)


def object_document(answer: Answer, row: int) -> dict[str, Any]:
    """Return one candidate as plain data; `docs/answer.md` has the keys."""
    seen, lifted = answer.candidates, answer.objects
    matches = [] if seen.matches is None else seen.matches[row]
    return {
        "id": str(answer.ids[row]),  # as in the detections and the mask image
        "label": seen.labels[row],
        "score": _number(seen.scores[row]),
        "box": _numbers(seen.boxes[row].tolist()),
        "attributes": seen.attributes[row],
        "match": _numbers(matches),
        "center_m": _numbers(lifted.centers[row].tolist()),
        "size_m": _numbers(lifted.sizes[row].tolist()),
        "yaw_rad": _number(_yaw(lifted, row)),
        "assumption": lifted.assumptions[row],
        "reason": lifted.reasons[row],
    }


def _grasp(answer: Answer) -> dict[str, Any] | None:
    grasp = answer.grasp
    if grasp is None:
        return None
    return {
        "kind": grasp.kind,
        **_pose(grasp.pose),
        "opening_m": _number(grasp.opening_m),
        "score": _number(grasp.score),
    }


def _pose(pose: NDArray[np.float64]) -> dict[str, Any]:
    turn = quaternion_from_matrix(pose[:3, :3])
    return {"position_m": _numbers(pose[:3, 3].tolist()), "quaternion": _numbers(turn.tolist())}


def _yaw(objects: Objects3D, row: int) -> float:
    """Turn of the box's first axis, which is level, about `up` from the frame's x; NaN: unknown."""
    x, y, z = objects.rotations[row, :, 0].tolist()
    _, up_y, up_z = objects.up.tolist()
    return math.atan2(up_z * y - up_y * z, x)


def _numbers(values: Iterable[float]) -> list[float] | None:
    """Return the numbers, or None when one is absent."""
    numbers = [_number(value) for value in values]
    return None if None in numbers else numbers  # type: ignore[return-value]


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 6)
