"""Instances: which pixels are one object, without knowing what it is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane
from grounding_ros.perception.geometric.merging import merged
from grounding_ros.perception.geometric.patches import patches_of
from grounding_ros.perception.geometric.surface import Surface, surface_of
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Frame

_CLEAR = 3e-3
_MIN_PIXELS = 40
_REACH = 4.0


@dataclass(frozen=True, eq=False)
class Instances:
    """The N objects of a frame."""

    labels: NDArray[np.int32]
    """(H, W) object of each pixel, 1 to N; 0 = none."""
    boxes: NDArray[np.float32]
    """(N, 4) xyxy pixels, tight about the pixels of each object."""
    scores: NDArray[np.float32]
    """(N,) in [0, 1], how sure it is that this is one whole object."""
    surface: Surface
    plane: Plane
    """What heights were measured from; a far backdrop where there is no support."""

    def __len__(self) -> int:
        """Count the objects."""
        return len(self.boxes)

    @property
    def masks(self) -> NDArray[np.bool_]:
        """(N, H, W) bool, disjoint."""
        masks: NDArray[np.bool_] = (
            self.labels[None] == np.arange(1, len(self) + 1, dtype=np.int32)[:, None, None]
        )
        return masks


def find_instances(
    frame: Frame, plane: Plane | None, parameters: PerceptionParameters
) -> Instances:
    """Find the objects of a frame that has depth and a camera.

    Parameters
    ----------
    frame
        With depth and intrinsics.
    plane
        The support; None: everything with depth may be an object.
    parameters
        Noise of the sensor and bounds of an object.

    """
    ceiling = np.inf if plane is None else parameters.max_height
    plane = plane or _backdrop(frame)
    surface = surface_of(frame, plane, parameters.depth_noise)
    foreground = (surface.heights > _CLEAR + 3 * surface.noise) & (surface.heights < ceiling)
    patches = patches_of(surface, foreground)
    count = int(patches.labels.max()) + 1
    groups = merged(count, patches.pairs, patches.weights)
    labels = np.where(patches.labels > 0, groups[patches.labels], 0)
    labels = _objects(labels, surface, parameters)
    labels = _grown(labels, foreground)
    full = _enlarged(labels, surface.step, frame)
    boxes, scores = _boxes(full)
    return Instances(full, boxes, scores, surface, plane)


def _backdrop(frame: Frame) -> Plane:
    """A plane behind everything, square to the camera."""
    assert frame.depth is not None
    known = frame.depth[np.isfinite(frame.depth)]
    far = float(known.max()) if len(known) else 1.0
    return Plane(np.array((0.0, 0.0, -1.0)), -2.0 * far)


def _objects(
    labels: NDArray[np.int32], surface: Surface, parameters: PerceptionParameters
) -> NDArray[np.int32]:
    """Keep what has an object's size, numbered from 1."""
    names, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(labels.shape)
    keep = np.zeros(len(names), np.int32)
    for row, (label, count) in enumerate(zip(names, counts, strict=True)):
        if label == 0 or count < _MIN_PIXELS:
            continue
        points = surface.points[inverse == row]
        low, high = np.percentile(points, (2, 98), axis=0)
        size = float((high - low).max())
        if parameters.min_object_size <= size <= parameters.max_object_size:
            keep[row] = keep.max() + 1
    kept: NDArray[np.int32] = keep[inverse]
    return kept


def _grown(labels: NDArray[np.int32], foreground: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give scraps of the foreground to the nearest object within reach."""
    distance, nearest = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(nearest.max()) + 1, np.int32)
    owner[nearest[labels > 0]] = labels[labels > 0]
    return np.where(foreground & (distance < _REACH), owner[nearest], 0)


def _enlarged(labels: NDArray[np.int32], step: int, frame: Frame) -> NDArray[np.int32]:
    """Bring labels to the frame's size, only where there is depth."""
    assert frame.depth is not None
    full = labels.repeat(step, axis=0).repeat(step, axis=1)[: frame.height, : frame.width]
    full[~np.isfinite(frame.depth)] = 0
    return full


def _boxes(labels: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    count = int(labels.max())
    boxes = np.zeros((count, 4), np.float32)
    for label in range(1, count + 1):
        x, y, w, h = cv2.boundingRect((labels == label).astype(np.uint8))
        boxes[label - 1] = (x, y, x + w, y + h)
    return boxes, np.full(count, 0.9, np.float32)
