"""What the boxes of objects share seen from above, and how far apart they are."""

from __future__ import annotations

import numpy as np

from grounding_ros.reasoning.layout import Array, Layout

_GRID = np.stack(np.meshgrid(*[np.linspace(-0.4, 0.4, 5)] * 2), axis=-1).reshape(-1, 2)
_CORNERS = np.stack(np.meshgrid(*[np.linspace(-0.5, 0.5, 3)] * 3), axis=-1).reshape(-1, 3)


def covered(layout: Layout, *margins: float) -> tuple[Array, ...]:
    """Return (N, N), from 0 to 1: the part of one footprint that is over the other.

    One array for each margin, metres by which the other is taken to be larger on each side.
    """
    points = layout.centers[:, None, :2] + np.einsum(
        "nij,pj->npi", layout.axes * layout.sizes[:, None, :2], _GRID
    )
    along, across = _beyond(points, layout)
    beyond = np.maximum(along, across)
    return tuple(_known((beyond <= margin).mean(axis=-1), layout) for margin in margins)


def overlaps(layout: Layout) -> Array:
    """Return (N, N), from 0 to 1: the part of the smaller footprint that the two share."""
    (part,) = covered(layout, 0.0)
    return np.asarray(np.maximum(part, part.T))


def gaps(layout: Layout) -> Array:
    """Return (N, N) metres of air between two boxes; 0 where they meet."""
    flat = np.einsum("nij,pj->npi", layout.axes * layout.sizes[:, None, :2], _CORNERS[:, :2])
    heights = layout.sizes[:, None, 2] * _CORNERS[None, :, 2]
    points = layout.centers[:, None] + np.concatenate([flat, heights[..., None]], axis=-1)
    along, across = (np.maximum(part, 0.0) for part in _beyond(points[..., :2], layout))
    upright = np.abs(points[:, None, :, 2] - layout.centers[None, :, None, 2])
    upright = np.maximum(upright - layout.sizes[None, :, None, 2] / 2, 0.0)
    air = np.sqrt((along**2 + across**2 + upright**2).min(axis=-1))
    return _known(np.minimum(air, air.T), layout)


def pixel_gaps(layout: Layout) -> Array:
    """Return (N, N): pixels between two boxes in the image as a part of their mean size."""
    low, high = layout.boxes[:, None, :2], layout.boxes[:, None, 2:]
    beyond = np.maximum(low - high.swapaxes(0, 1), low.swapaxes(0, 1) - high)
    sizes = np.sqrt(np.maximum(np.prod(layout.boxes[:, 2:] - layout.boxes[:, :2], axis=1), 1.0))
    air = np.linalg.norm(np.maximum(beyond, 0.0), axis=-1)
    return np.asarray(air / ((sizes[:, None] + sizes[None]) / 2))


def pixel_shares(layout: Layout) -> Array:
    """Return (N, N): the part of a box that lies in the other one, in the image."""
    low, high = layout.boxes[:, None, :2], layout.boxes[:, None, 2:]
    sides = np.minimum(high, high.swapaxes(0, 1)) - np.maximum(low, low.swapaxes(0, 1))
    areas = np.maximum(np.prod(layout.boxes[:, 2:] - layout.boxes[:, :2], axis=1), 1.0)
    return np.asarray(np.maximum(sides, 0.0).prod(axis=-1) / areas[:, None])


def _beyond(points: Array, layout: Layout) -> tuple[Array, Array]:
    """Return how far level points (N, P, 2) of one object are beyond the sides of every other.

    Two arrays (N, N, P), along its longer and its shorter side, metres, negative within: planes,
    for numpy is slow along an axis of two.
    """
    x, y = points[:, None, :, 0], points[:, None, :, 1]
    planes = []
    for side in (0, 1):
        c, s = layout.axes[None, :, 0, side, None], layout.axes[None, :, 1, side, None]
        middle = (layout.centers[:, :2] * layout.axes[:, :, side]).sum(axis=1)[None, :, None]
        planes.append(np.abs(x * c + y * s - middle) - layout.sizes[None, :, side, None] / 2)
    return planes[0], planes[1]


def _known(values: Array, layout: Layout) -> Array:
    both = layout.measured[:, None] & layout.measured[None]
    return np.where(both, values, np.nan)
