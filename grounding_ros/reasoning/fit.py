"""Which objects fit a phrase, and whether the grounder could judge that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language.instruction import Phrase
from grounding_ros.scene import Detections


@dataclass(frozen=True, eq=False)
class Fit:
    """How the objects fit one phrase or several alternatives."""

    match: NDArray[np.float32]
    """(N,) in [0, 1], how well each object fits."""
    rows: tuple[int, ...]
    """The objects that fit, best first."""
    unjudged: tuple[str, ...] = ()
    """The words that could not be judged."""
    narrowed: bool = True
    """Whether any word that names a kind or a property was judged."""


def fit(phrase: Phrase, column: int, detections: Detections, threshold: float) -> Fit:
    """Read how the objects fit one phrase by itself, in `column` of the matches."""
    assert detections.matches is not None  # Detections fills it
    unjudged = detections.unjudged[column]
    return _fit(
        detections.matches[:, column], detections, threshold, unjudged, _narrows(phrase, unjudged)
    )


def union(fits: Sequence[Fit], detections: Detections, threshold: float) -> Fit:
    """Combine how the objects fit any of several phrases; nothing fits none."""
    nothing = np.zeros(len(detections), np.float32)
    match = np.max([nothing, *(one.match for one in fits)], axis=0)
    words = tuple(dict.fromkeys(word for one in fits for word in one.unjudged))
    return _fit(match, detections, threshold, words, all(one.narrowed for one in fits))


def _fit(
    match: NDArray[np.float32],
    detections: Detections,
    threshold: float,
    unjudged: tuple[str, ...],
    narrowed: bool,
) -> Fit:
    fitting = np.flatnonzero(match >= threshold)

    def rank(row: int) -> tuple[float, ...]:
        # The box settles ties, so that the order of the detections never matters.
        return (-match[row], -detections.scores[row], *detections.boxes[row])

    rows = tuple(sorted((int(row) for row in fitting), key=rank))
    return Fit(match, rows, unjudged, narrowed)


def _narrows(phrase: Phrase, unjudged: Sequence[str]) -> bool:
    said = {word for part in (*phrase.attributes, phrase.head) for word in part.split()}
    return bool(said - {"object"} - {word for part in unjudged for word in part.split()})
