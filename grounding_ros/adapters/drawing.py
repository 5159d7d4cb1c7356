"""An answer drawn on its picture, for the debug image and the reports."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.adapters.visualization import PALETTE
from grounding_ros.geometry.projection import project
from grounding_ros.geometry.transforms import inverse, transform_points
from grounding_ros.scene import Answer, Frame

# Corners of a box as signs of its half extents, and the pairs that are edges.
_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) / 2
_EDGES = [(a, b) for a in range(8) for b in range(a) if bin(a ^ b).count("1") == 1]


def draw(frame: Frame, answer: Answer) -> NDArray[np.uint8]:
    """Return the picture with masks, boxes, names and 3D boxes of the chosen objects.

    Candidates that were not chosen get a thin grey box.

    Returns
    -------
    (H, W, 3) uint8 RGB, a new array.
    """
    picture: NDArray[np.uint8] = frame.rgb.copy()
    chosen = answer.detections
    for row in set(range(len(answer.candidates))) - set(answer.chosen):
        _rectangle(picture, answer.candidates.boxes[row], (170, 170, 170), 1)
    for k in range(len(chosen)):
        colour = tuple(map(int, PALETTE[k % len(PALETTE)]))
        if chosen.masks is not None:
            _mask(picture, chosen.masks[k], colour)
        _rectangle(picture, chosen.boxes[k], colour, 1)
        _box3d(picture, frame, answer, answer.chosen[k])
        _name(picture, chosen.boxes[k], chosen.labels[k], colour)
    return picture


def _mask(picture: NDArray[np.uint8], mask: NDArray[np.bool_], colour: tuple[int, ...]) -> None:
    """Tint it lightly, so that the object's own colour stays visible, and outline it."""
    # Only where the mask is: ten masks over the whole picture took three times as long as all else.
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    if width == 0:
        return
    window = slice(y, y + height), slice(x, x + width)
    part, inside = picture[window], mask[window]
    part[inside] = (part[inside] * 0.8 + np.array(colour) * 0.2).astype(np.uint8)
    outline, _ = cv2.findContours(
        inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(x, y)
    )
    cv2.drawContours(picture, outline, -1, colour, 2)


def _rectangle(
    picture: NDArray[np.uint8], box: NDArray[np.float32], colour: tuple[int, ...], width: int
) -> None:
    x0, y0, x1, y1 = (round(float(value)) for value in box)
    cv2.rectangle(picture, (x0, y0), (x1 - 1, y1 - 1), colour, width)


def _name(
    picture: NDArray[np.uint8], box: NDArray[np.float32], name: str, colour: tuple[int, ...]
) -> None:
    (width, height), _ = cv2.getTextSize(name, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
    x = min(max(int(box[0]), 0), max(picture.shape[1] - width - 4, 0))
    y = max(int(box[1]) - height - 6, 0)
    cv2.rectangle(picture, (x, y), (x + width + 4, y + height + 6), colour, cv2.FILLED)
    place = (x + 2, y + height + 2)
    cv2.putText(picture, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255,) * 3, 1, cv2.LINE_AA)


def _box3d(picture: NDArray[np.uint8], frame: Frame, answer: Answer, row: int) -> None:
    objects = answer.objects
    if objects.reasons[row] or frame.intrinsics is None:
        return
    corners = objects.centers[row] + (_CORNERS * objects.sizes[row]) @ objects.rotations[row].T
    if answer.pose is not None and answer.pose.base_from_camera is not None:
        corners = transform_points(inverse(answer.pose.base_from_camera), corners)
    pixels = project(corners, frame.intrinsics)
    if not np.isfinite(pixels).all() or np.abs(pixels).max() > 1e5:
        return
    for a, b in _EDGES:
        start, end = (tuple(map(int, pixels[corner].round())) for corner in (a, b))
        cv2.line(picture, start, end, (255, 255, 255), 1, cv2.LINE_AA)
