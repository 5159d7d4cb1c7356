"""Takes the picture: colour, depth and which object each pixel shows."""

from __future__ import annotations

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
    return Picture(rgb[0], depth.astype(np.float32), _numbers(mujoco, world, segments))


def _render(mujoco: Any, world: World, data: Any, *kinds: str) -> list[NDArray[Any]]:
    lens = world.camera.intrinsics
    seen = mujoco.MjvOption()
    seen.geomgroup[HIDDEN_GROUP] = 0
    pictures = []
    try:
        with mujoco.Renderer(world.model, lens.height, lens.width) as renderer:
            for kind in kinds:
                renderer.disable_depth_rendering()
                renderer.disable_segmentation_rendering()
                if kind == "depth":
                    renderer.enable_depth_rendering()
                elif kind == "segmentation":
                    renderer.enable_segmentation_rendering()
                renderer.update_scene(data, CAMERA_NAME, seen)
                for eye in renderer.scene.camera:  # two, for stereo displays
                    set_lens(eye, lens)
                pictures.append(renderer.render().copy())
    except (mujoco.FatalError, RuntimeError) as error:
        raise BackendError(
            f"simulation: expected to render, got {error}; install libegl1 and libgl1, "
            "or set MUJOCO_GL to egl, osmesa or glfw before mujoco is imported"
        ) from error
    return pictures


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
