"""The benchmarks run and print sane numbers; how fast they are is not judged here."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grounding_ros.scene import Frame, Intrinsics
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.truth import OPTICAL_FRAME, Scene

pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

pytestmark = pytest.mark.skipif(
    not BENCHMARKS.is_dir(), reason="an installed package has no benchmarks"
)


def printed(script, *arguments):
    from grounding_ros.ros.process import isolated_environment

    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script), *arguments, "--json"],
        env={**os.environ, **isolated_environment()},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def overhead():
    return printed("node.py", "overhead", "naive", "--frames", "10")


@pytest.mark.parametrize("part", ["overhead", "overhead_without_pictures"])
def test_ten_objects_go_through_every_stage(overhead, part):
    run = overhead[part]
    assert run["objects"] == 10
    assert run["answers_hz"] > 0
    assert run["cpu"] > 0
    for stage in ("convert", "segment", "lift", "resolve", "publish"):
        assert 0 < run[stage]["p50"] <= run[stage]["p95"] < 10_000
    # Medians of parts and of their sum: roughly the same.
    parts = sum(run[stage]["p50"] for stage in ("convert", "lift", "resolve", "publish"))
    assert run["overhead"]["p50"] > parts / 2


def test_our_conversion_beats_the_naive_one(overhead):
    assert overhead["naive"]["ratio"] > 2


def test_calls_are_answered_while_the_node_works_and_memory_is_read():
    run = printed("node.py", "latency", "memory", "--frames", "8", "--calls", "3", "--scene=sample")
    assert set(run["latency"]) == {"get parameter", "set parameter", "~/enable", "~/ground_once"}
    for owners in run["latency"].values():
        for times in owners.values():
            assert 0 < times["p50"] <= times["p95"] <= times["p99"] < 10_000
    assert all(20 < mib < 4000 for mib in run["memory_mib"].values())
    assert run["answers_hz"] > 0


def test_frames_are_counted_for_all_four_combinations():
    runs = printed("transport.py", "--frames", "15", "--size", "320x240")
    sides = [(run["publisher"], run["subscriber"]) for run in runs]
    assert sides == [(p, s) for p in ("default", "profile") for s in ("default", "profile")]
    assert all(run["sent"] == 15 and 0 <= run["arrived"] <= 15 for run in runs)
    with_profile = runs[-1]
    assert with_profile["arrived"] > 0
    assert 0 < with_profile["p50_ms"] <= with_profile["p95_ms"]


def test_a_small_bag_is_read_answered_and_played(tmp_path):
    from live_robot import scene_depth, scene_rgb

    camera = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5)
    frame = Frame(scene_rgb(), scene_depth(), camera, frame_id=OPTICAL_FRAME)
    nothing = np.zeros((480, 640), np.uint16)
    scenes = write_folder(tmp_path / "scenes", [Scene("only", frame, nothing, ())])
    run = printed("replay.py", "--frames", "12", "--rates", "0.3", "--scenes", str(scenes))
    assert run["offline"]["answers"] == 12
    assert 0 < run["offline"]["pipeline_ms"] < run["offline"]["ms"]
    assert all(20 < mark["own_mib"] <= mark["resident_mib"] for mark in run["offline"]["marks"])
    for storage in ("mcap", "sqlite3", "mcap, zstd", "mcap, JPEG and PNG"):
        one = run["reading"][storage]
        assert all(0 < one[stage] < 1000 for stage in ("read", "decode", "convert"))
    (played,) = run["live"]
    assert played["sent"] == 12
    assert 1 <= played["answers"] <= 12
    assert played["answers"] + played["skipped"] + played["lost"] <= 12


def test_two_processes_find_out_what_one_does(tmp_path):
    nothing = np.zeros((48, 64), np.uint16)
    camera = Intrinsics(64, 48, 60.0, 60.0, 31.5, 23.5)
    blank = Frame(np.zeros((48, 64, 3), np.uint8), np.ones((48, 64), np.float32), camera)
    scenes = [Scene(name, blank, nothing, ()) for name in ("first", "second")]
    folder = write_folder(tmp_path / "scenes", scenes)
    runs = printed("workers.py", str(folder), "--repeat", "1")
    assert list(runs) == ["1 process", "2 processes"]
    for run in runs.values():
        assert run["same"] and 0 < run["first"] < run["all"] and run["cpu"] > 0
    assert runs["1 process"]["faster"] == 1


def test_grasps_are_judged_by_the_true_shapes():
    pytest.importorskip("mujoco", reason="MuJoCo is not here")
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "grasping.py"), "1", "--boxes", "true"],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "PYTHONPATH": str(BENCHMARKS.parent)},
    )
    assert done.returncode == 0, done.stderr
    table = [line.split() for line in done.stdout.splitlines()]
    assert any(row[:2] == ["small", "can"] for row in table)
    held, tried = re.search(r"hold: ([\d.]+) of (\d+) grasps", done.stdout).groups()
    assert int(tried) >= 3
    assert float(held) > 0.5
