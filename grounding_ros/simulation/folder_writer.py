"""Writes scenes as a folder of PNG pictures and three JSON files.

index.json         per scene: camera, pose, and the objects' boxes and 3D truth
objects.json       per scene and id: names, colors, attributes
expressions.json   the instructions with their answers
frames/<scene>_{color,depth_mm,instances}.png
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError
from grounding_ros.scene import Frame
from grounding_ros.simulation.truth import Expression, Scene, SceneObject


def write_folder(out: Path, scenes: Iterable[Scene]) -> Path:
    """Write `scenes` to the new folder `out`, one by one as they come, and return it.

    Raises
    ------
    InputError
        When `out` exists already and is not an empty folder.
    """
    refuse_existing(out)
    frames = out / "frames"
    frames.mkdir(parents=True)
    index: list[dict[str, Any]] = []
    objects: dict[str, dict[str, Any]] = {}
    expressions: list[dict[str, Any]] = []
    for scene in scenes:
        _write_pictures(frames, scene)
        index.append(_index_entry(scene))
        objects[scene.name] = {str(thing.id): _words(thing) for thing in scene.objects}
        expressions += [_expression_entry(expression) for expression in scene.expressions]
    for name, content in (("index", index), ("objects", objects), ("expressions", expressions)):
        (out / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return out


def refuse_existing(out: Path) -> None:
    """Raise InputError when something is at `out` already; an empty folder is fine."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise InputError(
            f"{out}: expected a path where nothing is yet, got one in use; "
            "choose another name or remove it first"
        )


def depth_to_mm(frame: Frame) -> NDArray[np.uint16]:
    """Return the depth of `frame` as (H, W) uint16 millimetres, 0 = no return (REP-118).

    Depth beyond 65.535 m counts as no return.

    Raises
    ------
    InputError
        When the frame has no depth.
    """
    if frame.depth is None:
        raise InputError("frame: expected depth, got none; only RGB-D scenes can be written")
    # In float64, so that millimetres read from a file come back exactly.
    mm = np.rint(np.nan_to_num(frame.depth.astype(np.float64), nan=0.0, posinf=0.0) * 1000.0)
    return np.where((mm >= 0) & (mm <= 65535), mm, 0).astype(np.uint16)


def _write_pictures(frames: Path, scene: Scene) -> None:
    pictures = {
        "color": cv2.cvtColor(scene.frame.rgb, cv2.COLOR_RGB2BGR),
        "depth_mm": depth_to_mm(scene.frame),
        "instances": scene.instances,
    }
    for name, picture in pictures.items():
        path = frames / f"{scene.name}_{name}.png"
        if not cv2.imwrite(str(path), picture):
            raise InputError(f"{path}: expected to write a PNG, got a failure; is the disk full?")


def _index_entry(scene: Scene) -> dict[str, Any]:
    camera = scene.frame.intrinsics
    if camera is None:
        raise InputError(f"scene {scene.name}: expected intrinsics, got none")
    entry: dict[str, Any] = {
        "scene": scene.name,
        "source": scene.source,
        "width": camera.width,
        "height": camera.height,
        "K": camera.matrix.ravel().tolist(),
        "count": len(scene.objects),
        "valid_depth_fraction": round(float((depth_to_mm(scene.frame) > 0).mean()), 4),
        "objects": [_geometry_entry(scene, thing) for thing in scene.objects],
    }
    if scene.base_from_camera is not None:
        entry["base_from_camera"] = scene.base_from_camera.tolist()
    return entry


def _geometry_entry(scene: Scene, thing: SceneObject) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": thing.id,
        "bbox_xyxy": list(scene.box(thing.id)),
        "pixels": int(scene.mask(thing.id).sum()),
    }
    if thing.center_m is not None and thing.size_m is not None and thing.yaw_rad is not None:
        entry |= {
            "center_m": list(thing.center_m),
            "size_m": list(thing.size_m),
            "yaw_rad": thing.yaw_rad,
        }
    if thing.visible_share is not None:
        entry["visible_share"] = thing.visible_share
    return entry


def _words(thing: SceneObject) -> dict[str, list[str]]:
    return {
        "names": list(thing.names),
        "colors": list(thing.colors),
        "attributes": list(thing.attributes),
    }


def _expression_entry(expression: Expression) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "scene": expression.scene,
        "id": expression.id,
        "text": expression.text,
        "kind": expression.kind,
        "target_ids": list(expression.target_ids),
    }
    if expression.place_ids:
        entry["place_ids"] = list(expression.place_ids)
    if expression.answer is not None:
        entry["answer"] = expression.answer
    if expression.note:
        entry["note"] = expression.note
    return entry
