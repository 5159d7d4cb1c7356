"""Masks between the frame's pixels and the cells of the network."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.grounders.tabletop_closeups import Square
from grounding_ros.perception.grounders.tabletop_inputs import Inputs
from grounding_ros.perception.grounders.tabletop_network import STRIDE


def regions_of(masks: NDArray[np.bool_], inputs: Inputs) -> NDArray[np.float32]:
    """Return (N, h/4, w/4), the share of each cell that masks (N, H, W) of the frame cover."""
    height, width = (side // STRIDE for side in inputs.values.shape[1:])
    regions = np.zeros((len(masks), height, width), np.float32)
    rows, columns = (max(1, round(side / STRIDE)) for side in inputs.size)
    for region, mask in zip(regions, masks, strict=True):
        white = mask.view(np.uint8) * np.uint8(255)
        shares = cv2.resize(white, (columns, rows), interpolation=cv2.INTER_AREA)
        region[:rows] = shares / np.float32(255)
    return regions


def frame_masks(
    cells: NDArray[np.float32], inputs: Inputs, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return (N, H, W) of the frame from probabilities (N, h/4, w/4); each pixel has one owner.

    Where masks overlap, the more probable one owns the pixel.
    """
    rows, columns = inputs.size
    masks = np.zeros((len(cells), *shape), bool)
    best = np.full(shape, 0.5, np.float32)
    owner = np.full(shape, -1, np.int32)
    for number, cell in enumerate(cells):
        height, width = cell.shape[0] * STRIDE, cell.shape[1] * STRIDE
        whole = cv2.resize(cell, (width, height), interpolation=cv2.INTER_LINEAR)
        probable = cv2.resize(whole[:rows, :columns], shape[::-1], interpolation=cv2.INTER_LINEAR)
        wins = probable > best
        best[wins], owner[wins] = probable[wins], number
    for number, mask in enumerate(masks):
        mask[:] = owner == number
    return masks


def finer_masks(masks: NDArray[np.bool_], probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return (N, H, W) what close-ups (N, SIDE, SIDE) of the objects under masks show of them."""
    finer = np.zeros_like(masks)
    for fine, mask, probable in zip(finer, masks, probabilities, strict=True):
        where, own = Square.around(mask).spread(probable, mask.shape)
        fine[where] = own > 0.5
    return finer


def distinct(
    masks: NDArray[np.bool_], scores: NDArray[np.float32], least_score: float, shared: float
) -> NDArray[np.intp]:
    """Return which proposals to keep, surest first; each has something that no surer one has.

    Parameters
    ----------
    masks
        (K, h, w).
    scores
        (K,).
    least_score
        What is less sure is left out.
    shared
        A proposal of which more than this share is covered by kept ones is left out.
    """
    kept: list[int] = []
    covered = np.zeros(masks.shape[1:], bool)
    for number in np.argsort(-scores, kind="stable").tolist():
        if scores[number] < least_score:
            break
        own = masks[number]
        size = np.count_nonzero(own)
        if size and np.count_nonzero(own & covered) <= shared * size:
            kept.append(number)
            covered |= own
    return np.array(kept, np.intp)
