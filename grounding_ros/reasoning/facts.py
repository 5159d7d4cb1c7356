"""Relations that plainly hold between objects: what a description may speak of."""

from __future__ import annotations

import numpy as np

from grounding_ros.language.describer import Fact
from grounding_ros.reasoning.sight import Sight

_SPOKEN = (("on", "on"), ("in", "in"), ("behind", "behind"), ("in_front_of", "in front of"))
_PLAINLY = 0.85
_BESIDE = (("left_of", "to the left of"), ("right_of", "to the right of"))


def facts_of(sight: Sight) -> tuple[Fact, ...]:
    """List the relations that hold plainly, those of contact first, the straightest first."""
    found: list[tuple[int, float, Fact]] = []
    for rank, (predicate, words) in enumerate((*_SPOKEN, *_BESIDE)):
        values = sight.degrees(predicate).values
        for row, anchor in np.argwhere(np.nan_to_num(values) >= _PLAINLY).tolist():
            found.append((rank // 2, -float(values[row, anchor]), Fact(row, words, anchor)))
    found.sort(key=lambda one: (*one[:2], one[2].words))
    return tuple(fact for _, _, fact in found)


def stands(sight: Sight) -> tuple[Fact, ...]:
    """List what stands on or in what."""
    return tuple(fact for fact in facts_of(sight) if fact.words in {"on", "in"})
