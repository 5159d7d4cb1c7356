"""A relation to other objects: its anchors are found first, then the candidates are judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language import Phrase, Relation
from grounding_ros.reasoning.counting import by_count, is_counted
from grounding_ros.reasoning.distances import RANKING, by_distance, nearest
from grounding_ros.reasoning.fit import Fit, admitting, equally_good, fit, keep
from grounding_ros.reasoning.layout import Array
from grounding_ros.reasoning.predicates import PREDICATES
from grounding_ros.reasoning.ranking import STACKS, in_stack
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.support_plane import SUPPORTS, by_support
from grounding_ros.reasoning.wording import clause

Denote = Callable[[Phrase, Sight], Fit]


def relate(fitting: Fit, phrase: Phrase, relation: Relation, sight: Sight, denote: Denote) -> Fit:
    """Keep the candidates that stand so to the relation's anchors."""
    anchors = [_meant(anchor, phrase, sight, denote) for anchor in relation.anchors]
    first = relation.anchors[0]
    seen = anchors[0].rows and first.head not in anchors[0].unjudged
    if first.head in STACKS and not seen and (place := _in_stack(relation)):
        return in_stack(fitting, place, sight)
    if first.head in SUPPORTS and not seen:
        return by_support(fitting, phrase, relation, sight)
    said = clause(relation)
    fitting = replace(
        fitting, trace=(*(step for one in anchors for step in one.trace), *fitting.trace)
    )
    if relation.predicate not in PREDICATES and relation.predicate not in RANKING:
        return admitting(fitting, [relation.predicate.replace("_", " ")], said)
    for anchor, found in zip(relation.anchors, anchors, strict=True):
        if not found.rows and not found.unjudged:
            return _nothing_there(fitting, anchor, found, said, sight)
    known = all(found.rows and (found.narrowed or not found.unjudged) for found in anchors)
    doubtful = [word for found in anchors for word in found.unjudged]
    if doubtful:
        fitting = admitting(fitting, doubtful, said)
    if not known:
        return fitting
    readings = [
        _readings(anchor, found, sight)
        for anchor, found in zip(relation.anchors, anchors, strict=True)
    ]
    if is_counted(relation):
        related = by_count(fitting, relation, anchors, sight)
    else:
        judge = by_distance if relation.predicate in RANKING else _by_degree
        related = judge(fitting, phrase, relation, readings, sight, said)
    # A word that was not judged may be why nothing is so related: it is not said to be absent.
    return fitting if doubtful and not related.rows else related


def _meant(anchor: Phrase, phrase: Phrase, sight: Sight, denote: Denote) -> Fit:
    """Return what an anchor means; "the other two" are those of the candidate's own kind."""
    if anchor.reference != "other" or anchor.head not in {"object", phrase.head}:
        return denote(anchor, sight)
    column, threshold = sight.columns[phrase], sight.parameters.match_threshold
    kind = fit(phrase, column, sight.detections, threshold)
    every = denote(anchor, replace(sight, last=None))
    others = replace(every, rows=tuple(row for row in every.rows if row in kind.rows))
    return others if len(others.rows) > 1 else denote(anchor, sight)


def _by_degree(
    fitting: Fit,
    phrase: Phrase,
    relation: Relation,
    readings: Sequence[Sequence[tuple[int, ...]]],
    sight: Sight,
    said: str,
) -> Fit:
    predicate, judged = PREDICATES[relation.predicate], sight.degrees(relation.predicate)
    degrees, anchors = _of_readings(judged.values, readings, each=predicate.each)
    if predicate.weaker and not relation.immediate and not _directly(degrees, fitting, relation):
        said, judged = f"{said}, through others", sight.degrees(predicate.weaker)
        degrees, anchors = _of_readings(judged.values, readings, each=predicate.each)
    if degrees.shape[1] == 0:  # "between the boxes" where there is one
        return keep(
            fitting,
            sight.detections,
            fitting.match,
            np.zeros(len(fitting.match), bool),
            step=said,
            missing=f"none {said}",
        )
    if np.isnan(degrees[list(fitting.rows)]).any():
        return admitting(fitting, [relation.predicate.replace("_", " ")], said)
    chosen = _reading(degrees >= predicate.holds, fitting, phrase)
    degree = degrees[:, chosen].max(axis=1)
    holds = degree >= predicate.holds
    used = [
        row
        for at in chosen
        if (degrees[list(fitting.rows), at] >= predicate.holds).any()
        for row in anchors[at]
    ]
    kept = keep(
        fitting,
        sight.detections,
        fitting.match * degree,
        holds,
        step=f"{said} ({judged.unit})",
        missing=f"none {clause(relation)}",
        anchors=used,
    )
    return nearest(kept, used, sight, said) if relation.immediate else kept


def _directly(degrees: Array, fitting: Fit, relation: Relation) -> bool:
    """Tell whether contact is meant: of a table, never; else where a candidate has it."""
    if any(anchor.head in SUPPORTS for anchor in relation.anchors):
        return False
    holds = degrees[list(fitting.rows)] >= PREDICATES[relation.predicate].holds
    return bool(holds.any())


def _of_readings(
    values: Array, readings: Sequence[Sequence[tuple[int, ...]]], *, each: bool
) -> tuple[Array, list[tuple[int, ...]]]:
    """Return the degrees (N, R) of every reading of the anchors, and the anchors of each."""
    join = np.min if each else np.max
    if values.ndim == 3:
        pairs = _pairs(readings)
        degrees = [values[:, a, b] for a, b in pairs]
        stacked = np.stack(degrees, axis=1) if degrees else np.empty((len(values), 0))
        return stacked, [tuple(pair) for pair in pairs]
    table = np.ones((len(values), 1))
    anchors: list[tuple[int, ...]] = [()]
    for ways in readings:
        one = np.stack([join(_related(values, way, each), axis=1) for way in ways], axis=1)
        table = np.minimum(table[:, :, None], one[:, None, :]).reshape(len(values), -1)
        anchors = [(*before, *way) for before in anchors for way in ways]
    return table, anchors


def _related(values: Array, way: tuple[int, ...], each: bool) -> Array:
    """Take the columns of some anchors; an object among them need not be related to itself."""
    columns = np.array(values[:, list(way)])
    if each and len(way) > 1:
        columns[list(way), range(len(way))] = 1.0
    return columns


def _pairs(readings: Sequence[Sequence[tuple[int, ...]]]) -> list[tuple[int, int]]:
    """Return every pair of anchors of "between the boxes" or "between the box and the mug"."""
    sides = [sorted({row for way in ways for row in way}) for ways in readings]
    first, second = sides[0], sides[-1]
    pairs = {(min(a, b), max(a, b)) for a in first for b in second if a != b}
    return sorted(pairs)


def _readings(anchor: Phrase, found: Fit, sight: Sight) -> list[tuple[int, ...]]:
    """Return the sets of objects that an anchor may mean: "the plate" any one, "plates" all."""
    if anchor.number == "all" or (anchor.reference == "other" and anchor.number != "one"):
        return [found.rows]
    if isinstance(anchor.number, int):
        return [found.rows[: anchor.number]]
    good = equally_good(found, sight.parameters.ambiguity_margin)
    return [(row,) for row in (good if anchor.number == "one" else found.rows)]


def _reading(holds: NDArray[np.bool_], fitting: Fit, phrase: Phrase) -> list[int]:
    """Choose the only reading that leaves one candidate for "the", else all readings."""
    every = list(range(holds.shape[1]))
    if phrase.number != "one" or not fitting.rows:
        return every
    counts = holds[list(fitting.rows)].sum(axis=0)
    single = np.flatnonzero(counts == 1)
    return [int(single[0])] if len(single) == 1 else every


def _in_stack(relation: Relation) -> str:
    places = {"in": "stacked", "on": "stacked", "at_bottom_of": "at_bottom_of"}
    places |= {"at_top_of": "at_top_of", "on_top_of_stack": "at_top_of"}
    places |= {"in_the_middle_of": "amid"}
    return places.get(relation.predicate, "")


def _nothing_there(fitting: Fit, anchor: Phrase, found: Fit, said: str, sight: Sight) -> Fit:
    """Nothing is related to what is not there."""
    nothing = np.zeros(len(fitting.match), bool)
    missing = found.missing or f"no {' '.join((*anchor.attributes, anchor.head))}"
    return keep(fitting, sight.detections, fitting.match, nothing, step=said, missing=missing)
