"""Table scenes cast ray by ray, so that every pixel's object is known exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Grounder
from grounding_ros.scene import Frame, Intrinsics

CAMERA = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5)
EYE = np.array((0.0, -0.62, 0.62))
TABLE_COLOR = (200, 195, 190)


@dataclass(frozen=True)
class Solid:
    """A shape on or above the table z = 0; world axes x right, y away, z up, metres."""

    kind: str
    center: tuple[float, float, float]
    size: tuple[float, float, float]
    color: tuple[int, int, int] = (200, 30, 30)
    yaw: float = 0.0


def box(x, y, size=(0.1, 0.08, 0.06), base=0.0, **look) -> Solid:
    return Solid("box", (x, y, base + size[2] / 2), size, **look)


def ball(x, y, radius=0.04, base=0.0, **look) -> Solid:
    return Solid("ball", (x, y, base + radius), (radius,) * 3, **look)


def can(x, y, radius=0.035, height=0.11, base=0.0, **look) -> Solid:
    return Solid("can", (x, y, base + height / 2), (radius, radius, height), **look)


def bowl(x, y, radius=0.08, **look) -> Solid:
    """The lower half of a thin sphere."""
    return Solid("bowl", (x, y, radius), (radius,) * 3, **look)


@dataclass(frozen=True, eq=False)
class Truth:
    frame: Frame
    instances: NDArray[np.int32]
    """(H, W) 1 + index of the solid seen in each pixel; 0 = table or nothing."""


def cast(
    solids: Sequence[Solid],
    camera: Intrinsics = CAMERA,
    noise: float = 0.0,
    holes: float = 0.0,
    table: bool = True,
    seed: int = 0,
) -> Truth:
    """See the solids from EYE, looking down on the table's middle.

    `noise` is the standard deviation at one metre; `holes` the share of pixels without return.
    """
    forward = -EYE / np.linalg.norm(EYE)
    right = np.array((1.0, 0.0, 0.0))
    down = np.cross(forward, right)
    v, u = np.mgrid[: camera.height, : camera.width]
    x, y = (u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy
    rays = x[..., None] * right + y[..., None] * down + forward
    depth = np.full(x.shape, np.inf)
    instances = np.zeros(x.shape, np.int32)
    if table:
        depth = np.where(rays[..., 2] < 0, -EYE[2] / rays[..., 2], np.inf)
        spot = EYE + depth[..., None] * rays
        depth = np.where((np.abs(spot[..., :2]) < 0.5).all(axis=-1), depth, np.inf)
    rgb = np.broadcast_to(np.array(TABLE_COLOR, np.uint8), (*x.shape, 3)).copy()
    for index, solid in enumerate(solids, start=1):
        hit = _hit(solid, rays)
        nearer = hit < depth
        depth[nearer], instances[nearer] = hit[nearer], index
        rgb[nearer] = solid.color
    random = np.random.default_rng(seed)
    depth = np.where(np.isfinite(depth), depth, np.nan)
    depth += noise * depth**2 * random.standard_normal(depth.shape)
    depth[random.random(depth.shape) < holes] = np.nan
    return Truth(Frame(rgb, depth.astype(np.float32), camera, frame_id="camera"), instances)


def _hit(solid: Solid, rays: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance in depth (rays have z = 1 in the camera) to the first hit; inf = none."""
    cos, sin = np.cos(solid.yaw), np.sin(solid.yaw)
    turn = np.array(((cos, sin, 0.0), (-sin, cos, 0.0), (0.0, 0.0, 1.0)))
    o = turn @ (EYE - np.array(solid.center))
    d = rays @ turn.T
    size = np.array(solid.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        if solid.kind == "box":
            near, far = (-size / 2 - o) / d, (size / 2 - o) / d
            enter = np.minimum(near, far).max(axis=-1)
            leave = np.maximum(near, far).min(axis=-1)
            return np.where((enter < leave) & (enter > 0), enter, np.inf)
        axes = slice(0, 2) if solid.kind == "can" else slice(0, 3)
        a = (d[..., axes] ** 2).sum(axis=-1)
        b = (d[..., axes] * o[axes]).sum(axis=-1)
        root = np.sqrt(b**2 - a * ((o[axes] ** 2).sum() - size[0] ** 2))
        hits = []
        for t in ((-b - root) / a, (-b + root) / a):
            z = o[2] + t * d[..., 2]
            kept = {
                "ball": np.isfinite(t),
                "bowl": z < 0,
                "can": np.abs(z) < size[2] / 2,
            }[solid.kind]
            hits.append(np.where(kept & (t > 0), t, np.inf))
        if solid.kind == "can":
            lid = (size[2] / 2 - o[2]) / d[..., 2]
            reach = ((o[:2] + lid[..., None] * d[..., :2]) ** 2).sum(axis=-1)
            hits.append(np.where(reach < size[0] ** 2, lid, np.inf))
        return np.minimum.reduce(hits)


@pytest.fixture
def table() -> Callable[..., Truth]:
    """Cast solids on a table; see `cast`."""
    return cast


@pytest.fixture
def solid() -> SimpleNamespace:
    """The shapes to cast: solid.box(x, y), solid.can(x, y)..."""
    return SimpleNamespace(box=box, ball=ball, can=can, bowl=bowl)


@pytest.fixture
def grounder() -> Grounder:
    return build_grounder(PerceptionParameters(grounder="geometric"), SupportPlanes())
