"""What objects look like in few numbers, so that one can be known again."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.scene import Detections, Frame

_HUES, _SHADES = 16, 8
_COLOR_WEIGHT = 0.7
"""Of hue and chroma; the rest is lightness, which changes with the light."""
_ENOUGH_PX = 4000
LENGTH = _HUES * _HUES + _SHADES
"""Numbers in one appearance."""


def appearances(frame: Frame, detections: Detections) -> NDArray[np.float32]:
    """Return (N, LENGTH) unit vectors: square roots of the colour histograms in CIELAB.

    The dot product of two is the Bhattacharyya coefficient: 1 of the same colours, 0 of none in
    common. An object without pixels is 0 throughout.
    """
    looks = np.zeros((len(detections), LENGTH), np.float32)
    for row, box in enumerate(detections.boxes):
        x0, y0 = np.maximum(np.floor(box[:2]), 0).astype(int).tolist()
        x1, y1 = np.ceil(box[2:]).astype(int).tolist()
        stride = max(int(np.sqrt(max((x1 - x0) * (y1 - y0), 0) / _ENOUGH_PX)), 1)
        window = slice(y0, max(y1, 0), stride), slice(x0, max(x1, 0), stride)
        picture = np.ascontiguousarray(frame.rgb[window])
        if picture.size:
            mask = None if detections.masks is None else detections.masks[row][window]
            looks[row] = _look(picture, mask)
    return looks


def distances(looks: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the Hellinger distances (N, M) of appearances (N, LENGTH) and (M, LENGTH), 0 to 1."""
    return np.asarray(np.sqrt(np.clip(1 - looks @ others.T, 0, 1)), np.float64)


def _look(picture: NDArray[np.uint8], mask: NDArray[np.bool_] | None) -> NDArray[np.float32]:
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2Lab)
    inside = None if mask is None else np.ascontiguousarray(mask).view(np.uint8)
    # Blurred, so that a colour on the border of two bins is near to itself.
    colors = cv2.calcHist([lab], [1, 2], inside, [_HUES] * 2, [0, 256, 0, 256])
    shades = cv2.calcHist([lab], [0], inside, [_SHADES], [0, 256])
    parts = (
        (_COLOR_WEIGHT, cv2.GaussianBlur(colors, (3, 3), 0.7)),
        (1 - _COLOR_WEIGHT, cv2.GaussianBlur(shades, (1, 3), 0.7)),
    )
    weighted = [weight * part.ravel() / max(float(part.sum()), 1.0) for weight, part in parts]
    look = np.sqrt(np.concatenate(weighted))
    return np.asarray(look / max(float(np.linalg.norm(look)), 1e-9), np.float32)
