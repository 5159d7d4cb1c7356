"""What may be an object of a frame, and, once it was looked at closely, what is one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.geometric.looks import Look
from grounding_ros.perception.grounders.tabletop_inputs import Inputs
from grounding_ros.perception.grounders.tabletop_network import Found, Told
from grounding_ros.perception.grounders.tabletop_regions import distinct, finer_masks, frame_masks

_LEAST_SCORE = 0.1
_ALIKE, _SHARED = 0.6, 0.4
"""Shares of a proposal that surer ones may cover, before and after it is looked at closely."""


@dataclass(frozen=True, eq=False)
class Proposals:
    """N parts of a frame; those that geometry found come first."""

    masks: NDArray[np.bool_]
    """(N, H, W)."""
    embeddings: NDArray[np.float32]
    """(N, D)."""
    scores: NDArray[np.float32]
    """(N,) how sure each is an object."""
    looks: tuple[Look | None, ...]
    """What geometry saw of each; None of those that only the network found."""

    def __len__(self) -> int:
        return len(self.masks)

    def rows(self, kept: NDArray[np.intp]) -> Proposals:
        """Return some of them, in this order."""
        looks = tuple(self.looks[row] for row in kept.tolist())
        return Proposals(self.masks[kept], self.embeddings[kept], self.scores[kept], looks)


def by_geometry(masks: NDArray[np.bool_], looks: tuple[Look, ...], found: Found) -> Proposals:
    """Return geometry's objects, which the network has embedded."""
    sure = np.array([look.certainty for look in looks], np.float32)
    return Proposals(masks, found.region_embeddings, sure, looks)


def by_network(found: Found, inputs: Inputs, shape: tuple[int, int]) -> Proposals:
    """Return what the network proposes in a frame of this shape: more than there are objects."""
    kept = distinct(found.masks > 0.5, found.scores, _LEAST_SCORE, _ALIKE)
    masks = frame_masks(found.masks[kept], inputs, shape)
    own = Proposals(masks, found.embeddings[kept], found.scores[kept], (None,) * len(kept))
    return own.rows(np.flatnonzero(masks.any(axis=(1, 2))))


def joined(first: Proposals, second: Proposals) -> Proposals:
    """Return both, one after the other."""
    return Proposals(
        np.concatenate([first.masks, second.masks]),
        np.concatenate([first.embeddings, second.embeddings]),
        np.concatenate([first.scores, second.scores]),
        (*first.looks, *second.looks),
    )


def settled(
    proposals: Proposals, told: Told, least_score: float
) -> tuple[Proposals, NDArray[np.intp]]:
    """Return the objects among proposals that were looked at closely, and which they were.

    Those of geometry are kept as they are. One of the network gets its finer mask, without what a
    surer one has; it counts where it is sure enough and most of it is nobody's yet.
    """
    given = sum(look is not None for look in proposals.looks)
    masks, scores = proposals.masks.copy(), proposals.scores.copy()
    masks[given:] = finer_masks(masks[given:], told.masks[given:])
    scores[given:] = np.sqrt(scores[given:] * told.quality[given:])
    taken = masks[:given].any(axis=0)
    order = given + np.argsort(-scores[given:], kind="stable")
    kept = list(range(given))
    for row in order.tolist():
        size = np.count_nonzero(masks[row])
        masks[row] &= ~taken
        left = np.count_nonzero(masks[row])
        if scores[row] >= least_score and left and left >= (1 - _SHARED) * size:
            kept.append(row)
            taken |= masks[row]
    rows = np.array(kept, np.intp)
    return replace(proposals, masks=masks, scores=scores).rows(rows), rows
