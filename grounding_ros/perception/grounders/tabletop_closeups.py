"""Each object of a frame by itself, at one size, for the network that names it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.statistics import median, percentiles
from grounding_ros.perception.geometric.colors import white_gains
from grounding_ros.perception.grounders.tabletop_inputs import Inputs, colors, metres_away
from grounding_ros.scene import Frame

SIDE = 48
"""Rows and columns of a close-up."""
CHANNELS = 11
"""Red, green, blue; the object's mask; known depth; height, normal (3); how far before or behind
its middle; the box it was proposed with."""
MEASURES = 9
"""Logarithms of the side in pixels and in metres; share of the picture that is the object, share of
the object whose depth is known; height of its lowest and of its highest part; logarithms of what
whitens the frame's light (3)."""
REACH = 1.2
"""Side of the square that is cut out, over the longer side of what holds the mask and the box."""

_LEAST_PX = 10
_SIDE_PX, _SIDE_M = 100.0, 0.1
_RELIEF, _DEEPEST = 4.0, 3.0
_LOW, _HIGH = 10, 90  # percentiles of an object's heights: single pixels lie


@dataclass(frozen=True)
class Square:
    """A part of a frame, which may leave it."""

    left: int
    top: int
    length: int

    @classmethod
    def around(
        cls, mask: NDArray[np.bool_], box: NDArray[np.float32], reach: float = REACH
    ) -> Square:
        """Return the square about an object's mask (H, W) and box (4,), xyxy pixels."""
        x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
        left, top = min(x, math.floor(box[0])), min(y, math.floor(box[1]))
        right, below = max(x + width, math.ceil(box[2])), max(y + height, math.ceil(box[3]))
        length = max(_LEAST_PX, round(reach * max(right - left, below - top)))
        return cls((left + right - length) // 2, (top + below - length) // 2, length)

    def shrunk(self, image: NDArray[np.uint8], side: int, gain: int = 1) -> NDArray[np.uint8]:
        """(side, side, ...) of an image of the frame times `gain`, zero outside of it."""
        below, after = self.top + self.length, self.left + self.length
        height, width = image.shape[:2]
        padded = cv2.copyMakeBorder(
            image[max(self.top, 0) : below, max(self.left, 0) : after],
            max(-self.top, 0), max(below - height, 0), max(-self.left, 0), max(after - width, 0),
            cv2.BORDER_CONSTANT,
        )  # fmt: skip
        if gain > 1:
            padded *= np.uint8(gain)
        area = cv2.INTER_AREA if self.length > side else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(padded, (side, side), interpolation=area), np.uint8)

    def spread(
        self, values: NDArray[np.float32], shape: tuple[int, int]
    ) -> tuple[tuple[slice, slice], NDArray[np.float32]]:
        """Return where in a frame values (side, side) of the square lie, and them at its scale."""
        whole = cv2.resize(values, (self.length, self.length), interpolation=cv2.INTER_LINEAR)
        rows = slice(max(self.top, 0), min(self.top + self.length, shape[0]))
        columns = slice(max(self.left, 0), min(self.left + self.length, shape[1]))
        own = whole[
            rows.start - self.top : rows.stop - self.top,
            columns.start - self.left : columns.stop - self.left,
        ]
        return (rows, columns), np.asarray(own, np.float32)

    def covered(self, box: NDArray[np.float32], side: int) -> NDArray[np.float32]:
        """Return (side, side), the share of each cell of the square that a box (4,) covers."""
        columns, rows = (
            np.diff(np.clip(np.linspace(start, start + self.length, side + 1), low, high))
            for start, low, high in ((self.left, box[0], box[2]), (self.top, box[1], box[3]))
        )
        return np.asarray(np.outer(rows, columns) * (side / self.length) ** 2, np.float32)

    def pixels(self, side: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(side,) rows and columns of the frame that are nearest to those of the result."""
        steps = ((np.arange(side) + 0.5) * self.length / side).astype(np.intp)
        return self.top + steps, self.left + steps


def close_ups(
    frame: Frame,
    inputs: Inputs,
    masks: NDArray[np.bool_],
    boxes: NDArray[np.float32],
    side: int = SIDE,
    reach: float = REACH,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cut objects out of a frame and bring them to one size.

    Parameters
    ----------
    frame
        Where the colours are taken from.
    inputs
        Its geometry, as the network that finds objects takes it.
    masks
        (N, H, W) of the frame, none of them empty.
    boxes
        (N, 4) xyxy pixels, where the whole objects are taken to be.
    side, reach
        See SIDE and REACH.

    Returns
    -------
    tuple
        Pictures (N, CHANNELS, side, side), zero outside of the frame, and (N, MEASURES).
    """
    pictures = np.zeros((len(masks), CHANNELS, side, side), np.float32)
    measures = np.zeros((len(masks), MEASURES), np.float32)
    measures[:, 6:] = np.log(white_gains(frame.rgb))
    for picture, measure, mask, box in zip(pictures, measures, masks, boxes, strict=True):
        square = Square.around(mask, box, reach)
        picture[10] = square.covered(box, side)
        _close_up(frame, inputs, mask, square, picture, measure)
    return pictures, measures


def _close_up(
    frame: Frame,
    inputs: Inputs,
    mask: NDArray[np.bool_],
    square: Square,
    picture: NDArray[np.float32],
    measure: NDArray[np.float32],
) -> None:
    """Fill in one picture (CHANNELS, side, side) and its measures (MEASURES,)."""
    side = picture.shape[1]
    v, u = square.pixels(side)
    rows, columns = (v >= 0) & (v < frame.height), (u >= 0) & (u < frame.width)
    inside = np.ix_(rows, columns)
    picture[:3] = colors(square.shrunk(frame.rgb, side))
    picture[:3, ~(rows[:, None] & columns)] = 0
    picture[3] = square.shrunk(mask.view(np.uint8), side, 255) / np.float32(255)
    near, across = np.ix_(
        ((v[rows] + 0.5) * inputs.scale).astype(np.intp),
        ((u[columns] + 0.5) * inputs.scale).astype(np.intp),
    )
    geometry = inputs.values[3:9, near, across]
    picture[4:9, inside[0], inside[1]] = geometry[:5]
    own = picture[3] > 0.5
    seen = own & (picture[4] > 0)
    measure[0] = np.log(square.length / _SIDE_PX)
    measure[2] = picture[3].mean()
    if frame.intrinsics is None or not seen.any():
        return
    away = np.zeros((side, side), np.float32)
    away[inside] = metres_away(geometry[5])
    middle = median(away[seen])
    metres = square.length * middle / frame.intrinsics.fx
    relief = np.clip((away - middle) * np.float32(_RELIEF / metres), -_DEEPEST, _DEEPEST)
    picture[9] = np.where(picture[4] > 0, relief, 0)
    measure[1] = np.log(metres / _SIDE_M)
    measure[3] = seen.sum() / max(int(own.sum()), 1)
    measure[4:6] = percentiles(picture[5][seen], _LOW, _HIGH)
