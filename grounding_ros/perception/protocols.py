"""What a grounder and a segmenter are: one method each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from grounding_ros.language.instruction import Phrase
from grounding_ros.scene import Detections, Frame


class Grounder(Protocol):
    """Finds what phrases mean in a frame."""

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """All objects that may fit a phrase, with `matches` and `unjudged` filled per phrase.

        Spatial relations, ordinals and superlatives of a phrase are not the grounder's business.
        """
        ...


class Segmenter(Protocol):
    """Gives every detection a mask."""

    def segment(self, frame: Frame, detections: Detections) -> Detections:
        """The same detections, in the same order, with `masks`."""
        ...
