"""Words of size on a detector's boxes: not asked of the model, measured where there is depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane, SupportPlanes
from grounding_ros.geometry.projection import rays
from grounding_ros.perception.geometric.looks import Look, truth
from grounding_ros.perception.geometric.measures import measure
from grounding_ros.perception.geometric.words import question_of
from grounding_ros.perception.prompts import MEASURED
from grounding_ros.perception.segmenters.depth import DepthSegmenter
from grounding_ros.scene import Detections, Frame

_SAMPLES = 1500
_MIN_POINTS = 30


def sized(detections: Detections, frame: Frame, support: SupportPlanes) -> Detections:
    """Judge the unjudged words of size ("small", "tall"), as the geometric grounder does.

    What is small for a hand, or among the detected, by the surface that fills the middle of each
    box. Without depth, camera or support, or where an object that fits a phrase has too little
    depth, the words stay unjudged. Where nothing was detected there is nothing of any size. The
    masks are not kept: they are the segmenter's business.
    """
    words = {word for row in detections.unjudged for word in row if _question(word)}
    looks = _looks(detections, frame, support) if words else None
    if looks is None:
        return detections
    assert detections.matches is not None  # Detections fills it
    matches, unjudged = detections.matches.copy(), []
    for column, row in enumerate(detections.unjudged):
        left = []
        for word in row:
            degrees = _degrees(looks, word)
            if np.isnan(degrees[matches[:, column] > 0]).any() or not _question(word):
                left.append(word)
            else:
                matches[:, column] = np.fmin(matches[:, column], degrees)
        unjudged.append(tuple(left))
    return replace(detections, matches=matches, unjudged=tuple(unjudged))


def _question(word: str) -> bool:
    return word in MEASURED and question_of(word) is not None


def _degrees(looks: Sequence[Look | None], word: str) -> NDArray[np.float32]:
    """How true a word is of each object (N,); NaN where that is not known."""
    question = question_of(word)
    degrees = [
        None if look is None or question is None else truth(look, question) for look in looks
    ]
    return np.array([np.nan if degree is None else degree for degree in degrees], np.float32)


def _looks(
    detections: Detections, frame: Frame, support: SupportPlanes
) -> list[Look | None] | None:
    """What is seen of each object's size, None of one without depth; None without any depth."""
    if len(detections) == 0:
        return []
    if frame.depth is None or frame.intrinsics is None:
        return None
    plane = support.of(frame)
    if plane is None:
        return None
    directions = rays(frame.intrinsics).reshape(-1, 2)
    depth = frame.depth.reshape(-1)
    looks: list[Look | None] = []
    masks = DepthSegmenter(support).segment(frame, detections).masks
    assert masks is not None
    for mask in masks:
        pixels = np.flatnonzero(mask)
        pixels = pixels[np.isfinite(depth[pixels])]
        if len(pixels) < _MIN_POINTS:
            looks.append(None)
            continue
        pixels = pixels[:: -(-len(pixels) // _SAMPLES)]
        points = np.column_stack([directions[pixels] * depth[pixels, None], depth[pixels]])
        looks.append(_look(points.astype(np.float32), plane))
    girths = [look.measures.girth for look in looks if look is not None]
    typical = max(float(np.median(girths)), 1e-3) if girths else 1e-3
    return [None if look is None else replace(look, typical_size=typical) for look in looks]


def _look(points: NDArray[np.float32], plane: Plane) -> Look:
    """Only its measures count: colour and shape are the model's business."""
    return Look(
        measures=measure(points, np.zeros_like(points), plane),
        certainty=1.0,
        main_color="",
        colors={},
        lightness=0.0,
        shapes={},
        uprightness=0.0,
        typical_size=1.0,
        upright_known=True,
    )
