"""Renders table scenes with exact truth: `grounding-ros render OUT --scenes N --seed S`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError, InputError
from grounding_ros.geometry.transforms import inverse, transform_points
from grounding_ros.scene import Frame
from grounding_ros.simulation.camera import Camera, sample_camera
from grounding_ros.simulation.depth_noise import DEPTH_NOISE, add_depth_noise
from grounding_ros.simulation.describe import describe
from grounding_ros.simulation.expressions import make_expressions
from grounding_ros.simulation.facts import Seen
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.picture import Picture, take_picture
from grounding_ros.simulation.plan import Thing, Wish, put_down, sample_wishes
from grounding_ros.simulation.settle import Rest, settle
from grounding_ros.simulation.truth import OPTICAL_FRAME, Scene, SceneObject
from grounding_ros.simulation.world import build_world

MIN_VISIBLE_PX = 150
"""An object that shows less is neither labelled nor counted."""

_ATTEMPTS = 30


def render(
    out: Path | str,
    scenes: int,
    seed: int,
    depth_noise: str = "none",
    expressions: int = 10,
) -> Path:
    """Write `scenes` rendered scenes as the new folder `out` and return its path.

    Parameters
    ----------
    out
        A new folder in the format of `simulation/folder_writer.py`.
    scenes
        How many.
    seed
        The same seed gives the same scenes, on one machine byte for byte.
    depth_noise
        A key of `DEPTH_NOISE`; masks and 3D truth stay exact.
    expressions
        At most how many instructions a scene gets.

    Raises
    ------
    InputError
        When `out` is in use or a parameter is out of range.
    BackendError
        When MuJoCo or OpenGL is missing.
    """
    if scenes < 1:
        raise InputError(f"scenes: expected at least 1, got {scenes}")
    if seed < 0:
        raise InputError(f"seed: expected 0 or more, got {seed}")
    if depth_noise not in DEPTH_NOISE:
        raise InputError(
            f"depth_noise: expected one of {', '.join(DEPTH_NOISE)}; got {depth_noise!r}"
        )
    return write_folder(Path(out), render_scenes(scenes, seed, depth_noise, expressions))


def render_scenes(
    scenes: int, seed: int, depth_noise: str = "none", expressions: int = 10
) -> Iterator[Scene]:
    """Yield rendered scenes one by one; see `render`."""
    for number in range(scenes):
        shot = render_shot(f"s{number:04d}", (seed, number), depth_noise=depth_noise)
        spoken = make_expressions(
            shot.scene.name,
            shot.seen,
            np.random.default_rng((seed, number, _ATTEMPTS)),
            expressions,
        )
        yield replace(shot.scene, expressions=spoken)


@dataclass(frozen=True, eq=False)
class Shot:
    """A rendered scene that nothing has been said about yet."""

    scene: Scene
    """Without expressions."""
    seen: tuple[Seen, ...]
    """Its objects, with the facts that expressions are made from."""


def render_shot(
    name: str,
    seed: tuple[int, ...],
    wishes: tuple[Wish, ...] | None = None,
    depth_noise: str = "none",
) -> Shot:
    """Return one scene that has come to rest, with the wished objects or any.

    Raises
    ------
    BackendError
        When MuJoCo or OpenGL is missing, or nothing came to rest in many attempts.
    """
    for attempt in range(_ATTEMPTS):
        rng = np.random.default_rng((*seed, attempt))
        things = put_down(wishes or sample_wishes(rng), rng)
        if wishes and len(things) < len(wishes):
            continue
        camera = sample_camera(rng)
        world = build_world(things, camera, rng)
        rest = settle(world)
        if rest is None:
            continue
        picture = take_picture(world, rest.data)
        seen, instances = _see(things, rest, picture, camera)
        if len(seen) >= (len(wishes) if wishes else 2):
            depth = add_depth_noise(picture.depth, depth_noise, rng)
            source = f"grounding_ros.simulation seed {' '.join(map(str, seed))}"
            return Shot(_scene(name, picture, depth, instances, seen, camera, source), seen)
    raise BackendError(
        f"simulation: expected the objects to come to rest in view within {_ATTEMPTS} attempts, "
        f"got none for seed {seed}; wish for fewer objects"
    )


def _see(
    things: tuple[Thing, ...], rest: Rest, picture: Picture, camera: Camera
) -> tuple[tuple[Seen, ...], NDArray[np.uint16]]:
    """Describe what shows enough, with ids from 1 in the plan's order, and paint the ids."""
    pixels = [int((picture.numbers == number).sum()) for number in range(len(things))]
    shown = [number for number, count in enumerate(pixels) if count >= MIN_VISIBLE_PX]
    ids = {number: id for id, number in enumerate(shown, start=1)}
    instances = np.zeros(picture.numbers.shape, np.uint16)
    for number, id in ids.items():
        instances[picture.numbers == number] = id
    objects = describe({ids[n]: (things[n], rest.rotations[n], rest.positions[n]) for n in shown})
    seen = []
    for number, described in zip(shown, objects, strict=True):
        share = min(pixels[number] / max(picture.alone_px[number], 1), 1.0)
        thing = replace(described, visible_share=round(share, 4))
        v, u = np.nonzero(instances == thing.id)
        right, away = _level(camera, thing)
        to_camera = transform_points(inverse(camera.base_from_camera), np.array([thing.center_m]))
        on = {ids[low] for high, low in rest.supports if high == number and low in ids}
        seen.append(
            Seen(
                thing=thing,
                box=(int(u.min()), int(v.min()), int(u.max()) + 1, int(v.max()) + 1),
                volume=things[number].volume,
                distance_m=float(np.linalg.norm(to_camera)),
                on=frozenset(on),
                right_m=right,
                away_m=away,
            )
        )
    return tuple(seen), instances


def _level(camera: Camera, thing: SceneObject) -> tuple[float, float]:
    """Return how far right of the camera and how far before it an object is, metres along z = 0."""
    pose = camera.base_from_camera
    away = pose[:2, 2] / np.linalg.norm(pose[:2, 2])
    x, y = np.array(thing.center_m)[:2] - pose[:2, 3]
    return float(x * away[1] - y * away[0]), float(x * away[0] + y * away[1])


def _scene(
    name: str,
    picture: Picture,
    depth: NDArray[np.float32],
    instances: NDArray[np.uint16],
    seen: tuple[Seen, ...],
    camera: Camera,
    source: str,
) -> Scene:
    frame = Frame(
        rgb=picture.rgb, depth=depth, intrinsics=camera.intrinsics, frame_id=OPTICAL_FRAME
    )
    return Scene(
        name=name,
        frame=frame,
        instances=instances,
        objects=tuple(one.thing for one in seen),
        base_from_camera=camera.base_from_camera,
        source=source,
    )
