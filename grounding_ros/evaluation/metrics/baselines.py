"""What an answer without thought is worth: to be printed beside the real figures.

All three see the same objects as the pipeline, found without any phrase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from grounding_ros.evaluation.metrics.matching import masks_of
from grounding_ros.evaluation.metrics.outcome import Outcome
from grounding_ros.language.nouns import singular
from grounding_ros.scene import Detections, Status

Baseline = Callable[[str, Detections], Outcome]
"""From an instruction and everything that was found to an answer."""


def always_not_found(text: str, found: Detections) -> Outcome:
    """Say that there is nothing of the kind."""
    return Outcome(Status.NOT_FOUND, found, count=0)


def largest_object(text: str, found: Detections) -> Outcome:
    """Return the object of the most pixels."""
    if not len(found):
        return always_not_found(text, found)
    areas = masks_of(found).sum(axis=(1, 2))
    ranking = tuple(int(row) for row in np.argsort(-areas, kind="stable"))
    return Outcome(Status.GROUNDED, found, ranking[:1], ranking=ranking, count=1)


def word_overlap(text: str, found: Detections) -> Outcome:
    """Return every object whose label and attributes share the most words with the instruction."""
    said = _words(text)
    shared = [
        len(said & _words(" ".join((label, *attributes))))
        for label, attributes in zip(found.labels, found.attributes, strict=True)
    ]
    most = max(shared, default=0)
    if most == 0:
        return always_not_found(text, found)
    chosen = tuple(row for row, count in enumerate(shared) if count == most)
    ranking = tuple(int(row) for row in np.argsort(-np.array(shared), kind="stable"))
    return Outcome(Status.GROUNDED, found, chosen, ranking=ranking, count=len(chosen))


BASELINES: Mapping[str, Baseline] = MappingProxyType(
    {
        "always not_found": always_not_found,
        "largest object": largest_object,
        "word overlap": word_overlap,
    }
)


def _words(text: str) -> set[str]:
    return {singular(word) for word in re.findall(r"[a-z0-9]+", text.lower())}
