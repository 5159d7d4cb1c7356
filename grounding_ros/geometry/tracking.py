"""Which object of this frame is which of the frames before: ids that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.appearance import appearances, distances
from grounding_ros.geometry.assignment import assign
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.scene import Detections, Frame, Objects3D

LARGEST_ID = 65535
"""What a pixel of `~/masks` can hold; then small ids that are free are given again."""

_AWAY, _LOOK, _SIZE = 0.45, 0.45, 0.15
"""What distance (1 at the gate), look and size (1 at twice the pixels) count for in a cost."""
_LIMIT = 0.9
"""A pair of a higher cost is not the same object."""
_OTHER_LOOK = 0.75
"""Hellinger distance of colours from which two objects cannot be one."""
_YOUTH, _GROWN_UP = 0.3, 30
"""What is added for an object that is new, and frames in which half of it goes: when an object is
seen in parts for a while, the whole is what it was before."""
_SIGMAS = 4.0
"""A distance of more standard deviations is too far: one of 1000 in three dimensions."""
_UNSTEADY_M, _UNSTEADY_M_S = 0.03, 0.05
"""How much a centre moves as an object is half hidden, and how much more in a second."""
_LEAST_IOU = 0.1
_MOST_OCTAVES = 2.0
_SAME_IOU = 0.5
"""Boxes of two frames in a row that overlap by more are one place, whatever their metres say."""
_LEARNING = 0.2
_SEEN_ENOUGH = 0.5
"""Share of the largest area from which a look is learned: less of it may be another's colour."""


@dataclass(frozen=True, eq=False)
class Track:
    """One object as it was last seen."""

    id: int
    frame_id: str
    """Of the centre."""
    center: NDArray[np.float64]
    """(3,) metres; NaN: it never had one."""
    covariance: NDArray[np.float64]
    """(3, 3) square metres."""
    camera: str
    """The frame of the image."""
    box: NDArray[np.float32]
    """(4,) xyxy pixels of that image."""
    look: NDArray[np.float32]
    """Of `appearance.appearances`."""
    area: float
    """Pixels that showed it."""
    seen_ns: int
    """Stamp of the last frame that shows it."""
    missing_ns: int | None = None
    """Stamp of the first frame that does not; None: the last frame showed it."""
    hits: int = 1
    """Frames that showed it."""
    largest: float = 0.0
    """Most pixels that showed it at once."""


class Tracker:
    """Gives every detection an id that stays with the object.

    Where a track and a detection both have a centre in the same frame, they can be one object when
    they are near by `gate_m` and by the covariance of the centres; where one has none, when their
    boxes overlap, and always when the boxes of two frames in a row overlap by half. What is near
    must also look alike. Among what is possible the assignment of least
    total cost decides. An object that is not seen keeps its id for `max_age_s`. Nothing is guessed
    about motion: in a fixed frame most objects stand still while a camera moves.
    """

    def __init__(self, parameters: TrackingParameters) -> None:
        self._parameters = parameters
        self._tracks: list[Track] = []
        self._newest = 0

    def __len__(self) -> int:
        return len(self._tracks)

    def use(self, parameters: TrackingParameters) -> None:
        """Take other parameters from the next frame on."""
        self._parameters = parameters

    def clear(self) -> None:
        """Forget all objects; their ids are not given again soon."""
        self._tracks = []

    def follow(self, frame: Frame, detections: Detections, objects: Objects3D) -> Detections:
        """Return the detections with the ids of the objects they show.

        Parameters
        ----------
        frame
            The picture; its stamp tells the time.
        detections
            N objects, with masks where they are known.
        objects
            The same N objects in metres, in a frame that stands still where tf is known.
        """
        seen = _seen(frame, detections, objects)
        known = dict(assign_tracks(self._tracks, seen, self._parameters.gate_m))
        kept = []
        for number, track in enumerate(self._tracks):
            if number in known:
                track = _renewed(track, seen[known[number]])
                seen[known[number]] = track
            elif track.missing_ns is None:
                track = replace(track, missing_ns=frame.stamp_ns)
            kept.append(track)
        self._tracks = self._young_enough(kept, frame.stamp_ns)
        used = {track.id for track in kept}
        for row, track in enumerate(seen):
            if not track.id:
                self._newest = _free_id(self._newest, used)
                used.add(self._newest)
                seen[row] = replace(track, id=self._newest)
                self._tracks.append(seen[row])
        self._bound()
        return replace(detections, track_ids=tuple(track.id for track in seen))

    def _young_enough(self, tracks: Sequence[Track], now_ns: int) -> list[Track]:
        longest_ns = self._parameters.max_age_s * 1e9
        return [
            track
            for track in tracks
            if track.missing_ns is None or now_ns - track.missing_ns < longest_ns
        ]

    def _bound(self) -> None:
        most = self._parameters.max_tracks
        if len(self._tracks) > most:
            # In sight first, then what was seen last; the sort keeps the older of equals.
            self._tracks.sort(key=lambda one: -one.seen_ns)
            del self._tracks[most:]


def assign_tracks(
    tracks: Sequence[Track], seen: Sequence[Track], gate_m: float
) -> list[tuple[int, int]]:
    """Return pairs (number of a track, row of what is seen) that are the same object."""
    if not tracks or not seen:
        return []
    looks, others = (np.array([one.look for one in part]) for part in (tracks, seen))
    unlike = distances(looks, others)
    away = _away(tracks, seen, gate_m)
    areas, now = (np.log2([max(one.area, 1.0) for one in part]) for part in (tracks, seen))
    grown = np.minimum(np.abs(now[None] - areas[:, None]), _MOST_OCTAVES)
    youth = np.array([_YOUTH / (1 + (one.hits - 1) / _GROWN_UP) for one in tracks])[:, None]
    cost = _AWAY * away + _LOOK * unlike + _SIZE * grown + youth
    return assign(np.where((away <= 1) & (unlike < _OTHER_LOOK), cost, np.inf), _LIMIT)


def _away(tracks: Sequence[Track], seen: Sequence[Track], gate_m: float) -> NDArray[np.float64]:
    """Return (T, N) how far apart they are; over 1 is too far."""
    ious = _ious(*(np.array([one.box for one in part], np.float64) for part in (tracks, seen)))
    in_one = np.array([[one.camera == other.camera for other in seen] for one in tracks])
    away = np.where(in_one & (ious >= _LEAST_IOU), 1 - ious, np.inf)
    centers, others = (np.array([one.center for one in part]) for part in (tracks, seen))
    gaps = others[None] - centers[:, None]
    just_seen = np.array([one.missing_ns is None for one in tracks])
    same = np.array([[one.frame_id == other.frame_id for other in seen] for one in tracks])
    measured = same & np.isfinite(gaps).all(axis=2)
    if not measured.any():
        return away
    age_s = np.array([max(seen[0].seen_ns - one.seen_ns, 0) / 1e9 for one in tracks])
    unsteady = _UNSTEADY_M**2 + (_UNSTEADY_M_S * age_s) ** 2
    spread, other = (np.array([one.covariance for one in part]) for part in (tracks, seen))
    spread = spread[:, None] + other[None] + np.eye(3) * unsteady[:, None, None, None]
    gaps, spread = gaps[measured], np.nan_to_num(spread[measured])
    sigmas = np.sqrt(np.einsum("ki,ki->k", gaps, np.linalg.solve(spread, gaps[..., None])[..., 0]))
    metres = np.linalg.norm(gaps, axis=1) / gate_m
    in_place = np.where(just_seen[:, None] & (ious >= _SAME_IOU), 2 * away, np.inf)
    away[measured] = np.where(sigmas <= _SIGMAS, metres, np.inf)
    return np.minimum(away, in_place)


def _ious(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b = boxes[:, None], others[None]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = np.maximum(sides, 0).prod(axis=-1)
    areas = [(one[..., 2:] - one[..., :2]).prod(axis=-1) for one in (a, b)]
    return np.asarray(shared / np.maximum(areas[0] + areas[1] - shared, 1e-9))


def _seen(frame: Frame, detections: Detections, objects: Objects3D) -> list[Track]:
    """Return what a frame shows, still without ids."""
    looks = appearances(frame, detections)
    return [
        Track(
            id=0,
            frame_id=objects.frame_id,
            center=objects.centers[row],
            covariance=objects.covariances[row],
            camera=frame.frame_id,
            box=box,
            look=looks[row],
            area=_area(detections, row),
            seen_ns=frame.stamp_ns,
        )
        for row, box in enumerate(detections.boxes)
    ]


def _area(detections: Detections, row: int) -> float:
    if detections.masks is not None:
        return float(np.count_nonzero(detections.masks[row]))
    x0, y0, x1, y1 = detections.boxes[row].tolist()
    return float(max(x1 - x0, 0.0) * max(y1 - y0, 0.0))


def _renewed(track: Track, seen: Track) -> Track:
    """Take over what is seen of an object now, and what was known of it before."""
    look = track.look
    if seen.area >= _SEEN_ENOUGH * track.largest:
        look = (1 - _LEARNING) * look + _LEARNING * seen.look
        look = np.asarray(look / max(float(np.linalg.norm(look)), 1e-9), np.float32)
    known = bool(np.isfinite(seen.center).all())
    source = seen if known else track  # a frame without depth does not forget where it is
    return replace(
        seen,
        id=track.id,
        frame_id=source.frame_id,
        center=source.center,
        covariance=source.covariance,
        look=look,
        largest=max(track.largest, track.area, seen.area),
        hits=track.hits + 1,
    )


def _free_id(newest: int, used: set[int]) -> int:
    following = newest % LARGEST_ID + 1
    while following in used:
        following = following % LARGEST_ID + 1
    return following
