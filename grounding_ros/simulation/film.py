"""A film with exact truth: a camera walks around a table, and now and then something passes by."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.scene import Frame, Intrinsics
from grounding_ros.simulation.camera import Camera, looking_at
from grounding_ros.simulation.catalog import kind_named
from grounding_ros.simulation.depth_noise import add_depth_noise
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.picture import set_lens
from grounding_ros.simulation.plan import Thing, Wish, put_down
from grounding_ros.simulation.settle import Rest, settle
from grounding_ros.simulation.truth import OPTICAL_FRAME, Scene, SceneObject
from grounding_ros.simulation.world import CAMERA_NAME, HIDDEN_GROUP, World, build_world

WISHES = (
    Wish("can", "medium", ("red",), "standing", stackable=False),
    Wish("can", "medium", ("red",), "standing", stackable=False),
    Wish("box", "medium", ("blue",), stackable=False),
    Wish("box", "medium", ("blue",), stackable=False),
    Wish("ball", "medium", ("yellow",), stackable=False),
    Wish("mug", "medium", ("green",), "standing", stackable=False),
    Wish("mug", "small", ("red",), "standing", stackable=False),
    Wish("bowl", "small", ("white",), stackable=False),
)
"""Eight objects, among them two pairs that look the same."""

PASSER = len(WISHES) + 1
"""The id of what passes."""

PASSES = ((0.2, 0.36), (0.6, 0.76))
"""When something passes in front, parts of the film: once each way."""

_FOCAL = 525 / 640  # of the width
_TARGET = np.array([0.0, 0.0, 0.02])
_AROUND = math.radians(35)
_BESIDE_M = 0.42
_TOWARDS_CAMERA = 0.5
_FAR_AWAY = (0.0, 0.0, -5.0)
_ATTEMPTS = 20
_MIN_VISIBLE = 150 / (640 * 480)


def film(
    seed: int,
    frames: int,
    *,
    rate_hz: float = 15.0,
    size: tuple[int, int] = (640, 480),
    depth_noise: str = "none",
) -> Iterator[Scene]:
    """Yield the frames of one film.

    Ids in `Scene.instances` stay with their objects: 1 to 8 lie on the table, 9 passes. Objects are
    listed where enough of them is seen, by kind and colour alone. Stamps begin at one second.

    Parameters
    ----------
    seed
        The same seed gives the same film.
    frames
        How many.
    rate_hz
        Frames a second.
    size
        (width, height), pixels.
    depth_noise
        A key of `DEPTH_NOISE`.

    Raises
    ------
    BackendError
        When MuJoCo or OpenGL is missing, or nothing comes to rest.
    """
    rng = np.random.default_rng(seed)
    world, rest, things = _at_rest(rng, _lens(size))
    studio = _Studio(world, rest)
    try:
        for number in range(frames):
            part = number / max(frames - 1, 1)
            pose = _camera_pose(part)
            rgb, depth, numbers = studio.shoot(pose, _passing(part, pose))
            instances = (numbers + 1).astype(np.uint16)
            frame = Frame(
                rgb,
                add_depth_noise(depth, depth_noise, rng),
                world.camera.intrinsics,
                1_000_000_000 + round(number * 1e9 / rate_hz),
                OPTICAL_FRAME,
            )
            yield Scene(
                name=f"f{number:04d}",
                frame=frame,
                instances=instances,
                objects=_visible(things, instances),
                base_from_camera=pose,
                source=f"grounding_ros.simulation film, seed {seed}",
            )
    finally:
        studio.close()


def _at_rest(rng: np.random.Generator, lens: Intrinsics) -> tuple[World, Rest, tuple[Thing, ...]]:
    """Put eight objects on the table and the ninth out of sight."""
    box = kind_named("box")
    ninth = Thing(box, "large", ("orange",), (0.0, 0.5, 0.2), (1.0, 0.0, 0.0, 0.0))
    for _ in range(_ATTEMPTS):
        things = put_down(WISHES, rng)
        if len(things) < len(WISHES):
            continue
        world = build_world((*things, ninth), Camera(lens, _camera_pose(0.0)), rng)
        rest = settle(world)
        if rest is not None:
            return world, rest, (*things, ninth)
    raise BackendError(
        f"simulation: expected the objects to come to rest within {_ATTEMPTS} attempts; take "
        "another seed"
    )


def _lens(size: tuple[int, int]) -> Intrinsics:
    width, height = size
    focal = _FOCAL * width
    return Intrinsics(width, height, focal, focal, (width - 1) / 2, (height - 1) / 2)


def _camera_pose(part: float) -> NDArray[np.float64]:
    """Return where the camera is: it walks to one side, comes nearer and rises, and goes back."""
    around = math.pi + _AROUND * math.sin(2 * math.pi * part)
    down = math.radians(42 + 6 * math.sin(4 * math.pi * part))
    distance = 0.95 - 0.1 * math.sin(math.pi * part)
    offset = (
        math.cos(down) * math.cos(around),
        math.cos(down) * math.sin(around),
        math.sin(down),
    )
    return looking_at(_TARGET + distance * np.array(offset), _TARGET)


def _passing(part: float, pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (7,) position and quaternion of what passes between the camera and the table."""
    for number, (begin, end) in enumerate(PASSES):
        if begin <= part <= end:
            across = 2 * (part - begin) / (end - begin) - 1
            across *= 1 - 2 * (number % 2)
            middle = _TARGET + _TOWARDS_CAMERA * (pose[:3, 3] - _TARGET)
            right = pose[:3, 0]
            yaw = math.atan2(right[1], right[0])
            turn = np.array([[math.cos(yaw), -math.sin(yaw), 0], [math.sin(yaw), math.cos(yaw), 0]])
            upright = np.vstack([turn, (0, 0, 1)]) @ _ON_END
            x, y, z, w = quaternion_from_matrix(upright)
            return np.array([*(middle + _BESIDE_M * across * right), w, x, y, z])
    return np.array([*_FAR_AWAY, 1.0, 0, 0, 0])


_ON_END = np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])
"""The box's second side to the right, its third away, its longest up."""


def _visible(things: tuple[Thing, ...], instances: NDArray[np.uint16]) -> tuple[SceneObject, ...]:
    pixels = np.bincount(instances.ravel(), minlength=len(things) + 1)[1:]
    least = _MIN_VISIBLE * instances.size
    return tuple(
        SceneObject(id, (thing.kind.name,), thing.colors)
        for id, (thing, count) in enumerate(zip(things, pixels, strict=True), start=1)
        if count >= least
    )


class _Studio:
    """Renders one world again and again; all but camera and passer-by stays."""

    def __init__(self, world: World, rest: Rest) -> None:
        self._mujoco = load_mujoco()
        self._world = world
        self._data = rest.data
        model = world.model
        self._passer = int(model.jnt_qposadr[model.body_jntadr[world.body_ids[-1]]])
        number_of_body = np.full(model.nbody, -1, np.intp)
        number_of_body[list(world.body_ids)] = np.arange(len(world.body_ids))
        self._number_of_geom = number_of_body[model.geom_bodyid]
        self._seen = self._mujoco.MjvOption()
        self._seen.geomgroup[HIDDEN_GROUP] = 0
        lens = world.camera.intrinsics
        # Depth and masks of the pixels' centres: no samples in between, in the picture neither.
        model.vis.quality.offsamples = 0
        try:
            self._renderer = self._mujoco.Renderer(model, lens.height, lens.width)
        except (self._mujoco.FatalError, RuntimeError) as error:
            raise BackendError(
                f"simulation: expected to render, got {error}; install libegl1 and libgl1, "
                "or set MUJOCO_GL to egl, osmesa or glfw before mujoco is imported"
            ) from error

    def shoot(
        self, pose: NDArray[np.float64], passer: NDArray[np.float64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.intp]]:
        """Return colour, depth and the number of the object in each pixel, -1 for none."""
        model = self._world.model
        x, y, z, w = quaternion_from_matrix(pose[:3, :3] * (1, -1, -1))
        camera = model.camera(CAMERA_NAME).id
        model.cam_pos[camera], model.cam_quat[camera] = pose[:3, 3], (w, x, y, z)
        self._data.qpos[self._passer : self._passer + 7] = passer
        self._mujoco.mj_forward(model, self._data)
        self._renderer.disable_depth_rendering()
        self._renderer.disable_segmentation_rendering()
        rgb = self._shot()
        self._renderer.enable_depth_rendering()
        depth = self._shot()
        depth = np.where(depth < 0.99 * model.vis.map.zfar * model.stat.extent, depth, np.nan)
        self._renderer.disable_depth_rendering()
        self._renderer.enable_segmentation_rendering()
        segments = self._shot()
        is_geom = segments[..., 1] == int(self._mujoco.mjtObj.mjOBJ_GEOM)
        numbers = np.where(is_geom, self._number_of_geom[segments[..., 0]], -1)
        return rgb, depth.astype(np.float32), numbers

    def close(self) -> None:
        """Free the renderer."""
        self._renderer.close()

    def _shot(self) -> NDArray[Any]:
        self._renderer.update_scene(self._data, CAMERA_NAME, self._seen)
        for eye in self._renderer.scene.camera:
            set_lens(eye, self._world.camera.intrinsics)
        return np.asarray(self._renderer.render().copy())
