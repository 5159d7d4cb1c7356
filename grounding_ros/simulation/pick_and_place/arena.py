"""A table at rest with a parked hand, ready for an episode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.geometry.transforms import inverse, transform_points
from grounding_ros.scene import Frame
from grounding_ros.simulation.depth_noise import add_depth_noise
from grounding_ros.simulation.describe import describe
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.pick_and_place.hand import add_hand
from grounding_ros.simulation.pick_and_place.state import HAND, TABLE, Lying
from grounding_ros.simulation.pick_and_place.task import ANCHOR, TARGET, Task, sample_task
from grounding_ros.simulation.picture import Picture, take_picture
from grounding_ros.simulation.settle import settle
from grounding_ros.simulation.truth import OPTICAL_FRAME, Scene, SceneObject
from grounding_ros.simulation.world import World, build_world

_ATTEMPTS = 40
_SHOWN = 0.75
_RIM_PX = 6
_MASS_KG = (0.05, 0.3)


@dataclass(frozen=True, eq=False)
class Arena:
    """A task in physics. `data` goes on in time, everything else is as it was at the start."""

    task: Task
    world: World
    data: Any
    """mujoco.MjData."""
    picture: Picture
    """What the camera sees before the hand comes."""
    start: tuple[Lying, ...]
    """The task's things at rest, before the hand comes."""
    objects: tuple[SceneObject, ...]
    """The same in words and numbers; the id of a thing is its row + 1."""

    def now(self) -> tuple[Lying, ...]:
        """Look how the task's things lie."""
        return _lying(self.task, self.world, self.data)

    def scene(self, depth_noise: str, rng: np.random.Generator) -> Scene:
        """Return the picture with its truth, its depth as the named camera would see it."""
        frame = Frame(
            rgb=self.picture.rgb,
            depth=add_depth_noise(self.picture.depth, depth_noise, rng),
            intrinsics=self.world.camera.intrinsics,
            frame_id=OPTICAL_FRAME,
        )
        return Scene(
            name=self.task.text,
            frame=frame,
            instances=(self.picture.numbers + 1).astype(np.uint16),
            objects=self.objects,
            base_from_camera=self.world.camera.base_from_camera,
        )


def sample_arena(seed: tuple[int, ...]) -> Arena:
    """Return a task on a table at rest whose target and anchor are well seen.

    Raises
    ------
    BackendError
        When MuJoCo or OpenGL is missing, or nothing came to rest in many attempts.
    """
    for attempt in range(_ATTEMPTS):
        rng = np.random.default_rng((*seed, attempt))
        arena = build_arena(sample_task(rng), rng)
        if arena is not None and all(_well_seen(arena, row) for row in (TARGET, ANCHOR)):
            return arena
    raise BackendError(
        f"simulation: expected a table at rest in view within {_ATTEMPTS} attempts, got none for "
        f"seed {seed}; take another seed"
    )


def build_arena(task: Task, rng: np.random.Generator) -> Arena | None:
    """Return the task's table with everything at rest; None when it does not come to rest."""
    world = build_world(task.things, task.camera, rng, add_hand)
    _weigh(world)
    rest = settle(world)
    if rest is None:
        return None
    picture = take_picture(world, rest.data)
    poses = zip(task.things, rest.rotations, rest.positions, strict=True)
    objects = describe({row + 1: pose for row, pose in enumerate(poses)})
    return Arena(task, world, rest.data, picture, _lying(task, world, rest.data), objects)


def _weigh(world: World) -> None:
    """Give every thing a weight that a hand carries, the same for its turning."""
    mujoco, model = load_mujoco(), world.model
    for body in world.body_ids:
        mass = float(model.body_mass[body])
        factor = float(np.clip(mass, *_MASS_KG)) / mass
        model.body_mass[body] *= factor
        model.body_inertia[body] *= factor
    mujoco.mj_setConst(model, mujoco.MjData(model))


def _well_seen(arena: Arena, row: int) -> bool:
    """Tell whether most of a thing is seen, and none of it is cut off by the picture's edge."""
    camera = arena.world.camera
    lens = camera.intrinsics
    x, y, z = transform_points(inverse(camera.base_from_camera), arena.start[row].points).T
    u, v = lens.fx * x / z + lens.cx, lens.fy * y / z + lens.cy
    hull = cv2.convexHull(np.column_stack([u, v]).astype(np.float32))
    inside = (
        min(u.min(), v.min()) >= _RIM_PX
        and u.max() < lens.width - _RIM_PX
        and v.max() < lens.height - _RIM_PX
    )
    shown = int((arena.picture.numbers == row).sum())
    return bool(inside and shown >= _SHOWN * cv2.contourArea(hull))


def _lying(task: Task, world: World, data: Any) -> tuple[Lying, ...]:
    touching = _touching(world, data)
    found = []
    for row, (thing, body) in enumerate(zip(task.things, world.body_ids, strict=True)):
        turn: NDArray[np.float64] = data.xmat[body].reshape(3, 3).copy()
        points = thing.points @ turn.T + data.xpos[body]
        found.append(Lying(points, turn[:, 2], frozenset(touching[row])))
    return tuple(found)


def _touching(world: World, data: Any) -> list[set[int]]:
    """Return for every thing what it is in contact with; what is no thing is table or hand."""
    model = world.model
    row_of = {body: row for row, body in enumerate(world.body_ids)}
    touching: list[set[int]] = [set() for _ in world.body_ids]
    for contact in data.contact:
        bodies = [int(model.geom_bodyid[geom]) for geom in contact.geom]
        rows = [row_of.get(body, TABLE if body == 0 else HAND) for body in bodies]
        for one, other in (rows, rows[::-1]):
            if one >= 0 and one != other:
                touching[one].add(other)
    return touching
