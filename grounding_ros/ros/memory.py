"""What "it" means: the choice of the last instruction that chose anything."""

from __future__ import annotations

from grounding_ros.scene import Answer, LastChoice


class Memory:
    """Remembers two choices: that of the instruction in hand and the one before it.

    An instruction that is answered again and again keeps the meaning of its "it": what was chosen
    before it was said.
    """

    def __init__(self) -> None:
        self._seq = 0
        self._current: LastChoice | None = None
        self._before: LastChoice | None = None

    def before(self, seq: int) -> LastChoice | None:
        """Return what was chosen before instruction number `seq`; None: nothing yet."""
        if seq != self._seq:
            self._seq, self._before = seq, self._current
        return self._before

    def note(self, answer: Answer) -> None:
        """Remember what an answer chose, if it chose anything."""
        self._current = LastChoice.of(answer) or self._current
