"""From a model's boxes and its scores for texts to detections: the last step of every detector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders.sizes import sized
from grounding_ros.perception.prompts import ANYTHING, Prompt, matches_of, prompts_of, texts_of
from grounding_ros.scene import Detections, Frame

SAME_OBJECT = 0.7
"""Boxes that share more of their union are one object, whatever phrases they were found by.

Lower, and a plate would be merged with the cake on it; higher, and the boxes that "mug" and "red
mug" find of one mug would count as two."""
MOST = 100
"""Objects a frame at most: what a mask each costs at 1280x720 stays below 100 MB."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a detector saw: Q boxes and how each answers T texts."""

    boxes: NDArray[np.float32]
    """(Q, 4) xyxy pixels of the original image."""
    scores: NDArray[np.float32]
    """(Q, T) in [0, 1]."""


def grounded(
    look: Callable[[Frame, Sequence[str]], Found],
    frame: Frame,
    phrases: Sequence[Phrase],
    threshold: float,
    support: SupportPlanes | None = None,
) -> Detections:
    """Ask a detector that gives boxes only; with `support` and depth, sizes are measured."""
    prompts = prompts_of(phrases)
    texts = texts_of(prompts)
    size = (frame.height, frame.width)
    found = detections_of(look(frame, texts), texts, phrases, prompts, threshold, size)
    return found if support is None else sized(found, frame, support)


def detections_of(
    found: Found,
    texts: Sequence[str],
    phrases: Sequence[Phrase],
    prompts: Sequence[Prompt],
    threshold: float,
    image_size: tuple[int, int],
    masks_of: Callable[[NDArray[np.intp]], NDArray[np.bool_]] | None = None,
) -> Detections:
    """Return one row an object, best first, with a match for every phrase.

    Parameters
    ----------
    found
        Boxes and scores.
    texts
        The T texts that were asked.
    phrases, prompts
        What was wanted, and what was asked for it.
    threshold
        A text that scores lower does not fit.
    image_size
        (height, width) of the original image, pixels.
    masks_of
        Of a model that knows masks: masks (n, H, W) of some rows of `found`; None: it does not.
    """
    rows, kept = merged(found, threshold)
    fits = kept.scores >= threshold
    best = kept.scores.argmax(axis=1) if len(texts) else np.zeros(0, int)
    return Detections(
        boxes=kept.boxes,
        scores=kept.scores.max(axis=1, initial=0.0),
        labels=tuple(texts[column] for column in best),
        image_size=image_size,
        masks=masks_of(rows) if masks_of else None,
        phrases=tuple(phrase.text for phrase in phrases),
        matches=matches_of(prompts, texts, kept.scores, threshold),
        unjudged=tuple(prompt.unjudged for prompt in prompts),
        attributes=tuple(_words(texts, row) for row in fits),
    )


def merged(found: Found, threshold: float) -> tuple[NDArray[np.intp], Found]:
    """Return the boxes that any text fits, one an object, best first, and their rows in `found`.

    Of overlapping boxes the best stays, and answers each text as well as the best of them.
    """
    top = found.scores.max(axis=1, initial=0.0)
    valid = (found.boxes[:, 2] > found.boxes[:, 0]) & (found.boxes[:, 3] > found.boxes[:, 1])
    rows = np.flatnonzero((top >= threshold) & valid)
    rows = rows[np.argsort(-top[rows], kind="stable")]
    boxes, scores = found.boxes[rows], found.scores[rows].copy()
    waiting = np.ones(len(rows), bool)
    chosen: list[int] = []
    for row in range(len(rows)):
        if not waiting[row]:
            continue
        same = waiting & (overlaps(boxes[row], boxes) > SAME_OBJECT)
        same[row] = True  # however small: rounding may leave it no area
        scores[row] = scores[same].max(axis=0)
        waiting &= ~same
        chosen.append(row)
        if len(chosen) == MOST:
            break
    return rows[chosen], Found(boxes[chosen], scores[chosen])


def overlaps(box: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the intersection over union (N,) of a box (4,) and boxes (N, 4)."""
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    union: NDArray[np.float32] = areas + (box[2:] - box[:2]).prod() - shared
    ratio: NDArray[np.float32] = shared / np.maximum(union, 1e-6)
    return ratio


def _words(texts: Sequence[str], fits: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return every word of the texts that fit an object."""
    words = (word for text, fit in zip(texts, fits, strict=True) if fit for word in text.split())
    return tuple(dict.fromkeys(word for word in words if word != ANYTHING))
