"""Smooth patches of the surface, and how each meets its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.geometric.surface import Surface

_SMOOTH = np.cos(np.deg2rad(15.0))
_CONCAVE = np.deg2rad(10.0)
_STEP = 3e-3  # metres; two neighbours farther apart than this, noise apart, do not touch


@dataclass(frozen=True, eq=False)
class Patches:
    """An over-segmentation: every patch lies on one object, an object may have several."""

    labels: NDArray[np.int32]
    """(h, w) patch of each working pixel from 1; 0 = none."""
    pairs: NDArray[np.int32]
    """(E, 2) labels of two patches that touch in the image."""
    weights: NDArray[np.float32]
    """(E,) pixels that speak for one object (positive) or for two (negative)."""


def patches_of(surface: Surface) -> Patches:
    """Cut the foreground into smooth patches and weigh their borders.

    A border that is convex or flat speaks for one object, a concave one for two (Stein et al.,
    "Object partitioning using local convexity", CVPR 2014); a jump in depth says little.
    """
    known = surface.foreground & np.isfinite(surface.normals[..., 0])
    across, down = _Meeting.of(surface, known, 1), _Meeting.of(surface, known, 0)
    labels = _connected(known, across.smooth, down.smooth)
    pairs, weights = [], []
    for meeting, first, second in (
        (across, labels[:, :-1], labels[:, 1:]),
        (down, labels[:-1], labels[1:]),
    ):
        border = (first != second) & meeting.both
        pairs.append(np.stack([first[border], second[border]], axis=1))
        weights.append(meeting.weight[border])
    return Patches(labels, *_summed(np.concatenate(pairs), np.concatenate(weights)))


@dataclass(frozen=True, eq=False)
class _Meeting:
    """How each pixel meets the next one along an axis."""

    both: NDArray[np.bool_]
    smooth: NDArray[np.bool_]
    weight: NDArray[np.float32]

    @classmethod
    def of(cls, surface: Surface, known: NDArray[np.bool_], axis: int) -> _Meeting:
        height, width = known.shape
        here = (slice(None), slice(width - 1)) if axis else (slice(height - 1), slice(None))
        there = (slice(None), slice(1, None)) if axis else (slice(1, None), slice(None))
        both = known[here] & known[there]
        p, q = surface.normals[here], surface.normals[there]
        way = surface.points[there] - surface.points[here]
        off_p, off_q = np.einsum("hwk,hwk->hw", p, way), np.einsum("hwk,hwk->hw", q, way)
        cosine = np.einsum("hwk,hwk->hw", p, q)
        angle = np.arccos(np.clip(cosine, -1, 1))
        gap = np.minimum(np.abs(off_p), np.abs(off_q))
        jump = gap > _STEP + 4 * surface.noise[here]
        concave = (off_q - off_p < 0) & (angle > _CONCAVE)
        weight = np.where(jump, -0.5, np.where(concave, -2.0, 1.0)).astype(np.float32)
        return cls(both, both & ~jump & (cosine > _SMOOTH), weight)


def _connected(
    known: NDArray[np.bool_], across: NDArray[np.bool_], down: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Components of the grid graph, drawn at double size: pixels at even, links at odd places."""
    height, width = known.shape
    drawn = np.zeros((2 * height, 2 * width), np.uint8)
    drawn[::2, ::2] = known
    drawn[::2, 1:-1:2] = across
    drawn[1:-1:2, ::2] = down
    labels = cv2.connectedComponents(drawn, connectivity=4, ltype=cv2.CV_32S)[1]
    return labels[::2, ::2].astype(np.int32)


def _summed(
    pairs: NDArray[np.int32], weights: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """One row a pair of patches."""
    low, high = pairs.min(axis=1).astype(np.int64), pairs.max(axis=1)
    span = int(high.max(initial=0)) + 1
    codes, index = np.unique(low * span + high, return_inverse=True)
    total = np.bincount(index.ravel(), weights, len(codes)).astype(np.float32)
    return np.stack(np.divmod(codes, span), axis=1).astype(np.int32), total
