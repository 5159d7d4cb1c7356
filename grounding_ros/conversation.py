"""What one camera's answers have in common: tracks, what "it" is, and a count that is steady."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.geometry.tracking import Tracker
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.language import Instruction
from grounding_ros.pipeline import Locate, Pipeline
from grounding_ros.reasoning import Memory, SteadyCount
from grounding_ros.scene import Answer, Frame, Region


class Conversation:
    """Runs a pipeline on one frame after the other and remembers; for one thread."""

    def __init__(self, parameters: TrackingParameters) -> None:
        self._parameters = parameters
        self._tracker = Tracker(parameters)
        self._memory = Memory()
        self._count = SteadyCount()
        self._counted = 0

    def use(self, parameters: TrackingParameters) -> None:
        """Take other parameters from the next frame on."""
        self._parameters = parameters
        self._tracker.use(parameters)

    def clear(self) -> None:
        """Forget tracks and counts: the clock jumped back. What "it" is stays."""
        self._tracker.clear()
        self._count = SteadyCount()

    def answer(
        self,
        pipeline: Pipeline,
        frame: Frame,
        asked: Instruction | Region,
        seq: int,
        locate: Locate | None = None,
    ) -> Answer:
        """Answer an instruction, or what a region shows, on the next frame.

        Parameters
        ----------
        pipeline
            The pipeline of this moment; it may be another one the next time.
        frame
            Not older than the frame before.
        asked
            What is wanted.
        seq
            Counts what was asked, from 1. The same number again is the same instruction on a newer
            frame.
        locate
            See `Pipeline.run`.
        """
        tracker = self._tracker if self._parameters.enabled else None
        if isinstance(asked, Region):
            answer = pipeline.answer_region(frame, asked, locate, tracker=tracker)
        else:
            last, held = self._memory.before(seq), self._memory.held(seq)
            answer = pipeline.run(frame, asked, locate, last, tracker=tracker, held=held)
            answer = self._steadied(answer, seq)
        self._memory.note(seq, answer)
        return answer

    def _steadied(self, answer: Answer, seq: int) -> Answer:
        if answer.count is None or not self._parameters.enabled:
            return answer
        if seq != self._counted:
            self._counted, self._count = seq, SteadyCount()
        window_s = self._parameters.count_window_s
        return replace(answer, count=self._count.add(answer.stamp_ns, answer.count, window_s))
