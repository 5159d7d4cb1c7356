"""Cameras, lights and what stands around: drawn anew for every frame."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.scene import Intrinsics
from grounding_ros.simulation.camera import Camera, looking_at
from training.world import CLUTTER, FLOOR_Z, World

WIDTH = 256


def sample_camera(
    reach: float, rng: np.random.Generator, shifted: bool = False, width: int = WIDTH
) -> Camera:
    """Draw a camera that looks at the table; the shifted ones are nearer, steeper, wider.

    `width` is that of its pictures in pixels, four to three.
    """
    focal = float(rng.uniform(*((330, 480) if shifted else (440, 640)))) * width / 640
    down = math.radians(rng.uniform(*((50, 85) if shifted else (18, 70))))
    distance = float(rng.uniform(0.38, 0.8) + 0.8 * reach) * focal / (0.84 * width)
    around = float(rng.uniform(-math.pi, math.pi)) / (1 if rng.random() < 0.5 else 3) + math.pi
    target = np.array((*rng.uniform(-0.1, 0.1, 2), 0.03))
    heading = (math.cos(down) * math.cos(around), math.cos(down) * math.sin(around), math.sin(down))
    pose = looking_at(
        target + distance * np.array(heading), target, math.radians(float(rng.normal(0, 2.5)))
    )
    height = width * 3 // 4
    cx, cy = np.array(((width - 1) / 2, (height - 1) / 2)) + 0.02 * width * rng.uniform(-1, 1, 2)
    return Camera(Intrinsics(width, height, focal, focal, float(cx), float(cy)), pose)


def set_camera(world: World, camera: Camera) -> None:
    """Move the world's camera; MuJoCo's look along -z with y up, ours (REP-103) along z, y down."""
    pose = camera.base_from_camera
    x, y, z, w = quaternion_from_matrix(pose[:3, :3] * (1, -1, -1))
    world.model.cam_pos[0], world.model.cam_quat[0] = pose[:3, 3], (w, x, y, z)


def set_room(
    world: World, reach: float, rng: np.random.Generator, shifted: bool = False
) -> tuple[float, float]:
    """Draw table, surfaces and lights; return half the table's sides, metres."""
    model = world.model
    half = (float(reach + rng.uniform(0.1, 0.6)), float(reach + rng.uniform(0.1, 0.6)))
    model.geom_size[model.geom("table").id, :2] = half
    for geom, part in (("table", "table"), ("floor", "floor"), ("back", "wall"), ("left", "wall"),
                       ("right", "wall")):  # fmt: skip
        model.geom_matid[model.geom(geom).id] = rng.choice(world.surfaces[part])
    _set_lights(model, rng, shifted)
    return half


def clutter_poses(half: tuple[float, float], rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw poses (CLUTTER, 7) on the floor around a table of half sides; some are out of sight."""
    poses = np.zeros((CLUTTER, 7))
    for pose in poses:
        angle, yaw = rng.uniform(-math.pi, math.pi, 2)
        away = max(half) * 1.45 + rng.uniform(0.35, 1.2)
        pose[:3] = away * math.cos(angle), away * math.sin(angle), FLOOR_Z
        if rng.random() < 0.3:
            pose[2] -= 10.0
        if rng.random() < 0.25:  # on a shelf or another table, level with this one or higher
            pose[2] += rng.uniform(0.2, 0.9)
        pose[3], pose[6] = math.cos(yaw / 2), math.sin(yaw / 2)
    return poses


def _set_lights(model: Any, rng: np.random.Generator, shifted: bool) -> None:
    """Set a lamp with shadows and a sky, warm or cold, dim or bright."""
    lamp, sky = model.light("lamp").id, model.light("sky").id
    angle, away = rng.uniform(-math.pi, math.pi), rng.uniform(0.1, 1.6)
    position = np.array((away * math.cos(angle), away * math.sin(angle), rng.uniform(0.9, 2.4)))
    tint = np.array((1.0, rng.uniform(0.85, 1.0), rng.uniform(0.7, 1.05)))
    if shifted:
        tint = rng.uniform(0.6, 1.1, 3)
    model.light_pos[lamp] = position
    aim = np.array((*rng.uniform(-0.3, 0.3, 2), 0.0)) - position
    model.light_dir[lamp] = aim / np.linalg.norm(aim)
    model.light_diffuse[lamp] = rng.uniform(0.25, 0.75) * tint
    model.light_specular[lamp] = rng.uniform(0, 0.5)
    model.light_cutoff[lamp] = rng.uniform(40, 85)
    model.light_castshadow[lamp] = rng.random() < 0.6
    fall = np.array((*rng.uniform(-0.9, 0.9, 2), -0.8))
    model.light_dir[sky] = fall / np.linalg.norm(fall)
    model.light_diffuse[sky] = rng.uniform(0.1, 0.4)
    head = model.vis.headlight
    head.ambient[:] = rng.uniform(0.25, 0.5)
    head.diffuse[:] = rng.uniform(0.0, 0.25)
