"""What the resolver decides."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.scene import Status


@dataclass(frozen=True)
class Resolution:
    """The part of an answer that is reasoned, not seen; see `Answer` for the fields."""

    status: Status
    chosen: tuple[int, ...] = ()
    """Rows of the detections, best first; all candidates when ambiguous."""
    places: tuple[int, ...] = ()
    anchors: tuple[int, ...] = ()
    free_spot: tuple[float, float, float] | None = None
    truth: bool | None = None
    count: int | None = None
    message: str = ""
    question: str = ""
    unjudged: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
