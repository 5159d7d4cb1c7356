"""Masks between the frame's pixels and the cells of the network."""

from __future__ import annotations

import math
from functools import lru_cache

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
        u, v, wide, high = cv2.boundingRect(mask.view(np.uint8))
        own = mask[v : v + high, u : u + wide].astype(np.float32)
        above = _shares(rows, mask.shape[0])[:, v : v + high]
        beside = _shares(columns, mask.shape[1])[:, u : u + wide]
        region[:rows] = above @ own @ beside.T
    return regions


@lru_cache(maxsize=8)
def _shares(cells: int, pixels: int) -> NDArray[np.float32]:
    """Return (cells, pixels), how much of each of evenly laid cells each pixel covers."""
    edges = np.arange(cells + 1) * pixels / cells
    starts, ends = edges[:-1, None], edges[1:, None]
    first = np.arange(pixels)
    covered = np.minimum(first + 1, ends) - np.maximum(first, starts)
    shares: NDArray[np.float32] = (np.maximum(covered, 0) / (ends - starts)).astype(np.float32)
    shares.flags.writeable = False
    return shares


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


def finer_masks(
    masks: NDArray[np.bool_],
    boxes: NDArray[np.float32],
    probabilities: NDArray[np.float32],
    where: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return masks (N, H, W), of the objects `where` (N,) as their close-ups (N, SIDE, SIDE) are.

    The others stay as they are. `boxes` are those that the close-ups were cut out with.
    """
    finer = np.zeros_like(masks)
    for row, (mask, box, probable) in enumerate(zip(masks, boxes, probabilities, strict=True)):
        if where[row]:
            part, own = Square.around(mask, box).spread(probable, mask.shape)
            finer[row][part] = own > 0.5
        else:
            finer[row] = mask
    return finer


def overlaps(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return (M, N), the intersection over union of each of M masks with each of N others."""
    pixels = math.prod(first.shape[1:])
    a = first.reshape(len(first), pixels).astype(np.float32)
    b = second.reshape(len(second), pixels).astype(np.float32)
    shared = a @ b.T
    either = a.sum(axis=1)[:, None] + b.sum(axis=1) - shared
    return np.asarray(shared / np.maximum(either, 1))


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
