"""A MuJoCo world that holds many things; frame after frame shows some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.world import texture_layers
from training import prints
from training.arrangement import Place
from training.meshes import Mesh
from training.things import Thing

CAMERA_NAME = "camera"
SHOWN, HIDDEN = 0, 3
FLOOR_Z = -0.72
CLUTTER = 9
_POLISHED = 0.35  # share of the tables that show reflections

_UNSEEN_TOUCH = {"contype": 0, "conaffinity": 0}


@dataclass(frozen=True, eq=False)
class World:
    """A compiled model and where its parts are in it."""

    model: Any
    """mujoco.MjModel; its poses, lights and materials are set for every frame."""
    data: Any
    """mujoco.MjData."""
    things: tuple[Thing, ...]
    """What can lie on the table."""
    thing_of_geom: np.ndarray
    """(G,) number of the thing that a geom belongs to; -1 = none."""
    surfaces: dict[str, tuple[int, ...]]
    """Ids of the materials that "table", "floor" and "wall" may have."""

    def show(self, places: Sequence[Place], clutter: np.ndarray) -> None:
        """Show these things at their places, and the clutter at poses (K, 7): xyz, wxyz."""
        model, data = self.model, self.data
        model.geom_group[self.thing_of_geom >= 0] = HIDDEN
        for place in places:
            model.geom_group[self.thing_of_geom == place.thing] = SHOWN
            slot = int(model.body(f"thing{place.thing}").mocapid[0])
            x, y, z, w = quaternion_from_matrix(place.rotation)
            data.mocap_pos[slot], data.mocap_quat[slot] = place.position, (w, x, y, z)
        for number, pose in enumerate(clutter):
            slot = int(model.body(f"clutter{number}").mocapid[0])
            data.mocap_pos[slot], data.mocap_quat[slot] = pose[:3], pose[3:]
        load_mujoco().mj_forward(model, data)


def build_world(things: tuple[Thing, ...], rng: np.random.Generator) -> World:
    """Compile a room with a table, clutter off the table and the things, all hidden at first."""
    mujoco = load_mujoco()
    spec = mujoco.MjSpec()
    _set_options(spec)
    surfaces = _add_room(mujoco, spec, rng)
    _add_clutter(mujoco, spec, rng)
    spec.worldbody.add_camera(name=CAMERA_NAME)
    spec.worldbody.add_light(name="lamp", pos=(0, 0, 2), dir=(0, 0, -1), castshadow=True)
    spec.worldbody.add_light(
        name="sky", type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL, pos=(0, 0, 2), dir=(0, 0, -1),
        castshadow=False,
    )  # fmt: skip
    for number, thing in enumerate(things):
        _add_thing(mujoco, spec, f"thing{number}", thing, rng)
    model = spec.compile()
    owner = np.full(model.ngeom, -1)
    for number in range(len(things)):
        owner[model.geom_bodyid == model.body(f"thing{number}").id] = number
    ids = {
        part: tuple(model.material(name).id for name in names) for part, names in surfaces.items()
    }
    return World(model, mujoco.MjData(model), things, owner, ids)


def _set_options(spec: Any) -> None:
    spec.stat.extent = 1.0
    spec.stat.center = (0, 0, 0)
    spec.visual.map.znear = 0.05
    spec.visual.map.zfar = 8.0
    spec.visual.quality.shadowsize = 1024
    spec.visual.global_.offwidth, spec.visual.global_.offheight = 640, 480
    spec.visual.quality.offsamples = 4
    spec.visual.headlight.specular = (0, 0, 0)


def _add_room(mujoco: Any, spec: Any, rng: np.random.Generator) -> dict[str, list[str]]:
    surfaces = {}
    for part, number in (("table", 5), ("floor", 3), ("wall", 3)):
        surfaces[part] = [f"{part}{i}" for i in range(number)]
        for name in surfaces[part]:
            picture = prints.ground_cover(rng, 256 if part == "table" else 128)
            repeat = (float(rng.uniform(0.7, 2.5)),) * 2
            shine = float(rng.uniform(0, 0.5))
            mirrors = 0.0
            if part == "table" and rng.random() < _POLISHED:
                mirrors = float(rng.uniform(0.04, 0.3))
            _add_material(mujoco, spec, name, picture, repeat, shine, mirrors)
    plane, box = mujoco.mjtGeom.mjGEOM_PLANE, mujoco.mjtGeom.mjGEOM_BOX
    add = spec.worldbody.add_geom
    add(name="table", type=box, size=(0.5, 0.5, 0.02), pos=(0, 0, -0.02), **_UNSEEN_TOUCH)
    add(name="floor", type=plane, size=(5, 5, 0.1), pos=(0, 0, FLOOR_Z), **_UNSEEN_TOUCH)
    for name, pos, size in (
        ("back", (2.0, 0, 0.8), (0.02, 5, 1.6)),
        ("left", (0, 2.2, 0.8), (5, 0.02, 1.6)),
        ("right", (0, -2.2, 0.8), (5, 0.02, 1.6)),
    ):
        add(name=name, type=box, size=size, pos=pos, **_UNSEEN_TOUCH)
    return surfaces


def _add_clutter(mujoco: Any, spec: Any, rng: np.random.Generator) -> None:
    """Add furniture and boxes that stand off the table and must not be found."""
    box, rod = mujoco.mjtGeom.mjGEOM_BOX, mujoco.mjtGeom.mjGEOM_CYLINDER
    for number in range(CLUTTER):
        body = spec.worldbody.add_body(name=f"clutter{number}", mocap=True)
        name = f"clutter{number}"
        _add_material(mujoco, spec, name, prints.printed(rng, 96), (1, 1), 0.2)
        if number < 2:  # a chair: its seat, back and legs
            for size, pos in (
                ((0.22, 0.22, 0.02), (0, 0, 0.45)),
                ((0.02, 0.22, 0.25), (0.2, 0, 0.75)),
                ((0.02, 0.02, 0.22), (0.18, 0.18, 0.22)),
                ((0.02, 0.02, 0.22), (-0.18, -0.18, 0.22)),
            ):
                body.add_geom(type=box, size=size, pos=pos, material=name, **_UNSEEN_TOUCH)
        else:
            kind = box if rng.random() < 0.7 else rod
            size = rng.uniform(0.05, 0.35, 3)
            height = size[1] if kind == rod else size[2]
            body.add_geom(type=kind, size=size, pos=(0, 0, height), material=name, **_UNSEEN_TOUCH)


def _add_material(
    mujoco: Any,
    spec: Any,
    name: str,
    picture: prints.Picture,
    repeat: tuple[float, float] = (1.0, 1.0),
    shine: float = 0.2,
    mirrors: float = 0.0,
) -> None:
    layers = texture_layers(mujoco, spec, name, picture)
    spec.add_material(
        name=name, textures=layers, texuniform=repeat != (1.0, 1.0), texrepeat=repeat,
        specular=shine, shininess=shine, reflectance=mirrors,
    )  # fmt: skip


def _add_thing(mujoco: Any, spec: Any, name: str, thing: Thing, rng: np.random.Generator) -> None:
    body = spec.worldbody.add_body(name=name, mocap=True)
    gloss = float(rng.uniform(0, 0.8))
    for finish, picture in thing.pictures.items():
        shine = 0.9 if finish == "metal" else gloss
        _add_material(mujoco, spec, f"{name}_{finish}", picture, shine=shine)
    for number, piece in enumerate(thing.pieces):
        mesh = f"{name}_{number}"
        _add_mesh(mujoco, spec, mesh, piece.mesh)
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_MESH, meshname=mesh, material=f"{name}_{piece.finish}",
            group=HIDDEN, **_UNSEEN_TOUCH,
        )  # fmt: skip


def _add_mesh(mujoco: Any, spec: Any, name: str, mesh: Mesh) -> None:
    spec.add_mesh(
        name=name,
        uservert=mesh.vertices.ravel(),
        userface=mesh.triangles.ravel(),
        usertexcoord=mesh.uv.ravel(),
        inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
    )
