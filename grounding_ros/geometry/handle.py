"""A box that reaches over what sticks out of a round body, such as a mug's handle."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.oriented_box import OrientedBox, half_turn

Array = NDArray[np.float64]

_FEW = 8
"""Points that are no handle."""
_ASIDE = 0.7
"""How far from the axis the middle of a handle is at least, in radii."""
_TRIMMED = 0.2


def box_with_handle(
    box: OrientedBox, points: NDArray[np.floating], margin: float, *, round: bool
) -> OrientedBox:
    """Return the least box around a body and what sticks out of it; `box` itself if nothing does.

    Parameters
    ----------
    box
        The body's.
    points
        (M, 3) metres in the level frame, of the body and of what may stick out.
    margin
        Metres by which a point must stick out.
    round
        Whether the body is a disc seen from above, so that its box may turn.
    """
    own = points.astype(np.float64) - box.center
    if round:
        return _around_disc(box, own, margin)
    return _around_box(box, own, margin)


def _around_disc(box: OrientedBox, points: Array, margin: float) -> OrientedBox:
    """The least rectangle around a disc and a bump is as wide as the disc, and touches both.

    There are two, mirrored; the one is taken whose longer side is turned least from x.
    """
    radius = box.size[0] / 2
    out = points[np.hypot(points[:, 0], points[:, 1]) > radius + margin]
    if len(out) < _FEW:
        return box
    x, y = out[:, :2].mean(axis=0).tolist()
    towards = math.atan2(y, x)
    c, s = math.cos(towards), math.sin(towards)
    along, across = np.sort(out[:, 0] * c + out[:, 1] * s), np.sort(out[:, 1] * c - out[:, 0] * s)
    strays = int(_TRIMMED * math.sqrt(len(out)))
    reach = float(along[-1 - strays])
    if reach <= radius or math.hypot(x, y) < _ASIDE * radius:
        return box  # it sticks out on several sides: that is no handle
    thick = min(float(across[-1 - strays] - across[strays]) / 2, radius)
    lean = math.asin(min((radius - thick) / (reach - thick), 1.0))
    yaw = min((half_turn(towards + lean), half_turn(towards - lean)), key=abs)
    length = radius + (reach - thick) * math.cos(lean) + thick
    shift = math.copysign(length / 2 - radius, math.cos(yaw - towards))
    a, b, z = box.center
    center = (a + shift * math.cos(yaw), b + shift * math.sin(yaw), z)
    return OrientedBox(center, yaw, (length, 2 * radius, box.size[2]))


def _around_box(box: OrientedBox, points: Array, margin: float) -> OrientedBox:
    turned = points @ box.rotation
    size = np.array(box.size)
    low, high = -size / 2, size / 2
    reached = False
    for axis in range(3):
        for sign, limit in ((1.0, high), (-1.0, low)):
            reach = sign * turned[:, axis]
            far = np.sort(reach[reach > size[axis] / 2 + margin])
            if len(far) >= _FEW:
                limit[axis] = sign * far[-1 - int(_TRIMMED * math.sqrt(len(far)))]
                reached = True
    if not reached:
        return box
    x, y, z = (box.center + box.rotation @ ((low + high) / 2)).tolist()
    length, width, height = (high - low).tolist()
    return OrientedBox((x, y, z), box.yaw, (length, width, height))
