"""An answer as a person looks at it: the picture, what was returned, what was expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.metrics.matching import TrueObjects, object_ious
from grounding_ros.evaluation.report.fault import fault
from grounding_ros.evaluation.runner import SceneResult
from grounding_ros.geometry.projection import rays
from grounding_ros.scene import Answer, Detections, Frame
from grounding_ros.simulation.truth import Expression, Scene

_WIDTH = 640
_QUALITY = 80
_COARSENESS_PX = 0.8
_MOST_CANDIDATES = 40


@dataclass(frozen=True)
class Outline:
    """One object drawn on the picture, in pixels of the original image."""

    role: str
    """"returned", "place", "anchor", "candidate" or "expected"."""
    label: str
    box: tuple[float, float, float, float]
    """xyxy."""
    number: int
    """The object's id in the answer and its trace, 1 and up; of an expected one its true id."""
    contours: tuple[tuple[tuple[int, int], ...], ...] = ()
    """The mask's outlines and those of its holes, each a list of (u, v)."""


@dataclass(frozen=True)
class AnswerEvidence:
    """One answer: how it came about and what it points at."""

    id: str
    text: str
    kind: str
    """"" when the truth is not known."""
    status: str
    exact: bool | None
    """None when the truth is not known."""
    message: str
    question: str
    trace: tuple[str, ...]
    returned_ids: tuple[int | None, ...]
    """What each returned object stands for; () when the truth is not known."""
    expected_ids: tuple[int, ...]
    total_ms: float | None
    outlines: tuple[Outline, ...]
    """In the order of drawing: what was only considered, what was returned, what was expected."""
    fault: str = ""
    """What is wrong; "" when nothing is or the truth is not known."""
    count: int | None = None
    """How many objects the answer counts; None when it was not judged."""
    truth: bool | None = None
    """The answer's yes or no."""
    expected_truth: bool | None = None
    """The right yes or no."""
    drawn: bool = True
    """False: its words alone are kept."""


@dataclass(frozen=True)
class SeenObject:
    """One true object, as the grounder sees it without any phrase."""

    iou: float
    """Of its mask with the best found one."""
    side_px: float
    """Side of a square of as many pixels as are seen of it."""
    distance_m: float | None
    """Median distance of its pixels from the camera; None: no depth, or an unknown camera."""


@dataclass(frozen=True)
class SceneEvidence:
    """One scene's picture, once, and all its answers."""

    scene: str
    size: tuple[int, int]
    """Height and width of the original image."""
    jpeg: bytes
    """The picture, perhaps smaller than the original; empty: left out."""
    answers: tuple[AnswerEvidence, ...]
    objects: tuple[SeenObject, ...] = ()
    """All true objects; () when the truth is not known."""


def scene_evidence(result: SceneResult) -> SceneEvidence:
    """Draw every answer of a scene; pictures are packed, so that a process can send them."""
    scene, found = result.scene, result.found
    true = TrueObjects.of(scene)
    judgements = result.judgements or (None,) * len(result.answers)
    return SceneEvidence(
        scene=scene.name,
        size=(scene.frame.height, scene.frame.width),
        jpeg=packed(scene.frame.rgb),
        answers=tuple(
            _answer_evidence(spoken, answer, judged, tuple(_expected(scene, true, spoken)))
            for (spoken, answer), judged in zip(result.answers, judgements, strict=True)
        ),
        objects=() if found is None else seen_objects(scene.frame, true, found),
    )


def packed(rgb: NDArray[np.uint8]) -> bytes:
    """Return a picture (H, W, 3) RGB as JPEG, at most 640 pixels wide.

    Raises
    ------
    InputError
        When it cannot be packed.
    """
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    height, width = rgb.shape[:2]
    if width > _WIDTH:
        small = (_WIDTH, max(round(height * _WIDTH / width), 1))
        bgr = cv2.resize(bgr, small, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise InputError(f"picture: expected one that fits into a JPEG, got {rgb.shape}")
    return data.tobytes()


def contours_of(mask: NDArray[np.bool_]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return the outlines of a mask (H, W) and of its holes, at most a pixel off."""
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    simple = (cv2.approxPolyDP(contour, _COARSENESS_PX, True)[:, 0] for contour in found)
    return tuple(
        tuple((int(u), int(v)) for u, v in contour) for contour in simple if len(contour) > 2
    )


def seen_objects(frame: Frame, true: TrueObjects, found: Detections) -> tuple[SeenObject, ...]:
    """Say of every true object how far and how large it is, and how well it was found."""
    ious = object_ious(found, true).max(axis=0, initial=0.0)
    distances = _distances(frame)
    return tuple(
        SeenObject(
            iou=float(iou),
            side_px=float(np.sqrt(np.count_nonzero(mask))),
            distance_m=None if distances is None else _median(distances[mask]),
        )
        for iou, mask in zip(ious, true.masks, strict=True)
        if mask.any()
    )


def _distances(frame: Frame) -> NDArray[np.float64] | None:
    """(H, W) metres from the camera to what each pixel shows."""
    if frame.depth is None or frame.intrinsics is None:
        return None
    slant = np.sqrt(1.0 + np.square(rays(frame.intrinsics), dtype=np.float64).sum(axis=-1))
    return np.asarray(frame.depth * slant)


def _median(values: NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def _answer_evidence(
    spoken: Expression, answer: Answer, judged: Judgement | None, expected: tuple[Outline, ...]
) -> AnswerEvidence:
    return AnswerEvidence(
        id=spoken.id,
        text=spoken.text,
        kind=spoken.kind,
        status=answer.status.value,
        exact=None if judged is None else judged.exact,
        message=answer.message,
        question=answer.question,
        trace=answer.trace,
        returned_ids=() if judged is None else judged.returned_ids,
        expected_ids=spoken.target_ids,
        total_ms=answer.timings_ms.get("total"),
        outlines=(*_seen(answer), *expected),
        fault="" if judged is None else fault(judged),
        count=answer.count,
        truth=answer.truth,
        expected_truth=spoken.answer,
    )


def _expected(scene: Scene, true: TrueObjects, spoken: Expression) -> Iterator[Outline]:
    for id in dict.fromkeys((*spoken.target_ids, *spoken.place_ids)):
        row = true.ids.index(id)
        thing = scene.object(id)
        label = " ".join((*thing.colors[:1], *thing.names[:1]))
        yield Outline("expected", label, _box(true.boxes[row]), id, contours_of(true.masks[row]))


def _seen(answer: Answer) -> Iterator[Outline]:
    """Yield what was considered, then what the answer is about; each object once."""
    roles: dict[int, str] = {}
    for role, rows in (
        ("returned", answer.chosen),
        ("place", answer.places),
        ("anchor", answer.anchors),
    ):
        roles |= {row: role for row in rows if row not in roles}
    seen = answer.candidates
    surest = [int(row) for row in np.argsort(-seen.scores, kind="stable") if row not in roles]
    for row in (*surest[:_MOST_CANDIDATES], *reversed(roles)):
        yield Outline(
            role=roles.get(row, "candidate"),
            label=seen.labels[row],
            box=_box(seen.boxes[row]),
            number=answer.ids[row],  # as in the trace
            contours=() if seen.masks is None else contours_of(seen.masks[row]),
        )


def _box(xyxy: NDArray[np.floating]) -> tuple[float, float, float, float]:
    u0, v0, u1, v1 = (round(float(value), 1) for value in xyxy)
    return u0, v0, u1, v1
