"""Label images: which pixels belong to which segment, 0 = none."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_REACH = 5.0


def numbered(labels: NDArray[np.int32], min_pixels: int = 1) -> NDArray[np.int32]:
    """Number the labels of enough pixels from 1; the others become 0."""
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    kept = np.flatnonzero(counts >= min_pixels)
    numbers = np.zeros(len(counts), np.int32)
    numbers[kept] = np.arange(1, len(kept) + 1)
    return numbers[labels]


def members(labels: NDArray[np.int32]) -> list[NDArray[np.intp]]:
    """Return the flat indices of the pixels of labels 1, 2, ... in turn."""
    flat = labels.ravel()
    pixels = np.flatnonzero(flat)
    pixels = pixels[np.argsort(flat[pixels], kind="stable")]
    counts = np.bincount(flat[pixels], minlength=int(flat.max(initial=0)) + 1)[1:]
    return np.split(pixels, np.cumsum(counts)[:-1]) if len(counts) else []


def nearest_label(
    labels: NDArray[np.int32],
    points: NDArray[np.float32] | None = None,
    max_gap: float = np.inf,
) -> NDArray[np.int32]:
    """Fill what has no label with that of the nearest labelled pixel; 0 out of its reach.

    With `points` (h, w, 3) that pixel must lie within `max_gap` metres in space too.
    """
    distance, nearest = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    seeds = np.flatnonzero(labels)
    owner = np.zeros(int(nearest.max()) + 1, np.intp)
    owner[nearest.ravel()[seeds]] = seeds
    loose = np.flatnonzero((labels == 0) & (distance < _REACH))
    owners = owner[nearest.ravel()[loose]]
    if points is not None:
        cloud = points.reshape(-1, 3)
        close = ((cloud[loose] - cloud[owners]) ** 2).sum(axis=1) < max_gap**2
        loose, owners = loose[close], owners[close]
    filled: NDArray[np.int32] = labels.copy()
    filled.ravel()[loose] = labels.ravel()[owners]
    return filled
