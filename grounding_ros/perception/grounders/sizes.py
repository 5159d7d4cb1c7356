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
    box. Without depth, camera or support, or where an object has too little depth, the words
    stay unjudged. The masks are not kept: they are the segmenter's business. Where nothing was
    detected there is nothing of any size.
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
            if degrees is None:
                left.append(word)
            else:
                matches[:, column] = np.minimum(matches[:, column], degrees)
        unjudged.append(tuple(left))
    return replace(detections, matches=matches, unjudged=tuple(unjudged))


def _question(word: str) -> bool:
    return word in MEASURED and question_of(word) is not None


def _degrees(looks: Sequence[Look], word: str) -> NDArray[np.float32] | None:
    """How true a word is of each object (N,); None when it is no size, or is not known of one."""
    question = question_of(word) if word in MEASURED else None
    degrees = [None if question is None else truth(look, question) for look in looks]
    known = [degree for degree in degrees if degree is not None]
    return np.array(known, np.float32) if len(known) == len(looks) else None


def _looks(detections: Detections, frame: Frame, support: SupportPlanes) -> list[Look] | None:
    """What is seen of each object's size; None when it cannot be measured of all."""
    if len(detections) == 0:
        return []
    if frame.depth is None or frame.intrinsics is None:
        return None
    plane = support.of(frame)
    if plane is None:
        return None
    directions = rays(frame.intrinsics).reshape(-1, 2)
    depth = frame.depth.reshape(-1)
    looks = []
    masks = DepthSegmenter(support).segment(frame, detections).masks
    assert masks is not None
    for mask in masks:
        pixels = np.flatnonzero(mask)
        pixels = pixels[np.isfinite(depth[pixels])]
        if len(pixels) < _MIN_POINTS:
            return None
        pixels = pixels[:: -(-len(pixels) // _SAMPLES)]
        points = np.column_stack([directions[pixels] * depth[pixels, None], depth[pixels]])
        looks.append(_look(points.astype(np.float32), plane))
    typical = max(float(np.median([look.measures.girth for look in looks])), 1e-3)
    return [replace(look, typical_size=typical) for look in looks]


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
