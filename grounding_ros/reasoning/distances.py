"""Candidates compared by their distance to an anchor: "closest to the box"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grounding_ros.language import Phrase, Relation
from grounding_ros.reasoning.fit import Fit, keep
from grounding_ros.reasoning.layout import Array
from grounding_ros.reasoning.measures import Measured
from grounding_ros.reasoning.ranking import lead
from grounding_ros.reasoning.sight import Sight

RANKING = frozenset({"closest_to", "farthest_from"})
"""Relations that compare the candidates by their distance to an anchor."""

_TIE_M = 0.01


def by_distance(
    fitting: Fit,
    phrase: Phrase,
    relation: Relation,
    readings: Sequence[Sequence[tuple[int, ...]]],
    sight: Sight,
    said: str,
) -> Fit:
    """Keep the candidate closest to an anchor, or farthest from it, by their centres."""
    rows = sorted({row for ways in readings for way in ways for row in way})
    distances, unit = _distances(sight, [*rows, *fitting.rows])
    away = distances[:, rows].min(axis=1)
    others = np.ones(len(away), bool)
    if relation.anchors[0].reference != "other":
        others[rows] = False
    step = f"{said} ({unit})"
    left = keep(
        fitting,
        sight.detections,
        fitting.match,
        others,
        step=said,
        missing=f"none but {said}",
        anchors=rows,
    )
    sign = -1 if relation.predicate == "closest_to" else 1
    tie = _TIE_M if unit == "metres" else 0.01 * sight.layout.image_size[1]
    return lead(left, phrase, Measured(sign * away, tie, unit), sight, step)


def nearest(fitting: Fit, anchors: Sequence[int], sight: Sight, said: str) -> Fit:
    """Of those on that side keep the nearest one: "immediately to the right of"."""
    if len(fitting.rows) < 2:
        return fitting
    distances, unit = _distances(sight, [*anchors, *fitting.rows])
    away = distances[:, list(anchors)].min(axis=1)
    holds = np.zeros(len(away), bool)
    holds[min(fitting.rows, key=lambda row: away[row])] = True
    step = f"immediately {said} ({unit})"
    return keep(fitting, sight.detections, fitting.match, holds, step=step, missing="")


def _distances(sight: Sight, rows: Sequence[int]) -> tuple[Array, str]:
    layout = sight.layout
    unit = "metres" if layout.measured[list(rows)].all() else "pixels"
    points = layout.centers if unit == "metres" else layout.middles
    away = np.linalg.norm(points[:, None] - points[None], axis=-1)
    np.fill_diagonal(away, np.inf)  # nothing is at a distance from itself
    return np.asarray(away), unit
