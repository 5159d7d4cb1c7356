"""A bag that is played in a thread of its own, so that answers can be judged meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from grounding_ros.adapters.frame import stamp_ns
from grounding_ros.evaluation.bags.reader import BagReader, RawMessage
from grounding_ros.live.script import Script
from grounding_ros.ros.player import BagPlayer

LATE_S = 0.02
"""An image that goes out this much later than it was due is late, seconds."""


@dataclass(frozen=True)
class Said:
    """An instruction as it was sent."""

    text: str
    at: float
    """`time.monotonic()` seconds, just before."""
    stamp_ns: int
    """Of the last image that was sent before it."""


class Playback:
    """Plays a script from the beginning to the end; use it in a `with`."""

    def __init__(self, player: BagPlayer, script: Script) -> None:
        self._player = player
        self._script = script
        self._said: SimpleQueue[Said] = SimpleQueue()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="bag player", daemon=True)
        self._began = self._ended = 0.0
        self._newest_ns = 0
        self.first_ns: int | None = None
        """Stamp of the first image; None: none was sent yet."""
        self.images = 0
        self.late_images = 0
        self.late_max_s = 0.0

    def __enter__(self) -> Playback:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5.0)  # a bag may pause for long

    @property
    def over(self) -> bool:
        """Whether everything was sent.

        Raises
        ------
        Exception
            What ended the playing early, if something did.
        """
        if self._thread.is_alive():
            return False
        if self._error is not None:
            raise self._error
        return True

    @property
    def seconds(self) -> float:
        """How long it lasted from the first message to the last one."""
        return self._ended - self._began

    def said(self) -> list[Said]:
        """Return what was said since the last call."""
        news: list[Said] = []
        while True:
            try:
                news.append(self._said.get_nowait())
            except Empty:
                return news

    def _run(self) -> None:
        self._began = time.monotonic()
        try:
            # sqlite3 wants a connection to be used where it was opened.
            with BagReader(self._script.path) as bag:
                self._player.play(self._messages(bag), before=self._before, after=self._after)
        except BaseException as error:  # told to whoever asks whether it is over
            self._error = error
        self._ended = time.monotonic()

    def _messages(self, bag: BagReader) -> Iterator[RawMessage]:
        own = self._script.topics.instruction if self._script.asked else ""
        names = [name for name in self._script.played if name in bag.topics and name != own]
        for message in bag.raw_messages(names):
            if self._stop.is_set():
                return
            yield message

    def _before(self, topic: str, message: Any) -> None:
        if topic == self._script.topics.instruction:
            self._said.put(Said(message.data, time.monotonic(), self._newest_ns))
        elif topic == self._script.topics.image:
            self._newest_ns = stamp_ns(message.header)
            self.first_ns = self.first_ns or self._newest_ns
            self.images += 1
            self.late_images += self._player.late_s > LATE_S
            self.late_max_s = max(self.late_max_s, self._player.late_s)

    def _after(self, topic: str, message: Any) -> None:
        if self._script.asked and topic == self._script.topics.image and self.images == 1:
            self._said.put(Said(self._script.asked, time.monotonic(), self._newest_ns))
            self._player.say(self._script.topics.instruction, self._script.asked)
