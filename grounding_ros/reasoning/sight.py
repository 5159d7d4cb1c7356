"""All that a program is executed on: one frame's objects, and what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grounding_ros.language import Phrase
from grounding_ros.reasoning.layout import Layout
from grounding_ros.reasoning.parameters import ReasoningParameters
from grounding_ros.reasoning.predicates import Degrees, judge
from grounding_ros.scene import CameraPose, Detections, LastChoice, Objects3D


@dataclass(frozen=True, eq=False)
class Sight:
    """N objects against the phrases of one instruction."""

    detections: Detections
    objects: Objects3D
    layout: Layout
    columns: Mapping[Phrase, int]
    """Where each phrase stands in the matches of the detections."""
    parameters: ReasoningParameters
    pose: CameraPose | None = None
    """The camera in the frame of `objects`; None: that is the camera's own frame."""
    last: LastChoice | None = None
    held: tuple[int, ...] = ()
    """The rows that the last answer to this very instruction chose, best first."""
    judged: dict[str, Degrees] = field(default_factory=dict)
    """Relations that were judged already: each once, and only if it is asked for."""

    def degrees(self, predicate: str) -> Degrees:
        """Judge a relation between all objects."""
        if predicate not in self.judged:
            self.judged[predicate] = judge(predicate, self.layout)
        return self.judged[predicate]
