"""The coarsest segmenter: a detection's mask is its box; and boxes around masks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.scene import Detections, Frame


class BoxSegmenter:
    """Fills every box; masks that are there already are kept."""

    def segment(self, frame: Frame, detections: Detections) -> Detections:
        """Give every detection the pixels whose centres lie in its box."""
        if detections.masks is not None:
            return detections
        return detections.with_masks(box_masks(detections.boxes, (frame.height, frame.width)))


def box_masks(boxes: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return (N, H, W) masks of boxes (N, 4), xyxy pixels, in an image of (height, width)."""
    masks = np.zeros((len(boxes), *size), bool)
    for mask, box in zip(masks, boxes, strict=True):
        mask[box_window(box, size)] = True
    return masks


def mask_boxes(masks: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the xyxy boxes (N, 4) around masks (N, H, W), the maximum exclusive; 0 if empty."""
    boxes = np.zeros((len(masks), 4), np.float32)
    for box, mask in zip(boxes, masks, strict=True):
        x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
        box[:] = x, y, x + width, y + height
    return boxes


def box_window(box: NDArray[np.float32], size: tuple[int, int]) -> tuple[slice, slice]:
    """Return the rows and columns of a box (4,), xyxy pixels, cut to the image."""
    height, width = size
    x0, y0 = np.floor(box[:2]).astype(int)
    x1, y1 = np.ceil(box[2:]).astype(int)
    return slice(max(y0, 0), max(min(y1, height), 0)), slice(max(x0, 0), max(min(x1, width), 0))
