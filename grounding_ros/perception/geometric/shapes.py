"""Shape words: box, cylinder, ball or bowl, from the directions of the visible surface."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.statistics import median_point
from grounding_ros.perception.geometric.measures import Measures, bend_radius

SHAPES = ("box", "cylinder", "ball", "bowl")

_ACROSS = np.sin(np.deg2rad(25.0))
_ALONG = np.cos(np.deg2rad(25.0))


def shape_scores(measures: Measures) -> dict[str, float]:
    """Return how well each of SHAPES describes an instance, 0 to 1.

    Of a box or a cylinder every normal is along or across some axis. About that axis a box's
    sides look in directions a right angle apart, a cylinder's in all directions: the fourfold
    mean `|<exp(4 i azimuth)>|` tells them apart. Where only one face is seen its outline has to.
    A ball's normals meet in its centre.
    """
    hollow = _hollow(measures)
    ball = _ball(measures)
    face = _unit(median_point(measures.normals))
    if (measures.normals @ face > _ALONG).mean() > 0.9:
        box, cylinder = _outline(measures, face)
    else:
        box, cylinder = _sides(measures)
    solid = (1 - hollow) * (1 - ball)
    width = measures.length / max(measures.height, 1e-3)
    wide = float(np.clip((width - 1.3) / 0.5, 0, 1))
    return {
        "box": box * solid,
        "cylinder": cylinder * solid,
        "ball": ball * (1 - hollow),
        "bowl": hollow * wide,
    }


def uprightness(measures: Measures) -> float:
    """Return the share of the surface that looks up or sideways, as of a thing that stands."""
    cosine = np.abs(measures.normals[:, 2])
    return float(((cosine < _ACROSS) | (cosine > _ALONG)).mean())


def _sides(measures: Measures) -> tuple[float, float]:
    """How well the normals go with a box and with a cylinder about the best axis."""
    normals = measures.normals
    box = cylinder = 0.0
    for axis in _axes(measures):
        cosine = np.abs(normals @ axis)
        across = cosine < _ACROSS
        if across.mean() < 0.08:
            continue
        explained = float((across | (cosine > _ALONG)).mean()) ** 2
        fourfold = _fourfold(normals[across], axis)
        box = max(box, explained * fourfold)
        cylinder = max(cylinder, explained * (1 - fourfold))
    return box, cylinder


def _axes(measures: Measures) -> list[NDArray[np.float64]]:
    """Up, along the footprint, and what the normals point to most and least."""
    normals = measures.normals.astype(float)
    vectors = np.linalg.eigh(normals.T @ normals)[1]
    along = np.array((*measures.direction, 0.0))
    return [np.array((0.0, 0.0, 1.0)), along, vectors[:, 0], vectors[:, 2]]


def _outline(measures: Measures, face: NDArray[np.float64]) -> tuple[float, float]:
    """How well the outline of one face goes with a box and with the end of a cylinder.

    A disc fills the circle about it, a square two thirds of it. What is cut off looks like a box.
    """
    first, second = _across(face)
    flat = np.stack([measures.points @ first, measures.points @ second], axis=1)
    hull = cv2.convexHull(flat.astype(np.float32))
    radius = cv2.minEnclosingCircle(hull)[1]
    fill = float(cv2.contourArea(hull)) / max(np.pi * radius**2, 1e-9)
    round_ = float(np.clip((fill - 0.75) / 0.15, 0, 1))
    return 1 - round_, round_


def _across(axis: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two unit vectors square to `axis` and to each other."""
    other = np.array((1.0, 0.0, 0.0) if abs(axis[0]) < 0.9 else (0.0, 1.0, 0.0))
    first = _unit(_cross(axis, other))
    return first, _cross(axis, first)


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """As numpy's, which for two vectors takes ten times as long."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx))


def _unit(vector: NDArray[np.floating]) -> NDArray[np.float64]:
    wide = vector.astype(np.float64)
    unit: NDArray[np.float64] = wide / max(float(np.linalg.norm(wide)), 1e-9)
    return unit


def _fourfold(normals: NDArray[np.float32], axis: NDArray[np.float64]) -> float:
    first, second = _across(axis)
    azimuth = np.arctan2(normals @ second, normals @ first)
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
    # A lid with a raised rim bends the same way, but is not deep.
    depth = measures.base + measures.height - measures.points[:, 2]
    inward &= depth > 0.15 * measures.height
    if inward.sum() < 30 or bend_radius(measures.points[inward], measures.normals[inward]) > 0:
        return 0.0
    return float(np.clip((inward.mean() - 0.05) / 0.1, 0, 1))
