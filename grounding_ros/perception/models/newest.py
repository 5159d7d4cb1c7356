"""What was computed of the newest frame, so that another phrase need not compute it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from grounding_ros.scene import Frame

T = TypeVar("T")


class Newest(Generic[T]):
    """Keeps one value, that of the newest frame."""

    def __init__(self) -> None:
        """Start empty."""
        self._frame: Frame | None = None
        self._key: Hashable = None
        self._value: T | None = None
        self.hits = 0
        """How often nothing had to be computed."""

    def of(self, frame: Frame, compute: Callable[[], T], key: Hashable = None) -> T:
        """Return the frame's value; it is computed when frame or `key` are other than before."""
        if self._value is not None and frame is self._frame and key == self._key:
            self.hits += 1
            return self._value
        self.forget()  # before the next one needs the memory
        self._value = compute()
        self._frame, self._key = frame, key
        return self._value

    def forget(self) -> None:
        """Let go of frame and value."""
        self._frame = self._value = None
