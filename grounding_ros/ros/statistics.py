"""Bounded statistics of what the node does: durations, rates and memory."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from pathlib import Path

import numpy as np

_KEPT = 300
"""Samples a series keeps; ten seconds at camera rate."""


class Statistics:
    """Counts events and keeps the newest durations of each stage. Thread safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = defaultdict(int)
        self._times: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_KEPT))
        self._durations: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_KEPT))

    def count(self, event: str) -> None:
        """Note that an event happened now."""
        with self._lock:
            self._counts[event] += 1
            self._times[event].append(time.monotonic())

    def add(self, stage: str, milliseconds: float) -> None:
        """Note a duration."""
        with self._lock:
            self._durations[stage].append(milliseconds)

    def total(self, event: str) -> int:
        """How often an event happened."""
        with self._lock:
            return self._counts[event]

    def rate(self, event: str, window_s: float = 5.0) -> float:
        """Events a second over the last `window_s` seconds."""
        since = time.monotonic() - window_s
        with self._lock:
            return sum(at >= since for at in self._times[event]) / window_s

    def percentiles(self) -> dict[str, tuple[float, float]]:
        """Milliseconds (p50, p95) of every stage."""
        with self._lock:
            series = {stage: list(values) for stage, values in self._durations.items()}
        return {
            stage: (float(np.percentile(values, 50)), float(np.percentile(values, 95)))
            for stage, values in series.items()
        }


def resident_mib() -> float:
    """Memory of this process that is in RAM, MiB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class GapCounter:
    """Tells lost messages from the gaps between stamps."""

    def __init__(self, statistics: Statistics, event: str) -> None:
        self._statistics = statistics
        self._event = event
        self._newest_ns = 0
        self._intervals: deque[int] = deque(maxlen=60)

    def add(self, stamp_ns: int) -> None:
        """Note a stamp; each period it skipped counts as one lost message."""
        interval = stamp_ns - self._newest_ns
        first, self._newest_ns = self._newest_ns == 0, stamp_ns
        if first or not 1_000_000 < interval < 1_000_000_000:
            return  # a start, a pause or a jump is no loss
        self._intervals.append(interval)
        period = min(self._intervals)
        for _ in range(round(interval / period) - 1):
            self._statistics.count(self._event)
