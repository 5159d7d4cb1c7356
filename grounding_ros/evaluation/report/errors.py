"""Plots of how the errors grow with the distance from the camera and with the object's size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grounding_ros.evaluation.report.axes import Axis, Point, linear_axis, log_axis
from grounding_ros.evaluation.report.plot import WIDTH, plot, sign, x_axis, y_axis
from grounding_ros.evaluation.results import Results

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, WIDTH - 16.0, 28.0, 230.0
_MOST_POINTS = 1500
_GROUPS = 5
_LEAST_MM = 0.1

_NO_ERRORS = (
    "Errors against distance and size are not drawn: they need true objects, and none is known "
    "here."
)


def error_plots(results: Results) -> str:
    """Return the errors of the centres in millimetres, or of the masks where no pose is known."""
    boxes = [error for one in results.judgements for error in one.boxes3d]
    if boxes:
        y_title = "distance of the centres, mm, logarithmic"
        far = [(e.distance_m, 1e3 * e.center_m) for e in boxes if e.distance_m is not None]
        large = [(1e3 * e.longest_m, 1e3 * e.center_m) for e in boxes]
        mm = log_axis([y for _, y in large], _BOTTOM, _TOP, _LEAST_MM)
        return _scatter(
            "Error of the centre by distance", far, "distance from the camera, m", mm, y_title
        ) + _scatter(
            "Error of the centre by size", large, "longest side of the object, mm", mm, y_title
        )
    seen = [thing for scene in results.evidence for thing in scene.objects]
    if seen:
        y_title = "IoU of the mask"
        far = [(one.distance_m, one.iou) for one in seen if one.distance_m is not None]
        large = [(one.side_px, one.iou) for one in seen]
        iou = linear_axis([1.0, *(y for _, y in large)], _BOTTOM, _TOP)
        sides = "side of a square as large as what is seen, pixels"
        return _scatter(
            "Mask IoU by distance", far, "distance from the camera, m", iou, y_title
        ) + _scatter("Mask IoU by size", large, sides, iou, y_title)
    return f'<p class="note">{_NO_ERRORS}</p>'


def medians(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the medians of five equal groups along x; () for too few points to say anything."""
    if len(points) < 4 * _GROUPS:
        return ()
    groups = np.array_split(np.array(sorted(points)), _GROUPS)
    return tuple((float(x), float(y)) for x, y in (np.median(group, axis=0) for group in groups))


def _scatter(title: str, points: Sequence[Point], x_title: str, y: Axis, y_title: str) -> str:
    if not points:
        return ""
    x = linear_axis([at for at, _ in points], _LEFT, _RIGHT)
    shown = points[:: -(-len(points) // _MOST_POINTS)]
    dots = "".join(f'<circle class="point" cx="{x(u)}" cy="{y(v)}" r="3"/>' for u, v in shown)
    parts = [x_axis(x, _TOP, _BOTTOM, x_title), y_axis(y, _LEFT, _RIGHT, y_title), dots]
    key = f"<span>n {len(points)}</span>"
    if len(shown) < len(points):
        key = f"<span>n {len(points)}, of which {len(shown)} are drawn</span>"
    if middle := medians(points):
        corners = "L".join(f"{x(u)} {y(v)}" for u, v in middle)
        parts.append(f'<path class="trend" d="M{corners}"/>')
        key += sign("trend", "median of each fifth")
    return plot(title, _BOTTOM + 42, parts, key)
