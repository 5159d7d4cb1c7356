"""Brings together what was said and what was answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from grounding_ros.live.playback import Playback, Said
from grounding_ros.ros.listener import Heard, ResultListener

PATIENCE_S = 30.0
"""An instruction without an answer for so long is unanswered."""
_QUIET_S = 3.0
"""A continuous node that says nothing for so long after the bag has answered its last image."""
_STEP_S = 0.1


@dataclass(frozen=True, eq=False)
class Exchange:
    """An instruction and what came back; None: nothing did."""

    said: Said
    heard: Heard | None
    first: bool = True
    """Whether it is the first answer to it."""

    @property
    def timings_ms(self) -> dict[str, float]:
        """The node's own, and `heard` and `age` as docs/evaluation.md defines them."""
        if self.heard is None:
            return {}
        answer = self.heard.answer
        stages = {stage: ms for stage, ms in answer["timings_ms"].items() if ms is not None}
        if self.first:
            stages["heard"] = 1e3 * (self.heard.at - self.said.at)
        return {**stages, "age": (self.heard.clock_ns - stamp_of(answer)) / 1e6}


class Dialogue:
    """Counts and matches; a node answers in the order in which it hears, but may skip."""

    def __init__(
        self, playback: Playback, listener: ResultListener, check: Callable[[], None]
    ) -> None:
        """`check` raises when the node is no more."""
        self._playback = playback
        self._listener = listener
        self._check = check
        self._waiting: list[Said] = []
        self._answered_seq = -1
        self.instructions = 0
        self.answered = 0
        self.older_frame = 0
        self.answers = 0
        self.incomplete = 0

    def exchanges(self) -> Iterator[Exchange]:
        """Yield every instruction in its order, with the first answer to it or with none."""
        while True:
            over = self._playback.over  # before the look at what was said: nothing is missed
            self._hear_said()
            if over and not self._waiting:
                return
            if (heard := self._next_answer()) is not None:
                yield from self._matched(heard)
            while self._waiting and time.monotonic() - self._waiting[0].at > PATIENCE_S:
                yield Exchange(self._waiting.pop(0), None)

    def every_answer(self) -> Iterator[Exchange]:
        """Yield every answer to the only instruction; if there is none, that."""
        said: Said | None = None
        quiet_since = time.monotonic()
        while True:
            over = self._playback.over
            self._hear_said()
            said = self._waiting[0] if self._waiting else None
            if (heard := self._next_answer()) is not None:
                quiet_since = heard.at
                if said is not None and heard.answer["text"] == said.text:
                    first, self.answered = not self.answered, 1
                    yield Exchange(said, heard, first)
            limit = _QUIET_S if self.answered else PATIENCE_S
            if over and (said is None or time.monotonic() - max(quiet_since, said.at) > limit):
                break
        if said is not None and not self.answered:
            yield Exchange(said, None)

    def _hear_said(self) -> None:
        news = self._playback.said()
        self.instructions += len(news)
        self._waiting += news

    def _next_answer(self) -> Heard | None:
        """Return the next answer on an image of this bag; what is older is not about it."""
        self._check()
        heard = self._listener.next(_STEP_S)
        self._hear_said()  # what it answers may have been said a moment ago
        first_ns = self._playback.first_ns
        if heard is None or first_ns is None or stamp_of(heard.answer) < first_ns:
            return None
        self.answers += 1
        parts = (heard.detections, heard.detections_3d, heard.masks)
        self.incomplete += any(part is None for part in parts)
        return heard

    def _matched(self, heard: Heard) -> Iterator[Exchange]:
        seq = heard.answer["instruction_seq"]
        said = _meant(self._waiting, heard)
        if said is None or seq == self._answered_seq:
            return  # once more, by a continuous node
        self._answered_seq = seq
        while (first := self._waiting.pop(0)) is not said:
            yield Exchange(first, None)  # replaced by a later one before the node came to it
        self.answered += 1
        self.older_frame += stamp_of(heard.answer) < said.stamp_ns
        yield Exchange(said, heard)


def _meant(waiting: list[Said], heard: Heard) -> Said | None:
    """Return the instruction that an answer is to.

    The same words may wait twice, about two scenes: the image tells which is meant. An instruction
    that overtook its image was answered on an older one.
    """
    same = [said for said in waiting if said.text == heard.answer["text"]]
    fitting = [said for said in same if said.stamp_ns <= stamp_of(heard.answer)]
    return max(fitting or same[:1], key=lambda said: said.stamp_ns, default=None)


def stamp_of(answer: dict[str, Any]) -> int:
    """Return the stamp of an answer's image, nanoseconds."""
    return int(answer["stamp"]["sec"]) * 1_000_000_000 + int(answer["stamp"]["nanosec"])
