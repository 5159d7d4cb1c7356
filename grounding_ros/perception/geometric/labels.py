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


def nearest_label(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Fill what has no label with the nearest one within reach; 0 beyond."""
    distance, nearest = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    owner[nearest[labels > 0]] = labels[labels > 0]
    filled: NDArray[np.int32] = np.where(distance < _REACH, owner[nearest], 0)
    return filled
