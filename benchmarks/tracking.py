"""Do objects keep their ids while the camera moves and something passes in front of them?

    python benchmarks/tracking.py [--frames N] [--seed S] [--size WxH] [--depth-noise KIND]
                                  [--no-tf] [--json]

Renders a film of eight objects on a table, two pairs of which look the same; the camera walks
around them, and a ninth object passes between, once each way (`simulation/film.py`). The objects
are found twice: by their true masks, and by the geometric grounder. Each time they are followed by
the tracker and, as a baseline, by the nearest centre within the same gate, without looks.

switches        times that an object was found under another id than the last time, and how many
                of these were of the eight that lie still
fragmentations  times that an object was lost although it could be seen all the while
mota            1 - (missed + false + switches) / (true objects that could be seen in all frames)
ms              processor time of following all objects of a frame, p50 and p95

With `--no-tf` nobody knows where the camera is, and the objects live in its frame. With true masks
nothing is missed or false, but the lifted centres have the noise of the depth.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, replace

import cv2
import numpy as np

from grounding_ros.evaluation.metrics.identity import identity_scores
from grounding_ros.evaluation.metrics.matching import TrueObjects, object_ious, pairs
from grounding_ros.geometry.tracking import Tracker
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.language import parse, phrases_of
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import CameraPose, Detections, Frame, Objects3D
from grounding_ros.simulation.film import PASSER, film
from grounding_ros.simulation.truth import BASE_FRAME, Scene

EVERYTHING = phrases_of(parse("find all the objects"))


class NearestCentre:
    """The baseline: an object is the known one whose centre is nearest, the nearest pair first."""

    def __init__(self, parameters: TrackingParameters) -> None:
        self._parameters = parameters
        self._known: dict[int, tuple[np.ndarray, int]] = {}
        self._newest = 0

    def follow(self, frame: Frame, detections: Detections, objects: Objects3D) -> Detections:
        """Return the detections with ids."""
        oldest = frame.stamp_ns - self._parameters.max_age_s * 1e9
        self._known = {id: one for id, one in self._known.items() if one[1] > oldest}
        gaps = [
            (float(np.linalg.norm(objects.centers[row] - center)), row, id)
            for row in range(len(detections))
            for id, (center, _) in self._known.items()
        ]
        ids: dict[int, int] = {}
        for _, row, id in sorted(one for one in gaps if one[0] <= self._parameters.gate_m):
            if row not in ids and id not in ids.values():
                ids[row] = id
        for row in range(len(detections)):
            if row not in ids:
                self._newest += 1
                ids[row] = self._newest
            if np.isfinite(objects.centers[row]).all():
                self._known[ids[row]] = (objects.centers[row], frame.stamp_ns)
        return replace(detections, track_ids=tuple(ids[row] for row in range(len(detections))))


FOLLOWERS = {"tracker": Tracker, "nearest": NearestCentre}


def true_detections(scene: Scene, true: TrueObjects) -> Detections:
    """Return the objects that can be seen, in another order every frame."""
    order = np.random.default_rng(scene.frame.stamp_ns).permutation(len(true.ids))
    things = [scene.object(true.ids[row]) for row in order]
    return Detections(
        boxes=true.boxes[order].astype(np.float32),
        scores=np.ones(len(things), np.float32),
        labels=tuple(f"{thing.colors[0]} {thing.names[0]}" for thing in things),
        image_size=(scene.frame.height, scene.frame.width),
        masks=true.masks[order],
    )


def followed(
    scenes: Iterator[Scene], parameters: TrackingParameters, has_tf: bool
) -> Iterator[tuple]:
    """Yield (eye, follower, ids of true objects, number of false ones, ms) of every frame."""
    pipeline = build_pipeline(PipelineParameters())
    followers = {
        (eye, name): make(parameters)
        for eye in ("true masks", "geometric")
        for name, make in FOLLOWERS.items()
    }
    for scene in scenes:
        frame, true = scene.frame, TrueObjects.of(scene)
        pose = CameraPose(BASE_FRAME, scene.base_from_camera) if has_tf else None
        eyes = {
            "true masks": true_detections(scene, true),
            "geometric": pipeline.grounder.ground(frame, EVERYTHING),
        }
        for eye, detections in eyes.items():
            objects = pipeline.lifter.lift(frame, detections, pose)
            partners = {g: n for n, g in pairs(object_ious(detections, true))}
            for name in FOLLOWERS:
                start = time.thread_time()
                ids = followers[eye, name].follow(frame, detections, objects).ids
                ms = 1e3 * (time.thread_time() - start)
                given = {
                    id: ids[partners[row]] if row in partners else None
                    for row, id in enumerate(true.ids)
                }
                yield eye, name, given, len(detections) - len(partners), ms


def measured(
    scenes: Iterator[Scene], parameters: TrackingParameters, has_tf: bool
) -> dict[str, dict]:
    """Return the figures by "eye, follower"."""
    rows: dict[str, list] = {}
    for eye, name, *rest in followed(scenes, parameters, has_tf):
        rows.setdefault(f"{eye}, {name}", []).append(rest)
    figures = {}
    for name, frames in rows.items():
        scores = identity_scores((given, false) for given, false, _ in frames)
        p50, p95 = np.percentile([ms for *_, ms in frames], (50, 95)).tolist()
        rest = {"switches": scores.switches, "mota": scores.mota}
        figures[name] = {**asdict(scores), **rest, "p50_ms": p50, "p95_ms": p95}
    return figures


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--size", default="640x480", help="WIDTHxHEIGHT")
    parser.add_argument("--depth-noise", default="kinect", help="none, kinect or d435")
    parser.add_argument("--no-tf", action="store_true", help="the camera's place is not known")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    width, height = map(int, given.size.split("x"))
    rate_hz = given.frames / 20  # the film lasts 20 s, however many frames it has
    scenes = film(
        given.seed,
        given.frames,
        rate_hz=rate_hz,
        size=(width, height),
        depth_noise=given.depth_noise,
    )
    figures = measured(scenes, TrackingParameters(), not given.no_tf)
    if given.json:
        print(json.dumps(figures))
        return
    where = "camera's frame" if given.no_tf else "base frame"
    print(
        f"{given.frames} frames, seed {given.seed}, {given.size}, depth noise: "
        f"{given.depth_noise}, {where}"
    )
    print(
        f"{'':22} {'objects':>8} {'missed':>7} {'false':>6} {'switches':>9} {'still':>6} "
        f"{'fragm.':>7} {'ids':>4} {'mota':>6} {'p50 ms':>7} {'p95 ms':>7}"
    )
    for name, row in figures.items():
        still = sum(id < PASSER for id in row["switched"])
        print(
            f"{name:22} {row['object_frames']:8} {row['missed']:7} {row['false']:6} "
            f"{row['switches']:9} {still:6} {row['fragmentations']:7} {row['ids']:4} "
            f"{row['mota']:6.3f} {row['p50_ms']:7.2f} {row['p95_ms']:7.2f}"
        )


if __name__ == "__main__":
    main()
