"""What may be an object of a frame, and, once it was looked at closely, what is one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.grounders.tabletop_inputs import Inputs
from grounding_ros.perception.grounders.tabletop_network import Found, Told
from grounding_ros.perception.grounders.tabletop_regions import (
    distinct,
    finer_masks,
    frame_masks,
    overlaps,
)
from grounding_ros.perception.segmenters.box import mask_boxes

_ALIKE, _SHARED = 0.6, 0.4
"""Shares of a proposal that surer ones may cover, before and after it is looked at closely."""
_SAME = 0.8
"""Intersection over union from which on geometry and the network propose one thing."""
_OF_GEOMETRY = 0.1
"""By how much a proposal of geometry counts less: it has no score of its own, and where both found
something well, the network's mask has fewer holes."""


@dataclass(frozen=True, eq=False)
class Proposals:
    """N parts of a frame."""

    masks: NDArray[np.bool_]
    """(N, H, W)."""
    boxes: NDArray[np.float32]
    """(N, 4) xyxy pixels: where the whole objects are taken to be."""
    embeddings: NDArray[np.float32]
    """(N, D)."""
    scores: NDArray[np.float32]
    """(N,) how sure the network is of what it proposed; NaN: geometry proposed it."""

    @classmethod
    def of_geometry(cls, masks: NDArray[np.bool_], found: Found) -> Proposals:
        """Take geometry's objects, which the network has embedded."""
        unknown = np.full(len(masks), np.nan, np.float32)
        return cls(masks, mask_boxes(masks), found.region_embeddings, unknown)

    @classmethod
    def of_network(
        cls,
        found: Found,
        inputs: Inputs,
        shape: tuple[int, int],
        least_score: float,
        regions: NDArray[np.float32],
    ) -> Proposals:
        """Take what the network proposes in a frame of this shape, more than there are objects.

        What is one of geometry's `regions` (R, h/4, w/4) is left out: depth knows its edges better.
        """
        cells = found.masks > 0.5
        kept = distinct(cells, found.scores, least_score, _ALIKE)
        kept = kept[(overlaps(cells[kept], regions > 0.5) < _SAME).all(axis=1)]
        masks = frame_masks(found.masks[kept], inputs, shape)
        seen = masks.any(axis=(1, 2))
        kept, masks = kept[seen], masks[seen]
        boxes = found.boxes[kept] / np.float32(inputs.scale)
        boxes = np.clip(boxes, 0, np.array(shape[::-1] * 2, np.float32))
        return cls(masks, boxes, found.embeddings[kept], found.scores[kept])

    def and_those(self, others: Proposals) -> Proposals:
        """Return these and then the others."""
        return Proposals(
            np.concatenate([self.masks, others.masks]),
            np.concatenate([self.boxes, others.boxes]),
            np.concatenate([self.embeddings, others.embeddings]),
            np.concatenate([self.scores, others.scores]),
        )


@dataclass(frozen=True, eq=False)
class Chosen:
    """The K objects among N proposals, the surest first."""

    rows: NDArray[np.intp]
    """(K,) which they were."""
    masks: NDArray[np.bool_]
    """(K, H, W), disjoint."""
    scores: NDArray[np.float32]
    """(K,) how sure each is an object."""

    @classmethod
    def among(cls, proposals: Proposals, told: Told, least_score: float) -> Chosen:
        """Keep what is sure enough once it was looked at closely, and mostly nobody's yet.

        What the network proposed gets its finer mask; geometry's masks end where depth does.
        """
        own = np.isfinite(proposals.scores)
        masks = finer_masks(proposals.masks, proposals.boxes, told.masks, own)
        scores = told.quality - np.float32(_OF_GEOMETRY)
        scores[own] = np.sqrt(proposals.scores[own] * told.quality[own])
        rows = distinct(masks, scores, least_score, _SHARED)
        chosen, taken = masks[rows], np.zeros(masks.shape[1:], bool)
        for mask in chosen:
            mask &= ~taken
            taken |= mask
        return cls(rows, chosen, np.clip(scores[rows], 0, 1))
