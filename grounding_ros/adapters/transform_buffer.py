"""A tf buffer without ROS: for bags, and live where tf2_ros is absent.

Per link a sorted list of stamps and bisect: that is all a lookup needs, and unlike pytransform3d's
TemporalTransformManager it takes one transform at a time, forgets the old ones, and never clips or
extrapolates.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grounding_ros.errors import GeometryError, InputError
from grounding_ros.geometry.transforms import compose, inverse, slerp, transform, unit_quaternion

Array = NDArray[np.float64]


class TransformBuffer:
    """The tree of frames over the last seconds; safe to use from several threads."""

    def __init__(self, history_s: float = 10.0) -> None:
        """Start empty.

        Parameters
        ----------
        history_s
            How long a moving link is remembered before its newest transform, seconds.

        Raises
        ------
        InputError
            For a history that is not longer than nothing.
        """
        if not history_s > 0:
            raise InputError(f"history_s: expected seconds above 0, got {history_s}")
        self._history_ns = round(history_s * 1e9)
        self._links: dict[str, _Link] = {}
        self._lock = threading.Lock()

    def add(
        self,
        parent: str,
        child: str,
        stamp_ns: int,
        translation: ArrayLike,
        quaternion_xyzw: ArrayLike,
        static: bool = False,
    ) -> None:
        """Take one transform in; late and repeated ones are put where they belong.

        Parameters
        ----------
        parent, child
            Names of frames; a leading slash (ROS 1) is dropped.
        stamp_ns
            When it held; of no meaning for a static one, which holds always.
        translation
            (3,) metres, origin of `child` in `parent`.
        quaternion_xyzw
            (4,) unit quaternion.
        static
            From /tf_static.

        Raises
        ------
        GeometryError
            For a broken quaternion, numbers that are not finite, an empty name or a link that
            would close a loop. The buffer is unchanged then.
        """
        parent, child = parent.lstrip("/"), child.lstrip("/")
        sample = _Sample(
            transform(translation, quaternion_xyzw)[:3, 3], unit_quaternion(quaternion_xyzw)
        )
        if not parent or not child:
            raise GeometryError(f"tf: expected two frame names, got {parent!r} and {child!r}")
        with self._lock:
            if child in (parent, *self._ancestors(parent)):
                raise GeometryError(
                    f"tf: {parent} -> {child} would close a loop, {child} is above {parent} already"
                )
            link = self._links.get(child)
            if link is None or link.parent != parent or link.static != static:
                # A frame has one parent: the newest word on it counts, as in tf2.
                link = self._links[child] = _Link(parent, child, static)
            link.put(stamp_ns, sample, self._history_ns)

    def add_message(self, message: Any, static: bool = False) -> None:
        """Take in a tf2_msgs/TFMessage, live or from a bag; static for those of /tf_static."""
        for stamped in message.transforms:
            stamp = stamped.header.stamp
            shift, turn = stamped.transform.translation, stamped.transform.rotation
            self.add(
                stamped.header.frame_id,
                stamped.child_frame_id,
                int(stamp.sec) * 1_000_000_000 + int(stamp.nanosec),
                (shift.x, shift.y, shift.z),
                (turn.x, turn.y, turn.z, turn.w),
                static,
            )

    def lookup(self, target: str, source: str, stamp_ns: int) -> Array:
        """Return (4, 4) target_from_source at exactly a moment, interpolated, never extrapolated.

        Raises
        ------
        GeometryError
            Naming the frame that is unknown, the two trees that are not connected, or the link
            whose transforms do not reach the moment, with their range.
        """
        target, source = target.lstrip("/"), source.lstrip("/")
        with self._lock:
            self._known(target)
            self._known(source)
            up_target = [target, *self._ancestors(target)]
            up_source = [source, *self._ancestors(source)]
            common = next((name for name in up_source if name in up_target), None)
            if common is None:
                raise GeometryError(
                    f"tf: {target} and {source} are not connected: their trees end at "
                    f"{up_target[-1]} and {up_source[-1]}"
                )
            common_from_source = self._chain(up_source[: up_source.index(common)], stamp_ns)
            common_from_target = self._chain(up_target[: up_target.index(common)], stamp_ns)
        return compose(inverse(common_from_target), common_from_source)

    def clear(self) -> None:
        """Forget all that moves; static transforms stay. For a jump back in time."""
        with self._lock:
            self._links = {name: link for name, link in self._links.items() if link.static}

    @property
    def frames(self) -> tuple[str, ...]:
        """The known frames, sorted."""
        with self._lock:
            return tuple(sorted(self._names()))

    def _names(self) -> set[str]:
        return self._links.keys() | {link.parent for link in self._links.values()}

    def _known(self, frame: str) -> None:
        names = self._names()
        if frame not in names:
            known = ", ".join(sorted(names)) or "none yet"
            raise GeometryError(f"tf: frame {frame!r} is unknown; known are: {known}")

    def _ancestors(self, frame: str) -> list[str]:
        above = []
        while frame in self._links:
            frame = self._links[frame].parent
            above.append(frame)
        return above

    def _chain(self, frames: Sequence[str], stamp_ns: int) -> Array:
        """Parent of the last from the first, going up."""
        product = np.eye(4)
        for frame in frames:
            product = self._links[frame].at(stamp_ns) @ product
        return product


@dataclass(frozen=True, eq=False)
class _Sample:
    translation: Array
    quaternion_xyzw: Array

    @property
    def matrix(self) -> Array:
        return transform(self.translation, self.quaternion_xyzw)

    def towards(self, other: _Sample, share: float) -> _Sample:
        return _Sample(
            (1 - share) * self.translation + share * other.translation,
            slerp(self.quaternion_xyzw, other.quaternion_xyzw, share),
        )


@dataclass(eq=False)
class _Link:
    """One edge of the tree: the transforms of `child` in `parent`, sorted by stamp."""

    parent: str
    child: str
    static: bool
    stamps: list[int] = field(default_factory=list)
    samples: list[_Sample] = field(default_factory=list)

    def put(self, stamp_ns: int, sample: _Sample, history_ns: int) -> None:
        if self.static:
            self.stamps, self.samples = [stamp_ns], [sample]
            return
        place = bisect_left(self.stamps, stamp_ns)
        repeated = place < len(self.stamps) and self.stamps[place] == stamp_ns
        self.stamps[place : place + repeated] = [stamp_ns]
        self.samples[place : place + repeated] = [sample]
        old = bisect_left(self.stamps, self.stamps[-1] - history_ns)
        del self.stamps[:old], self.samples[:old]

    def at(self, stamp_ns: int) -> Array:
        if self.static:
            return self.samples[0].matrix
        after = bisect_right(self.stamps, stamp_ns)
        if after and self.stamps[after - 1] == stamp_ns:
            return self.samples[after - 1].matrix
        if after == 0 or after == len(self.stamps):
            raise GeometryError(self._out_of_range(stamp_ns))
        begin, end = self.stamps[after - 1 : after + 1]
        share = (stamp_ns - begin) / (end - begin)
        return self.samples[after - 1].towards(self.samples[after], share).matrix

    def _out_of_range(self, stamp_ns: int) -> str:
        first, last = self.stamps[0], self.stamps[-1]
        when, by = ("future", stamp_ns - last) if stamp_ns > last else ("past", first - stamp_ns)
        return (
            f"tf: extrapolation into the {when} by {by / 1e6:g} ms between {self.parent} and "
            f"{self.child}; wanted {_seconds(stamp_ns)}, there is {_seconds(first)} to "
            f"{_seconds(last)}"
        )


def _seconds(stamp_ns: int) -> str:
    return f"{stamp_ns // 1_000_000_000}.{stamp_ns % 1_000_000_000:09d} s"
