"""How much faster `grounding-ros evaluate` is with several processes.

    python benchmarks/workers.py SOURCE... [--workers 1,2] [--ray] [--repeat N] [--json]

Every way of doing the jobs is run by turns, since a machine is not equally busy all the time. The
medians are printed.

first     seconds until the first scene is done: processes start, libraries and models are loaded
all       seconds until everything is done
rest      all without first: the work once everybody is there
faster    `all` of the first way over this one's
cpu       processor seconds of this process and its children; those of Ray are not its children
bytes     of a scene's record on its way between processes, mean; per second of `rest` it is little
same      whether the figures are bit for bit those of the first way
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from grounding_ros.evaluation.ray_cluster import run_on_ray
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.results import results_json, summarize
from grounding_ros.evaluation.work import Job, Settings, Spread, jobs_of
from grounding_ros.evaluation.workers import run_in_processes


def one_run(spread: Spread, jobs: list[Job]) -> dict[str, Any]:
    """Do all jobs once, and tell how long it took."""
    start, cpu = time.perf_counter(), _cpu_s()
    records = spread(jobs, Settings())
    kept = [next(records)]
    first = time.perf_counter() - start
    kept += records
    everything = time.perf_counter() - start
    return {
        "first": first,
        "all": everything,
        "rest": everything - first,
        "cpu": _cpu_s() - cpu,
        "bytes": len(pickle.dumps(kept)) / len(kept),
        "figures": _figures(kept),
    }


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _figures(records: Iterable[SceneRecord | Broken]) -> dict[str, Any]:
    result = results_json(summarize(records))
    return {key: value for key, value in result.items() if key != "latency_ms"}


def compared(jobs: list[Job], ways: dict[str, Spread], repeat: int) -> dict[str, dict[str, Any]]:
    """Return the medians of every way."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
    for _ in range(repeat):
        for name, spread in ways.items():
            runs[name].append(one_run(spread, jobs))
    reference = next(iter(runs.values()))
    expected = reference[0]["figures"]
    slowest = median(run["all"] for run in reference)
    return {
        name: {
            **{
                key: median(run[key] for run in done)
                for key in ("first", "all", "rest", "cpu", "bytes")
            },
            "faster": slowest / median(run["all"] for run in done),
            "same": all(run["figures"] == expected for run in done),
        }
        for name, done in runs.items()
    }


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", type=Path, nargs="+", metavar="SOURCE")
    parser.add_argument("--workers", default="1,2", help="numbers of processes")
    parser.add_argument("--ray", action="store_true", help="a local Ray, too")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    ways: dict[str, Spread] = {
        f"{number} process" + "es" * (number != 1): partial(run_in_processes, workers=number)
        for number in map(int, given.workers.split(","))
    }
    if given.ray:
        ways["ray local"] = run_on_ray
    jobs = [job for source in given.sources for job in jobs_of(source)]
    result = compared(jobs, ways, given.repeat)
    if given.json:
        print(json.dumps(result))
        return
    keys = ("first", "all", "rest", "faster", "cpu")
    print(f"{len(jobs)} jobs, {given.repeat} runs, {len(os.sched_getaffinity(0))} cores")
    print(f"{'':14}" + "".join(f"{key:>8}" for key in keys) + f"{'bytes':>8}{'same':>6}")
    for name, run in result.items():
        row = "".join(f"{run[key]:8.2f}" for key in keys)
        print(f"{name:14}{row}{run['bytes']:8.0f}{'yes' if run['same'] else 'NO':>6}")


if __name__ == "__main__":
    main()
