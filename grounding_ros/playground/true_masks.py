"""The simulator's own view in the grounder's place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.oracle import true_objects
from grounding_ros.language.instruction import Phrase
from grounding_ros.pipeline import Pipeline
from grounding_ros.scene import Detections, Frame
from grounding_ros.simulation.truth import Scene

_KEPT = 16


@dataclass(frozen=True)
class SentScenes:
    """The truth of the newest frames that were sent, by stamp."""

    _scenes: OrderedDict[int, Scene] = field(default_factory=OrderedDict)

    def add(self, scene: Scene) -> None:
        """Remember what a frame shows; of more than 16 the oldest is forgotten."""
        self._scenes[scene.frame.stamp_ns] = scene
        while len(self._scenes) > _KEPT:
            self._scenes.popitem(last=False)

    def at(self, stamp_ns: int) -> Scene | None:
        """Return what the frame of a stamp shows; None: it was not sent, or too long ago."""
        return self._scenes.get(stamp_ns)


@dataclass(frozen=True)
class TrueMasks:
    """A grounder that is told the masks, names and colours of all objects."""

    pipeline: Pipeline
    """The one that it stands in."""
    sent: SentScenes

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Return the true objects of a frame that was sent; of any other frame nothing."""
        scene = self.sent.at(frame.stamp_ns)
        if scene is None:
            words = tuple(phrase.text for phrase in phrases)
            return Detections.empty((frame.height, frame.width), words)
        told = true_objects(self.pipeline, scene, TrueObjects.of(scene))
        return told.grounder.ground(frame, phrases)
