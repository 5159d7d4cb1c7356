"""Which way one object lies from another, and how far.

A direction's degree is (1 + c) / 2 of the cosine c between it and the way from the anchor: 1
straight on, 1/2 at a right angle, 0 the other way, so that opposites add up to 1 (the spatial
templates of Logan and Sadler, 1996, in one number).
"""

from __future__ import annotations

import numpy as np

from grounding_ros.reasoning.footprints import gaps, pixel_gaps
from grounding_ros.reasoning.layout import Array, Layout

_NEAR = 0.15  # metres of air: half near
_NEAR_PX = 1.0  # the same in mean sizes of the two boxes
_ALIKE = 0.01  # metres, or parts of the image's width: less is neither side


def right_of(layout: Layout) -> Array:
    """To the right as the viewer sees it: the camera's in pixels, the robot's in metres."""
    if layout.robot:
        return _direction(layout.centers[:, :2], 0)
    return right_of_pixels(layout)


def right_of_pixels(layout: Layout) -> Array:
    """To the right in the image."""
    return _direction(layout.middles / layout.image_size[1], 0)


def left_of(layout: Layout) -> Array:
    """To the left as the viewer sees it."""
    return np.asarray(right_of(layout).T)


def left_of_pixels(layout: Layout) -> Array:
    """To the left in the image."""
    return np.asarray(right_of_pixels(layout).T)


def behind(layout: Layout) -> Array:
    """Farther away from the viewer along the floor, metres."""
    return _direction(layout.centers[:, :2], 1)


def behind_pixels(layout: Layout) -> Array:
    """Higher in the image by the lower edge: farther away on one floor."""
    return _direction(_feet(layout), 1)


def in_front_of(layout: Layout) -> Array:
    """Nearer to the viewer along the floor, metres."""
    return np.asarray(behind(layout).T)


def in_front_of_pixels(layout: Layout) -> Array:
    """Lower in the image by the lower edge."""
    return np.asarray(behind_pixels(layout).T)


def above(layout: Layout) -> Array:
    """Higher along up, metres."""
    return _direction(layout.centers, 2)


def above_pixels(layout: Layout) -> Array:
    """Higher in the image."""
    return _direction(-layout.middles / layout.image_size[1], 1)


def below(layout: Layout) -> Array:
    """Lower along up, metres."""
    return np.asarray(above(layout).T)


def below_pixels(layout: Layout) -> Array:
    """Lower in the image."""
    return np.asarray(above_pixels(layout).T)


def near(layout: Layout) -> Array:
    """With little air between the boxes, metres: 1/2 at 15 cm."""
    return np.asarray(1.0 / (1.0 + (gaps(layout) / _NEAR) ** 2))


def near_pixels(layout: Layout) -> Array:
    """With little between the boxes in the image, by their sizes."""
    return np.asarray(1.0 / (1.0 + (pixel_gaps(layout) / _NEAR_PX) ** 2))


def far_from(layout: Layout) -> Array:
    """With much air between the boxes: the opposite of near."""
    return 1.0 - near(layout)


def far_from_pixels(layout: Layout) -> Array:
    """With much between the boxes in the image."""
    return 1.0 - near_pixels(layout)


def between(layout: Layout) -> Array:
    """Return (N, N, N): how much the first lies between the other two, metres.

    1 in the middle of the line from one to the other, 1/2 where it sees them at a right angle:
    (1 - c) / 2 of the cosine of the angle under which it sees them.
    """
    return _between(layout.centers)


def between_pixels(layout: Layout) -> Array:
    """Judge `between` in the image."""
    return _between(layout.middles)


def _between(points: Array) -> Array:
    ways = points[None] - points[:, None]
    lengths = np.maximum(np.linalg.norm(ways, axis=-1), 1e-9)
    ways = ways / lengths[..., None]
    return np.asarray((1.0 - np.einsum("abk,ack->abc", ways, ways)) / 2)


def _feet(layout: Layout) -> Array:
    """Middle of the lower edges, v upwards, in parts of the image's width."""
    feet = np.stack([layout.middles[:, 0], -layout.boxes[:, 3]], axis=1)
    return np.asarray(feet / layout.image_size[1])


def _direction(points: Array, axis: int) -> Array:
    """Return (N, N): how straight the way from the second to the first leads along an axis."""
    ways = points[:, None] - points[None]
    lengths = np.linalg.norm(ways, axis=-1)
    along = ways[..., axis]
    cosine = np.divide(along, lengths, out=np.zeros_like(along), where=lengths > 0)
    beside = np.abs(along) < _ALIKE
    return np.where(np.isnan(along), np.nan, np.where(beside, 0.5, (1.0 + cosine) / 2))
