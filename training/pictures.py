"""Draws what the tabletop grounder calls things: python -m training.pictures FOLDER OUT.jpg.

Found outlines with their names, green where the name is one of the object's own, red where it is
not or where nothing is; below a red one stands the right name. FOLDER is what training.scenes
writes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.folder import Scene, SceneFolder
from grounding_ros.evaluation.metrics.matching import TrueObjects, object_ious, pairs
from grounding_ros.perception.grounders.tabletop_network import OnnxNetwork
from grounding_ros.scene import Detections
from training.evaluate import grounders

_GOOD, _BAD = (40, 200, 40), (40, 40, 230)


def main() -> None:
    """Write one picture of several scenes, two a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--scenes", nargs="+", required=True, help="names of an even number")
    parser.add_argument("--grounder", default="tabletop, own", help="of training.evaluate")
    arguments = parser.parse_args()
    folder = SceneFolder(arguments.folder)
    build = grounders(OnnxNetwork(arguments.model))[arguments.grounder]
    shown = [
        drawn(scene, build().ground(scene.frame, ()))
        for scene in (folder[name] for name in arguments.scenes)
    ]
    rows = [np.hstack(shown[i : i + 2]) for i in range(0, len(shown), 2)]
    cv2.imwrite(str(arguments.out), np.vstack(rows), (cv2.IMWRITE_JPEG_QUALITY, 80))


def drawn(scene: Scene, found: Detections) -> NDArray[np.uint8]:
    """Return the scene's picture (H, W, 3) BGR with what was found and what it is called."""
    picture = np.ascontiguousarray(scene.frame.rgb[..., ::-1])
    true = TrueObjects.of(scene)
    partners = {n: true.ids[g] for n, g in pairs(object_ious(found, true))}
    assert found.masks is not None
    for row, mask in enumerate(found.masks):
        called = found.labels[row].split()[-1]
        own = scene.object(partners[row]).names if row in partners else ()
        color = _GOOD if called in own else _BAD
        outline, _ = cv2.findContours(
            mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        cv2.drawContours(picture, outline, -1, color, 2)
        x, y = found.boxes[row, :2].astype(int).tolist()
        _write(picture, called, (x, max(y - 4, 12)), color)
        if color == _BAD:
            _write(picture, f"({own[0] if own else 'nothing'})", (x, max(y - 4, 12) + 14), color)
    for id in sorted(set(true.ids) - set(partners.values())):
        x, y = scene.box(id)[:2]
        _write(picture, f"(missed {scene.object(id).names[0]})", (x, y + 12), _BAD)
    return picture


def _write(
    picture: NDArray[np.uint8], text: str, where: tuple[int, int], color: tuple[int, int, int]
) -> None:
    for shade, width in (((255, 255, 255), 3), (color, 1)):
        cv2.putText(picture, text, where, 0, 0.45, shade, width, cv2.LINE_AA)


if __name__ == "__main__":
    main()
