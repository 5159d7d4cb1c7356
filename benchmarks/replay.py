"""A bag of 2,000 frames: read, evaluated offline, and played to a live node.

    python benchmarks/replay.py [reading] [offline] [live] [--frames N] [--rates R...]

The bag is made from four scenes, shown in ten rounds at 30 Hz with new stamps: VGA rgb8, 16UC1
depth, camera_info, tf and one instruction a frame. It is written as mcap, sqlite3, mcap with zstd,
and mcap of compressed images; the last three are only read, the first --read frames of each.

reading   Milliseconds for a frame: `read` from the storage (the file is in the system's memory),
          `decode` all its messages, `convert` them to arrays in metres. `pipeline` is the offline
          evaluation's, if that part ran; the last column is the share of what comes before it.
offline   `evaluate --instruction` on every frame: frames a second, milliseconds of the stages, and
          resident memory after each round. The slope is a straight line through the marks after the
          first: MiB for each 1,000 frames. `own` is without pages of files that are only mapped.
live      `evaluate --live --start-node --instruction`: the node answers every frame that it can,
          continuously. Rates are times 30 Hz. `lost` never arrived; `skipped` was replaced by a
          newer image before the node came to it; `late` was sent more than 20 ms late.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from grounding_ros.adapters.frame import CameraInfos, stamp_ns, to_frame
from grounding_ros.adapters.pairing import Pair
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.topics import find_topics
from grounding_ros.evaluation.bags.writer import make_bag
from grounding_ros.evaluation.evaluate import Outputs, evaluate
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.results import Results, latency_json
from grounding_ros.evaluation.work import Job, Settings, run_here

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "mosd_tabletop"
TEXT = "pick up the red box"
HZ = 30.0
_SCENES = 4
_MARKS = 10
_STORAGES: dict[str, dict[str, Any]] = {
    "mcap": {},
    "sqlite3": {"storage": "sqlite3"},
    "mcap, zstd": {"zstd": True},
    "mcap, JPEG and PNG": {"compressed": True},
}


def main() -> None:
    """Run the parts that were asked for and print what they measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help="reading, offline, live; default: all")
    parser.add_argument("--frames", type=int, default=2000)
    parser.add_argument("--read", type=int, default=500, help="frames that are read")
    parser.add_argument("--rates", type=float, nargs="+", default=[0.25, 0.5, 1.0])
    parser.add_argument("--scenes", type=Path, help="a folder of scenes; default: real or rendered")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    given = parser.parse_args()
    parts = set(given.parts) or {"reading", "offline", "live"}
    result: dict[str, Any] = {"frames": given.frames}
    with tempfile.TemporaryDirectory() as name:
        around = Path(name)
        bag = _bag(_scenes(given.scenes, around), around / "bag", given.frames)
        result["mib"] = _mib(bag)
        if "offline" in parts:
            result["offline"] = offline(bag, given.frames)
        if "reading" in parts:
            read = min(given.read, given.frames)
            result["reading"] = reading(given.scenes, around, read)
        if "live" in parts:
            result["live"] = [live(bag, rate) for rate in given.rates]
    print(json.dumps(result) if given.json else tables(result))


# The bag.


def _scenes(folder: Path | None, around: Path) -> Path:
    """A folder of scenes: the one that is given, or real ones, or some that are rendered now."""
    if folder is not None:
        return folder
    if FOLDER.is_dir():
        return FOLDER
    from grounding_ros.simulation.render import render

    rendered = around / "rendered"
    return rendered if rendered.is_dir() else Path(render(rendered, _SCENES, 0))


def _bag(folder: Path, out: Path, frames: int, **options: Any) -> Path:
    """Write a bag of so many frames, one for each expression, in rounds through a few scenes."""
    repeated = out.with_name(f"{out.name}_scenes")
    (repeated / "frames").mkdir(parents=True)
    entries, words = (
        json.loads((folder / name).read_text("utf-8")) for name in ("index.json", "objects.json")
    )
    index: list[dict[str, Any]] = []
    for turn in range(_MARKS):
        for entry in entries[:_SCENES]:
            name = f"{entry['scene']}-{turn}"
            index.append({**entry, "scene": name})
            words[name] = words[entry["scene"]]
            for picture in (folder / "frames").glob(f"{entry['scene']}_*"):
                ending = picture.name.removeprefix(entry["scene"])
                shutil.copy(picture, repeated / "frames" / f"{name}{ending}")
    said = [
        {"scene": index[k * len(index) // frames]["scene"], "id": str(k), "text": TEXT}
        for k in range(frames)
    ]
    said = [{**one, "kind": "absent", "target_ids": []} for one in said]
    shown = {one["scene"] for one in said}
    index = [entry for entry in index if entry["scene"] in shown]
    (repeated / "objects.json").write_text(json.dumps(words), "utf-8")
    (repeated / "index.json").write_text(json.dumps(index), "utf-8")
    (repeated / "expressions.json").write_text(json.dumps(said), "utf-8")
    bag = make_bag(repeated, out, period_s=1 / HZ, repeat_frames=True, **options)
    shutil.rmtree(repeated)  # else it is the bag's truth
    return bag


def _mib(bag: Path) -> float:
    return sum(file.stat().st_size for file in bag.iterdir()) / 2**20


# Offline.


@dataclass(frozen=True)
class Mark:
    """The process after some frames."""

    frames: int
    seconds: float
    resident_mib: float
    own_mib: float


def offline(bag: Path, frames: int) -> dict[str, Any]:
    """Answer every frame as `evaluate --instruction` does, and look at the memory meanwhile."""
    marks: list[Mark] = []
    began = time.perf_counter()

    def watched(jobs: Sequence[Job], settings: Settings) -> Iterator[SceneRecord | Broken]:
        for number, record in enumerate(run_here(jobs, settings), 1):
            yield record
            if number % max(frames // _MARKS, 1) == 0:
                marks.append(Mark(number, time.perf_counter() - began, *_memory_mib()))

    results = evaluate([bag], Settings(asked=(TEXT,)), Outputs(), watched)
    seconds = time.perf_counter() - began
    answers = [one.timings_ms for one in results.heard]
    pipeline_ms = float(np.mean([one["parse"] + one["total"] for one in answers]))
    return {
        "answers": len(answers),
        "hz": len(answers) / seconds,
        "ms": 1e3 * seconds / len(answers),
        "pipeline_ms": pipeline_ms,
        "stages_ms": latency_json(results.latency_ms),
        "marks": [vars(mark) for mark in marks],
        "slope_mib": _slope([(mark.frames, mark.resident_mib) for mark in marks[1:]]),
        "own_slope_mib": _slope([(mark.frames, mark.own_mib) for mark in marks[1:]]),
    }


def _memory_mib() -> tuple[float, float]:
    """Resident memory of this process, and the part of it that is no mapped file."""
    rows = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines()
    )
    resident, own = (int(rows[key].split()[0]) / 1024 for key in ("VmRSS", "RssAnon"))
    return resident, own


def _slope(points: list[tuple[int, float]]) -> float:
    """MiB for each 1,000 frames, by least squares."""
    if len(points) < 2:
        return 0.0
    frames, mib = np.array(points).T
    return 1000 * float(np.polyfit(frames, mib, 1)[0])


# Reading.


def reading(scenes: Path | None, around: Path, frames: int) -> dict[str, dict[str, float]]:
    """Milliseconds a frame to read, decode and convert a bag, for every kind of storage."""
    result = {}
    for number, (name, options) in enumerate(_STORAGES.items()):
        bag = _bag(_scenes(scenes, around), around / f"read{number}", frames, **options)
        result[name] = {"mib": _mib(bag) / frames, **_times(bag, frames)}
        shutil.rmtree(bag)
    return result


def _times(bag: Path, frames: int) -> dict[str, float]:
    began = time.perf_counter()
    with BagReader(bag) as reader:
        for _ in reader.raw_messages():
            pass
        read = time.perf_counter() - began
        topics = find_topics({name: topic.type for name, topic in reader.topics.items()})
        cameras, newest = CameraInfos(rectified=False), {}
        decode = convert = 0.0
        for raw in reader.raw_messages():
            start = time.perf_counter()
            message = reader.decode(raw)
            decoded = time.perf_counter()
            decode += decoded - start
            newest[raw.topic] = message
            if raw.topic == topics.camera_info:
                cameras.put(message)
            elif raw.topic == topics.depth:  # the last of a frame
                image = newest[topics.image]
                to_frame(Pair(stamp_ns(image.header), image, message), cameras)
                convert += time.perf_counter() - decoded
    return {
        stage: 1e3 * seconds / frames
        for stage, seconds in (("read", read), ("decode", decode), ("convert", convert))
    }


# Live.


def live(bag: Path, rate: float) -> dict[str, Any]:
    """Play the bag to a continuous node of its own."""
    from grounding_ros.live import run_live

    spread = partial(run_live, rate=rate, start_node=True)
    results: Results = evaluate([bag], Settings(asked=(TEXT,)), Outputs(), spread)
    counts = results.live
    assert counts is not None
    return {
        "rate": rate,
        "images_hz": counts.images_sent / counts.seconds,
        "answers_hz": counts.answers / counts.seconds,
        "answers": counts.answers,
        "sent": counts.images_sent,
        "lost": counts.images_lost,
        "skipped": counts.images_skipped,
        "late": counts.images_late,
        "incomplete": counts.incomplete,
        **{stage: vars(results.latency_ms[stage]) for stage in ("age", "total")},
    }


# What is printed.


def tables(result: dict[str, Any]) -> str:
    """The results as text."""
    lines = [f"{result['frames']} frames, {result['mib']:.0f} MiB"]
    run = result.get("offline")
    if run:
        lines += [
            f"offline: {run['answers']} answers, {run['hz']:.1f} frames/s, {run['ms']:.1f} ms a "
            f"frame, of which pipeline {run['pipeline_ms']:.1f} ms",
            f"  {'stage':10} {'p50':>7} {'p95':>7}",
            *(
                f"  {stage:10} {one['p50']:7.2f} {one['p95']:7.2f}"
                for stage, one in run["stages_ms"].items()
            ),
            f"  {'frames':>8} {'seconds':>8} {'resident':>9} {'own':>7}  MiB",
            *(
                f"  {mark['frames']:8} {mark['seconds']:8.1f} {mark['resident_mib']:9.1f} "
                f"{mark['own_mib']:7.1f}"
                for mark in run["marks"]
            ),
            f"  slope {run['slope_mib']:+.2f} MiB for 1,000 frames, own "
            f"{run['own_slope_mib']:+.2f}",
        ]
    if "reading" in result:
        lines += [_reading_line("reading, ms a frame", "MiB", *_STAGES, "pipeline", "share")]
        pipeline = run["pipeline_ms"] if run else None
        for name, one in result["reading"].items():
            before = sum(one[stage] for stage in _STAGES)
            share = f"{before / (before + pipeline):.1%}" if pipeline else "-"
            cells = [f"{one[key]:.2f}" for key in ("mib", *_STAGES)]
            whole = f"{pipeline:.2f}" if pipeline else "-"
            lines.append(_reading_line(f"  {name}", *cells, whole, share))
    if "live" in result:
        heads = ("rate", "images/s", "answers/s", *_COUNTS, "age p50", "age p95", "total p50")
        lines += ["live", _live_line(*heads)]
        for one in result["live"]:
            cells = [f"{one[key]:.2f}" for key in ("rate", "images_hz", "answers_hz")]
            cells += [str(one[key]) for key in _COUNTS]
            ages = (one["age"]["p50"], one["age"]["p95"], one["total"]["p50"])
            lines.append(_live_line(*cells, *(f"{ms:.0f}" for ms in ages)))
    return "\n".join(lines)


_STAGES = ("read", "decode", "convert")
_COUNTS = ("sent", "lost", "skipped", "late", "incomplete")


def _reading_line(name: str, *cells: str) -> str:
    return f"{name:22}" + "".join(f"{cell:>10}" for cell in cells)


def _live_line(*cells: str) -> str:
    return "  " + "".join(f"{cell:>11}" for cell in cells)


if __name__ == "__main__":
    main()
