"""Pairs images with depth by stamp; the same code live and offline."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

JUMP_NS = 1_000_000_000
"""A stamp this far behind the newest is a clock that was reset, not a late message."""


@dataclass(frozen=True)
class Pair:
    """An image message and the depth message of the same moment."""

    stamp_ns: int
    """Of the image."""
    image: Any
    """The colour image's message."""
    depth: Any | None
    """The depth image's message."""
    missing_depth: str = ""
    """Why there is no depth, a sentence; "" when there is."""


class StampPairer:
    """Keeps the newest few images and depths and hands out the newest pair.

    Memory is bounded: at most `capacity` messages of each stream are held.
    """

    def __init__(
        self, *, slop_ns: int, wait_ns: int, use_depth: bool = True, capacity: int = 6
    ) -> None:
        """Pair within `slop_ns`; an image whose depth is `wait_ns` overdue goes alone."""
        self._slop_ns = slop_ns
        self._wait_ns = wait_ns
        self._use_depth = use_depth
        self._capacity = capacity
        self._images: OrderedDict[int, Any] = OrderedDict()
        self._depths: OrderedDict[int, Any] = OrderedDict()
        self._newest_ns: int | None = None
        self._taken_ns: int | None = None
        self._depth_is_missing = False
        self.late = 0
        """Images older than the last one handed out."""
        self.skipped = 0
        """Images that a newer one replaced before anybody took them."""
        self.resets = 0
        """Times the clock jumped back."""

    def add_image(self, stamp_ns: int, message: Any) -> None:
        """Store an image; one that is older than the last one taken is counted and dropped."""
        if self._newest_ns is not None and stamp_ns < self._newest_ns - JUMP_NS:
            self.clear()
            self.resets += 1
        if self._taken_ns is not None and stamp_ns <= self._taken_ns:
            self.late += 1
            return
        self._newest_ns = max(stamp_ns, self._newest_ns or stamp_ns)
        self._images[stamp_ns] = message
        if len(self._images) > self._capacity:
            self._images.popitem(last=False)
            self.skipped += 1

    def add_depth(self, stamp_ns: int, message: Any) -> None:
        """Store a depth image."""
        self._depth_is_missing = False
        self._depths[stamp_ns] = message
        if len(self._depths) > self._capacity:
            self._depths.popitem(last=False)

    def take(self, *, impatient: bool = False) -> Pair | None:
        """Return the newest image with its depth, and forget all older images.

        An image without depth is handed out once its depth is overdue by the stamps, or at once
        when `impatient` (the caller has waited by its own clock).
        """
        if not self._images:
            return None
        for stamp_ns in sorted(self._images, reverse=True):
            depth_ns = self._partner(stamp_ns)
            if depth_ns is not None:
                return self._hand_out(stamp_ns, self._depths[depth_ns], "")
        newest_ns = max(self._images)
        if not self._use_depth:
            return self._hand_out(newest_ns, None, "depth is switched off (use_depth is false)")
        overdue = newest_ns - min(self._images) >= self._wait_ns
        if overdue or impatient or self._depth_is_missing:
            self._depth_is_missing = True
            return self._hand_out(newest_ns, None, self._why_alone(newest_ns))
        return None

    def clear(self) -> None:
        """Forget everything that was seen."""
        self._images.clear()
        self._depths.clear()
        self._newest_ns = None
        self._taken_ns = None

    def _partner(self, stamp_ns: int) -> int | None:
        if not self._use_depth or not self._depths:
            return None
        nearest = min(self._depths, key=lambda depth_ns: abs(depth_ns - stamp_ns))
        return nearest if abs(nearest - stamp_ns) <= self._slop_ns else None

    def _hand_out(self, stamp_ns: int, depth: Any | None, missing: str) -> Pair:
        pair = Pair(stamp_ns, self._images[stamp_ns], depth, missing)
        older = [other for other in self._images if other < stamp_ns]
        self.skipped += len(older)
        for other in (*older, stamp_ns):
            del self._images[other]
        self._taken_ns = stamp_ns
        return pair

    def _why_alone(self, stamp_ns: int) -> str:
        if not self._depths:
            return "no depth image came; check the depth topic and its QoS"
        nearest = min(abs(depth_ns - stamp_ns) for depth_ns in self._depths)
        return (
            f"no depth within {self._slop_ns / 1e6:.0f} ms of the image, the nearest is "
            f"{nearest / 1e6:.0f} ms away; synchronise the camera's streams or raise pair_slop_s"
        )
