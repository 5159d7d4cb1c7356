"""Shape words: box, cylinder, ball or bowl, from the directions of the visible surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.geometric.measures import Measures, bend_radius

SHAPES = ("box", "cylinder", "ball", "bowl")

_NEAR = np.sin(np.deg2rad(25.0))
_ALONG = np.cos(np.deg2rad(25.0))


def shape_scores(measures: Measures) -> dict[str, float]:
    """Return how well each of SHAPES describes an instance, 0 to 1.

    Of a box or a cylinder every normal is along or across some axis. About that axis a box's
    sides look in directions a right angle apart, a cylinder's in all directions: the fourfold
    mean `|<exp(4 i azimuth)>|` tells them apart. A ball's normals meet in its centre.
    """
    normals = measures.normals
    hollow = _hollow(measures)
    box = cylinder = 0.0
    for axis in _axes(normals):
        cosine = np.abs(normals @ axis)
        across = cosine < _NEAR
        explained = float((across | (cosine > _ALONG)).mean())
        if across.mean() < 0.08:
            continue
        fourfold = _fourfold(normals[across], axis)
        box = max(box, explained * fourfold)
        cylinder = max(cylinder, explained * (1 - fourfold))
    ball = _ball(measures)
    wide = measures.length > 1.2 * measures.height
    return {
        "box": box * (1 - hollow) * (1 - ball),
        "cylinder": cylinder * (1 - hollow) * (1 - ball),
        "ball": ball * (1 - hollow),
        "bowl": hollow if wide else 0.0,
    }


def _axes(normals: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    """Up, and the direction that the normals avoid most: the axis of a lying cylinder."""
    _, vectors = np.linalg.eigh(normals.T.astype(float) @ normals)
    return [np.array((0.0, 0.0, 1.0)), vectors[:, 0], vectors[:, 2]]


def _fourfold(normals: NDArray[np.float32], axis: NDArray[np.float64]) -> float:
    first = np.cross(axis, (1.0, 0.0, 0.0) if abs(axis[0]) < 0.9 else (0.0, 1.0, 0.0))
    first = first / np.linalg.norm(first)
    azimuth = np.arctan2(normals @ np.cross(axis, first), normals @ first)
    return float(np.abs(np.exp(4j * azimuth).mean()))


def _ball(measures: Measures) -> float:
    """How well points and normals agree on one centre and radius, relative to the radius."""
    radius = bend_radius(measures.points, measures.normals)
    if not 0 < radius < np.inf:
        return 0.0
    centers = measures.points - np.float32(radius) * measures.normals
    error = np.sqrt(((centers - centers.mean(axis=0)) ** 2).sum(axis=1).mean())
    return float(np.clip((0.35 - error / radius) / 0.15, 0, 1))


def _hollow(measures: Measures) -> float:
    """How sure it is that one looks into it: a surface that faces the axis it bends about."""
    outward = measures.points[:, :2] - np.array(measures.center, np.float32)
    inward = np.einsum("mk,mk->m", outward, measures.normals[:, :2]) < -0.03 * measures.length
    if inward.sum() < 30 or bend_radius(measures.points[inward], measures.normals[inward]) > 0:
        return 0.0
    return float(np.clip((inward.mean() - 0.05) / 0.1, 0, 1))
