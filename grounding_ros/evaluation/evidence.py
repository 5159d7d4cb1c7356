"""An answer as a person looks at it: the picture, what was returned, what was expected."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.evaluation.runner import SceneResult


@dataclass(frozen=True)
class Outline:
    """One object drawn on the picture, in pixels of the original image."""

    role: str
    """"returned", "place", "anchor", "candidate" or "expected"."""
    label: str
    box: tuple[float, float, float, float]
    """xyxy."""
    contours: tuple[tuple[tuple[int, int], ...], ...] = ()
    """The mask's outlines, each a list of (u, v)."""


@dataclass(frozen=True)
class AnswerEvidence:
    """One answer: how it came about and what it points at."""

    id: str
    text: str
    kind: str
    """"" when the truth is not known."""
    status: str
    exact: bool | None
    """None when the truth is not known."""
    message: str
    question: str
    trace: tuple[str, ...]
    returned_ids: tuple[int | None, ...]
    expected_ids: tuple[int, ...]
    total_ms: float | None
    outlines: tuple[Outline, ...]


@dataclass(frozen=True)
class SceneEvidence:
    """One scene's picture, once, and all its answers."""

    scene: str
    size: tuple[int, int]
    """Height and width of the original image."""
    jpeg: bytes
    """The picture, perhaps smaller than the original."""
    answers: tuple[AnswerEvidence, ...]


def scene_evidence(result: SceneResult) -> SceneEvidence:
    """Draw every answer of a scene; pictures are packed, so that a process can send them."""
    raise NotImplementedError
