"""Relations that plainly hold between objects: what a description may speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from grounding_ros.language.describer import Fact
from grounding_ros.reasoning.sight import Sight

_SPOKEN = (("on", "on"), ("in", "in"), ("behind", "behind"), ("in_front_of", "in front of"))
_PLAINLY = 0.85
_BESIDE = (("left_of", "to the left of"), ("right_of", "to the right of"))


def facts_of(sight: Sight, rows: Sequence[int]) -> tuple[Fact, ...]:
    """List the relations that plainly hold of some objects, contact first, the straightest first.

    Landmarks are objects with a name of their own: only they can be spoken of.
    """
    names = Counter(sight.detections.labels)
    named = [row for row, label in enumerate(sight.detections.labels) if names[label] == 1]
    found: list[tuple[int, float, Fact]] = []
    for rank, (predicate, words) in enumerate((*_SPOKEN, *_BESIDE)):
        values = np.nan_to_num(sight.degrees(predicate).values[np.ix_(rows, named)])
        for at, to in np.argwhere(values >= _PLAINLY).tolist():
            fact = Fact(rows[at], words, named[to])
            found.append((rank // 2, -float(values[at, to]), fact))
    found.sort(key=lambda one: (*one[:2], one[2].words))
    return tuple(fact for _, _, fact in found)


def stands(sight: Sight, rows: Sequence[int]) -> tuple[Fact, ...]:
    """List what stands on or in what that has a name of its own."""
    return tuple(fact for fact in facts_of(sight, rows) if fact.words in {"on", "in"})
