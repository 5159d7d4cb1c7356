"""What a bag that was played to a running node came to, beside the answers themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grounding_ros.evaluation.metrics.scores import Latency


@dataclass(frozen=True)
class LiveCounts:
    """What was sent and what came back; of several bags the sums, of lateness the largest."""

    rate: float
    """Times the recorded speed."""
    seconds: float
    """How long the bag was played."""
    instructions: int
    """Sent."""
    answered: int
    """Instructions that an answer was heard to."""
    older_frame: int
    """Instructions that were answered on an older image than the last one sent before them."""
    answers: int
    """Heard while the bag was played and after: of a continuous node one an image."""
    incomplete: int
    """Answers whose boxes or masks were not heard."""
    images_sent: int
    images_late: int
    """Images sent more than 20 ms after they were due: the player itself did not keep up."""
    late_max_ms: float
    """The latest image."""
    images_received: int | None = None
    """By the node's own count; None: its diagnostics were not heard."""
    images_skipped: int | None = None
    """By the node's own count: received, but a newer one came before anybody looked at them."""

    @property
    def images_lost(self) -> int | None:
        """Images that were sent and not received."""
        received = self.images_received
        return None if received is None else self.images_sent - received


def total_live(counts: Sequence[LiveCounts]) -> LiveCounts | None:
    """Sum up bags; None for none."""
    if not counts:
        return None
    return LiveCounts(
        rate=counts[0].rate,
        seconds=sum(one.seconds for one in counts),
        instructions=sum(one.instructions for one in counts),
        answered=sum(one.answered for one in counts),
        older_frame=sum(one.older_frame for one in counts),
        answers=sum(one.answers for one in counts),
        incomplete=sum(one.incomplete for one in counts),
        images_sent=sum(one.images_sent for one in counts),
        images_late=sum(one.images_late for one in counts),
        late_max_ms=max(one.late_max_ms for one in counts),
        images_received=_sum([one.images_received for one in counts]),
        images_skipped=_sum([one.images_skipped for one in counts]),
    )


def live_json(live: LiveCounts, latency: Mapping[str, Latency]) -> dict[str, Any]:
    """Return the counts as plain data, with the stages that only a live run has."""
    stages = {
        f"{stage}_ms": {"p50": one.p50, "p95": one.p95, "p99": one.p99}
        for stage, one in latency.items()
        if stage in ("heard", "age")
    }
    return {
        "rate": live.rate,
        "seconds": live.seconds,
        "instructions": live.instructions,
        "answered": live.answered,
        "unanswered": live.instructions - live.answered,
        "older_frame": live.older_frame,
        "answers": live.answers,
        "answers_hz": live.answers / live.seconds if live.seconds else None,
        "incomplete": live.incomplete,
        "images_sent": live.images_sent,
        "images_received": live.images_received,
        "images_lost": live.images_lost,
        "images_skipped": live.images_skipped,
        "images_late": live.images_late,
        "late_max_ms": live.late_max_ms,
        **stages,
    }


def live_lines(live: LiveCounts) -> list[str]:
    """Return the counts as lines of the table."""
    lines = [
        f"live      {live.answered} of {live.instructions} instructions answered at "
        f"{live.rate:g} times the recorded speed, {live.older_frame} on an older image; "
        f"{live.answers} answers in {live.seconds:.1f} s",
        f"          {live.images_sent} images sent, {live.images_late} of them late (at most "
        f"{live.late_max_ms:.0f} ms); received {_number(live.images_received)}, "
        f"lost {_number(live.images_lost)}, skipped {_number(live.images_skipped)}",
    ]
    if live.incomplete:
        lines.append(
            f"          {live.incomplete} answers came without their boxes, 3D or masks: start the "
            "node with config/fastdds.xml (README, Losing no frames)"
        )
    return lines


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _number(value: int | None) -> str:
    return "unknown" if value is None else str(value)
