"""How well ids stay with their objects over the frames of a film."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class IdentityScores:
    """Counts after Bernardin and Stiefelhagen (2008), whose MOTA it is."""

    frames: int
    object_frames: int
    """True objects that could be seen, summed over the frames."""
    missed: int
    """Of these, how many were not found."""
    false: int
    """Found where no true object is."""
    switched: tuple[int, ...]
    """The true objects that were found under another id than the last time, once each time."""
    fragmentations: int
    """Times that an object that could be seen all the while was lost and found again."""
    ids: int
    """Different ids that were given to true objects."""

    @property
    def switches(self) -> int:
        """Times that an object was found under another id than the last time."""
        return len(self.switched)

    @property
    def mota(self) -> float:
        """1 - (missed + false + switches) / object frames; 1 is perfect."""
        wrong = self.missed + self.false + self.switches
        return 1 - wrong / max(self.object_frames, 1)


def identity_scores(frames: Iterable[tuple[Mapping[int, int | None], int]]) -> IdentityScores:
    """Count switches and the like.

    Parameters
    ----------
    frames
        In their order: for every true object that can be seen its id, None where it was not found;
        and how many were found where nothing is.
    """
    last: dict[int, int] = {}
    lost: set[int] = set()
    ids: set[int] = set()
    switched: list[int] = []
    number = seen = missed = false = fragmentations = 0
    for given, wrong in frames:
        number, seen, false = number + 1, seen + len(given), false + wrong
        lost &= given.keys()  # what was hidden meanwhile was not lost
        for truth, id in given.items():
            if id is None:
                missed += 1
                lost |= {truth} & last.keys()
                continue
            switched += [truth] if last.get(truth, id) != id else []
            fragmentations += truth in lost
            lost.discard(truth)
            last[truth] = id
            ids.add(id)
    return IdentityScores(number, seen, missed, false, tuple(switched), fragmentations, len(ids))
