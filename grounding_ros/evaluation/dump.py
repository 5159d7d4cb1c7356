"""Writes every answer so that anybody can score it with code of their own.

answers.jsonl            a line per expression: id, scene, status, count, truth, objects,
                         place_objects
masks/<id>.png           uint16, k + 1 where object k is, in that order; place objects after them
instances/<scene>.png    uint16, k + 1 where instance k is: everything taken for an object

Where masks overlap, the pixel is the earlier one's: of an answer that is the better one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.adapters.answer_json import answer_json
from grounding_ros.errors import InputError
from grounding_ros.evaluation.metrics.matching import masks_of
from grounding_ros.evaluation.metrics.outcome import Outcome, outcome_of
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.runner import SceneResult
from grounding_ros.scene import Answer, Detections
from grounding_ros.simulation.folder_writer import refuse_existing

_OBJECT = ("label", "score", "box", "center_m", "size_m", "yaw_rad")


def begin_dump(out: Path) -> None:
    """Make the new folder `out`.

    Raises
    ------
    InputError
        When it is in use.
    """
    refuse_existing(out)
    for part in ("masks", "instances"):
        (out / part).mkdir(parents=True)


def dump_lines(result: SceneResult, out: Path) -> tuple[str, ...]:
    """Write the masks of one scene, and return its lines of answers.jsonl.

    Raises
    ------
    InputError
        When a name in the data cannot be that of a file.
    """
    name = result.scene.name
    if result.found is not None:
        _write_png(out / "instances", name, label_image(result.found))
    lines = []
    for spoken, answer in result.answers:
        outcome = outcome_of(answer)
        shown = outcome.candidates[[*outcome.chosen, *outcome.places]]
        _write_png(out / "masks", spoken.id, label_image(shown))
        line = {"id": spoken.id, "scene": name, **_line(answer, outcome)}
        lines.append(json.dumps(line, allow_nan=False))
    return tuple(lines)


def with_lines_written(
    records: Iterable[SceneRecord | Broken], out: Path
) -> Iterator[SceneRecord | Broken]:
    """Yield `records` unchanged; their lines are written on the way."""
    with (out / "answers.jsonl").open("w", encoding="utf-8") as file:
        for record in records:
            if isinstance(record, SceneRecord):
                file.writelines(f"{line}\n" for line in record.lines)
            yield record


def label_image(detections: Detections) -> NDArray[np.uint16]:
    """Return (H, W) uint16, k + 1 where detection k is; the earlier one wins an overlap."""
    image = np.zeros(detections.image_size, np.uint16)
    masks = masks_of(detections)
    for k in reversed(range(len(masks))):
        image[masks[k]] = k + 1
    return image


def _line(answer: Answer, outcome: Outcome) -> dict[str, Any]:
    # The published answer has the very numbers a robot would get, made strict JSON.
    candidates = json.loads(answer_json(answer, {}, 0))["candidates"]
    objects = [{key: candidate[key] for key in _OBJECT} for candidate in candidates]
    return {
        "status": outcome.status.value,
        "count": outcome.count,
        "truth": outcome.truth,
        "objects": [objects[row] for row in outcome.chosen],
        "place_objects": [objects[row] for row in outcome.places],
    }


def _write_png(folder: Path, name: str, image: NDArray[np.uint16]) -> None:
    path = folder / f"{name}.png"
    if path.parent != folder:
        raise InputError(f"{name!r}: expected a name for a file, got a path; rename it in the data")
    if not cv2.imwrite(str(path), image):
        raise InputError(f"{path}: expected to write a PNG, got a failure; is the disk full?")
