"""The table of relations between objects. To add one, add a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from grounding_ros.reasoning import beside, contact, directions, stacks
from grounding_ros.reasoning.contact import HOLDS
from grounding_ros.reasoning.layout import Array, Layout
from grounding_ros.reasoning.measures import COMPARATIVES, measured

Judge = Callable[[Layout], Array]
"""Returns (N, N) degrees from 0 to 1 that row n stands so to row m, NaN where it is not known;
of "between" (N, N, N)."""


@dataclass(frozen=True)
class Predicate:
    """A row of the table."""

    metres: Judge | None
    """Judges in the level frame; None: only the image tells."""
    pixels: Judge | None
    """Judges in the image, where metres are not known; None: cannot be judged there."""
    holds: float
    """It holds from this degree on."""
    each: bool = True
    """Of several anchors ("left of the boxes"): it must hold of each, not only of one."""
    weaker: str = ""
    """The relation that is meant where none of the candidates is so related: to stand on something
    is to stand directly on it, else through others."""


_HALF = 0.5 + 1e-6  # a half-plane without its edge


def _compared(layout: Layout, name: str, sign: int) -> Array:
    one = measured(layout, name, sign)
    differences = (one.values[:, None] - one.values[None]) / one.lead
    return np.asarray(0.5 + 0.5 * np.tanh(differences / 4))


_MORE = float(0.5 + 0.5 * np.tanh(0.25))  # by one lead

PREDICATES: Mapping[str, Predicate] = MappingProxyType(
    {
        "left_of": Predicate(directions.left_of, directions.left_of_pixels, _HALF),
        "right_of": Predicate(directions.right_of, directions.right_of_pixels, _HALF),
        "in_front_of": Predicate(directions.in_front_of, directions.in_front_of_pixels, _HALF),
        "behind": Predicate(directions.behind, directions.behind_pixels, _HALF),
        "above": Predicate(directions.above, directions.above_pixels, 0.75),
        "below": Predicate(directions.below, directions.below_pixels, 0.75),
        "on": Predicate(contact.on, contact.on_pixels, HOLDS, each=False, weaker="on_through"),
        "on_through": Predicate(stacks.on_through, stacks.on_through_pixels, HOLDS, each=False),
        "under": Predicate(
            contact.under, contact.under_pixels, HOLDS, each=False, weaker="under_through"
        ),
        "under_through": Predicate(
            stacks.under_through, stacks.under_through_pixels, HOLDS, each=False
        ),
        "in": Predicate(contact.inside, contact.inside_pixels, 0.5, each=False),
        "contains": Predicate(contact.contains, contact.contains_pixels, 0.5),
        "near": Predicate(directions.near, directions.near_pixels, 0.5, each=False),
        "next_to": Predicate(beside.beside, directions.near_pixels, 0.5, each=False),
        "against": Predicate(beside.against, beside.against_pixels, 0.5, each=False),
        "far_from": Predicate(directions.far_from, directions.far_from_pixels, _HALF),
        "touching": Predicate(contact.touching, contact.touching_pixels, 0.5, each=False),
        "overlapping": Predicate(None, contact.overlapping, 0.25, each=False),
        "between": Predicate(directions.between, directions.between_pixels, 0.75),
        **{
            name: Predicate(partial(_compared, name=measure, sign=sign), None, _MORE)
            for name, (measure, sign) in COMPARATIVES.items()
        },
    }
)
"""Every relation between objects that geometry can judge."""


@dataclass(frozen=True, eq=False)
class Degrees:
    """A relation judged between all objects."""

    values: Array
    """(N, N), or (N, N, N), from 0 to 1; NaN where it is not known; 0 of an object to itself."""
    unit: str
    """"metres", "pixels" or "metres and pixels"."""


def judge(name: str, layout: Layout) -> Degrees:
    """Judge a relation of the table, in metres where they are known, else in pixels."""
    predicate = PREDICATES[name]
    if predicate.metres is None:
        assert predicate.pixels is not None  # a row has one of the two
        return Degrees(_unrelated_to_itself(predicate.pixels(layout)), "pixels")
    values = predicate.metres(layout)
    unknown = np.isnan(values)
    unit = "metres"
    if unknown.any() and predicate.pixels is not None:
        values = np.where(unknown, predicate.pixels(layout), values)
        unit = "pixels" if unknown.all() else "metres and pixels"
    if name in {"left_of", "right_of"} and not layout.robot:
        unit = "pixels"
    return Degrees(_unrelated_to_itself(np.clip(values, 0.0, 1.0)), unit)


def _unrelated_to_itself(values: Array) -> Array:
    values = values.copy()
    rows = np.arange(len(values))
    values[rows, rows] = 0.0
    if values.ndim == 3:
        values[:, rows, rows] = 0.0
        values[rows, :, rows] = 0.0
    return values
