"""A ray-cast world of cuboids on a floor: every depth and every mask is known exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import rotation_about_z
from grounding_ros.scene import CameraPose, Detections, Frame, Intrinsics

CAMERA = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5)


@dataclass(frozen=True)
class Cuboid:
    """A cuboid in the base frame, z up."""

    center: tuple[float, float, float]
    size: tuple[float, float, float]
    yaw: float = 0.0


def looking_at(
    eye: tuple[float, float, float], target: tuple[float, float, float]
) -> NDArray[np.float64]:
    """Return base_from_camera of an upright camera at `eye` (x right, y down, z forward)."""
    forward = np.subtract(target, eye)
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(forward, right), forward], axis=1)
    matrix[:3, 3] = eye
    return matrix


@dataclass(frozen=True, eq=False)
class World:
    """What a camera sees of some cuboids."""

    frame: Frame
    detections: Detections
    pose: CameraPose


def see(
    cuboids: list[Cuboid],
    *,
    base_from_camera: NDArray[np.float64] | None = None,
    floor: bool = True,
    noise: float = 0.0,
    camera: Intrinsics = CAMERA,
) -> World:
    """Ray-cast cuboids, and the floor z = 0 when there is one; noise grows with z squared."""
    if base_from_camera is None:
        base_from_camera = looking_at((0.0, -0.8, 0.7), (0.0, 0.0, 0.0))
    v, u = np.mgrid[: camera.height, : camera.width]
    rays = np.stack(
        [(u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy, np.ones_like(u, float)], -1
    )
    directions = rays.reshape(-1, 3) @ base_from_camera[:3, :3].T
    eye = base_from_camera[:3, 3]
    hits = [_floor_hits(eye, directions) if floor else np.full(len(directions), np.inf)]
    hits += [_hits(eye, directions, cuboid) for cuboid in cuboids]
    depths = np.stack(hits).reshape(-1, camera.height, camera.width)  # ray z is 1: t is the depth
    depth, nearest = depths.min(axis=0), depths.argmin(axis=0)
    depth = np.where(np.isfinite(depth), depth, np.nan)
    depth = depth + noise * depth**2 * np.random.default_rng(0).standard_normal(depth.shape)
    depth = depth.astype(np.float32)
    masks = np.stack([nearest == i + 1 for i in range(len(cuboids))]) & np.isfinite(depth)
    rgb = np.zeros((camera.height, camera.width, 3), np.uint8)
    return World(
        Frame(rgb, depth, camera, 0, "camera"),
        seen(masks),
        CameraPose("base", base_from_camera),
    )


def seen(masks: NDArray[np.bool_]) -> Detections:
    """Return detections that are nothing but masks (N, H, W)."""
    n, height, width = masks.shape
    boxes = np.zeros((n, 4), np.float32)
    scores = np.ones(n, np.float32)
    return Detections(boxes, scores, ("thing",) * n, (height, width), masks)


def _floor_hits(eye: NDArray[np.float64], directions: NDArray[np.float64]) -> NDArray[np.float64]:
    falling = directions[:, 2] < -1e-9
    t = np.full(len(directions), np.inf)
    t[falling] = -eye[2] / directions[falling, 2]
    return np.where(t < 20, t, np.inf)


def _hits(
    eye: NDArray[np.float64], directions: NDArray[np.float64], cuboid: Cuboid
) -> NDArray[np.float64]:
    rotation = rotation_about_z(cuboid.yaw)
    origin = rotation.T @ (eye - np.array(cuboid.center))
    with np.errstate(divide="ignore"):
        slope = 1.0 / (directions @ rotation)
    half = np.array(cuboid.size) / 2
    a, b = (-half - origin) * slope, (half - origin) * slope
    enter = np.minimum(a, b).max(axis=1)
    leave = np.maximum(a, b).min(axis=1)
    return np.where((enter <= leave) & (enter > 0), enter, np.inf)


def angle_between(first: float, second: float, period: float = math.pi) -> float:
    """Return how far two angles are apart, modulo `period`."""
    return abs((first - second + period / 2) % period - period / 2)


@pytest.fixture(scope="session")
def world() -> SimpleNamespace:
    """Return the ray caster's names; with importlib tests cannot import this file."""
    return SimpleNamespace(
        CAMERA=CAMERA,
        Cuboid=Cuboid,
        angle_between=angle_between,
        looking_at=looking_at,
        see=see,
        seen=seen,
    )
