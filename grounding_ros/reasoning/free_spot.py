"""A point on, in or beside something where the next object has room."""

from __future__ import annotations

import numpy as np

from grounding_ros.reasoning.layout import Array, Layout, frame_from_view
from grounding_ros.reasoning.sight import Sight

_CLEAR = 0.01  # metres of air around what is put down
_STEP = 0.02
_UNKNOWN_RADIUS = 0.04
_REACH = 0.25  # metres beyond the anchor
_LOW = 0.01  # what ends no higher over the surface is the surface
_ON, _IN = frozenset({"on", "at_top_of", "on_top_of_stack"}), frozenset({"in", "contains"})
_SIDES = {
    "left_of": (-1.0, 0.0),
    "right_of": (1.0, 0.0),
    "behind": (0.0, 1.0),
    "in_front_of": (0.0, -1.0),
}
_BESIDE = frozenset({"next_to", "near", "touching", "between", *_SIDES})

Spot = tuple[float, float, float]


def find_spot(
    predicate: str, places: tuple[int, ...], chosen: int | None, sight: Sight
) -> tuple[Spot | None, str]:
    """Return where the foot of an object can come, or why no such point is known.

    Parameters
    ----------
    predicate
        How it is to stand to its places: "on", "in", "next_to", "left_of"...
    places
        Rows of the anchors; () when it is the support plane or the scene itself.
    chosen
        The row of the object; None: unknown, then it is taken to be 8 cm wide.
    sight
        The scene.

    Returns
    -------
    tuple
        The point in metres in the frame of the objects, on the surface (in a bowl: at the height of
        its rim), and "". Or None and the reason, a clause.
    """
    layout = sight.layout
    if places and not layout.measured[list(places)].all():
        return None, "the place has no position in metres"
    surface, candidates, why = _candidates(predicate, places, layout)
    if why:
        return None, why
    radius = _radius(layout, chosen)
    others = [row for row in np.flatnonzero(layout.measured).tolist() if row != chosen]
    obstacles = [
        row
        for row in others
        if layout.tops[row] > surface + _LOW and (row not in places or predicate in _BESIDE)
    ]
    free = _clearance(candidates, obstacles, layout) >= radius + _CLEAR
    if predicate in _IN or (predicate in _ON and len(places) == 1):
        # Towards the middle of what holds it; a wide object may jut out.
        free = _clearance(candidates, obstacles, layout) >= min(radius, 0.03)
    if not free.any():
        return None, "there is no free space"
    x, y = candidates[int(np.argmax(free))].tolist()  # the best come first
    rotation, origin = frame_from_view(sight.objects, sight.pose, robot=layout.robot)
    point = rotation @ np.array([x, y, surface]) + origin
    return (float(point[0]), float(point[1]), float(point[2])), ""


def _candidates(
    predicate: str, places: tuple[int, ...], layout: Layout
) -> tuple[float, Array, str]:
    """Return the height of the surface, points (K, 2) on it with the best first, or why not."""
    nowhere = np.empty((0, 2))
    if predicate in _ON | _IN and places:
        row = places[0]
        return float(layout.tops[row]), _on_top(row, layout), ""
    if layout.floor is None:
        return 0.0, nowhere, "the surface is not known"
    if not places:
        middle = layout.centers[layout.measured, :2]
        centre = middle.mean(axis=0) if len(middle) else np.zeros(2)
        return layout.floor, _around(centre, _wanted(predicate), 0.0), ""
    if predicate not in _BESIDE:
        return 0.0, nowhere, f"I cannot find room {predicate.replace('_', ' ')} something"
    centre = layout.centers[list(places), :2].mean(axis=0)
    height = float(layout.bottoms[list(places)].min())
    return height, _around(centre, _wanted(predicate), 0.5), ""


def _wanted(predicate: str) -> tuple[float, float]:
    return _SIDES.get(predicate, (0.0, 0.0))


def _on_top(row: int, layout: Layout) -> Array:
    """Points on the top of an object, from its middle outwards."""
    half = layout.sizes[row, :2] * 0.4
    steps = [np.arange(-int(side // _STEP), int(side // _STEP) + 1) * _STEP for side in half]
    grid = np.stack(np.meshgrid(*steps), axis=-1).reshape(-1, 2)
    grid = grid[np.argsort(np.linalg.norm(grid, axis=1), kind="stable")]
    return np.asarray(layout.centers[row, :2] + grid @ layout.axes[row].T)


def _around(centre: Array, wanted: tuple[float, float], straight: float) -> Array:
    """Points of the floor around a place, the nearest first; only on the wanted side."""
    steps = np.arange(-int(_REACH // _STEP), int(_REACH // _STEP) + 1) * _STEP
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    away = np.linalg.norm(grid, axis=1)
    if any(wanted):
        along = grid @ np.array(wanted)
        kept = along > straight * away
        grid, away = grid[kept], away[kept]
    return np.asarray(centre + grid[np.argsort(away, kind="stable")])


def _clearance(points: Array, rows: list[int], layout: Layout) -> Array:
    """Return for each point (K, 2) the metres to the next footprint; 0 within one."""
    if not rows:
        return np.full(len(points), np.inf)
    away = points[:, None] - layout.centers[None, rows, :2]
    local = np.einsum("kmi,mij->kmj", away, layout.axes[rows])
    beyond = np.maximum(np.abs(local) - layout.sizes[None, rows, :2] / 2, 0.0)
    return np.asarray(np.linalg.norm(beyond, axis=-1).min(axis=1))


def _radius(layout: Layout, row: int | None) -> float:
    if row is None or not layout.measured[row]:
        return _UNKNOWN_RADIUS
    return float(np.linalg.norm(layout.sizes[row, :2]) / 2)
