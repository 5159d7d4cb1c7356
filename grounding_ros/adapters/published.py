"""What a node published, read back as an answer: a planner's view of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError
from grounding_ros.geometry.transforms import transform
from grounding_ros.scene import Answer, Detections, Objects3D, Status

_NOT_SENT = "its oriented box was not heard"


def read_answer(
    document: Mapping[str, Any],
    detections: Any | None,
    detections_3d: Any | None,
    instances: NDArray[np.uint16] | None,
    image_size: tuple[int, int],
) -> Answer:
    """Return the answer that a set of messages of one stamp holds.

    The chosen set, its order and boxes are those of `detections`, its metres those of
    `detections_3d`, its masks those of `instances`. All other objects have what the JSON says: a
    box in pixels, centre and size in metres, no mask and no turn.

    Parameters
    ----------
    document
        The JSON of `~/answer`.
    detections, detections_3d
        vision_msgs/Detection2DArray and Detection3DArray; None where it did not come: the JSON's
        boxes in pixels stand in, and the chosen objects have no 3D.
    instances
        (H, W) uint16, the picture of `~/masks`; None where it did not come: no object has a mask.
    image_size
        (height, width) of the image that was sent, pixels.

    Raises
    ------
    InputError
        When the messages are not of one answer, or not of this version.
    """
    candidates = document["candidates"]
    rows = {one["id"]: row for row, one in enumerate(candidates)}
    if instances is not None and instances.shape != tuple(image_size):
        raise InputError(f"~/masks: expected {tuple(image_size)}, got {instances.shape}")
    boxes = np.array([one["box"] for one in candidates], np.float32).reshape(-1, 4)
    if detections is None:
        chosen = _rows(rows, [one["id"] for one in document["chosen"]])
    else:
        chosen = _rows(rows, [one.id for one in detections.detections])
        for row, one in zip(chosen, detections.detections, strict=True):
            boxes[row] = _corners(one.bbox)
    return Answer(
        status=_status(document["status"]),
        text=document["text"],
        task=document["task"],
        stamp_ns=document["stamp"]["sec"] * 1_000_000_000 + document["stamp"]["nanosec"],
        frame_id=document["frame_id"],
        candidates=Detections(
            boxes=boxes,
            scores=np.array([one["score"] for one in candidates], np.float32),
            labels=tuple(one["label"] for one in candidates),
            image_size=image_size,
            masks=None if instances is None else _masks(instances, candidates),
            phrases=tuple(document["phrases"]),
            matches=np.array([one["match"] for one in candidates], np.float32),
            attributes=tuple(tuple(one["attributes"]) for one in candidates),
            track_ids=tuple(int(one["id"]) for one in candidates),
        ),
        objects=_objects(document, rows, detections_3d),
        chosen=chosen,
        places=_rows(rows, [one["id"] for one in document["places"]]),
        anchors=_rows(rows, [one["id"] for one in document["anchors"]]),
        truth=document["truth"],
        count=document["count"],
        message=document["message"],
        question=document["question"],
        unjudged=tuple(document["unjudged"]),
        trace=tuple(document["trace"]),
        timings_ms={k: ms for k, ms in document["timings_ms"].items() if ms is not None},
        count_in_frame=document.get("count_in_frame"),
        region=tuple((u, v) for u, v in document.get("region") or ()),
    )


def _status(word: str) -> Status:
    try:
        return Status(word)
    except ValueError:
        known = ", ".join(status.value for status in Status)
        raise InputError(
            f"~/answer: expected a status of {known}, got {word!r}; run the node and the "
            "evaluation in one version"
        ) from None


def _rows(rows: Mapping[str, int], ids: Sequence[str]) -> tuple[int, ...]:
    unknown = [id for id in ids if id not in rows]
    if unknown:
        raise InputError(
            f"~/answer: expected the ids of its candidates {list(rows)}, got {unknown}; the "
            "messages are not of one answer"
        )
    return tuple(rows[id] for id in ids)


def _corners(box: Any) -> tuple[float, float, float, float]:
    x, y = box.center.position.x, box.center.position.y
    return (x - box.size_x / 2, y - box.size_y / 2, x + box.size_x / 2, y + box.size_y / 2)


def _masks(instances: NDArray[np.uint16], candidates: Sequence[Any]) -> NDArray[np.bool_]:
    masks = np.zeros((len(candidates), *instances.shape), bool)
    for mask, one in zip(masks, candidates, strict=True):
        np.equal(instances, int(one["id"]), out=mask)
    return masks


def _objects(
    document: Mapping[str, Any], rows: Mapping[str, int], detections_3d: Any | None
) -> Objects3D:
    candidates = document["candidates"]
    centers, sizes = (
        np.array([_triple(one[key]) for one in candidates], float).reshape(-1, 3)
        for key in ("center_m", "size_m")
    )
    rotations = np.full((len(candidates), 3, 3), np.nan)
    covariances = np.full((len(candidates), 3, 3), np.nan)
    up = np.full(3, np.nan)
    if detections_3d is None:  # a chosen object without its oriented box is not in metres
        centers[list(_rows(rows, [one["id"] for one in document["chosen"]]))] = np.nan
    for one in () if detections_3d is None else detections_3d.detections:
        (row,) = _rows(rows, [one.id])
        box, turn = one.bbox, one.bbox.center.orientation
        place = box.center.position
        pose = transform((place.x, place.y, place.z), (turn.x, turn.y, turn.z, turn.w))
        centers[row], rotations[row] = pose[:3, 3], pose[:3, :3]
        sizes[row] = box.size.x, box.size.y, box.size.z
        covariances[row] = np.reshape(one.results[0].pose.covariance, (6, 6))[:3, :3]
        if candidates[row]["yaw_rad"] is not None:
            up = rotations[row, :, 2]  # the box stands upright where gravity is known
    reasons = [one["reason"] for one in candidates]
    for row in np.flatnonzero(~np.isfinite(centers).all(axis=1)).tolist():
        reasons[row] = reasons[row] or _NOT_SENT
    return Objects3D(
        frame_id=document["target_frame"],
        centers=centers,
        rotations=rotations,
        sizes=sizes,
        covariances=covariances,
        point_counts=np.zeros(len(candidates), np.int64),
        reasons=tuple(reasons),
        up=up,
        assumptions=tuple(one["assumption"] for one in candidates),
    )


def _triple(values: Sequence[float] | None) -> Sequence[float]:
    return (np.nan,) * 3 if values is None else values
