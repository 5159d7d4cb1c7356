"""An answer as the metrics see it: what came back, wherever it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grounding_ros.scene import Answer, Detections, Objects3D, Status


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the pipeline, or a baseline, said to one instruction."""

    status: Status
    candidates: Detections
    """Every object that was considered."""
    chosen: tuple[int, ...] = ()
    """Rows of `candidates`: the returned set, best first."""
    places: tuple[int, ...] = ()
    """Rows of `candidates`: the anchors of a destination."""
    ranking: tuple[int, ...] = ()
    """Rows of `candidates` that may be meant, best first, the chosen ones before the others."""
    objects: Objects3D | None = None
    """`candidates` in metres; None: not measured."""
    count: int | None = None
    """How many fit; None when it was not judged."""
    truth: bool | None = None
    """Of a question of yes and no; None when it was not judged."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage."""

    @property
    def returned(self) -> Detections:
        """The returned set, best first."""
        return self.candidates[list(self.chosen)]


def outcome_of(answer: Answer) -> Outcome:
    """Return what an answer of the pipeline comes to."""
    return Outcome(
        status=answer.status,
        candidates=answer.candidates,
        chosen=answer.chosen,
        places=answer.places,
        ranking=_ranking(answer),
        objects=answer.objects,
        count=answer.count,
        truth=answer.truth,
        timings_ms=answer.timings_ms,
    )


def _ranking(answer: Answer) -> tuple[int, ...]:
    """Rank what fits the target, the first phrase, at all; its score settles ties."""
    seen = answer.candidates
    if seen.matches is None or not seen.phrases:
        return answer.chosen
    match = seen.matches[:, 0]
    order = np.lexsort((-seen.scores, -match))
    others = [int(row) for row in order if match[row] > 0 and row not in answer.chosen]
    return (*answer.chosen, *others)
