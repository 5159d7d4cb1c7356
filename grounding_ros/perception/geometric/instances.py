"""Instances: which pixels are one object, without knowing what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane
from grounding_ros.geometry.statistics import median_point, percentiles
from grounding_ros.perception.geometric.completion import same_object
from grounding_ros.perception.geometric.labels import members, numbered
from grounding_ros.perception.geometric.measures import upright
from grounding_ros.perception.geometric.merging import merged
from grounding_ros.perception.geometric.patches import patches_of
from grounding_ros.perception.geometric.scraps import without_crumbs, without_gaps
from grounding_ros.perception.geometric.surface import Surface, surface_of
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Frame

_MIN_PIXELS = 40  # working pixels; what shows less joins a neighbour or is left out
_OVERHANG = 0.15  # metres; the table often goes on where it is not seen


@dataclass(frozen=True, eq=False)
class Instances:
    """The N objects of a frame."""

    labels: NDArray[np.int32]
    """(h, w) object of each pixel of the surface, 1 to N; 0 = none."""
    surface: Surface
    """What was worked on."""
    plane: Plane
    """What heights are measured from; a far backdrop where there is no support."""
    masks: NDArray[np.bool_]
    """(N, H, W) in the frame's pixels, disjoint."""
    boxes: NDArray[np.float32]
    """(N, 4) xyxy pixels, tight about the masks."""

    def __len__(self) -> int:
        """Count the objects."""
        return len(self.boxes)


def find_instances(
    frame: Frame, plane: Plane | None, noise: float, parameters: PerceptionParameters
) -> Instances:
    """Find the objects of a frame that has depth and a camera.

    The surface is cut into smooth patches, patches are joined where they meet convexly, then
    parts that only an object's own shape or something in front of it sets apart.

    Parameters
    ----------
    frame
        With depth and intrinsics.
    plane
        The support; None: everything with depth may be an object.
    noise
        Standard deviation of depth at one metre, metres.
    parameters
        Bounds of an object.
    """
    ceiling = np.inf if plane is None else parameters.max_height
    plane = plane or _backdrop(frame)
    surface = surface_of(frame, plane, noise, ceiling)
    patches = patches_of(surface)
    groups = merged(int(patches.labels.max(initial=0)) + 1, patches.pairs, patches.weights)
    labels = numbered(groups[patches.labels], _MIN_PIXELS)
    labels = _joined(labels, same_object(surface, labels, parameters.max_object_size))
    labels = without_gaps(without_crumbs(labels, surface), surface)
    labels = _plausible(labels, surface, plane, parameters)
    masks, boxes = _in_frame(labels, surface, frame)
    return Instances(labels, surface, plane, masks, boxes)


def _backdrop(frame: Frame) -> Plane:
    """Return a plane behind everything, square to the camera."""
    assert frame.depth is not None
    known = frame.depth[np.isfinite(frame.depth)]
    far = float(known.max()) if len(known) else 1.0
    return Plane(np.array((0.0, 0.0, -1.0)), -2.0 * far)


def _joined(labels: NDArray[np.int32], pairs: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
    """Give the two labels of every pair one number."""
    groups = merged(
        int(labels.max(initial=0)) + 1,
        np.array(pairs, np.int32).reshape(-1, 2),
        np.ones(len(pairs), np.float32),
    )
    return numbered(groups[labels])


def _plausible(
    labels: NDArray[np.int32], surface: Surface, plane: Plane, parameters: PerceptionParameters
) -> NDArray[np.int32]:
    """Keep what has the size of an object and lies over the support, not far beside it."""
    points = surface.points.reshape(-1, 3)
    kept = np.zeros(int(labels.max(initial=0)) + 1, np.int32)
    flat_from_camera = upright(plane.normal)[:2]
    for label, pixels in enumerate(members(labels), start=1):
        own = points[pixels]
        own = own[np.isfinite(own[:, 2])]  # closed holes have no depth
        ends = (percentiles(side, 2, 98) for side in np.ascontiguousarray(own.T))
        longest = max(high - low for low, high in ends)
        sized = parameters.min_object_size <= longest <= parameters.max_object_size
        x, y = (flat_from_camera @ median_point(own)).tolist()
        outline = surface.support
        inside = cv2.pointPolygonTest(outline, (x, y), True) if len(outline) else 0.0
        if sized and inside > -_OVERHANG:
            kept[label] = label
    return numbered(kept[labels])


def _in_frame(
    labels: NDArray[np.int32], surface: Surface, frame: Frame
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Return masks (N, H, W) and their boxes (N, 4).

    Pixels without depth belong to an object only in the holes that were closed on purpose.
    """
    assert frame.depth is not None
    count = int(labels.max(initial=0))
    row, column = surface.origin
    large = labels.repeat(surface.step, axis=0).repeat(surface.step, axis=1)
    large = large[: frame.height - row, : frame.width - column]
    window = (slice(row, row + large.shape[0]), slice(column, column + large.shape[1]))
    seen = np.isfinite(surface.heights).repeat(surface.step, axis=0).repeat(surface.step, axis=1)
    large[~np.isfinite(frame.depth[window]) & seen[: large.shape[0], : large.shape[1]]] = 0
    masks = np.zeros((count, frame.height, frame.width), bool)
    boxes = np.zeros((count, 4), np.float32)
    for index in range(count):
        mask = large == index + 1
        masks[index][window] = mask
        x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
        boxes[index] = (column + x, row + y, column + x + width, row + y + height)
    return masks, boxes
