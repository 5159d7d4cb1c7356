"""Spreads the jobs of an evaluation over processes of this machine.

Jobs are handed out one by one, in their order, to whoever is free. What comes of them is put in
that order again. How far the workers may be ahead of it is bounded, and so is what waits in memory.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait

from grounding_ros.errors import BackendError, GroundingRosError, InputError
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.work import Job, Settings, run_here
from grounding_ros.evaluation.worker_process import WorkerProcess

LOSSES = 2
"""How often a job is begun again whose worker died."""
AHEAD = 32
"""How many jobs a worker may be begun before the first of them is done."""
UNREAD = 64
"""How many records of a job may wait for those of earlier jobs."""


def run_in_processes(
    jobs: Sequence[Job], settings: Settings, workers: int = 1
) -> Iterator[SceneRecord | Broken]:
    """Do all jobs in this process, or in several; 0 workers: one a core.

    Every worker has a pipeline of its own and its share of the cores. The job of a worker that is
    killed is done by another; when it is lost for the third time, it is reported as broken.

    Raises
    ------
    InputError
        When there cannot be that many workers.
    BackendError
        When the grounder is unknown or cannot be loaded, or a worker fails.
    """
    if workers < 0:
        raise InputError(f"--workers: expected 1 or more, or 0 for one a core, got {workers}")
    cores = len(os.sched_getaffinity(0))
    workers = workers or cores
    if workers > 1:
        refuse_record(settings, f"{workers} workers; leave out --workers")
    workers = min(workers, len(jobs))
    if workers <= 1:
        return run_here(jobs, settings)
    return _Crew(jobs, settings, workers, max(1, cores // workers)).records()


def refuse_record(settings: Settings, got: str) -> None:
    """Refuse a bag that several processes would write.

    Raises
    ------
    InputError
        When there is to be one.
    """
    if settings.record is not None:
        raise InputError(f"--record: expected one process, which writes the bag, got {got}")


@dataclass(eq=False)
class _Task:
    """A job and how far it is."""

    job: Job
    waiting: deque[SceneRecord | Broken] = field(default_factory=deque)
    """What came of it and was not passed on yet."""
    known: int = 0
    """How many records came of it."""
    losses: int = 0
    is_done: bool = False


@dataclass(eq=False)
class _Worker:
    process: WorkerProcess
    is_ready: bool = False
    task: _Task | None = None


class _Crew:
    """Workers, and who does what."""

    def __init__(self, jobs: Sequence[Job], settings: Settings, workers: int, threads: int) -> None:
        self._settings, self._size, self._threads = settings, workers, threads
        self._new = deque(_Task(job) for job in jobs)
        self._lost: deque[_Task] = deque()
        self._begun: deque[_Task] = deque()
        """In the jobs' order: the first is whose records are passed on."""
        self._workers: list[_Worker] = []
        self._failed_starts = 0

    def records(self) -> Iterator[SceneRecord | Broken]:
        """Yield what comes of the jobs, in their order."""
        try:
            while self._new or self._begun:
                self._hire()
                self._hand_out()
                self._listen()
                yield from self._in_order()
        finally:
            for worker in self._workers:
                worker.process.end()

    def _hire(self) -> None:
        """Start as many workers as there is room and work for."""
        starting = sum(not worker.is_ready for worker in self._workers)
        wanted = len(self._lost) + len(self._new) - starting
        for _ in range(min(wanted, self._size - len(self._workers))):
            self._workers.append(_Worker(WorkerProcess(self._settings, self._threads)))

    def _hand_out(self) -> None:
        for worker in self._workers:
            if worker.is_ready and worker.task is None and (task := self._next()) is not None:
                worker.task = task
                worker.process.ask(task.job, task.known)

    def _next(self) -> _Task | None:
        if self._lost:
            return self._lost.popleft()
        if not self._new or len(self._begun) >= AHEAD * self._size:
            return None
        self._begun.append(self._new.popleft())
        return self._begun[-1]

    def _listen(self) -> None:
        """Wait until a worker says something; one that is far ahead is left to wait itself."""
        heard = [worker for worker in self._workers if not self._is_far_ahead(worker.task)]
        speaking = wait([worker.process.pipe for worker in heard])
        for worker in heard:
            if worker.process.pipe not in speaking:
                continue
            try:
                message = worker.process.message()
            except EOFError:
                self._bury(worker)
                continue
            if isinstance(message, GroundingRosError):
                raise message
            if message is None:
                self._set_free(worker)
            elif worker.task is not None:
                worker.task.waiting.append(message)
                worker.task.known += 1

    def _is_far_ahead(self, task: _Task | None) -> bool:
        return task is not None and task is not self._begun[0] and len(task.waiting) >= UNREAD

    def _set_free(self, worker: _Worker) -> None:
        if worker.task is not None:
            worker.task.is_done = True
        worker.task, worker.is_ready = None, True
        self._failed_starts = 0

    def _bury(self, worker: _Worker) -> None:
        """See to it that somebody else does the job of a dead worker."""
        self._workers.remove(worker)
        status = worker.process.exit_status()
        if status > 0:
            raise BackendError(
                f"a worker failed with exit status {status}; what it printed before says why"
            )
        task = worker.task
        if task is None:
            self._failed_starts += not worker.is_ready
            if self._failed_starts > LOSSES:
                raise BackendError(
                    "expected workers to load the pipeline, got "
                    f"{self._failed_starts} killed at it{_by(status)}; give it fewer --workers"
                )
            return
        task.losses += 1
        if task.losses <= LOSSES:
            self._lost.append(task)
            return
        task.waiting.append(lost(task.job, _by(status)))
        task.is_done = True

    def _in_order(self) -> Iterator[SceneRecord | Broken]:
        while self._begun:
            task = self._begun[0]
            while task.waiting:
                yield task.waiting.popleft()
            if not task.is_done:
                return
            self._begun.popleft()


def lost(job: Job, how: str = "") -> Broken:
    """Report a job that no worker lives to finish."""
    scene = "" if job.position is None else f", scene {job.position}"
    return Broken(
        job.source,
        f"{job.source}{scene}: expected a worker to finish it, got {LOSSES + 1} killed at it{how}; "
        "it may need more memory than there is",
    )


def _by(status: int) -> str:
    return f" (the last: {signal.strsignal(-status)})" if status < 0 else ""
