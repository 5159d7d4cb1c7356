"""Which shape an object has, and the box around it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.fitting import Fit, fit
from grounding_ros.geometry.oriented_box import OrientedBox, upright_box
from grounding_ros.geometry.shapes import SHAPES
from grounding_ros.geometry.views import View, Views

Array = NDArray[np.float64]

_WORST_FIT = 6.0
DEBUG = []


@dataclass(frozen=True, eq=False)
class Body:
    """One object in the level frame."""

    box: OrientedBox
    covariance: Array | None
    """(3, 3) of the centre."""
    assumption: str


def bodies_of(views: list[View], points: list[Array]) -> list[Body]:
    if not views:
        return []
    stacked = Views.of(views)
    fits = {name: fit(shape, stacked) for name, shape in SHAPES.items()}
    costs = np.array([fits[name].outline_misfit + fits[name].points_misfit for name in fits])
    best = costs.argmin(axis=0)
    names = list(fits)
    DEBUG[:] = [(names, costs, fits, stacked)]
    out = []
    for row, (view, k) in enumerate(zip(views, best, strict=True)):
        if costs[k, row] > _WORST_FIT:
            out.append(Body(upright_box(points[row], view.heights), None, "seen"))
            continue
        name = names[k]
        c, s, yaw = SHAPES[name].box(fits[name].parameters[row:row + 1])
        c, s, yaw = c[0], s[0], float(yaw[0])
        if name in ("standing", "rim", "lying"):
            c, s, yaw = _extended(c, s, yaw, points[row], 0.003 + 3 * view.noise, name != "lying")
        if s[1] > s[0]:
            s = s[[1, 0, 2]]; yaw += math.pi / 2
        yaw = (yaw + math.pi / 2) % math.pi - math.pi / 2
        C = fits[name].covariances[row]
        T = np.zeros((3, C.shape[0])); T[0, 0] = T[1, 1] = 1; T[2, -1] = T[2, -2] = 0.5
        out.append(Body(OrientedBox(tuple(c.tolist()), yaw, tuple(s.tolist())), T @ C @ T.T, name))
    return out


def _extended(c, s, yaw, points, margin, turns):
    """Let the box reach over a handle."""
    p = points.astype(np.float64) - c
    if turns:
        away = np.hypot(p[:, 0], p[:, 1])
        r = s[0] / 2
        out = p[away > r + margin]
        if len(out) < 8:
            return c, s, yaw
        x, y = out[:, :2].mean(axis=0)
        to = math.atan2(y, x)
        along = np.sort(out[:, 0] * math.cos(to) + out[:, 1] * math.sin(to))
        across = np.sort(out[:, 1] * math.cos(to) - out[:, 0] * math.sin(to))
        k = int(0.2 * math.sqrt(len(out)))
        e = along[-1 - k]
        t = min((across[-1 - k] - across[k]) / 2, r)
        phi = math.asin(min((r - t) / (e - t), 1.0))
        options = [(to + sign * phi + math.pi / 2) % math.pi - math.pi / 2 for sign in (1, -1)]
        yaw = min(options, key=abs)
        sign = 1 if math.cos(yaw - to) > 0 else -1
        length = r + (e - t) * math.cos(phi) + t
        shift = sign * (length / 2 - r)
        return c + (shift * math.cos(yaw), shift * math.sin(yaw), 0), np.array([length, 2 * r, s[2]]), yaw
    co, si = math.cos(yaw), math.sin(yaw)
    q = np.column_stack([p[:, 0] * co + p[:, 1] * si, p[:, 1] * co - p[:, 0] * si, p[:, 2]])
    low, high = -s / 2, s / 2
    for axis in range(3):
        for sign, limit in ((1, high), (-1, low)):
            v = sign * q[:, axis]
            far = v[v > s[axis] / 2 + margin]
            if len(far) >= 8:
                limit[axis] = sign * np.sort(far)[-1 - int(0.2 * math.sqrt(len(far)))]
    mid = (low + high) / 2
    x, y = mid[0] * co - mid[1] * si, mid[0] * si + mid[1] * co
    return c + (x, y, mid[2]), high - low, yaw
