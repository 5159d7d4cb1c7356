"""What "it" and "the other one" mean: the objects that the last answer chose, and the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grounding_ros.reasoning.fit import Fit, keep
from grounding_ros.reasoning.sight import Sight
from grounding_ros.scene import Detections, LastChoice, Objects3D

_SAME_M = 0.05
_SAME_IOU = 0.5


def refer(fitting: Fit, reference: str, sight: Sight) -> Fit:
    """Keep what the last answer chose ("last"), or all but that ("other")."""
    if sight.last is None or not reference:
        return fitting
    chosen = remembered(sight.last, sight.detections, sight.objects)
    holds, missing = chosen, "none that I chose last"
    if reference == "other":
        holds, missing = ~chosen, "none other than the last one"
    step = f"reference to the last answer ({reference})"
    return keep(fitting, sight.detections, fitting.match, holds, step=step, missing=missing)


def remembered(last: LastChoice, detections: Detections, objects: Objects3D) -> NDArray[np.bool_]:
    """Tell which of N objects were chosen last.

    Its track tells where it is followed. Else, in one frame, the nearest within 5 cm is the same
    object; where that is not known, the box that overlaps most, by at least one half (as in PASCAL
    VOC).

    Parameters
    ----------
    last
        What was chosen.
    detections, objects
        The same N objects in the image and in metres.
    """
    boxes = detections.boxes
    same = np.zeros(len(boxes), bool)
    comparable = last.frame_id == objects.frame_id
    for k, (box, center) in enumerate(zip(last.boxes, last.centers, strict=True)):
        track = last.track_ids[k] if last.track_ids else 0
        if track in detections.track_ids:
            same[detections.track_ids.index(track)] = True
            continue
        away = np.linalg.norm(objects.centers - center, axis=1)
        if comparable and np.isfinite(away).any():
            nearest = int(np.nanargmin(away))
            same[nearest] |= away[nearest] <= _SAME_M
        elif len(boxes):
            ious = _ious(box, boxes)
            same[int(ious.argmax())] |= ious.max() >= _SAME_IOU
    return same


def _ious(box: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float64]:
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.maximum(sides, 0).prod(axis=1).astype(np.float64)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    return np.asarray(shared / np.maximum(areas - shared, 1e-9))
