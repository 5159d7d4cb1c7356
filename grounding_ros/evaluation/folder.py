"""Reads a folder of RGB-D scenes with their truth (see simulation/folder_writer.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GroundingRosError, InputError
from grounding_ros.geometry.depth import to_metres
from grounding_ros.scene import CameraPose, Frame, Intrinsics
from grounding_ros.simulation.truth import (
    BASE_FRAME,
    OPTICAL_FRAME,
    Expression,
    Scene,
    SceneObject,
)

__all__ = ["Expression", "Scene", "SceneFolder", "SceneObject", "scene_stamp_ns"]

_START_NS = 1_700_000_000 * 10**9
_SPACING_NS = 10**9


def scene_stamp_ns(position: int) -> int:
    """Return the stamp of the scene at `position` of its folder: one second apart, fixed start."""
    return _START_NS + position * _SPACING_NS


class SceneFolder:
    """The scenes of a folder; JSON is read at once, pictures when a scene is asked for."""

    def __init__(self, path: Path | str) -> None:
        """Read the three JSON files of `path`.

        Raises
        ------
        InputError
            When the folder or a file is missing, or an entry is not what the format says.
        """
        self.path = Path(path)
        if not self.path.is_dir():
            raise InputError(
                f"{self.path}: expected a folder of scenes with index.json, got "
                f"{'a file' if self.path.exists() else 'nothing'}; make one with "
                "`grounding-ros render`"
            )
        words = _read_json(self.path / "objects.json", dict)
        spoken = _read_json(self.path / "expressions.json", list)
        expressions = [_expression(entry, self.path / "expressions.json") for entry in spoken]
        index = _read_json(self.path / "index.json", list)
        self._entries = tuple(
            _Entry.parse(entry, position, words, expressions, self.path)
            for position, entry in enumerate(index)
        )
        _refuse_unknown_scenes(expressions, self.names, self.path)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenes, in the folder's order."""
        return tuple(entry.name for entry in self._entries)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every instruction, scene by scene."""
        return tuple(spoken for entry in self._entries for spoken in entry.expressions)

    @property
    def has_poses(self) -> bool:
        """Whether any object's box in the base frame is known, and the camera's pose too."""
        return any(
            None not in (thing.center_m, thing.size_m, thing.yaw_rad)
            for entry in self._entries
            if entry.base_from_camera is not None
            for thing in entry.objects
        )

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Scene]:
        """Read scene after scene."""
        return (entry.read(self.path) for entry in self._entries)

    def __getitem__(self, key: int | str) -> Scene:
        """Read one scene, by position or name.

        Raises
        ------
        InputError
            When there is none of this name, or its pictures are missing or malformed.
        """
        if isinstance(key, int):
            return self._entries[key].read(self.path)
        if key not in self.names:
            raise InputError(f"scene: expected one of {', '.join(self.names)}; got {key!r}")
        return self._entries[self.names.index(key)].read(self.path)


@dataclass(frozen=True)
class _Entry:
    """A scene before its pictures are read."""

    name: str
    source: str
    intrinsics: Intrinsics
    objects: tuple[SceneObject, ...]
    expressions: tuple[Expression, ...]
    base_from_camera: NDArray[np.float64] | None
    stamp_ns: int

    @classmethod
    def parse(
        cls,
        entry: Any,
        position: int,
        words: dict[str, Any],
        expressions: list[Expression],
        folder: Path,
    ) -> _Entry:
        where = f"{folder / 'index.json'} entry {position}"
        name = _get(entry, "scene", str, where)
        where += f" ({name})"
        try:
            matrix = np.array(_get(entry, "K", list, where), dtype=np.float64).reshape(3, 3)
            intrinsics = Intrinsics(
                width=_get(entry, "width", int, where),
                height=_get(entry, "height", int, where),
                fx=float(matrix[0, 0]),
                fy=float(matrix[1, 1]),
                cx=float(matrix[0, 2]),
                cy=float(matrix[1, 2]),
            )
            pose = entry.get("base_from_camera")
            if pose is not None:
                pose = np.array(pose, dtype=np.float64)
                CameraPose(BASE_FRAME, pose)  # checks that it is rigid
        except (GroundingRosError, TypeError, ValueError) as error:
            raise InputError(f"{where}: {error}") from error
        names_of = _get(words, name, dict, f"{folder / 'objects.json'}")
        return cls(
            name=name,
            source=str(entry.get("source", "")),
            intrinsics=intrinsics,
            objects=tuple(
                _object(geometry, names_of, where)
                for geometry in _get(entry, "objects", list, where)
            ),
            expressions=tuple(spoken for spoken in expressions if spoken.scene == name),
            base_from_camera=pose,
            stamp_ns=scene_stamp_ns(position),
        )

    def read(self, folder: Path) -> Scene:
        size = (self.intrinsics.height, self.intrinsics.width)
        begin = folder / "frames" / self.name
        color = _read_picture(begin, "color", (*size, 3), (np.uint8,))
        depth_mm = _read_picture(begin, "depth_mm", size, (np.uint16,))
        instances = _read_picture(begin, "instances", size, (np.uint8, np.uint16))
        frame = Frame(
            rgb=np.asarray(cv2.cvtColor(color, cv2.COLOR_BGR2RGB), np.uint8),
            depth=to_metres(depth_mm),  # to the last bit as of a camera's message
            intrinsics=self.intrinsics,
            stamp_ns=self.stamp_ns,
            frame_id=OPTICAL_FRAME,
        )
        return Scene(
            name=self.name,
            frame=frame,
            instances=instances.astype(np.uint16),
            objects=self.objects,
            expressions=self.expressions,
            base_from_camera=self.base_from_camera,
            source=self.source,
        )


def _object(geometry: Any, words: dict[str, Any], where: str) -> SceneObject:
    id = _get(geometry, "id", int, where)
    where = f"{where} object {id}"
    said = _get(words, str(id), dict, f"{where} in objects.json")
    return SceneObject(
        id=id,
        names=_strings(said, "names", where),
        colors=_strings(said, "colors", where),
        attributes=_strings(said, "attributes", where),
        center_m=_triple(geometry, "center_m", where),
        size_m=_triple(geometry, "size_m", where),
        yaw_rad=_number(geometry, "yaw_rad", where),
        visible_share=_number(geometry, "visible_share", where),
    )


def _number(record: Any, key: str, where: str) -> float | None:
    return _get(record, key, float, where) if key in record else None


def _expression(entry: Any, where: Path) -> Expression:
    spoken = f"{where} expression {_get(entry, 'id', str, str(where))}"
    return Expression(
        scene=_get(entry, "scene", str, spoken),
        id=entry["id"],
        text=_get(entry, "text", str, spoken),
        kind=_get(entry, "kind", str, spoken),
        target_ids=_ids(_get(entry, "target_ids", list, spoken), spoken),
        place_ids=_ids(entry.get("place_ids", []), spoken),
        answer=entry.get("answer"),
        note=str(entry.get("note", "")),
    )


def _refuse_unknown_scenes(
    expressions: list[Expression], names: tuple[str, ...], folder: Path
) -> None:
    for spoken in expressions:
        if spoken.scene not in names:
            raise InputError(
                f"{folder / 'expressions.json'} expression {spoken.id}: expected a scene of "
                f"index.json, got {spoken.scene!r}"
            )


def _read_json(path: Path, kind: type) -> Any:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{path}: expected a readable file, got {error.strerror}; "
            "a scene folder has index.json, objects.json, expressions.json and frames/"
        ) from error
    except ValueError as error:
        raise InputError(f"{path}: expected JSON, got {error}; write the file anew") from error
    if not isinstance(content, kind):
        raise InputError(f"{path}: expected a JSON {kind.__name__}, got a {type(content).__name__}")
    return content


def _read_picture(
    begin: Path, name: str, shape: tuple[int, ...], dtypes: tuple[type, ...]
) -> NDArray[Any]:
    path = begin.with_name(f"{begin.name}_{name}.png")
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED) if path.is_file() else None
    if picture is None:
        raise InputError(
            f"{path}: expected a PNG picture, got "
            f"{'a file of something else' if path.exists() else 'no file'}; restore it"
        )
    if picture.shape != shape or picture.dtype not in dtypes:
        raise InputError(
            f"{path}: expected {shape} {' or '.join(kind.__name__ for kind in dtypes)}, "
            f"got {picture.shape} {picture.dtype}; it must fit width and height of index.json"
        )
    return np.asarray(picture)


def _get(record: Any, key: str, kind: type, where: str) -> Any:
    if not isinstance(record, dict) or key not in record:
        got = sorted(record) if isinstance(record, dict) else type(record).__name__
        raise InputError(f"{where}: expected an entry {key!r}, got {got}")
    value: Any = record[key]
    accepted: Any = (int, float) if kind is float else kind
    if not isinstance(value, accepted) or isinstance(value, bool):
        raise InputError(f"{where}: expected {key} to be a {kind.__name__}, got {value!r}")
    return float(value) if kind is float else value


def _strings(record: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = _get(record, key, list, where)
    if not all(isinstance(value, str) for value in values):
        raise InputError(f"{where}: expected {key} to be words, got {values}")
    return tuple(values)


def _triple(record: Any, key: str, where: str) -> tuple[float, float, float] | None:
    if key not in record:
        return None
    values = _get(record, key, list, where)
    if len(values) != 3 or not all(isinstance(value, (int, float)) for value in values):
        raise InputError(f"{where}: expected {key} to be three numbers, got {values}")
    return float(values[0]), float(values[1]), float(values[2])


def _ids(values: Any, where: str) -> tuple[int, ...]:
    if not isinstance(values, list) or not all(type(value) is int for value in values):
        raise InputError(f"{where}: expected a list of object ids, got {values!r}")
    return tuple(values)
