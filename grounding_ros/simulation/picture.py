"""Takes the picture: colour, depth and which object each pixel shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.scene import Intrinsics
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.world import CAMERA_NAME, HIDDEN_GROUP, World


@dataclass(frozen=True, eq=False)
class Picture:
    """What the simulated camera sees, without noise."""

    rgb: NDArray[np.uint8]
    """(H, W, 3) uint8, RGB."""
    depth: NDArray[np.float32]
    """(H, W) float32 metres along the optical axis, NaN where nothing is hit."""
    numbers: NDArray[np.intp]
    """(H, W), the number of the object in the plan, -1 = none."""
    alone_px: tuple[int, ...]
    """By number in the plan, how many pixels the object would have if it were alone."""


def take_picture(world: World, data: Any) -> Picture:
    """Render the state `data` of `world`.

    Raises
    ------
    BackendError
        When OpenGL cannot be started.
    """
    mujoco = load_mujoco()
    model = world.model
    rgb = _render(mujoco, world, data, "rgb")
    # Several samples a pixel are for the eye; depth and masks must be those of the pixel's centre.
    model.vis.quality.offsamples = 0
    depth, segments = _render(mujoco, world, data, "depth", "segmentation")
    depth = np.where(depth < 0.99 * model.vis.map.zfar * model.stat.extent, depth, np.nan)
    return Picture(
        rgb[0],
        depth.astype(np.float32),
        _numbers(mujoco, world, segments),
        _alone_px(mujoco, world, data),
    )


def _alone_px(mujoco: Any, world: World, data: Any) -> tuple[int, ...]:
    """Count the pixels of each object with everything else hidden."""
    model = world.model
    groups = model.geom_group.copy()
    counts = []
    with _renderer(mujoco, world) as renderer:
        renderer.enable_segmentation_rendering()
        for number, body in enumerate(world.body_ids):
            model.geom_group[:] = np.where(model.geom_bodyid == body, groups, HIDDEN_GROUP)
            segments = _shot(mujoco, renderer, world, data)
            counts.append(int(np.count_nonzero(_numbers(mujoco, world, segments) == number)))
    model.geom_group[:] = groups
    return tuple(counts)


def _render(mujoco: Any, world: World, data: Any, *kinds: str) -> list[NDArray[Any]]:
    pictures = []
    with _renderer(mujoco, world) as renderer:
        for kind in kinds:
            renderer.disable_depth_rendering()
            renderer.disable_segmentation_rendering()
            if kind == "depth":
                renderer.enable_depth_rendering()
            elif kind == "segmentation":
                renderer.enable_segmentation_rendering()
            pictures.append(_shot(mujoco, renderer, world, data))
    return pictures


@contextmanager
def _renderer(mujoco: Any, world: World) -> Iterator[Any]:
    lens = world.camera.intrinsics
    try:
        with mujoco.Renderer(world.model, lens.height, lens.width) as renderer:
            yield renderer
    except (mujoco.FatalError, RuntimeError) as error:
        raise BackendError(
            f"simulation: expected to render, got {error}; install libegl1 and libgl1, "
            "or set MUJOCO_GL to egl, osmesa or glfw before mujoco is imported"
        ) from error


def _shot(mujoco: Any, renderer: Any, world: World, data: Any) -> NDArray[Any]:
    seen = mujoco.MjvOption()
    seen.geomgroup[HIDDEN_GROUP] = 0
    renderer.update_scene(data, CAMERA_NAME, seen)
    for eye in renderer.scene.camera:  # two, for stereo displays
        set_lens(eye, world.camera.intrinsics)
    return np.asarray(renderer.render().copy())


def set_lens(eye: Any, lens: Intrinsics) -> None:
    """Set the OpenGL frustum: MuJoCo's releases disagree on the sign of a principal point.

    The picture's edges are half a pixel beyond the centres of its outer pixels.
    """
    near = eye.frustum_near
    left, right = -(lens.cx + 0.5) / lens.fx, (lens.width - 0.5 - lens.cx) / lens.fx
    eye.frustum_center = near * (left + right) / 2
    eye.frustum_width = near * (right - left) / 2
    eye.frustum_top = near * (lens.cy + 0.5) / lens.fy
    eye.frustum_bottom = -near * (lens.height - 0.5 - lens.cy) / lens.fy


def _numbers(mujoco: Any, world: World, segments: NDArray[Any]) -> NDArray[np.intp]:
    number_of_body = np.full(world.model.nbody, -1, np.intp)
    number_of_body[list(world.body_ids)] = np.arange(len(world.body_ids))
    geom = np.where(segments[..., 1] == int(mujoco.mjtObj.mjOBJ_GEOM), segments[..., 0], 0)
    return np.asarray(number_of_body[world.model.geom_bodyid[geom]])
