"""How well the geometric grounder finds objects, whatever they are called.

    python benchmarks/instances.py FOLDER [--pictures DIR] [--repeat N]

FOLDER holds scenes with instance masks (the format of grounding_ros/evaluation/folder.py). Every
true object counts, however little of it is seen. A found mask and a true mask are a hit when they
share half of their union (`grounding_ros/evaluation/metrics/matching.py`).

recall      hits / true objects
precision   hits / found masks
iou         mean intersection over union of the hits
ms          wall time of one `ground`, support plane included, on one OpenCV thread
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.folder import Scene, SceneFolder
from grounding_ros.evaluation.metrics.matching import TrueObjects, object_ious, pairs
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Detections


@dataclass(frozen=True, eq=False)
class Score:
    """One scene's masks against its truth."""

    ids: NDArray[np.int64]
    """(G,) ids of the true objects."""
    found: int
    """Masks found."""
    partners: NDArray[np.int64]
    """(G,) the mask that hits each true object; -1 = missed."""
    ious: NDArray[np.float64]
    """(G,) intersection over union with the partner; 0 = missed."""

    @property
    def hits(self) -> int:
        """True objects that were found."""
        return int((self.partners >= 0).sum())


def score(scene: Scene, detections: Detections) -> Score:
    """Pair the found masks with the true ones, as the evaluator does."""
    true = TrueObjects.of(scene)
    overlap = object_ious(detections, true)
    partners, ious = np.full(len(true.ids), -1, np.int64), np.zeros(len(true.ids))
    for found, row in pairs(overlap):
        partners[row], ious[row] = found, overlap[found, row]
    return Score(np.array(true.ids, np.int64), len(detections), partners, ious)


def overlay(scene: Scene, detections: Detections, result: Score) -> NDArray[np.uint8]:
    """Draw the found masks left and the true ones right, BGR; misses are marked in red."""
    left = right = np.ascontiguousarray(scene.frame.rgb[..., ::-1])
    assert detections.masks is not None
    hit = set(result.partners.tolist())
    for row, mask in enumerate(detections.masks):
        left = _painted(left, mask, row, f"{row} {detections.labels[row]}", row in hit)
    for row, id in enumerate(result.ids.tolist()):
        partner = int(result.partners[row])
        color = partner if partner >= 0 else len(detections) + row
        right = _painted(right, scene.instances == id, color, str(id), partner >= 0)
    return np.hstack([left, right])


def _painted(
    image: NDArray[np.uint8], mask: NDArray[np.bool_], color: int, text: str, good: bool
) -> NDArray[np.uint8]:
    paint = np.random.default_rng(color).integers(40, 255, 3)
    image = image.copy()
    image[mask] = (0.45 * image[mask] + 0.55 * paint).astype(np.uint8)
    rows, columns = np.nonzero(mask)
    if len(rows):
        where = (int(columns.mean()) - 20, int(rows.mean()))
        cv2.putText(image, text, where, 0, 0.4, (0, 0, 0) if good else (0, 0, 255), 1, cv2.LINE_AA)
    return image


def main() -> None:
    """Print the table; write the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=Path, help="write overlays to this folder")
    parser.add_argument("--repeat", type=int, default=5, help="timed runs of each scene")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    print(f"{'scene':16} {'true':>5} {'found':>5} {'hits':>5} {'iou':>6}  missed")
    results, times = [], []
    for scene in SceneFolder(arguments.folder):
        for _ in range(max(arguments.repeat, 1)):
            grounder = build_grounder(PerceptionParameters(), SupportPlanes())
            start = time.perf_counter()
            detections = grounder.ground(scene.frame, ())
            times.append(time.perf_counter() - start)
        result = score(scene, detections)
        results.append(result)
        missed = " ".join(str(id) for id in result.ids[result.partners < 0])
        iou = result.ious.sum() / max(result.hits, 1)
        counts = f"{len(result.ids):5} {result.found:5} {result.hits:5}"
        print(f"{scene.name:16} {counts} {iou:6.3f}  {missed}")
        if arguments.pictures:
            arguments.pictures.mkdir(parents=True, exist_ok=True)
            picture = arguments.pictures / f"{scene.name}.png"
            cv2.imwrite(str(picture), overlay(scene, detections, result))
    true = sum(len(result.ids) for result in results)
    found = sum(result.found for result in results)
    hits = sum(result.hits for result in results)
    iou = sum(float(result.ious.sum()) for result in results) / max(hits, 1)
    p50, p95 = 1e3 * np.percentile(times, (50, 95))
    print(f"{'total':16} {true:5} {found:5} {hits:5} {iou:6.3f}")
    print(
        f"recall {hits / max(true, 1):.3f}  precision {hits / max(found, 1):.3f}  iou {iou:.3f}  "
        f"p50 {p50:.0f} ms  p95 {p95:.0f} ms"
    )


if __name__ == "__main__":
    main()
