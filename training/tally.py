"""What is counted while scenes are asked about, and the figures that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

FAMILIAR = ("box", "can", "book", "bowl", "mug")
"""The kinds over which `familiar` is averaged; a tin is a can."""
_RANGES = ((0, 0), (1, 5), (6, 10), (11, 20), (21, 30))


@dataclass
class Tally:
    """What is counted over the scenes of a folder."""

    true: int = 0
    found: int = 0
    ious: list[float] = field(default_factory=list)
    """Of each pair of a found and a true object."""
    named: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    """By kind: whether an object's label is one of its names."""
    colored: list[bool] = field(default_factory=list)
    """Whether a found object's label has one of its colours."""
    answers: list[tuple[bool, int, int, int]] = field(default_factory=list)
    """Of each phrase: with a colour or not; how many were returned rightly, returned, expected."""
    best: list[float] = field(default_factory=list)
    """IoU of the best object with the only right one; 0 when it is another or none."""
    absent: list[bool] = field(default_factory=list)
    """Whether something was returned for what is not there."""
    counts: list[tuple[int, bool]] = field(default_factory=list)
    """True number, and whether it was told."""
    densities: list[tuple[int, float]] = field(default_factory=list)
    """True number of objects, and the density's integral."""
    seconds: list[float] = field(default_factory=list)

    def row(self) -> dict[str, float]:
        """Return the figures by name; NaN where nothing was asked."""
        return {
            "precision": len(self.ious) / max(self.found, 1),
            "recall": len(self.ious) / max(self.true, 1),
            "iou": share(self.ious),
            "named": share([share(named) for named in self.named.values()]),
            "familiar": share([share(self.named[k]) for k in FAMILIAR if k in self.named]),
            "color": share(self.colored),
            "f1": _f1(self.answers),
            "f1 nouns": _f1([answer for answer in self.answers if not answer[0]]),
            "acc.5": share([iou >= 0.5 for iou in self.best]),
            "acc.75": share([iou >= 0.75 for iou in self.best]),
            "absent": share(self.absent),
            "counts": share([right for _, right in self.counts]),
            "ms": 1e3 * float(np.median(self.seconds)),
        }

    def by_count(self) -> Mapping[str, tuple[float, int]]:
        """Return by range of the true number how many counts are right, and of how many."""
        return {
            f"{low}-{high}" if high > low else str(low): (share(told), len(told))
            for low, high in _RANGES
            for told in [[right for true, right in self.counts if low <= true <= high]]
        }

    def density(self) -> Mapping[str, tuple[float, int]]:
        """Return by range of the true number how far the integral is off, and of how many."""
        return {
            f"{low}-{high}" if high > low else str(low): (share(off), len(off))
            for low, high in _RANGES
            for off in [[abs(t - told) for t, told in self.densities if low <= t <= high]]
        }


def _f1(answers: Sequence[tuple[bool, int, int, int]]) -> float:
    right, returned, expected = (sum(answer[n] for answer in answers) for n in (1, 2, 3))
    return 2 * right / max(returned + expected, 1)


def share(values: Iterable[float]) -> float:
    """Return the mean; NaN of nothing."""
    values = list(values)
    return float(np.mean(values)) if values else float("nan")
