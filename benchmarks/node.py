"""What the live node costs beside its models, how fast it replies, and whether its memory is flat.

    python benchmarks/node.py [overhead] [latency] [memory] [--frames 2000] [--calls 500] [--json]

The node is a process of its own; a camera process publishes VGA rgb8 and 16UC1 depth at 30 Hz with
config/fastdds.xml; every frame is answered (`continuous`).

overhead  A script stands for the model: ten boxes on ten blocks, each lifted and published, while
          somebody subscribes to every topic; then again without the three pictures (`markers`,
          `objects_cloud`, `debug_image`). Milliseconds of each stage are the node's own, from
          /diagnostics. `overhead` is one whole answer, from the messages to the last publish,
          without `ground` and `segment`. `cpu` is the processor time of the whole process for each
          answer, threads of DDS included.
naive     The same conversions the way they are often written, in this process, by turns with ours.
latency   Round trips while the geometric grounder works without a pause on real frames (--scene).
          A bare node, which does nothing else, is called by turns: what it takes is the machine's.
memory    Resident memory of the node in that same run, at shares of --frames answers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from camera import BLOCKS, FRAME_ID, camera_process, table_of_blocks

from grounding_ros.ros.process import isolated_environment, node_process

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "mosd_tabletop"
STAGES = ("convert", "segment", "lift", "resolve", "publish", "overhead")
PICTURES = ("markers", "objects_cloud", "debug_image")
_SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
_FOREVER = "1000000000"
_PATIENCE_S = 60.0
"""How long without a new answer until the node is taken for dead."""


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
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        bare_node()
        return
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
        cpu_ms, answers = _cpu_ms(process.pid), ears.answers
        ears.wait_for_answers(frames)
        cpu_ms = (_cpu_ms(process.pid) - cpu_ms) / (ears.answers - answers)
        objects = ears.wait_for_detections()
        values = ears.wait_for_diagnostics()
    stages = {
        stage: {p: float(values[f"{stage}_{p}_ms"]) for p in ("p50", "p95")} for stage in STAGES
    }
    return {"objects": objects, "answers_hz": float(values["answers_hz"]), "cpu": cpu_ms} | stages


# Latency and memory.


def busy(scene: str, calls: int, frames: int) -> dict[str, Any]:
    """Call the node while the geometric grounder works, then let it run on for its memory."""
    parameters = {"continuous": True, "initial_instruction": "find all objects"}
    result: dict[str, Any] = {"scene": Path(scene).name}
    with _running(parameters, scene) as (process, ears):
        ears.wait_for_answers(1)
        began, answers = time.monotonic(), ears.answers
        if calls:
            result["latency"] = round_trips(calls)
        memory = {}
        for share in _SHARES if frames else ():
            mark = round(share * frames)
            ears.wait_for_answers(mark)
            # Calls may have taken longer than the first marks: note where we really are.
            memory[ears.answers] = _resident_mib(process.pid)
        if memory:
            result["memory_mib"] = memory
        result["answers_hz"] = (ears.answers - answers) / (time.monotonic() - began)
    return result


def round_trips(calls: int) -> dict[str, Any]:
    """Milliseconds of each kind of call, the grounding node and a bare one by turns."""
    import rclpy
    from rclpy.context import Context
    from rclpy.executors import SingleThreadedExecutor

    context = Context()
    rclpy.init(context=context)
    node = rclpy.create_node("caller", context=context)
    executor = SingleThreadedExecutor(context=context)
    executor.add_node(node)
    bare = subprocess.Popen([sys.executable, __file__, "--bare"])
    try:
        kinds = _calls(node, "grounding", "bare")
        times: dict[tuple[str, str], list[float]] = {key: [] for key in kinds}
        for _ in range(calls):
            for key, call in kinds.items():
                time.sleep(random.uniform(0.0, 0.01))  # so as to come at any moment of a frame
                start = time.perf_counter()
                future = call()
                executor.spin_until_future_complete(future, timeout_sec=10.0)
                times[key].append(1e3 * (time.perf_counter() - start))
                if not future.done():
                    raise SystemExit(f"{' '.join(key)}: no reply within 10 s")
    finally:
        bare.terminate()
        bare.wait()
        rclpy.shutdown(context=context)
    result: dict[str, Any] = {}
    for (owner, kind), values in times.items():
        p50, p95, p99 = np.percentile(values, (50, 95, 99)).tolist()
        result.setdefault(kind, {})[owner] = {"p50": p50, "p95": p95, "p99": p99}
    return result


def _calls(node: Any, *owners: str) -> dict[tuple[str, str], Callable[[], Any]]:
    """Ready calls by owner and kind."""
    from rcl_interfaces.srv import GetParameters, SetParameters
    from rclpy.parameter import Parameter
    from std_srvs.srv import SetBool, Trigger

    def set_margin() -> Any:
        margin = Parameter("reasoning.ambiguity_margin", value=random.uniform(0.1, 0.2))
        return SetParameters.Request(parameters=[margin.to_parameter_msg()])

    kinds = {
        "get parameter": (
            GetParameters,
            "get_parameters",
            lambda: GetParameters.Request(names=["reasoning.ambiguity_margin"]),
        ),
        "set parameter": (SetParameters, "set_parameters", set_margin),
        "~/enable": (SetBool, "enable", lambda: SetBool.Request(data=True)),
        "~/ground_once": (Trigger, "ground_once", Trigger.Request),
    }
    calls = {}
    for kind, (service, name, request) in kinds.items():
        for owner in owners:
            client = node.create_client(service, f"/{owner}/{name}")
            if not client.wait_for_service(30.0):
                raise SystemExit(f"/{owner}/{name}: not offered within 30 s")
            calls[owner, kind] = lambda client=client, make=request: client.call_async(make())
    return calls


def bare_node() -> None:
    """Offer the same services and do nothing else."""
    import rclpy
    from rclpy.signals import SignalHandlerOptions
    from std_srvs.srv import SetBool, Trigger

    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)  # SIGTERM ends it, quietly
    node = rclpy.create_node("bare")
    node.declare_parameter("reasoning.ambiguity_margin", 0.15)
    node.create_service(SetBool, "~/enable", lambda request, response: response)
    node.create_service(Trigger, "~/ground_once", lambda request, response: response)
    rclpy.spin(node)


# The naive way.


def naive(repeats: int) -> dict[str, Any]:
    """Our way and the naive one for two steps, milliseconds (median) and their ratio."""
    from sensor_msgs.msg import CameraInfo, Image
    from std_msgs.msg import Header

    from grounding_ros.adapters.frame import CameraInfos, to_frame
    from grounding_ros.adapters.image import fill_image
    from grounding_ros.adapters.pairing import Pair
    from grounding_ros.geometry.lifting import Lifter
    from grounding_ros.geometry.parameters import LiftingParameters
    from grounding_ros.geometry.plane import SupportPlanes
    from grounding_ros.perception.segmenters.box import BoxSegmenter
    from grounding_ros.scene import Detections

    picture, header = table_of_blocks(), Header(frame_id=FRAME_ID)
    image = fill_image(Image(), header, picture.rgb, "rgb8")
    depth = fill_image(Image(), header, picture.depth_mm, "16UC1")
    info = CameraInfo(header=header, width=640, height=480)
    info.k = [525.0, 0.0, 319.5, 0.0, 525.0, 239.5, 0.0, 0.0, 1.0]
    cameras = CameraInfos(rectified=False)
    cameras.put(info)
    pair = Pair(0, image, depth)
    frame = to_frame(pair, cameras)
    boxes, n = np.array(BLOCKS, np.float32), len(BLOCKS)
    found = Detections(boxes, np.ones(n), ("block",) * n, (480, 640))
    found = BoxSegmenter().segment(frame, found)
    support = SupportPlanes()
    lifter = Lifter(LiftingParameters(), support)
    support.of(frame)

    def naive_convert() -> Any:
        rgb = np.array(list(image.data.tobytes()), np.uint8).reshape(480, 640, 3)
        raw = np.frombuffer(depth.data.tobytes(), np.uint16).reshape(480, 640)
        return rgb, np.where(raw > 0, raw / 1000.0, np.nan)

    def naive_lift() -> Any:
        v, u = np.mgrid[:480, :640]
        x, y = (u - 319.5) / 525.0 * frame.depth, (v - 239.5) / 525.0 * frame.depth
        points = np.stack([x, y, frame.depth], axis=-1)
        return [np.nanpercentile(points[mask], (2, 50, 98), axis=0) for mask in found.masks]

    steps = {
        "convert": (lambda: to_frame(pair, cameras), naive_convert),
        "lift": (lambda: lifter.lift(frame, found, None), naive_lift),
    }
    return {name: _compared(*ways, repeats) for name, ways in steps.items()}


def _compared(ours: Callable[[], Any], theirs: Callable[[], Any], repeats: int) -> dict[str, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for way, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            way()
            taken.append(1e3 * (time.perf_counter() - start))
    ms, naive_ms = (float(np.median(taken)) for taken in times)
    return {"ms": ms, "naive_ms": naive_ms, "ratio": naive_ms / ms}


# The processes around it.


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


class Ears:
    """Counts the node's answers and keeps its newest diagnostics and detections.

    Pictures stay serialised: what a subscriber does with them is not the node's cost.
    """

    def __init__(self, node: Any, process: subprocess.Popen[bytes], log: Path) -> None:
        from diagnostic_msgs.msg import DiagnosticArray
        from std_msgs.msg import String

        self.answers = 0
        self._node = node
        self._process = process
        self._log = log
        self._diagnostics: dict[str, str] = {}
        self._detections: int | None = None
        node.create_subscription(String, "/grounding/answer", self._on_answer, 1, raw=True)
        node.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, 10)

    def subscribe_to_all(self, pictures: bool) -> None:
        """Hear every other topic, the three pictures only when wanted."""
        from sensor_msgs.msg import Image, PointCloud2
        from std_msgs.msg import UInt32
        from vision_msgs.msg import Detection2DArray, Detection3DArray, LabelInfo
        from visualization_msgs.msg import MarkerArray

        topics = {
            "detections": Detection2DArray,
            "masks": Image,
            "label_info": LabelInfo,
            "count": UInt32,
        }
        if pictures:
            topics |= dict(zip(PICTURES, (MarkerArray, PointCloud2, Image), strict=True))
        for name, kind in topics.items():
            self._node.create_subscription(
                kind, f"/grounding/{name}", lambda data: None, 1, raw=True
            )
        self._node.create_subscription(
            Detection3DArray, "/grounding/detections_3d", self._on_detections, 1
        )

    def wait_for_answers(self, count: int) -> None:
        """Wait until so many answers were heard in all."""
        heard, since = self.answers, time.monotonic()
        while self.answers < count:
            time.sleep(0.01)
            if self.answers > heard:
                heard, since = self.answers, time.monotonic()
            if self._process.poll() is not None or time.monotonic() - since > _PATIENCE_S:
                raise SystemExit(f"the node is silent; its log:\n{self._log.read_text()[-2000:]}")

    def wait_for_diagnostics(self) -> dict[str, str]:
        """The next values of /diagnostics."""
        self._diagnostics = {}
        return self._soon(lambda: self._diagnostics or None, "diagnostics")

    def wait_for_detections(self) -> int:
        """How many objects the next detections_3d hold."""
        self._detections = None
        return self._soon(lambda: self._detections, "detections_3d")

    def forget(self) -> None:
        """Start counting anew."""
        self.answers = 0

    def _soon(self, look: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + _PATIENCE_S
        while (found := look()) is None:
            if time.monotonic() > deadline:
                raise SystemExit(f"no {what} within {_PATIENCE_S:.0f} s")
            time.sleep(0.01)
        return found

    def _on_answer(self, data: bytes) -> None:
        self.answers += 1

    def _on_diagnostics(self, message: Any) -> None:
        self._diagnostics = {kv.key: kv.value for part in message.status for kv in part.values}

    def _on_detections(self, message: Any) -> None:
        self._detections = len(message.detections)


def _resident_mib(pid: int) -> float:
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(row for row in rows if row.startswith("VmRSS")).split()[1]) / 1024


def _cpu_ms(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1e3 * sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")


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
        lines += ["against the naive way:     ms   naive   ratio"]
        for step, way in result["naive"].items():
            lines += [f"  {step:20} {way['ms']:7.2f} {way['naive_ms']:7.2f} {way['ratio']:7.1f}"]
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
