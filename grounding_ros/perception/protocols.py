"""What a grounder and a segmenter are: one method each, and two that models with weights add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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


@runtime_checkable
class WarmsUp(Protocol):
    """A grounder or segmenter whose first call is slow."""

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on an empty picture of (height, width) pixels, so that no frame pays for it."""
        ...


@dataclass(frozen=True)
class Notes:
    """What diagnostics shall say of a model."""

    in_use: str
    """Which model, and on what it runs."""
    refused: tuple[str, ...] = ()
    """What it should have run on, and why it does not, a sentence each."""


@runtime_checkable
class HasNotes(Protocol):
    """A grounder or segmenter that chooses what it runs on."""

    notes: Notes


@runtime_checkable
class Closes(Protocol):
    """A grounder or segmenter that holds a model."""

    def close(self) -> None:
        """Give its memory back; it is not used afterwards."""
        ...
