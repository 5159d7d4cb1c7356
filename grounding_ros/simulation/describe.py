"""Puts objects at rest into words and numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation.plan import Thing
from grounding_ros.simulation.truth import SceneObject
from grounding_ros.simulation.upright_box import upright_box

_CONTRAST = 1.6
_ALIKE = 1.2
_STEEP = 0.7
_DIGITS = 6  # micrometres

Pose = tuple[Thing, NDArray[np.float64], NDArray[np.float64]]


def describe(things: Mapping[int, Pose]) -> tuple[SceneObject, ...]:
    """Return the truth about objects at rest, by ascending id.

    Parameters
    ----------
    things
        By id: the object, its rotation (3, 3) and its origin (3,) in the base frame, metres.
    """
    volumes: dict[str, list[float]] = {}
    for thing, _, _ in things.values():
        volumes.setdefault(thing.kind.name, []).append(thing.volume)
    return tuple(
        _object(id, thing, rotation, origin, volumes[thing.kind.name])
        for id, (thing, rotation, origin) in sorted(things.items())
    )


def _object(
    id: int,
    thing: Thing,
    rotation: NDArray[np.float64],
    origin: NDArray[np.float64],
    volumes: list[float],
) -> SceneObject:
    center, size, yaw = upright_box(thing.points @ rotation.T + origin)
    return SceneObject(
        id=id,
        names=tuple(one for one, _ in thing.kind.names),
        colors=thing.colors,
        attributes=_size_word(thing.volume, volumes)
        + _two_tone(thing)
        + _pose(thing, float(rotation[2, 2])),
        center_m=_rounded(center),
        size_m=_rounded(size),
        yaw_rad=round(yaw, _DIGITS),
    )


def _two_tone(thing: Thing) -> tuple[str, ...]:
    return (thing.kind.two_tone,) if len(thing.colors) > 1 else ()


def _pose(thing: Thing, up: float) -> tuple[str, ...]:
    """Say how it lies, by the vertical part of its own axis, where it has a right way up."""
    if not thing.kind.upright:
        return ()
    if up > _STEEP:
        return ("standing",)
    return ("upside down",) if up < -_STEEP else ("lying",)


def _size_word(volume: float, alike: list[float]) -> tuple[str, ...]:
    """Say "small" and "large" only where there is a contrast to others of the same kind."""
    smallest, largest = min(alike), max(alike)
    if largest < _CONTRAST * smallest:
        return ()
    if volume < _ALIKE * smallest:
        return ("small",)
    return ("large",) if volume > largest / _ALIKE else ()


def _rounded(values: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = values
    return round(x, _DIGITS), round(y, _DIGITS), round(z, _DIGITS)
