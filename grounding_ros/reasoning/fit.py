"""Which objects fit a phrase, and whether that could be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language.instruction import Phrase
from grounding_ros.scene import Detections

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Fit:
    """How the objects fit one phrase or several alternatives."""

    match: NDArray[np.float64]
    """(N,) in [0, 1], how well each object fits."""
    rows: tuple[int, ...]
    """The objects that fit, best first."""
    unjudged: tuple[str, ...] = ()
    """The words that could not be judged."""
    narrowed: bool = True
    """Whether any word that names a kind or a property was judged."""
    anchors: tuple[int, ...] = ()
    """The objects that those which fit are related to."""
    missing: str = ""
    """What of the phrase nothing fits, although its words before it fit: "none behind the box"."""
    trace: tuple[str, ...] = ()
    """The steps, for a person."""


def fit(phrase: Phrase, column: int, detections: Detections, threshold: float) -> Fit:
    """Read how the objects fit the words of one phrase, in `column` of the matches."""
    assert detections.matches is not None  # Detections fills it
    unjudged = detections.unjudged[column]
    match = detections.matches[:, column].astype(np.float64)
    rows = _ranked(match, np.flatnonzero(match >= threshold), detections)
    return Fit(match, rows, unjudged, _narrows(phrase, unjudged))


def union(fits: Sequence[Fit], detections: Detections) -> Fit:
    """Combine how the objects fit any of several phrases; nothing fits none."""
    match = np.zeros(len(detections))
    for one in fits:
        for row in one.rows:
            match[row] = max(match[row], one.match[row])
    rows = np.array(sorted({row for one in fits for row in one.rows}), np.intp)
    return Fit(
        match,
        _ranked(match, rows, detections),
        _distinct(word for one in fits for word in one.unjudged),
        all(one.narrowed for one in fits),
        _distinct(row for one in fits for row in one.anchors),
        next((one.missing for one in fits if one.missing), ""),
        tuple(step for one in fits for step in one.trace),
    )


def keep(
    fitting: Fit,
    detections: Detections,
    match: NDArray[np.float64],
    holds: NDArray[np.bool_],
    *,
    step: str,
    missing: str,
    anchors: Sequence[int] = (),
) -> Fit:
    """Keep the objects of which one more part of the phrase holds.

    Parameters
    ----------
    fitting
        How the objects fit the parts before it.
    match
        (N,) how well they fit with this part.
    holds
        (N,) of which objects it holds.
    step
        What it is, for the trace.
    missing
        What to say when it holds of none of them.
    anchors
        What the objects are related to by it.
    """
    left = np.array([row for row in fitting.rows if holds[row]], np.intp)
    rows = _ranked(match, left, detections)
    degrees = [round(float(match[row]), 2) for row in rows]
    ids = [detections.ids[row] for row in rows]  # as in the messages
    line = f"{step}: {len(rows)} of {len(fitting.rows)} left, ids {ids}, degrees {degrees}"
    return replace(
        fitting,
        match=np.where(holds, match, 0.0),
        rows=rows,
        anchors=_distinct((*fitting.anchors, *anchors)),
        missing=fitting.missing or ("" if rows or not fitting.rows else missing),
        trace=(*fitting.trace, line),
    )


def admitting(fitting: Fit, words: Sequence[str], step: str) -> Fit:
    """Leave the objects as they are, because these words cannot be judged."""
    return replace(
        fitting,
        unjudged=_distinct((*fitting.unjudged, *words)),
        trace=(*fitting.trace, f"{step}: not judged: {', '.join(words)}"),
    )


def equally_good(fitting: Fit, margin: float) -> tuple[int, ...]:
    """Return the best object and those within the margin, a fraction of the best match."""
    if not fitting.rows:
        return ()
    enough = fitting.match[fitting.rows[0]] * (1 - margin)
    return tuple(row for row in fitting.rows if fitting.match[row] >= enough - 1e-9)


def _ranked(
    match: NDArray[np.float64], rows: NDArray[np.intp], detections: Detections
) -> tuple[int, ...]:
    def rank(row: int) -> tuple[float, ...]:
        # The box settles ties, so that the order of the detections never matters.
        return (-round(float(match[row]), 9), -detections.scores[row], *detections.boxes[row])

    return tuple(sorted((int(row) for row in rows), key=rank))


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _narrows(phrase: Phrase, unjudged: Sequence[str]) -> bool:
    said = {word for part in (*phrase.attributes, phrase.head) for word in part.split()}
    return bool(said - {"object"} - {word for part in unjudged for word in part.split()})
