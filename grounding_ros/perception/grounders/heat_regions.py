"""From heat maps to objects: the pixels above a threshold, in connected pieces."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.grounders.boxed import Found

_LEAST = 5e-4
"""Of the picture: a smaller piece is noise (154 pixels of a VGA picture)."""
_PIECES = 50
"""Pieces of one text at most, the largest."""


@dataclass(frozen=True, eq=False)
class Regions:
    """The pieces of T heat maps."""

    found: Found
    """Q boxes, each around its piece, and how each piece answers every text."""
    labels: NDArray[np.int32]
    """(T, H, W) number of the piece that a pixel belongs to, 0: to none."""
    pieces: NDArray[np.int32]
    """(Q, 2) text and number of every piece."""

    def masks(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return masks (n, H, W) of some pieces."""
        masks = np.zeros((len(rows), *self.labels.shape[1:]), bool)
        for mask, (text, number) in zip(masks, self.pieces[rows], strict=True):
            np.equal(self.labels[text], number, out=mask)
        return masks


def regions_of(heat: NDArray[np.float32], threshold: float) -> Regions:
    """Return the connected pieces of heat maps (T, H, W) in [0, 1] at or above `threshold`.

    A piece scores for each text what that text's heat is on average over its pixels, so that "red
    mug" and "mug" are compared on the same pixels. Diagonal neighbours hang together.
    """
    texts = len(heat)
    labels = np.zeros(heat.shape, np.int32)
    boxes: list[tuple[float, float, float, float]] = []
    scores: list[NDArray[np.float64]] = []
    pieces: list[tuple[int, int]] = []
    for text in range(texts):
        above = (heat[text] >= threshold).astype(np.uint8)
        count, labels[text], stats, _ = cv2.connectedComponentsWithStats(above, connectivity=8)
        areas = stats[1:, cv2.CC_STAT_AREA]
        means = _means(heat, labels[text], count)
        for number in 1 + np.argsort(-areas, kind="stable")[:_PIECES]:
            x, y, width, height, area = stats[number]
            if area >= _LEAST * above.size:
                boxes.append((x, y, x + width, y + height))
                scores.append(means[:, number])
                pieces.append((text, int(number)))
    return Regions(
        Found(
            np.array(boxes, np.float32).reshape(-1, 4),
            np.array(scores, np.float32).reshape(len(scores), texts),
        ),
        labels,
        np.array(pieces, np.int32).reshape(-1, 2),
    )


def _means(heat: NDArray[np.float32], labels: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    """Return (T, count), the mean of every heat map over every piece; 0 for piece 0, the rest."""
    hot = np.flatnonzero(labels)  # few pixels, mostly: the rest is piece 0
    pieces = labels.ravel()[hot]
    areas = np.maximum(np.bincount(pieces, minlength=count), 1)
    sums = [np.bincount(pieces, row.ravel()[hot], minlength=count) for row in heat]
    return np.array(sums, float).reshape(-1, count) / areas
