"""The true names in the place of the grounder's: what it finds is called what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grounding_ros.evaluation.metrics.matching import TrueObjects, stand_for
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.protocols import Grounder
from grounding_ros.scene import Detections, Frame


@dataclass(frozen=True, eq=False)
class TrueNames:
    """A grounder that only finds, and one that knows the true objects."""

    finder: Grounder
    """Its boxes, masks and scores count."""
    namer: Grounder
    """Returns the true objects in the order of `true`; its names and matches count."""
    true: TrueObjects

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Return what is found; what stands for a true object fits the phrases as that one does.

        What stands for nothing fits nothing, "the object" neither.
        """
        found = self.finder.ground(frame, phrases)
        truth = self.namer.ground(frame, phrases)
        assert truth.matches is not None  # Detections fills it
        labels, attributes = list(found.labels), list(found.attributes)
        matches = np.zeros((len(found), len(phrases)), np.float32)
        for row, id in enumerate(stand_for(found, self.true)):
            if id is not None:
                (own,) = self.true.rows([id])
                labels[row], attributes[row] = truth.labels[own], truth.attributes[own]
                matches[row] = truth.matches[own]
        return replace(
            found,
            labels=tuple(labels),
            attributes=tuple(attributes),
            phrases=truth.phrases,
            matches=matches,
            unjudged=truth.unjudged,
        )
