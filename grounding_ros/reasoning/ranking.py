"""The parts of a phrase that compare its candidates: superlatives, ordinals, "on the left"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language import Phrase
from grounding_ros.language.instruction import Ordinal
from grounding_ros.reasoning.fit import Fit, admitting, keep
from grounding_ros.reasoning.layout import Array, Layout
from grounding_ros.reasoning.measures import PICTURE, SIDES, SUPERLATIVES, Measured, measured
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.stacks import stacks

STACKS = frozenset({"stack", "pile", "tower", "heap"})
"""Heads that no detection is needed for: a stack is what stands on one another."""

_OTHER_SIDE = 0.1  # of the image's width: what is farther over is plainly on the other side
_STACKED = {"stacked": 0, "at_bottom_of": 1, "at_top_of": 2, "amid": 3}
_SHORT = {"left": "the left", "right": "the right", "camera": "the camera"}


def superlative(fitting: Fit, phrase: Phrase, sight: Sight) -> Fit:
    """Keep "the largest": the one with most, or as many as are asked for."""
    name = phrase.superlative
    if name is None:
        return fitting
    if name not in SUPERLATIVES:
        return admitting(fitting, [name], name)
    return most(fitting, phrase, *SUPERLATIVES[name], sight, name)


def most(fitting: Fit, phrase: Phrase, measure: str, sign: int, sight: Sight, step: str) -> Fit:
    """Keep the candidates that have most of a measure; those that are alike are kept together."""
    rows = np.array(fitting.rows, np.intp)
    one = measured(sight.layout, measure, sign, rows)
    if not np.isfinite(one.values[rows]).all():
        return admitting(fitting, [step], step)
    return lead(fitting, phrase, one, sight, f"{step} ({one.unit})")


def lead(fitting: Fit, phrase: Phrase, one: Measured, sight: Sight, step: str) -> Fit:
    """Keep the candidates that lead by a measure."""
    if not fitting.rows:
        return fitting
    order = sorted(fitting.rows, key=lambda row: -one.values[row])
    best = one.values[order[0]]
    if isinstance(phrase.number, int):
        chosen = order[: max(phrase.number, 1)]
    elif phrase.number == "all":
        half = (best + one.values[order[-1]]) / 2
        chosen = [row for row in order if one.values[row] >= min(half, best - one.lead)]
    else:
        chosen = [row for row in order if one.values[row] >= best - one.lead]
    return _ordered(fitting, chosen, sight, step, alike=not isinstance(phrase.number, int))


def ordinal(fitting: Fit, place: Ordinal | None, number: str | int, sight: Sight) -> Fit:
    """Keep "the second from the left"; of "the first two" both."""
    if place is None:
        return fitting
    step = f"number {place.index} from {_SHORT.get(place.side, f'the {place.side}')}"
    if place.side not in SIDES:
        return admitting(fitting, [place.side], step)
    rows = np.array(fitting.rows, np.intp)
    one = measured(sight.layout, *SIDES[place.side], rows)
    if not np.isfinite(one.values[rows]).all():
        return admitting(fitting, [place.side], step)
    order = sorted(fitting.rows, key=lambda row: -one.values[row])
    first = place.index - 1 if place.index > 0 else len(order) + place.index
    many = number if isinstance(number, int) else 1
    chosen = order[first : first + many] if first >= 0 else []
    return _ordered(fitting, chosen, sight, f"{step} ({one.unit})", alike=False)


def on_side(fitting: Fit, phrase: Phrase, name: str, sight: Sight, *, extreme: bool) -> Fit:
    """Keep what is "on the left", "in front", "in the middle", "stacked".

    "The box on the left" is the leftmost of several boxes; a single one must not plainly be on the
    other side. "The boxes on the left" are those left of the picture's middle.
    """
    if name in _STACKED:
        return in_stack(fitting, name, sight)
    if name not in {*PICTURE, "in_the_middle_of", "at_edge_of"}:
        return admitting(fitting, [name.replace("_", " ")], name)
    one = _side(name, fitting, sight.layout)
    step = f"{name} in the picture ({one.unit})"
    if not np.isfinite(one.values[list(fitting.rows)]).all():
        return admitting(fitting, [name.replace("_", " ")], step)
    if extreme and len(fitting.rows) > 1:
        return lead(fitting, phrase, one, sight, step)
    least = -_OTHER_SIDE if extreme else 0.0
    degree = np.clip(0.5 + one.values, 0.0, 1.0)
    match = fitting.match * (1.0 if extreme else np.maximum(degree, 0.5))
    missing = f"none {_said(name)}"
    return keep(fitting, sight.detections, match, one.values > least, step=step, missing=missing)


def in_stack(fitting: Fit, name: str, sight: Sight) -> Fit:
    """Keep what is part of a stack, or its lowest or highest object."""
    degree = stacks(sight.layout)[_STACKED[name]]
    missing = "none in a stack" if name == "stacked" else f"none {_said(name)} a stack"
    match = fitting.match * np.maximum(degree, 0.01)
    return keep(fitting, sight.detections, match, degree > 0, step=name, missing=missing)


def _side(name: str, fitting: Fit, layout: Layout) -> Measured:
    """Measure how far to a side of the picture, or of the scene, the objects are; 0 is neither."""
    rows = np.array(fitting.rows, np.intp)
    if name == "in_the_middle_of":
        return Measured(0.25 - _from_middle(layout, rows), 0.02, "pixels")
    if name == "at_edge_of":
        return Measured(_near_border(layout), 0.02, "pixels")
    measure, sign = PICTURE[name]
    one = measured(layout, measure, sign, rows)
    if measure in {"front", "nearness"}:
        known = one.values[np.isfinite(one.values)]
        middle = (known.max() + known.min()) / 2 if len(known) else 0.0
        return Measured(one.values - middle, one.lead, one.unit)
    return one


def _from_middle(layout: Layout, rows: NDArray[np.intp]) -> Array:
    """Distance from the middle of three and more candidates, else of the picture."""
    height, width = layout.image_size
    middle = np.array([width, height]) / 2
    if len(rows) > 2:
        among = layout.middles[rows]
        middle = (among.min(axis=0) + among.max(axis=0)) / 2
    return np.asarray(np.linalg.norm(layout.middles - middle, axis=1) / width)


def _near_border(layout: Layout) -> Array:
    height, width = layout.image_size
    low, high = layout.boxes[:, :2], np.array([width, height]) - layout.boxes[:, 2:]
    return np.asarray(0.05 - np.hstack([low, high]).min(axis=1) / width)


def _ordered(fitting: Fit, chosen: list[int], sight: Sight, step: str, *, alike: bool) -> Fit:
    """Keep rows in this order; candidates that are alike fit equally well."""
    match = fitting.match.copy()
    holds = np.zeros(len(match), bool)
    for at, row in enumerate(chosen):
        holds[row] = True
        match[row] = 1.0 if alike else 1.0 - 0.001 * at
    missing = f"only {len(fitting.rows)} of them"
    return keep(fitting, sight.detections, match, holds, step=step, missing=missing)


def _said(name: str) -> str:
    words = {
        "left_of": "on the left",
        "right_of": "on the right",
        "above": "at the top",
        "below": "at the bottom",
        "in_front_of": "in front",
        "behind": "in the back",
        "near": "close by",
        "far_from": "far away",
        "in_the_middle_of": "in the middle",
        "at_edge_of": "at the edge",
        "at_bottom_of": "at the bottom of",
        "at_top_of": "at the top of",
        "amid": "in the middle of",
    }
    return words.get(name, name.replace("_", " "))
