"""What somebody points at: the object under a point, a box, an outline or a scribble."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.language.describer import counted, distinctions, singled_out
from grounding_ros.reasoning import sentences
from grounding_ros.reasoning.contact import settled
from grounding_ros.reasoning.facts import facts_of
from grounding_ros.reasoning.layout import layout
from grounding_ros.reasoning.parameters import ReasoningParameters
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.sight import Sight
from grounding_ros.scene import CameraPose, Detections, Objects3D, Region, Status

_NEAR = 1 / 80
"""Of the image's width: a point that misses an object by this little means it."""
_OUTLINE_MOST = 12
"""Points up to which a region is an outline, whatever its ends: people click few corners."""
_OPEN = 0.2
"""Of its length: a line of many points whose ends are farther apart is a scribble."""
_PEN_PX = 3

_DEFAULTS = ReasoningParameters()


def point_out(
    region: Region,
    detections: Detections,
    objects: Objects3D,
    parameters: ReasoningParameters = _DEFAULTS,
    *,
    pose: CameraPose | None = None,
) -> Resolution:
    """Say which object a region shows, and describe it so that no other is meant.

    An object counts by the pixels that it shares with the region, as a part of the smaller of the
    two: an outline around a mug means the mug, not the tray below it; a dot on the tray means the
    tray. Under a point the smallest object counts, and where there is none the nearest one. Several
    objects that share about as much are ambiguous.

    Parameters
    ----------
    region
        In the image of the detections, see `Region.check`.
    detections, objects
        All N objects of the frame.
    parameters
        The margin within which two share about as much.
    pose
        The camera in the frame of `objects`; None: that is the camera's own frame.
    """
    shares = _shares(region, detections)
    best = float(shares.max(initial=0.0))
    if best <= 0:
        return Resolution(
            Status.NOT_FOUND, message="I see no object there", trace=("region: none",)
        )
    with np.errstate(invalid="ignore"):  # objects without 3D are NaN
        around = settled(layout(detections, objects, pose))
        sight = Sight(detections, objects, around, {}, parameters, pose)
        order = np.argsort(-shares, kind="stable").tolist()
        rows = [row for row in order if shares[row] >= best * (1 - parameters.ambiguity_margin)]
        listed = [(detections.ids[row], round(float(shares[row]), 2)) for row in rows]
        trace = (f"region: ids and shares {listed}",)
        if len(rows) == 1:
            message = described(rows[0], sight)
            return Resolution(Status.GROUNDED, (rows[0],), message=message, trace=trace)
        facts = () if distinctions(detections, objects, rows) else facts_of(sight, rows)
        return Resolution(
            Status.AMBIGUOUS,
            tuple(rows),
            message=f"{len(rows)} objects are there",
            question=sentences.question(detections, objects, rows, facts),
            trace=trace,
        )


def described(row: int, sight: Sight) -> str:
    """Return the shortest phrase found that fits one object alone: "the red box behind the mug"."""
    detections = sight.detections
    every = range(len(detections))
    if phrase := singled_out(detections, row, every):
        return phrase
    name = detections.labels[row] or "object"
    alike = [other for other in every if (detections.labels[other] or "object") == name]
    if phrases := distinctions(detections, sight.objects, alike):
        return phrases[alike.index(row)]
    if phrase := singled_out(detections, row, every, facts_of(sight, every)):
        return phrase
    return f"one of {counted(len(alike), name)}"


def _shares(region: Region, detections: Detections) -> NDArray[np.float64]:
    """Return (N,) how much of the region each object covers; 0 is nothing."""
    covered = _covered(region, detections.image_size)
    area = int(np.count_nonzero(covered))
    shares = np.zeros(len(detections))
    areas = np.zeros(len(detections))
    for row in range(len(detections)):
        mask = _mask(detections, row)
        areas[row] = np.count_nonzero(mask)
        common = np.count_nonzero(mask & covered)
        shares[row] = common / max(min(area, areas[row]), 1)
    if len(region.points) > 1:
        return shares
    if not shares.any():
        return _nearest(region.points[0], detections)
    hit = np.flatnonzero(shares)
    smallest = hit[areas[hit].argmin()]  # what is on something is smaller
    return np.where(np.arange(len(shares)) == smallest, shares, 0.0)


def _covered(region: Region, image_size: tuple[int, int]) -> NDArray[np.bool_]:
    """Paint the region, (H, W)."""
    height, width = image_size
    picture = np.zeros((height, width), np.uint8)
    points = np.minimum(np.floor(region.points), (width - 1, height - 1)).astype(np.int32)
    if len(points) == 1:
        picture[points[0, 1], points[0, 0]] = 1
    elif len(points) == 2:
        cv2.rectangle(picture, points[0].tolist(), points[1].tolist(), 1, cv2.FILLED)
    elif _is_scribble(points):
        cv2.polylines(picture, [points], False, 1, _PEN_PX)
    else:
        cv2.fillPoly(picture, [points], 1)
    return picture.astype(bool)


def _is_scribble(points: NDArray[np.int32]) -> bool:
    if len(points) <= _OUTLINE_MOST:
        return False
    length = np.linalg.norm(np.diff(points, axis=0), axis=1).sum()
    return bool(np.linalg.norm(points[-1] - points[0]) > _OPEN * length)


def _nearest(point: tuple[float, float], detections: Detections) -> NDArray[np.float64]:
    """Return 1 for the object that is nearest to a point, 0 for all others and what is too far."""
    gaps = np.full(len(detections), np.inf)
    for row in range(len(detections)):
        v, u = np.nonzero(_mask(detections, row))
        if len(u):
            gaps[row] = np.hypot(u + 0.5 - point[0], v + 0.5 - point[1]).min()
    near = gaps <= _NEAR * detections.image_size[1]
    return np.asarray(near & (gaps == gaps.min(initial=np.inf)), np.float64)


def _mask(detections: Detections, row: int) -> NDArray[np.bool_]:
    if detections.masks is not None:
        return np.asarray(detections.masks[row])
    mask = np.zeros(detections.image_size, bool)
    x0, y0, x1, y1 = np.maximum(np.round(detections.boxes[row]), 0).astype(int).tolist()
    mask[y0:y1, x0:x1] = True
    return mask
