"""One answer from several cameras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grounding_ros.scene.answer import Answer, Status


@dataclass(frozen=True)
class View:
    """An object, where it is seen best."""

    camera: str
    """The camera whose box and pose are taken."""
    row: int
    """Of that camera's candidates."""
    seen_by: tuple[str, ...]
    """All cameras that chose it."""


@dataclass(frozen=True)
class MergedAnswer:
    """What several cameras together say to one instruction."""

    status: Status
    answers: Mapping[str, Answer]
    """The answer of every camera that gave one."""
    silent: tuple[str, ...] = ()
    """Cameras that did not answer in time."""
    chosen: tuple[View, ...] = ()
    """The chosen set, best first; each object once, however many cameras see it."""
    count: int | None = None
    """How many different objects fit; None when it was not judged."""
    truth: bool | None = None
    """Of a question of yes and no; None when it was not judged or the cameras disagree."""
    message: str = ""
    """A sentence for a person."""
    question: str = ""
    """The one question that tells candidates apart."""
    trace: tuple[str, ...] = field(default=())
    """The steps, in order."""

    @property
    def best(self) -> Answer | None:
        """The answer of the camera that sees the first of the chosen best; None: none is chosen."""
        return self.answers[self.chosen[0].camera] if self.chosen else None
