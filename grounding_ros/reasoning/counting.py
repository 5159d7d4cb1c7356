"""Things in the number that is said: "the bowl that contains two apples"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language import Phrase, Relation
from grounding_ros.reasoning.fit import Fit, admitting, keep
from grounding_ros.reasoning.predicates import PREDICATES
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.wording import clause


def is_counted(relation: Relation) -> bool:
    """Tell whether all anchors are to be counted: of what is in a thing, not of what is beside."""
    return relation.predicate == "contains" and any(
        isinstance(anchor.number, int) for anchor in relation.anchors
    )


def by_count(fitting: Fit, relation: Relation, found: Sequence[Fit], sight: Sight) -> Fit:
    """Keep the candidates to which as many of the anchors are related as is said."""
    judged, said = sight.degrees(relation.predicate), clause(relation)
    values = judged.values[list(fitting.rows)]
    if any(np.isnan(values[:, list(one.rows)]).any() for one in found):
        return admitting(fitting, [relation.predicate.replace("_", " ")], said)
    related = judged.values >= PREDICATES[relation.predicate].holds
    holds = np.ones(len(fitting.match), bool)
    for anchor, one in zip(relation.anchors, found, strict=True):
        holds &= _enough(related[:, list(one.rows)], anchor)
    candidates = [row for row in fitting.rows if holds[row]]
    anchors = [row for one in found for row in one.rows if related[candidates, row].any()]
    return keep(
        fitting,
        sight.detections,
        fitting.match,
        holds,
        step=f"{said}, counted ({judged.unit})",
        missing=f"none {said}",
        anchors=anchors,
    )


def is_number(count: int, wanted: int, bound: str) -> bool:
    """Tell whether a count is "two", "at least two" or "at most two"."""
    if bound == "at_least":
        return count >= wanted
    return count <= wanted if bound == "at_most" else count == wanted


def _enough(related: NDArray[np.bool_], anchor: Phrase) -> NDArray[np.bool_]:
    """Tell (N,) whether enough of the anchors (N, A) are related to each."""
    if isinstance(anchor.number, int):
        counts = related.sum(axis=1).tolist()
        return np.array([is_number(one, anchor.number, anchor.bound) for one in counts], bool)
    return np.asarray(related.all(axis=1) if anchor.number == "all" else related.any(axis=1))
