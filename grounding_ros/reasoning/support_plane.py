"""Relations to the table, where nothing detected is one: it is the support plane."""

from __future__ import annotations

import numpy as np

from grounding_ros.language import Phrase, Relation
from grounding_ros.reasoning.fit import Fit, admitting, keep
from grounding_ros.reasoning.ranking import on_side
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.stacks import on_floor, under_floor
from grounding_ros.reasoning.wording import clause

SUPPORTS = frozenset(
    {"table", "tabletop", "desk", "desktop", "workbench", "bench", "board", "shelf", "surface"}
    | {"floor", "ground", "counter", "countertop", "worktop"}
)
"""Heads that mean the support plane where nothing detected is one."""


def by_support(fitting: Fit, phrase: Phrase, relation: Relation, sight: Sight) -> Fit:
    """Judge "on the table" by the support plane, where nothing detected is a table."""
    said = clause(relation)
    if relation.predicate == "in_the_middle_of":
        extreme = phrase.number == "one"
        return on_side(fitting, phrase, relation.predicate, sight, extreme=extreme)
    judges = {"on": on_floor, "above": on_floor, "under": under_floor, "below": under_floor}
    degree = np.full(len(sight.layout), np.nan)
    if relation.predicate in judges:
        degree = judges[relation.predicate](sight.layout)
    if np.isnan(degree[list(fitting.rows)]).any():
        return admitting(fitting, [said], said)
    step, missing = f"{said} (support plane, metres)", f"none {said}"
    holds = degree >= 0.5
    return keep(fitting, sight.detections, fitting.match, holds, step=step, missing=missing)
