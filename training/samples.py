"""Stored frames to training batches, varied anew each time they are seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.grounders.tabletop_inputs import CHANNELS, colors
from grounding_ros.perception.grounders.tabletop_network import STRIDE
from training.shards import GEOMETRY_SCALE, Sample, Shards

_LEAST_CELLS = 1.5
_NO_DEPTH, _NO_COLOR = 0.12, 0.15
CROP = (192, 256)
"""Rows and columns of what is trained on: a part of the picture that the network is asked about."""
_SEEN_WIDTH = 384  # columns of a whole picture when the network is asked
_SCALES = (0.62, 1.3)
_AIMED = 0.8  # share of the parts that are cut out around an object
_CUT = 0.35  # of an object must show in a part for its words to be learned


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
    return _altered(_part(sample, rng), rng)


def _altered(sample: Sample, rng: np.random.Generator) -> Sample:
    """Mirror, light and colour anew, hide the depth or make the colours mean nothing."""
    rgb, geometry, instances = sample.rgb, sample.geometry, sample.instances
    if rng.random() < 0.5:
        rgb, geometry, instances = rgb[:, ::-1], geometry[..., ::-1].copy(), instances[:, ::-1]
        geometry[[2, 6]] *= -1  # what points aside, and the coordinate aside
    if rng.random() < _NO_DEPTH:
        geometry = np.zeros_like(geometry)
    elif rng.random() < _NO_COLOR:
        # Geometry must decide what is an object.
        mix = rng.uniform(-0.6, 0.9, (3, 3)).astype(np.float32)
        mixed = rgb[..., rng.permutation(3)].astype(np.float32) @ mix
        rgb = np.clip(mixed + np.float32(rng.uniform(0, 160)), 0, 255).astype(np.uint8)
    gains = rng.uniform(0.8, 1.2) * rng.uniform(0.93, 1.07, 3)
    table = np.clip(np.arange(256)[:, None] * gains, 0, 255).astype(np.uint8)
    rgb = cv2.LUT(np.ascontiguousarray(rgb), table[None])
    return Sample(rgb, geometry, instances, sample.words)


def _part(sample: Sample, rng: np.random.Generator) -> Sample:
    """Cut out a part and bring it to CROP, near the scale at which the network is asked."""
    height, width = sample.instances.shape
    pitch = width / _SEEN_WIDTH / math.exp(rng.uniform(*np.log(_SCALES)))
    pitch = min(pitch, height / CROP[0], width / CROP[1])
    rows, columns = round(CROP[0] * pitch), round(CROP[1] * pitch)
    y, x = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    ids = np.unique(sample.instances)
    ids = ids[ids > 0]
    if len(ids) and rng.random() < _AIMED:
        v, u = np.nonzero(sample.instances == rng.choice(ids))
        one = int(rng.integers(len(v)))
        y = int(np.clip(v[one] - rng.integers(rows), 0, height - rows))
        x = int(np.clip(u[one] - rng.integers(columns), 0, width - columns))
    v = (y + (np.arange(CROP[0]) + 0.5) * rows / CROP[0]).astype(np.intp)[:, None]
    u = (x + (np.arange(CROP[1]) + 0.5) * columns / CROP[1]).astype(np.intp)
    inside = sample.instances[y : y + rows, x : x + columns]
    words = sample.words.copy()
    whole = np.bincount(sample.instances.ravel(), minlength=len(words) + 1)[1:]
    shown = np.bincount(inside.ravel(), minlength=len(words) + 1)[1:]
    words[(shown < _CUT * whole) & (words[:, 0] > -2)] = -1
    cut = np.ascontiguousarray(sample.rgb[y : y + rows, x : x + columns])
    rgb = np.asarray(cv2.resize(cut, CROP[::-1]), np.uint8)
    return Sample(rgb, sample.geometry[:, v, u], sample.instances[v, u], words)
