"""What was chosen before: the meaning of "it", and the choice that is not given up lightly."""

from __future__ import annotations

from grounding_ros.scene import Answer, LastChoice, Status


class Memory:
    """Remembers two choices: that of the newest instruction and the one before it.

    An instruction that is answered again and again keeps the meaning of its "it": what was chosen
    before it was said. Instructions are counted; an answer to an older one changes nothing.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._noted = 0
        self._current: LastChoice | None = None
        self._before: LastChoice | None = None
        self._held: tuple[int, tuple[int, ...]] = (0, ())

    def before(self, seq: int) -> LastChoice | None:
        """Return what was chosen before instruction number `seq`; None: nothing yet."""
        if seq > self._asked:
            self._asked, self._before = seq, self._current
        return self._before

    def held(self, seq: int) -> tuple[int, ...]:
        """Return the track ids that the last answer to this very instruction chose."""
        answered, ids = self._held
        return ids if answered == seq else ()

    def note(self, seq: int, answer: Answer) -> None:
        """Remember what an answer chose, if it chose anything."""
        if seq >= self._noted and (choice := LastChoice.of(answer)) is not None:
            self._noted, self._current = seq, choice
        if answer.chosen and answer.status is not Status.AMBIGUOUS:
            self._held = (seq, answer.detections.track_ids)
