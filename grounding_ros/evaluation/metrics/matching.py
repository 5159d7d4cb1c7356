"""Which found object is which true one: overlap of masks and boxes, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.segmenters.box import box_masks, mask_boxes
from grounding_ros.scene import Detections
from grounding_ros.simulation.truth import Scene

SAME = 0.5
"""An intersection over union of this or more means the same object (PASCAL VOC, COCO AP50)."""


@dataclass(frozen=True, eq=False)
class TrueObjects:
    """The G true objects of a scene as they are seen in its image."""

    ids: tuple[int, ...]
    """G ids, rising, so that the order of a file never matters."""
    masks: NDArray[np.bool_]
    """(G, H, W) bool."""
    boxes: NDArray[np.float64]
    """(G, 4) xyxy pixels around the masks, the maximum exclusive; 0 where nothing is seen."""

    @classmethod
    def of(cls, scene: Scene) -> TrueObjects:
        """Take every object of a scene, however little of it is seen."""
        ids = tuple(sorted(thing.id for thing in scene.objects))
        size = (scene.frame.height, scene.frame.width)
        masks = np.array([scene.mask(id) for id in ids], bool).reshape(len(ids), *size)
        return cls(ids, masks, mask_boxes(masks).astype(np.float64))

    def rows(self, ids: Sequence[int]) -> list[int]:
        """Return the rows of some ids."""
        return [self.ids.index(id) for id in ids]


def masks_of(detections: Detections) -> NDArray[np.bool_]:
    """Return the masks (N, H, W) of detections; filled boxes before segmentation."""
    if detections.masks is None:
        return box_masks(detections.boxes, detections.image_size)
    return detections.masks


def mask_ious(found: NDArray[np.bool_], true: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the IoU (N, G) of masks (N, H, W) and (G, H, W); two empty masks share nothing."""
    ious = np.zeros((len(found), len(true)))
    areas = [np.count_nonzero(mask) for mask in true]
    for n, one in enumerate(found):
        area = np.count_nonzero(one)
        for g, other in enumerate(true):
            shared = np.count_nonzero(one & other)
            ious[n, g] = shared / max(area + areas[g] - shared, 1)
    return ious


def box_ious(found: NDArray[np.floating], true: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the IoU (N, G) of xyxy boxes (N, 4) and (G, 4), pixels."""
    a, b = np.asarray(found, float)[:, None], np.asarray(true, float)[None]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = np.maximum(sides, 0).prod(axis=-1)
    joint = _areas(a) + _areas(b) - shared
    return np.asarray(np.divide(shared, joint, out=np.zeros_like(shared), where=joint > 0))


def object_ious(found: Detections, true: TrueObjects) -> NDArray[np.float64]:
    """Return the IoU (N, G) of each detection, by its mask, or by its box where it has none."""
    by_box = box_ious(found.boxes, true.boxes)
    if found.masks is None:
        return by_box
    has_mask = np.asarray(found.masks.any(axis=(1, 2)))
    return np.where(has_mask[:, None], mask_ious(found.masks, true.masks), by_box)


def stand_for(found: Detections, true: TrueObjects) -> tuple[int | None, ...]:
    """Return for each detection the id it overlaps best; None below `SAME`: it is nothing."""
    ious = object_ious(found, true)
    if ious.size == 0:
        return (None,) * len(found)
    best = ious.argmax(axis=1)
    return tuple(true.ids[g] if ious[n, g] >= SAME else None for n, g in enumerate(best.tolist()))


def pairs(ious: NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
    """Return one-to-one pairs (n, g) of at least `SAME`, the best overlap first.

    Masks that share no pixel have at most one partner each above one half, so that a greedy choice
    is the best one (Kirillov et al. 2019, Panoptic Segmentation, section 4.1).
    """
    chosen: list[tuple[int, int]] = []
    order = np.argsort(-ious, axis=None, kind="stable")
    for n, g in zip(*np.unravel_index(order, ious.shape), strict=True):
        if ious[n, g] < SAME:
            break
        if all(n != other and g != partner for other, partner in chosen):
            chosen.append((int(n), int(g)))
    return tuple(chosen)


def _areas(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.maximum(boxes[..., 2:] - boxes[..., :2], 0).prod(axis=-1))
