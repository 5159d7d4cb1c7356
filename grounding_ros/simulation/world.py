"""Builds the MuJoCo model of a room with a table, a camera and the planned objects."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.simulation import textures
from grounding_ros.simulation.camera import Camera
from grounding_ros.simulation.catalog import COLORS, METAL
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.plan import TABLE_HALF, Thing
from grounding_ros.simulation.shapes import Part, lathe_mesh

CAMERA_NAME = "camera"
STEP_S = 0.002
HIDDEN_GROUP = 3
"""Geom group of what touches but is not seen."""

_TABLE_HEIGHT = 0.74
_METAL_RGB = (0.66, 0.67, 0.69)
_DENSITY = 350.0


@dataclass(frozen=True, eq=False)
class World:
    """A compiled model with its names resolved."""

    model: Any
    """mujoco.MjModel."""
    body_ids: tuple[int, ...]
    """The body of each planned object, in the plan's order."""
    camera: Camera
    """The camera that stands in it."""


def build_world(
    things: tuple[Thing, ...],
    camera: Camera,
    rng: np.random.Generator,
    add: Callable[[Any, Any], None] | None = None,
) -> World:
    """Return the room with `things` above its table; `rng` decides on surfaces and light.

    `add` is called with mujoco and the mujoco.MjSpec, to put more into the room: a hand.
    """
    mujoco = load_mujoco()
    spec = mujoco.MjSpec()
    _set_options(mujoco, spec)
    _add_room(mujoco, spec, rng)
    _add_lights(mujoco, spec, rng)
    _add_camera(spec, camera)
    for number, thing in enumerate(things):
        _add_thing(mujoco, spec, f"thing{number}", thing)
    if add is not None:
        add(mujoco, spec)
    model = spec.compile()
    bodies = tuple(model.body(f"thing{number}").id for number in range(len(things)))
    return World(model, bodies, camera)


def _set_options(mujoco: Any, spec: Any) -> None:
    spec.option.timestep = STEP_S
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10  # keeps what rests on a slope from creeping
    spec.stat.extent = 1.0
    spec.stat.center = (0, 0, 0)
    spec.visual.map.znear = 0.05
    spec.visual.map.zfar = 8.0
    spec.visual.quality.shadowsize = 4096
    spec.visual.quality.offsamples = 4
    spec.visual.headlight.ambient = (0.33, 0.33, 0.33)
    spec.visual.headlight.diffuse = (0.18, 0.18, 0.18)
    spec.visual.headlight.specular = (0, 0, 0)


def _add_room(mujoco: Any, spec: Any, rng: np.random.Generator) -> None:
    plane, box = mujoco.mjtGeom.mjGEOM_PLANE, mujoco.mjtGeom.mjGEOM_BOX
    table = _textured(mujoco, spec, "table", textures.table_top(rng), (1.2, 1.2))
    floor = _textured(mujoco, spec, "floor", textures.floor(rng), (2.0, 2.0))
    wall = _textured(mujoco, spec, "wall", textures.wall(rng), (1.0, 1.0))
    seen = {"contype": 0, "conaffinity": 0}
    world = spec.worldbody
    # What rests on the table touches a plane: exact and quick. The seen table only looks.
    world.add_geom(type=plane, size=(2, 2, 0.1), group=HIDDEN_GROUP, **_touch())
    half_x, half_y = TABLE_HALF
    world.add_geom(
        type=box, size=(half_x, half_y, 0.015), pos=(0, 0, -0.015), material=table, **seen
    )
    for x in (-half_x + 0.05, half_x - 0.05):
        for y in (-half_y + 0.05, half_y - 0.05):
            half = (_TABLE_HEIGHT - 0.03) / 2
            world.add_geom(
                type=box,
                size=(0.025, 0.025, half),
                pos=(x, y, -0.03 - half),
                material=table,
                **seen,
            )
    world.add_geom(type=plane, size=(4, 4, 0.1), pos=(0, 0, -_TABLE_HEIGHT), material=floor, **seen)
    world.add_geom(type=box, size=(0.02, 4, 1.5), pos=(1.5, 0, 0.7), material=wall, **seen)
    for side in (-2.2, 2.2):
        world.add_geom(type=box, size=(4, 0.02, 1.5), pos=(0, side, 0.7), material=wall, **seen)


def _textured(
    mujoco: Any, spec: Any, name: str, picture: textures.Picture, repeat: tuple[float, float]
) -> str:
    layers = texture_layers(mujoco, spec, name, picture)
    spec.add_material(
        name=name, textures=layers, texuniform=True, texrepeat=repeat, specular=0.1, shininess=0.1
    )
    return name


def texture_layers(mujoco: Any, spec: Any, name: str, picture: textures.Picture) -> list[str]:
    """Add a picture as a texture; return the layers of a material that shows it."""
    height, width = picture.shape[:2]
    kind = mujoco.mjtTexture.mjTEXTURE_2D
    texture = spec.add_texture(name=name, type=kind, width=width, height=height, nchannel=3)
    texture.data = picture.tobytes()
    layers = [""] * int(mujoco.mjtTextureRole.mjNTEXROLE)
    layers[int(mujoco.mjtTextureRole.mjTEXROLE_RGB)] = name
    return layers


def _add_lights(mujoco: Any, spec: Any, rng: np.random.Generator) -> None:
    around = rng.uniform(-math.pi, math.pi)
    away = rng.uniform(0.3, 1.0)
    position = np.array([away * math.cos(around), away * math.sin(around), rng.uniform(1.5, 2.1)])
    bright = rng.uniform(0.38, 0.55)
    warmth = np.array([1.0, rng.uniform(0.94, 1.0), rng.uniform(0.86, 1.0)])
    spec.worldbody.add_light(
        pos=position,
        dir=-position / np.linalg.norm(position),
        diffuse=bright * warmth,
        specular=(0.25, 0.25, 0.25),
        ambient=(0, 0, 0),
        cutoff=55,
        exponent=2,
        castshadow=True,
    )
    spec.worldbody.add_light(
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        pos=(0, 0, 2),
        dir=(rng.uniform(0.4, 0.9), rng.uniform(-0.5, 0.5), -0.8),  # from the camera's side
        diffuse=(0.25, 0.25, 0.26),
        specular=(0, 0, 0),
        castshadow=False,
    )


def _add_camera(spec: Any, camera: Camera) -> None:
    # MuJoCo's cameras look along -z with y up, ours (REP-103) along z with y down. The lens is set
    # when the picture is taken.
    pose = camera.base_from_camera
    x, y, z, w = quaternion_from_matrix(pose[:3, :3] * (1, -1, -1))
    spec.worldbody.add_camera(name=CAMERA_NAME, pos=pose[:3, 3], quat=(w, x, y, z))


def _add_thing(mujoco: Any, spec: Any, name: str, thing: Thing) -> None:
    body = spec.worldbody.add_body(name=name, pos=thing.position, quat=thing.quaternion)
    body.add_freejoint()
    for number, part in enumerate(thing.parts):
        rgb = _METAL_RGB if part.tone == METAL else COLORS[thing.colors[part.tone]]
        _add_part(mujoco, spec, body, f"{name}_{number}", part, rgb)


def _add_part(
    mujoco: Any, spec: Any, body: Any, name: str, part: Part, rgb: tuple[float, float, float]
) -> None:
    shapes = {
        "box": mujoco.mjtGeom.mjGEOM_BOX,
        "cylinder": mujoco.mjtGeom.mjGEOM_CYLINDER,
        "sphere": mujoco.mjtGeom.mjGEOM_SPHERE,
        "capsule": mujoco.mjtGeom.mjGEOM_CAPSULE,
        "lathe": mujoco.mjtGeom.mjGEOM_MESH,
    }
    settings: dict[str, Any] = {"type": shapes[part.shape], "rgba": (*rgb, 1.0)}
    settings |= _touch() if part.solid else {"contype": 0, "conaffinity": 0, "mass": 0.0}
    if not part.visible:
        settings["group"] = HIDDEN_GROUP
    if part.shape == "lathe":
        vertices, triangles = lathe_mesh(part.profile)
        spec.add_mesh(name=name, uservert=vertices.ravel(), userface=triangles.ravel())
        settings |= {"meshname": name}
    elif part.shape == "capsule":
        settings |= {"size": (part.size[0], 0, 0), "fromto": (*part.position, *part.end)}
    else:
        size = (*part.size, 0.0, 0.0)[:3]
        settings |= {"size": size, "pos": part.position, "quat": part.quaternion}
    body.add_geom(**settings)


def _touch() -> dict[str, Any]:
    """Hard contacts with rolling friction: things come to rest, and do not sink in."""
    return {
        "condim": 6,
        "friction": (0.9, 0.01, 0.002),
        "solref": (0.006, 1.0),
        "solimp": (0.95, 0.99, 0.0005, 0.5, 2.0),
        "density": _DENSITY,
    }
