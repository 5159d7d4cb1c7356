"""A mask from a box and depth: the surface in front that fills the middle of the box."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane, SupportPlanes
from grounding_ros.geometry.projection import rays
from grounding_ros.perception.segmenters.box import box_masks, box_window
from grounding_ros.scene import Detections, Frame

_STEP = 6e-3
_CLEAR = 4e-3
_MIN_PIXELS = 12


class DepthSegmenter:
    """Cuts the object out of its box by depth; without depth the mask is the box."""

    def __init__(self, support: SupportPlanes) -> None:
        """Share `support` with whoever else asks for the frame's plane."""
        self._support = support

    def segment(self, frame: Frame, detections: Detections) -> Detections:
        """Give every detection the connected surface nearest the middle of its box.

        Masks that are there already are kept. Where a box holds no usable depth its mask is the
        box, so that the detection is not lost in 2D.
        """
        if detections.masks is not None:
            return detections
        size = (frame.height, frame.width)
        masks = box_masks(detections.boxes, size)
        if frame.depth is None:
            return detections.with_masks(masks)
        plane = self._support.of(frame)
        for mask, box in zip(masks, detections.boxes, strict=True):
            window = box_window(box, size)
            inside = self._foreground(frame, window, plane)
            if inside.sum() >= _MIN_PIXELS:
                mask[window] = inside
        return detections.with_masks(masks)

    def _foreground(
        self, frame: Frame, window: tuple[slice, slice], plane: Plane | None
    ) -> NDArray[np.bool_]:
        """(h, w) of the window: the connected surface that fills its middle."""
        assert frame.depth is not None
        depth = frame.depth[window]
        noise = self._support.noise * depth**2
        usable = np.isfinite(depth)
        if plane is not None and frame.intrinsics is not None:
            directions = rays(frame.intrinsics)[window]
            points = np.dstack([directions * depth[..., None], depth])
            usable &= plane.height(points) > _CLEAR + 3 * noise
        if usable.sum() < _MIN_PIXELS:
            return np.zeros(depth.shape, bool)
        smooth = usable & ~_edges(np.where(usable, depth, 0), _STEP + 4 * noise)
        labels = cv2.connectedComponents(smooth.astype(np.uint8), connectivity=4)[1]
        votes = np.bincount(labels.ravel(), _central(depth.shape).ravel() * smooth.ravel())
        core = labels == int(np.argmax(votes)) if votes.any() else usable
        # The rim lost to the edges comes back, but only where there is depth.
        grown = cv2.dilate(core.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        near: NDArray[np.bool_] = grown & usable
        return near


def _edges(depth: NDArray[np.float32], tolerance: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pixels whose depth leaps over a neighbour's; a slope alone is no leap."""
    leap = np.abs(cv2.Laplacian(depth.astype(np.float32), cv2.CV_32F, ksize=1))
    edges: NDArray[np.bool_] = leap > 2 * tolerance
    return edges


def _central(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """(h, w) weights, highest in the middle: a box is drawn around its object."""
    height, width = shape
    across = np.hanning(width + 2)[1:-1]
    down = np.hanning(height + 2)[1:-1]
    return np.outer(down, across)
