"""A count that does not flicker with every frame."""

from __future__ import annotations

from collections import deque

_MOST = 256
"""Frames in one window: more than a second of any camera."""


class SteadyCount:
    """The median over a window of stamps, which is given up only for a plain majority."""

    def __init__(self) -> None:
        self._counts: deque[tuple[int, int]] = deque(maxlen=_MOST)
        self._told: int | None = None

    def add(self, stamp_ns: int, count: int, window_s: float) -> int:
        """Note the count of a frame and return the steady one.

        The count that was told last stays until two thirds of the frames in the window are above
        it, or two thirds below. Then the median is told. A window of one frame tells that frame's.
        """
        self._counts.append((stamp_ns, count))
        while stamp_ns - self._counts[0][0] >= window_s * 1e9 and len(self._counts) > 1:
            self._counts.popleft()
        seen = sorted(one for _, one in self._counts)
        told = count if self._told is None else self._told
        above, below = sum(one > told for one in seen), sum(one < told for one in seen)
        if 3 * above >= 2 * len(seen):
            told = seen[len(seen) // 2]
        elif 3 * below >= 2 * len(seen):
            told = seen[(len(seen) - 1) // 2]
        self._told = told
        return told
