"""Everything that arrives, until the worker takes it: the newest frame and the instruction."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grounding_ros.adapters.pairing import Pair, StampPairer
from grounding_ros.language import WHAT_IS_THIS, Instruction


@dataclass(frozen=True)
class Request:
    """An instruction as it was heard."""

    seq: int
    """Counts the instructions of this node from 1."""
    instruction: Instruction
    heard_at: float
    """`time.monotonic()` seconds."""
    region: Any | None = None
    """The message of what was pointed at; None: the instruction was said in words."""


@dataclass(frozen=True)
class Job:
    """One instruction to answer on one frame."""

    request: Request
    pair: Pair
    epoch: int
    """Answers of an older epoch than the inbox's are dropped."""
    clock_jumps: int
    """How often stamps had jumped back before this frame."""


class Inbox:
    """Hands the worker the newest frame whenever an answer is due. Thread safe, bounded."""

    def __init__(
        self,
        pairer: StampPairer,
        *,
        depth_wait_s: float,
        on_clock_jump: Callable[[], None],
    ) -> None:
        self._pairer = pairer
        self._depth_wait_s = depth_wait_s
        self._on_clock_jump = on_clock_jump
        self._changed = threading.Condition()
        self._last: Pair | None = None
        self._last_arrival = 0.0
        self._image_arrival = 0.0
        self._request: Request | None = None
        self._pointed: Request | None = None
        self._asked = 0
        self._is_due = False
        self._active = False
        self._stopped = False
        self.continuous = False
        self.max_frame_age_s = 1.0
        self.epoch = 0

    def put_image(self, stamp_ns: int, message: Any) -> None:
        """Store a colour image."""
        with self._changed:
            resets = self._pairer.resets
            self._pairer.add_image(stamp_ns, message)
            self._image_arrival = time.monotonic()
            jumped = self._pairer.resets > resets
            if jumped:
                self._last = None
            self._changed.notify()
        if jumped:
            self._on_clock_jump()

    def put_depth(self, stamp_ns: int, message: Any) -> None:
        """Store a depth image."""
        with self._changed:
            self._pairer.add_depth(stamp_ns, message)
            self._changed.notify()

    def put_instruction(self, instruction: Instruction) -> Request:
        """Make this the current instruction; it is answered at once."""
        with self._changed:
            self._asked += 1
            self._request = Request(self._asked, instruction, time.monotonic())
            self._is_due = True
            self._changed.notify()
            return self._request

    def put_region(self, message: Any) -> Request:
        """Ask once what is in a region; the current instruction stays."""
        with self._changed:
            self._asked += 1
            self._pointed = Request(self._asked, WHAT_IS_THIS, time.monotonic(), message)
            self._changed.notify()
            return self._pointed

    def ask_again(self) -> bool:
        """Answer the current instruction once more; False when there is none."""
        with self._changed:
            self._is_due = self._request is not None
            self._changed.notify()
            return self._is_due

    def set_active(self, active: bool) -> None:
        """Start or stop handing out jobs; stopping drops the result in flight."""
        with self._changed:
            self._active = active
            if not active:
                self.epoch += 1
                self._last = None
                self._pairer.clear()
            self._changed.notify()

    def stop(self) -> None:
        """Let `next_job` return None for good."""
        with self._changed:
            self._stopped = True
            self.epoch += 1
            self._changed.notify()

    def next_job(self) -> Job | None:
        """Wait for the next frame that an answer is due on; None once stopped."""
        with self._changed:
            while not self._stopped:
                job = self._due_job() if self._active else None
                if job is not None:
                    return job
                # Only an image whose depth is overdue by the wall clock needs a look without news.
                waits = self._is_due or self._pointed is not None
                self._changed.wait(self._depth_wait_s / 4 + 0.01 if waits else None)
            return None

    @property
    def waiting_for_frame(self) -> float:
        """Seconds that an instruction has been waiting for a frame; 0 when none is."""
        request = self._pointed or (self._request if self._is_due else None)
        return time.monotonic() - request.heard_at if self._active and request else 0.0

    @property
    def active(self) -> bool:
        """Whether jobs are handed out."""
        return self._active

    @property
    def counters(self) -> dict[str, int]:
        """Images skipped for a newer one, images that came late, clock jumps."""
        pairer = self._pairer
        return {"skipped": pairer.skipped, "late": pairer.late, "clock_jumps": pairer.resets}

    def _due_job(self) -> Job | None:
        request, once = self._pointed or self._request, self._pointed is not None or self._is_due
        if request is None or not (once or self.continuous):
            return None
        now = time.monotonic()
        pair = self._pairer.take(impatient=now - self._image_arrival > self._depth_wait_s)
        if pair is not None:
            self._last, self._last_arrival = pair, self._image_arrival
        elif once:
            pair = self._last
        if pair is None or now - self._last_arrival > self.max_frame_age_s:
            return None  # what was seen too long ago may have been moved since
        if request is self._pointed:
            self._pointed = None
        else:
            self._is_due = False
        return Job(request, pair, self.epoch, self._pairer.resets)
