"""Spreads the jobs of an evaluation over a Ray cluster, or over a Ray of this machine.

The package must be installed on every node, with the same Python and Ray as here, and every path
be readable there under the same name. Ray itself runs the job of a lost worker again.
"""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from secrets import token_hex
from typing import Any

import cv2

from grounding_ros.errors import BackendError
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.work import Job, JobRunner, Settings
from grounding_ros.evaluation.workers import AHEAD, LOSSES, UNREAD, lost, refuse_record

LOCAL = "local"
_OBJECT_STORE = 128 * 2**20
_KNOCK_S = 5.0
_OURS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # or every start warns of a change to come
    "RAY_task_oom_retries": str(LOSSES),  # without end unless told
}
# Made for Windows and macOS: it listens to this machine alone.
_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}


def run_on_ray(
    jobs: Sequence[Job], settings: Settings, address: str = LOCAL
) -> Iterator[SceneRecord | Broken]:
    """Do all jobs on the cluster at `address`, or with `local` on a Ray that lives as long.

    Raises
    ------
    InputError
        When a bag is to be recorded, which one process must write.
    BackendError
        When there is no Ray or no cluster there, or the grounder is unknown or cannot be loaded.
    """
    refuse_record(settings, "a Ray cluster; leave out --ray")
    ray = _ray(address)
    return _records(ray, jobs, settings, address)


def _records(
    ray: Any, jobs: Sequence[Job], settings: Settings, address: str
) -> Iterator[SceneRecord | Broken]:
    _join(ray, address)
    try:
        task = ray.remote(_records_of).options(
            num_cpus=1,
            max_retries=LOSSES,
            num_returns="streaming",
            _generator_backpressure_num_objects=UNREAD,
        )
        if settings.dump is not None:
            settings = replace(settings, dump=settings.dump.absolute())
        ahead = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        begun: deque[tuple[Job, Any]] = deque()
        for job in jobs:
            begun.append((job, task.remote(settings, replace(job, source=job.source.absolute()))))
            if len(begun) > ahead:
                yield from _of_one(ray, *begun.popleft())
        while begun:
            yield from _of_one(ray, *begun.popleft())
    finally:
        ray.shutdown()


def _records_of(settings: Settings, job: Job) -> Iterator[SceneRecord | Broken]:
    """Do one job; this runs in the cluster."""
    yield from _runner(settings).run(job)


@lru_cache(maxsize=1)
def _runner(settings: Settings) -> JobRunner:
    """Build the pipeline, which the next job of the same process finds."""
    cv2.setNumThreads(1)  # a job has one core; Ray itself sets OMP_NUM_THREADS
    return JobRunner(settings)


def _of_one(ray: Any, job: Job, stream: Any) -> Iterator[SceneRecord | Broken]:
    """Yield what comes of one job, under the path that it has here."""
    try:
        for reference in stream:
            yield replace(ray.get(reference), source=job.source)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        yield lost(job, f" ({type(error).__name__})")


def _ray(address: str) -> Any:
    os.environ.update(_OURS)
    if address == LOCAL:
        os.environ.update(_LOOPBACK)
        os.environ.setdefault("RAY_AUTH_TOKEN", token_hex(32))  # else Ray leaves one in ~/.ray
    try:
        return import_module("ray")  # not `import`: its types take a minute to check
    except ImportError as error:
        raise BackendError(
            "--ray: expected Ray, got none; pip install 'grounding_ros[ray]'"
        ) from error


def _join(ray: Any, address: str) -> None:
    own = {
        "num_cpus": len(os.sched_getaffinity(0)),
        "include_dashboard": False,
        "object_store_memory": _OBJECT_STORE,
        "_node_ip_address": "127.0.0.1",
    }
    try:
        _knock(address)
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level="ERROR",
            **(own if address == LOCAL else {}),
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise BackendError(
            f"--ray: expected `{LOCAL}`, `auto` or HOST:PORT of a cluster's head, got {address}: "
            f"{error}"
        ) from error


def _knock(address: str) -> None:
    """Fail within seconds where nobody listens; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if host:
        socket.create_connection((host, int(port)), _KNOCK_S).close()
