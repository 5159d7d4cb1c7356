"""Parts of one object that the surface alone leaves apart: insides, and what is hidden between."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.statistics import median, median_point, percentiles
from grounding_ros.perception.geometric.colors import color_shares
from grounding_ros.perception.geometric.labels import members, nearest_label
from grounding_ros.perception.geometric.measures import bend_radius
from grounding_ros.perception.geometric.surface import Surface

_SAMPLES = 1000  # pixels of a segment that are looked at
_MIN_PIXELS = 30
_LEVEL = 0.015  # metres; inside and outside of a rim end at one height
_ENDS_APART = 0.3  # of the width; a rim ends where its inside ends
_SAME_COLOR = 0.3
_STEP = 3e-3  # metres; a flat face is as flat as this, noise apart


@dataclass(frozen=True, eq=False)
class _Part:
    """What is known of one segment."""

    label: int
    center: NDArray[np.float32]
    normal: NDArray[np.float32]
    """Of the plane through most of it, towards the camera."""
    flat: bool
    """Whether it is one plane, but for noise."""
    radius: float
    """Metres, of the ball its surface bends about; negative where it is hollow, infinite where it
    is flat."""
    top: float
    left: float
    """Metres, optical frame, with `right` the ends seen from the camera."""
    right: float
    noise: float
    colors: NDArray[np.float64]


def same_object(
    surface: Surface, labels: NDArray[np.int32], max_size: float
) -> list[tuple[int, int]]:
    """Return pairs of labels (a, b) that are parts of one object.

    Parameters
    ----------
    surface
        The surface that was segmented.
    labels
        (h, w) segment of each pixel, 0 = none.
    max_size
        Metres, what is farther apart than this is not one object.
    """
    near, borders = _borders(labels)
    parts = _parts(surface, labels)
    pairs = []
    for a in parts:
        rims = {b.label: _rim(a, b, borders) for b in parts if b is not a}
        outer = max(rims, key=lambda label: rims[label], default=0)
        if outer and rims[outer] > 0:
            pairs.append((a.label, outer))
    for index, a in enumerate(parts):
        for b in parts[index + 1 :]:
            if _continues(a, b, surface, labels, near, max_size):
                pairs.append((a.label, b.label))
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _borders(labels: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Close the narrow gaps between segments; count the pixels along which two then meet."""
    near = nearest_label(labels)
    span = int(labels.max()) + 1
    counts = np.zeros(span * span, np.int64)
    for first, second in ((near[:, :-1], near[:, 1:]), (near[:-1], near[1:])):
        differ = first != second
        codes = first[differ].astype(np.int64) * span + second[differ]
        counts += np.bincount(codes, minlength=span * span)
    table = counts.reshape(span, span)
    return near, table + table.T


def _parts(surface: Surface, labels: NDArray[np.int32]) -> list[_Part]:
    usable = np.where(np.isfinite(surface.normals[..., 0]), labels, 0)
    flat = {name: getattr(surface, name).reshape(-1, 3) for name in ("points", "normals", "lab")}
    parts = []
    for label, pixels in enumerate(members(usable), start=1):
        if len(pixels) < _MIN_PIXELS:
            continue
        pixels = pixels[:: -(-len(pixels) // _SAMPLES)]
        points, normals = flat["points"][pixels], flat["normals"][pixels]
        main = normals @ _unit(median_point(normals)) > 0.95
        face = points[main] if main.sum() >= _MIN_PIXELS else points
        center = median_point(face)
        normal = np.linalg.eigh((face - center).T @ (face - center))[1][:, 0]
        noise = median(surface.noise.ravel()[pixels])
        left, right = percentiles(points[:, 0], 2, 98)
        uneven = float(np.abs((face - center) @ normal).mean())
        parts.append(
            _Part(
                label=label,
                center=center,
                normal=normal * np.sign(normal @ normals.mean(axis=0)),
                flat=bool(main.mean() > 0.5 and uneven < _STEP + noise),
                radius=bend_radius(points, normals),
                top=percentiles(surface.heights.ravel()[pixels], 98)[0],
                left=left,
                right=right,
                noise=noise,
                colors=color_shares(flat["lab"][pixels]),
            )
        )
    return parts


def _rim(inner: _Part, outer: _Part, borders: NDArray[np.int64]) -> int:
    """Return the length of the rim of `outer` over which one looks into `inner`; 0 = not at all.

    The inside of a bowl or mug bends the hollow way, reaches as high as the outside, much of its
    border lies behind the outside's rim, and it has the outside's colour or ends where that ends.
    """
    if not inner.radius < 0:
        return 0
    width = max(inner.right - inner.left, outer.right - outer.left)
    ends_apart = max(abs(inner.left - outer.left), abs(inner.right - outer.right))
    if _same_color(inner, outer) < _SAME_COLOR and ends_apart > _ENDS_APART * width:
        return 0
    if abs(inner.top - outer.top) > _LEVEL + 3 * (inner.noise + outer.noise):
        return 0
    rim = int(borders[inner.label, outer.label])
    return rim if rim > 0.2 * borders[inner.label].sum() else 0


def _continues(
    a: _Part,
    b: _Part,
    surface: Surface,
    labels: NDArray[np.int32],
    near: NDArray[np.int32],
    max_size: float,
) -> bool:
    """Whether `b` goes on where `a` goes behind something.

    They share a plane and a colour, and between them only what is in front is seen.
    """
    if not (a.flat and b.flat) or a.normal @ b.normal < np.cos(np.deg2rad(12)):
        return False
    way = b.center - a.center
    if np.linalg.norm(way) > max_size:
        return False
    tolerance = 2 * _STEP + 2 * (a.noise + b.noise)
    if max(abs(a.normal @ way), abs(b.normal @ way)) > tolerance:
        return False
    if _same_color(a, b) < _SAME_COLOR:
        return False
    rows, columns = _gap(labels == a.label, labels == b.label)
    if len(rows) < 3:
        return False
    other = near[rows, columns]
    occluder = (other != 0) & (other != a.label) & (other != b.label)
    if occluder.mean() < 0.6:
        return False
    above = (surface.points[rows, columns] - a.center) @ a.normal
    return bool((np.isnan(above) | (above > -tolerance)).all())


def _same_color(a: _Part, b: _Part) -> float:
    """Return how much of their colours two parts share, 0 to 1."""
    return float(np.minimum(a.colors, b.colors).sum())


def _gap(
    first: NDArray[np.bool_], second: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of the pixels between two masks, where they are nearest."""
    distance = cv2.distanceTransform((~first).astype(np.uint8), cv2.DIST_L2, 3)
    r1, c1 = np.unravel_index(np.argmin(np.where(second, distance, np.inf)), first.shape)
    rows, columns = np.nonzero(first)
    best = int(np.argmin((rows - r1) ** 2 + (columns - c1) ** 2))
    steps = int(max(abs(rows[best] - r1), abs(columns[best] - c1)))
    along = np.linspace(0, 1, steps + 1)[1:-1]
    return (
        np.rint(r1 + along * (rows[best] - r1)).astype(np.intp),
        np.rint(c1 + along * (columns[best] - c1)).astype(np.intp),
    )


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
