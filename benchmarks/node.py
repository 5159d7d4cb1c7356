"""What the live node costs beside its models, how fast it replies, and whether its memory is flat.

    python benchmarks/node.py [overhead] [naive] [latency] [memory] [--frames N] [--calls N]

The node is a process of its own; a camera process publishes VGA rgb8 and 16UC1 depth at 30 Hz with
config/fastdds.xml; every frame is answered (`continuous`).

overhead  A script stands for the model: ten boxes on ten blocks, each lifted and published, while
          somebody subscribes to every topic; then again without the three pictures (`markers`,
          `objects_cloud`, `debug_image`). Milliseconds of each stage are the node's own, from
          /diagnostics. `overhead` is one whole answer, from the messages to the last publish,
          without `ground` and `segment`. `cpu` is the processor time of the whole process for each
          answer, threads of DDS included.
naive     Messages to a frame, by turns with the way it is often written: copies of both, depth in
          float64, and every pixel made a point (the node makes points of objects only, in `lift`).
latency   Round trips while the geometric grounder works without a pause on real frames (--scene).
          A bare node, which does nothing else, is called by turns: what it takes is the machine's.
memory    Resident memory of the node in that same run, at shares of --frames answers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from calls import round_trips
from camera import BLOCKS, FRAME_ID, camera_process, table_of_blocks
from ears import Ears, cpu_ms

from grounding_ros.ros.process import isolated_environment, node_process

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "mosd_tabletop"
STAGES = ("convert", "segment", "lift", "resolve", "publish", "overhead")
_SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
_FOREVER = "1000000000"


def main() -> None:
    """Run the parts that were asked for and print what they measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help="overhead, naive, latency, memory; default: all")
    parser.add_argument("--frames", type=int, default=2000, help="answers of the memory run")
    parser.add_argument("--calls", type=int, default=500, help="calls of each kind")
    parser.add_argument("--scene", default="", help="a folder of scenes, or `sample`")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    given = parser.parse_args()
    parts = set(given.parts) or {"overhead", "naive", "latency", "memory"}
    scene = given.scene or (str(FOLDER) if FOLDER.is_dir() else "sample")
    os.environ.update(isolated_environment())
    result: dict[str, Any] = {}
    if "overhead" in parts:
        frames = min(given.frames, 300)
        result["overhead"] = overhead(frames, pictures=True)
        result["overhead_without_pictures"] = overhead(frames, pictures=False)
    if "naive" in parts:
        result["naive"] = naive(repeats=min(given.frames, 50))
    if parts & {"latency", "memory"}:
        calls = given.calls if "latency" in parts else 0
        result |= busy(scene, calls, given.frames if "memory" in parts else 0)
    print(json.dumps(result) if given.json else tables(result))


# Overhead.


def overhead(frames: int, *, pictures: bool) -> dict[str, Any]:
    """Answer frames on which a script finds ten blocks, somebody hearing every topic."""
    parameters = {
        "continuous": True,
        "initial_instruction": "find all the blocks",
        "perception.grounder": "scripted",
        "perception.script": json.dumps({"block": BLOCKS}),
    }
    with _running(parameters, "blocks") as (process, ears):
        ears.subscribe_to_all(pictures)
        ears.wait_for_answers(20)  # the first frames fill caches
        ears.forget()
        used = cpu_ms(process.pid)
        ears.wait_for_answers(frames)
        used = (cpu_ms(process.pid) - used) / ears.answers
        objects = ears.wait_for_detections()
        values = ears.wait_for_diagnostics()
    stages = {
        stage: {p: float(values[f"{stage}_{p}_ms"]) for p in ("p50", "p95")} for stage in STAGES
    }
    return {"objects": objects, "answers_hz": float(values["answers_hz"]), "cpu": used} | stages


# Latency and memory.


def busy(scene: str, calls: int, frames: int) -> dict[str, Any]:
    """Call the node while the geometric grounder works, then let it run on for its memory."""
    parameters = {"continuous": True, "initial_instruction": "find all objects"}
    result: dict[str, Any] = {"scene": Path(scene).name}
    with _running(parameters, scene) as (_, ears):
        ears.watch_memory({round(share * frames) for share in _SHARES})
        ears.wait_for_answers(1)
        began, answers = time.monotonic(), ears.answers
        if calls:
            result["latency"] = round_trips(calls)
        if frames:
            ears.wait_for_answers(frames)
            result["memory_mib"] = ears.memory_mib
        result["answers_hz"] = (ears.answers - answers) / (time.monotonic() - began)
    return result


# The naive way.


def naive(repeats: int) -> dict[str, float]:
    """Messages to a frame, our way and the naive one: milliseconds (median) and their ratio."""
    from sensor_msgs.msg import CameraInfo, Image
    from std_msgs.msg import Header

    from grounding_ros.adapters.frame import CameraInfos, to_frame
    from grounding_ros.adapters.image import fill_image
    from grounding_ros.adapters.pairing import Pair

    picture, header = table_of_blocks(), Header(frame_id=FRAME_ID)
    image = fill_image(Image(), header, picture.rgb, "rgb8")
    depth = fill_image(Image(), header, picture.depth_mm, "16UC1")
    info = CameraInfo(header=header, width=640, height=480)
    info.k = [525.0, 0.0, 319.5, 0.0, 525.0, 239.5, 0.0, 0.0, 1.0]
    cameras = CameraInfos(rectified=False)
    cameras.put(info)

    def ours() -> Any:
        return to_frame(Pair(0, image, depth), cameras)

    def theirs() -> Any:
        rgb = np.array(np.frombuffer(image.data.tobytes(), np.uint8)).reshape(480, 640, 3)
        raw = np.array(np.frombuffer(depth.data.tobytes(), np.uint16)).reshape(480, 640)
        z = np.where(raw > 0, raw / 1000.0, np.nan)
        v, u = np.mgrid[:480, :640]
        return rgb, np.stack([(u - 319.5) / 525.0 * z, (v - 239.5) / 525.0 * z, z], axis=-1)

    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for way, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            way()
            taken.append(1e3 * (time.perf_counter() - start))
    ms, naive_ms = (float(np.median(taken)) for taken in times)
    return {"ms": ms, "naive_ms": naive_ms, "ratio": naive_ms / ms}


@contextmanager
def _running(
    parameters: dict[str, Any], scene: str
) -> Iterator[tuple[subprocess.Popen[bytes], Ears]]:
    """A node with these parameters, a camera, and ears for what the node says."""
    from grounding_ros.ros.session import spinning

    with ExitStack() as stack:
        log = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "node.log"
        process = stack.enter_context(node_process(parameters, {}, log))
        listener = stack.enter_context(spinning("planner"))
        stack.enter_context(camera_process("--frames", _FOREVER, "--scene", scene))
        yield process, Ears(listener, process, log)


# What is printed.


def tables(result: dict[str, Any]) -> str:
    """The results as text."""
    lines = []
    for name, title in (
        ("overhead", "overhead, every topic heard"),
        ("overhead_without_pictures", "overhead, without pictures"),
    ):
        if name in result:
            run = result[name]
            lines += [f"{title}: {run['objects']} objects, {run['answers_hz']:.1f} answers/s"]
            lines += [f"  {'stage':10} p50, ms p95, ms"]
            lines += [f"  {s:10} {run[s]['p50']:7.2f} {run[s]['p95']:7.2f}" for s in STAGES]
            lines += [f"  {'cpu':10} {run['cpu']:7.2f} for each answer"]
    if "naive" in result:
        way = result["naive"]
        times = f"{way['ms']:.2f} ms, the naive way {way['naive_ms']:.2f} ms"
        lines += [f"messages to a frame: {times}, {way['ratio']:.0f} times as long"]
    if "latency" in result:
        lines += [f"round trips, ms, {result['answers_hz']:.1f} answers/s on {result['scene']}:"]
        lines += [f"  {'call':15} {'node':10} {'p50':>7} {'p95':>7} {'p99':>7}"]
        for kind, owners in result["latency"].items():
            for owner, t in owners.items():
                times = " ".join(f"{t[p]:7.1f}" for p in ("p50", "p95", "p99"))
                lines += [f"  {kind:15} {owner:10} {times}"]
    if "memory_mib" in result:
        marks = list(result["memory_mib"].items())
        lines += [f"memory, MiB, on {result['scene']}:"]
        lines += [f"  after {answers:5} answers {mib:7.1f}" for answers, mib in marks]
        lines += [f"  growth after the first mark {marks[-1][1] - marks[0][1]:+.1f}"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
