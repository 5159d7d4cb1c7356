"""What a grounder sees: objects in the image and how well each fits each phrase."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import ShapeError
from grounding_ros.scene.arrays import frozen


@dataclass(frozen=True, eq=False)
class Detections:
    """N objects of one image, held as a struct of arrays, against the P phrases asked for."""

    boxes: NDArray[np.float32]
    """(N, 4) float32, xyxy pixels of the original image."""
    scores: NDArray[np.float32]
    """(N,) float32 in [0, 1], how sure the grounder is that this is an object."""
    labels: tuple[str, ...]
    """N names, what to call each object ("red box"); a name, not a proof."""
    image_size: tuple[int, int]
    """(height, width) of the original image, pixels."""
    masks: NDArray[np.bool_] | None = None
    """(N, H, W) bool, or None before segmentation."""
    phrases: tuple[str, ...] = ()
    """The P phrases that were asked for, in the caller's words."""
    matches: NDArray[np.float32] | None = None
    """(N, P) float32 in [0, 1], how well object n fits the judged words of phrase p; 0 = it does
    not."""
    unjudged: tuple[tuple[str, ...], ...] = ()
    """For each phrase the words that this grounder cannot judge; () when it judged them all."""
    attributes: tuple[tuple[str, ...], ...] = ()
    """For each object the words the grounder found true of it ("red", "tall", "box")."""
    estimate: float = math.nan
    """How many objects the image shows, estimated without telling them apart; NaN = not known."""
    track_ids: tuple[int, ...] = ()
    """For each object its number over all frames, 1 to 65535; () when nothing is tracked."""

    def __post_init__(self) -> None:
        n, p = len(self.labels), len(self.phrases)
        height, width = self.image_size
        _set = object.__setattr__
        _set(self, "boxes", frozen("boxes", np.reshape(self.boxes, (-1, 4)), (n, 4), np.float32))
        _set(self, "scores", frozen("scores", self.scores, (n,), np.float32))
        if self.masks is not None:
            _set(self, "masks", frozen("masks", self.masks, (n, height, width), np.bool_))
        matches = np.zeros((n, p), np.float32) if self.matches is None else self.matches
        _set(self, "matches", frozen("matches", np.reshape(matches, (n, p)), (n, p), np.float32))
        if not self.unjudged:
            _set(self, "unjudged", ((),) * p)
        if not self.attributes:
            _set(self, "attributes", ((),) * n)
        if len(self.unjudged) != p:
            raise ShapeError(f"unjudged: expected one a phrase ({p}), got {len(self.unjudged)}")
        if len(self.attributes) != n:
            raise ShapeError(
                f"attributes: expected one an object ({n}), got {len(self.attributes)}"
            )
        ids = set(self.track_ids)
        if self.track_ids and (len(ids) != n or len(self.track_ids) != n or min(ids) < 1):
            raise ShapeError(
                f"track_ids: expected {n} different numbers above 0, got {self.track_ids}"
            )

    @classmethod
    def empty(cls, image_size: tuple[int, int], phrases: tuple[str, ...] = ()) -> Detections:
        """Nothing found in an image of (height, width)."""
        boxes, scores = np.empty((0, 4), np.float32), np.empty(0, np.float32)
        return cls(boxes, scores, (), image_size, None, phrases)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, keep: NDArray[np.bool_] | NDArray[np.intp] | list[int]) -> Detections:
        """The chosen objects, in the order of `keep`: a mask (N,) or indices."""
        index = np.asarray(keep)
        index = np.flatnonzero(index) if index.dtype == bool else index.astype(np.intp)
        assert self.matches is not None
        return replace(
            self,
            boxes=self.boxes[index],
            scores=self.scores[index],
            labels=tuple(self.labels[i] for i in index),
            masks=None if self.masks is None else self.masks[index],
            matches=self.matches[index],
            attributes=tuple(self.attributes[i] for i in index),
            track_ids=tuple(self.track_ids[i] for i in index) if self.track_ids else (),
        )

    @property
    def ids(self) -> tuple[int, ...]:
        """What to call each object by in every output: its track, else its row from 1."""
        return self.track_ids or tuple(range(1, len(self) + 1))

    def with_masks(self, masks: NDArray[np.bool_]) -> Detections:
        """The same objects with masks (N, H, W)."""
        return replace(self, masks=masks)
