"""How long lifting takes per object, against the naive way, on real Kinect frames.

    python benchmarks/lifting.py [folder of scenes]

The folder holds `index.json` and `frames/<scene>_{color,depth_mm,instances}.png`. The baseline
deprojects the whole image for every frame and takes percentiles of the points of each mask along
the camera's axes: no cleaning, no gravity, no yaw. Both run in this process, by turns.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.depth import to_metres
from grounding_ros.geometry.lifting import Lifter
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.scene import Detections, Frame, Intrinsics

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "mosd_tabletop"
REPEATS = 20
TEN = 10


def scene(folder: Path, entry: dict[str, Any]) -> tuple[Frame, Detections]:
    """Read one scene with its true masks."""

    def image(kind: str) -> NDArray[Any]:
        read = cv2.imread(str(folder / "frames" / f"{entry['scene']}_{kind}.png"), -1)
        if read is None:
            raise SystemExit(f"{folder}: expected frames/{entry['scene']}_{kind}.png")
        return np.asarray(read)

    fx, _, cx, _, fy, cy, *_ = entry["K"]
    camera = Intrinsics(entry["width"], entry["height"], fx, fy, cx, cy)
    rgb = np.ascontiguousarray(image("color")[..., ::-1])
    frame = Frame(rgb, to_metres(image("depth_mm")), camera)
    instances, objects = image("instances"), entry["objects"]
    detections = Detections(
        np.array([thing["bbox_xyxy"] for thing in objects], np.float32),
        np.ones(len(objects), np.float32),
        tuple(str(thing["id"]) for thing in objects),
        (entry["height"], entry["width"]),
        np.stack([instances == thing["id"] for thing in objects]),
    )
    return frame, detections


def naive(frame: Frame, detections: Detections) -> list[NDArray[Any]]:
    """Deproject everything, then percentiles of each mask."""
    assert frame.depth is not None and frame.intrinsics is not None and detections.masks is not None
    k = frame.intrinsics
    v, u = np.mgrid[: frame.height, : frame.width]
    points = np.stack(
        [(u - k.cx) / k.fx * frame.depth, (v - k.cy) / k.fy * frame.depth, frame.depth], axis=-1
    )
    return [np.nanpercentile(points[mask], (2, 50, 98), axis=0) for mask in detections.masks]


def milliseconds(work: Callable[[], Any]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def main() -> None:
    """Print p50 and p95 over scenes and repeats."""
    cv2.setNumThreads(1)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    index = folder / "index.json"
    if not index.is_file():
        raise SystemExit(f"expected scenes in {folder}; name the folder that holds index.json")
    lifter = Lifter(LiftingParameters(), SupportPlanes())
    ten, planes, lifted, naively = [], [], [], []
    for entry in json.loads(index.read_text()):
        frame, detections = scene(folder, entry)
        lift = partial(lifter.lift, frame, detections, None)
        lift()  # the rays of the camera, once
        planes.append(milliseconds(partial(SupportPlanes().of, frame)))
        for _ in range(REPEATS):
            if len(detections) >= TEN:
                crowd = partial(lifter.lift, frame, detections[list(range(TEN))], None)
                ten.append(milliseconds(crowd) / TEN)
            lifted.append(milliseconds(lift) / len(detections))
            naively.append(milliseconds(partial(naive, frame, detections)) / len(detections))
    for name, times in (("ten", ten), ("lift", lifted), ("naive", naively)):
        if not times:
            continue  # no scene of ten
        p50, p95 = np.percentile(times, (50, 95))
        print(f"{name:6} p50 {p50:6.2f} ms  p95 {p95:6.2f} ms an object")
    print(f"ratio  {np.median(np.divide(naively, lifted)):.1f} times faster than naive (median)")
    print(f"plane  p50 {np.median(planes):6.2f} ms a frame, shared with the grounder, not included")


if __name__ == "__main__":
    main()
