"""Renders training frames: python -m training.render OUT --worlds N --seed S [--split shifted].

Deterministic by seed and resumable: worlds that are there are left as they are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import Plane
from grounding_ros.perception.grounders.tabletop_inputs import geometry
from grounding_ros.simulation.camera import Camera
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.picture import set_lens
from training.arrangement import Place, arrange
from training.kinds import vocabulary
from training.sensor import measured, photographed
from training.shards import GEOMETRY_SCALE, MOST_OBJECTS, Sample, write_shard
from training.things import sample_thing, truth
from training.views import WIDTH, clutter_poses, sample_camera, set_camera, set_room
from training.world import CAMERA_NAME, HIDDEN, World, build_world

SPLITS = {"train": 0, "validation": 1, "test": 2, "shifted": 3}
MIN_VISIBLE_PX = 24
"""At 256x192: the 150 pixels at VGA below which an object is not labelled."""
_THINGS, _FRAMES, _CROWDED = 32, 32, 0.12


@dataclass(frozen=True, eq=False)
class View:
    """A rendered frame before its geometry is taken relative to a plane."""

    rgb: NDArray[np.uint8]
    """(h, w, 3) RGB."""
    depth: NDArray[np.float32]
    """(h, w) metres as measured; NaN = no return."""
    instances: NDArray[np.uint8]
    """(h, w) 1 + row of `places`; 0 = none."""
    places: tuple[Place, ...]
    """The objects that show enough, in order."""
    camera: Camera
    """Where it was taken from; the base frame's z = 0 is the table's top."""
    paint: NDArray[np.uint8] | None = None
    """(h, w, 3) RGB of the surfaces themselves, without light and shade, where asked for."""


def main() -> None:
    """Render the worlds that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--first", type=int, default=0, help="number of the first world")
    parser.add_argument("--frames", type=int, default=_FRAMES, help="of each world")
    parser.add_argument("--width", type=int, default=WIDTH, help="of a frame, pixels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=SPLITS, default="train")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)  # a core is left to others
    start, done = time.perf_counter(), 0
    for number in range(arguments.first, arguments.worlds):
        folder = arguments.out / f"world_{number:05d}"
        if folder.exists():
            continue
        rng = np.random.default_rng((arguments.seed, SPLITS[arguments.split], number))
        shifted = arguments.split == "shifted"
        views = render_world(rng, shifted, arguments.frames, arguments.width)
        samples = [_sample(view, world, rng) for view, world in views]
        write_shard(folder, samples, vocabulary())
        done += len(samples)
        speed = done / (time.perf_counter() - start)
        print(f"world {number + 1}/{arguments.worlds}: {speed:.1f} frames/s", flush=True)


def render_world(
    rng: np.random.Generator,
    shifted: bool = False,
    frames: int = _FRAMES,
    width: int = WIDTH,
    crowded: float = _CROWDED,
    painted: bool = False,
) -> Iterator[tuple[View, World]]:
    """Yield frames of one world, `width` pixels wide, four to three.

    A share `crowded` of them has 12 to 28 things, the others up to 11. `painted` views have their
    `paint`.
    """
    mujoco = load_mujoco()
    world = build_world(tuple(sample_thing(rng, shifted) for _ in range(_THINGS)), rng)
    with mujoco.Renderer(world.model, width * 3 // 4, width) as renderer:
        for _ in range(frames):
            view = _view(mujoco, renderer, world, rng, shifted, crowded)
            yield replace(view, paint=_paint(renderer) if painted else None), world


def _view(
    mujoco: Any,
    renderer: Any,
    world: World,
    rng: np.random.Generator,
    shifted: bool,
    crowded: float,
) -> View:
    crowd = rng.random() < crowded
    number = int(rng.integers(12, 29) if crowd else rng.integers(0, 12))
    reach = float(rng.uniform(0.25, 0.4) if crowd else rng.uniform(0.12, 0.32))
    chosen = rng.choice(_THINGS, number, replace=False).tolist()
    places = arrange(world.things, chosen, reach, rng)
    camera = sample_camera(reach, rng, shifted, renderer.width)
    half = set_room(world, reach, rng, shifted)
    set_camera(world, camera)
    world.show(places, clutter_poses(half, rng))
    rgb, depth, geoms = _pictures(mujoco, renderer, world, camera)
    on_table = (world.thing_of_geom[geoms] >= 0) | (geoms == world.model.geom("table").id)
    seen_things = np.where(geoms >= 0, world.thing_of_geom[geoms], -1)
    instances = np.zeros(geoms.shape, np.uint8)
    seen = []
    for place in places:
        pixels = seen_things == place.thing
        if pixels.sum() >= MIN_VISIBLE_PX * (renderer.width / WIDTH) ** 2:
            seen.append(place)
            instances[pixels] = len(seen)
    noisy = measured(depth, on_table, rng)
    return View(photographed(rgb, rng), noisy, instances, tuple(seen), camera)


def _pictures(
    mujoco: Any, renderer: Any, world: World, camera: Camera
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.intp]]:
    option = mujoco.MjvOption()
    option.geomgroup[HIDDEN] = 0
    results = []
    for kind in ("rgb", "depth", "segmentation"):
        renderer.disable_depth_rendering()
        renderer.disable_segmentation_rendering()
        if kind != "rgb":
            getattr(renderer, f"enable_{kind}_rendering")()
        renderer.update_scene(world.data, CAMERA_NAME, option)
        for eye in renderer.scene.camera:
            set_lens(eye, camera.intrinsics)
        results.append(renderer.render().copy())
    rgb, depth, segments = results
    depth = np.where(depth < 7.9, depth, np.nan).astype(np.float32)
    is_geom = segments[..., 1] == int(mujoco.mjtObj.mjOBJ_GEOM)
    return rgb, depth, np.where(is_geom, segments[..., 0], -1).astype(np.intp)


def _paint(renderer: Any) -> NDArray[np.uint8]:
    """The last view again, under even light from everywhere."""
    renderer.disable_depth_rendering()
    renderer.disable_segmentation_rendering()
    # The scene keeps the view's camera and lens, and the next view fills in its lights anew.
    for light in renderer.scene.lights[: renderer.scene.nlight]:
        light.ambient[:], light.diffuse[:], light.specular[:] = 1 / renderer.scene.nlight, 0, 0
    return np.array(renderer.render())


def table_plane(camera: Camera, rng: np.random.Generator | None = None) -> Plane:
    """Return the table's top in the optical frame, a little off where `rng` is given."""
    pose = camera.base_from_camera
    normal, offset = pose[2, :3].copy(), -float(pose[2, 3])
    if rng is not None:
        normal += rng.normal(0, 0.006, 3)
        normal /= np.linalg.norm(normal)
        offset += float(rng.normal(0, 0.002))
    return Plane(normal, offset)


def _sample(view: View, world: World, rng: np.random.Generator) -> Sample:
    lens = view.camera.intrinsics
    v, u = np.indices(view.depth.shape, dtype=np.float32)
    directions = np.dstack([(u - lens.cx) / lens.fx, (v - lens.cy) / lens.fy]).astype(np.float32)
    channels = geometry(
        view.depth, directions, (1 / lens.fx, 1 / lens.fy), table_plane(view.camera, rng)
    )
    words = np.full((MOST_OBJECTS, len(vocabulary())), -2, np.int8)
    for row, place in enumerate(view.places):
        words[row] = truth(world.things[place.thing], place.pose, vocabulary())
    stored = np.clip(np.rint(channels * GEOMETRY_SCALE), -127, 127).astype(np.int8)
    return Sample(view.rgb, stored, view.instances, words)


if __name__ == "__main__":
    main()
