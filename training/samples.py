"""Stored frames to training batches, varied anew each time they are seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.grounders.tabletop_inputs import CHANNELS, colors
from grounding_ros.perception.grounders.tabletop_network import STRIDE
from training.shards import GEOMETRY_SCALE, Sample, Shards

_LEAST_CELLS = 1.5
_NO_DEPTH, _NO_COLOR, _ZOOMED = 0.15, 0.25, 0.5


@dataclass(frozen=True, eq=False)
class Batch:
    """B pictures with their N objects."""

    pictures: NDArray[np.float32]
    """(B, CHANNELS, H, W)."""
    owner: NDArray[np.int64]
    """(N,) the picture each object is in."""
    masks: NDArray[np.float32]
    """(N, H/4, W/4) share of each cell that shows the object."""
    boxes: NDArray[np.float32]
    """(N, 4) xyxy pixels."""
    middles: NDArray[np.int64]
    """(N, 2) row and column of the cell that stands for it: inside, near the box's middle."""
    words: NDArray[np.int8]
    """(N, V) 1 true, 0 false, -1 neither."""


def batch_of(shards: Shards, indices: NDArray[np.intp], rng: np.random.Generator | None) -> Batch:
    """Read and vary samples; `rng` None leaves them as they are."""
    pictures, parts = [], []
    for number, index in enumerate(indices.tolist()):
        sample = shards[index]
        if rng is not None:
            sample = _varied(sample, rng)
        pictures.append(picture_of(sample))
        objects = _objects(sample)
        parts.append((np.full(len(objects[0]), number, np.int64), *objects))
    return Batch(np.stack(pictures), *(np.concatenate(part) for part in zip(*parts, strict=True)))


def picture_of(sample: Sample) -> NDArray[np.float32]:
    """Return the network's (CHANNELS, h, w) of a stored sample."""
    height, width = sample.instances.shape
    values = np.empty((CHANNELS, height, width), np.float32)
    values[:3] = colors(sample.rgb)
    values[3:] = sample.geometry / np.float32(GEOMETRY_SCALE)
    return values


def _objects(sample: Sample) -> tuple[NDArray[np.generic], ...]:
    height, width = sample.instances.shape
    masks, boxes, middles, words = [], [], [], []
    for id in range(1, int(sample.instances.max(initial=0)) + 1):
        mask = sample.instances == id
        cells = mask.reshape(height // STRIDE, STRIDE, width // STRIDE, STRIDE)
        shares = cells.mean(axis=(1, 3), dtype=np.float32)
        if shares.sum() < _LEAST_CELLS:
            continue
        v, u = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = (u[0], v[0], u[-1] + 1, v[-1] + 1)
        masks.append(shares)
        boxes.append(box)
        middles.append(_middle(shares, box))
        words.append(sample.words[id - 1])
    rows = len(masks)
    return (
        np.array(masks, np.float32).reshape(rows, height // STRIDE, width // STRIDE),
        np.array(boxes, np.float32).reshape(rows, 4),
        np.array(middles, np.int64).reshape(rows, 2),
        np.array(words, np.int8).reshape(rows, sample.words.shape[1]),
    )


def _middle(shares: NDArray[np.float32], box: tuple[int, ...]) -> tuple[int, int]:
    """The cell nearest to the box's middle that mostly shows the object."""
    row, column = (box[1] + box[3]) / 2 / STRIDE - 0.5, (box[0] + box[2]) / 2 / STRIDE - 0.5
    rows, columns = np.nonzero(shares >= min(0.6, float(shares.max())))
    nearest = int(((rows - row) ** 2 + (columns - column) ** 2).argmin())
    return int(rows[nearest]), int(columns[nearest])


def _varied(sample: Sample, rng: np.random.Generator) -> Sample:
    rgb, geometry, instances = sample.rgb, sample.geometry, sample.instances
    if rng.random() < _ZOOMED:
        rgb, geometry, instances = _zoomed(rgb, geometry, instances, rng)
    if rng.random() < 0.5:
        rgb, geometry, instances = rgb[:, ::-1], geometry[..., ::-1].copy(), instances[:, ::-1]
        geometry[[2, 6]] *= -1  # what points aside, and the coordinate aside
    if rng.random() < _NO_DEPTH:
        geometry = np.zeros_like(geometry)
    elif rng.random() < _NO_COLOR:
        # Geometry must decide what is an object.
        mixed = rgb[..., rng.permutation(3)].astype(np.float32) @ rng.uniform(-0.6, 0.9, (3, 3))
        rgb = np.clip(mixed + rng.uniform(0, 160), 0, 255).astype(np.uint8)
    gains = rng.uniform(0.8, 1.2) * rng.uniform(0.93, 1.07, 3)
    table = np.clip(np.arange(256)[:, None] * gains, 0, 255).astype(np.uint8)
    rgb = cv2.LUT(np.ascontiguousarray(rgb), table[None])
    return Sample(rgb, geometry, instances, sample.words)


def _zoomed(
    rgb: NDArray[np.uint8],
    geometry: NDArray[np.int8],
    instances: NDArray[np.uint8],
    rng: np.random.Generator,
) -> tuple[NDArray[np.uint8], NDArray[np.int8], NDArray[np.uint8]]:
    """Cut out a part and enlarge it to the whole."""
    height, width = instances.shape
    part = float(rng.uniform(0.6, 1.0))
    rows, columns = int(height * part), int(width * part)
    y, x = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    v = (y + (np.arange(height) + 0.5) * rows / height).astype(np.intp)[:, None]
    u = (x + (np.arange(width) + 0.5) * columns / width).astype(np.intp)
    cut = np.ascontiguousarray(rgb[y : y + rows, x : x + columns])
    return cv2.resize(cut, (width, height)), geometry[:, v, u], instances[v, u]
