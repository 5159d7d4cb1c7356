"""What stands on what through others: stacks, and what is on the table."""

from __future__ import annotations

import numpy as np

from grounding_ros.reasoning.contact import HOLDS, on, on_pixels
from grounding_ros.reasoning.layout import Array, Layout


def on_through(layout: Layout) -> Array:
    """Return (N, N) degrees to which one stands on the other, directly or through others, metres.

    What is related through others counts for less than what is directly.
    """
    direct = on(layout)
    return np.where(np.isnan(direct), np.nan, _through(np.nan_to_num(direct)))


def on_through_pixels(layout: Layout) -> Array:
    """Judge `on_through` in the image."""
    return _through(on_pixels(layout))


def under_through(layout: Layout) -> Array:
    """Return (N, N) degrees to which one holds the other, directly or through others, metres."""
    return np.asarray(on_through(layout).T)


def under_through_pixels(layout: Layout) -> Array:
    """Judge `under_through` in the image."""
    return np.asarray(on_through_pixels(layout).T)


def on_floor(layout: Layout) -> Array:
    """Return (N,) whether an object stands on the support plane, directly or through others.

    Nothing floats: what is above the plane stands on it or on something that does.
    """
    if layout.floor is None:
        return np.full(len(layout), np.nan)
    above = np.where(layout.tops > layout.floor + 0.005, 1.0, 0.0)
    reaches = layout.bottoms > layout.floor - 0.05
    return np.where(layout.measured, above * reaches, np.nan)


def under_floor(layout: Layout) -> Array:
    """Return (N,) whether an object is below the support plane: under the table."""
    if layout.floor is None:
        return np.full(len(layout), np.nan)
    return np.where(layout.measured, (layout.tops < layout.floor - 0.02) * 1.0, np.nan)


def stacks(layout: Layout) -> tuple[Array, Array, Array, Array]:
    """Return four (N,) degrees: is in a stack; is the lowest, the highest, one between of it.

    A larger stack counts for more: "the stack" is the one that is most plainly a stack.
    """
    direct = on(layout)
    if not np.isfinite(direct).any():
        direct = on_pixels(layout)
    holds = np.nan_to_num(direct) >= HOLDS
    np.fill_diagonal(holds, False)
    joined = holds | holds.T
    for _ in range(max(1, int(np.ceil(np.log2(max(len(layout), 2)))))):
        joined = joined | ((joined.astype(int) @ joined.astype(int)) > 0)
    sizes = (joined | np.eye(len(layout), dtype=bool)).sum(axis=1)
    weight = np.where(sizes > 1, 0.6 + 0.4 * sizes / max(sizes.max(initial=1), 1), 0.0)
    stands, carries = holds.any(axis=1), holds.any(axis=0)
    return (
        weight,
        weight * (~stands & carries),
        weight * (stands & ~carries),
        weight * (stands & carries),
    )


def _through(direct: Array) -> Array:
    """Add what is related through others, which counts for less than what is directly."""
    reached = direct >= HOLDS
    np.fill_diagonal(reached, False)
    further = reached
    for _ in range(max(1, int(np.ceil(np.log2(max(len(direct), 2)))))):
        further = further | ((further.astype(int) @ further.astype(int)) > 0)
    return np.where(further & ~reached, np.maximum(direct, 0.6), direct)
