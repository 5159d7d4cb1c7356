"""The one thread that looks: builds the pipeline, then answers the newest frame."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grounding_ros.adapters.frame import CameraInfos, to_frame
from grounding_ros.adapters.image import Fallback
from grounding_ros.adapters.region import to_region
from grounding_ros.conversation import Conversation
from grounding_ros.errors import told
from grounding_ros.geometry.grasping import GraspPlanner
from grounding_ros.pipeline import Pipeline, PipelineParameters, failed_answer
from grounding_ros.ros.diagnostics import Health
from grounding_ros.ros.inbox import Inbox, Job
from grounding_ros.ros.statistics import Statistics
from grounding_ros.scene import Answer, CameraPose, Frame

Locate = Callable[[Frame], CameraPose | None]
Publish = Callable[[Job, Answer, Frame | None], None]
"""Called with the job, its answer and the frame (None: unreadable)."""

_MODEL_STAGES = ("ground", "segment")
"""The rest of an answer is the node's own, its overhead."""


class Worker:
    """Loads and runs the pipeline outside the executor, so that no callback ever waits for it."""

    def __init__(
        self,
        inbox: Inbox,
        cameras: CameraInfos,
        parameters: PipelineParameters,
        *,
        build: Callable[[PipelineParameters], Pipeline],
        locate: Locate,
        publish: Publish,
        fallback: Fallback | None,
        statistics: Statistics,
        logger: Any,
        turn: threading.Lock,
    ) -> None:
        self._inbox = inbox
        self._cameras = cameras
        self._wanted = parameters
        self._build = build
        self._locate = locate
        self._publish = publish
        self._fallback = fallback
        self._statistics = statistics
        self._logger = logger
        self._turn = turn
        self._conversation = Conversation(parameters.tracking)
        self._clock_jumps = 0
        self._thread = threading.Thread(target=self._run, name="grounding worker", daemon=True)
        self.health = Health("loading")

    def start(self) -> None:
        """Begin loading."""
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Finish the frame in hand and end; False when it did not end in time."""
        self._inbox.stop()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def use(self, parameters: PipelineParameters) -> None:
        """Take other parameters from the next frame on."""
        self._wanted = parameters

    def _run(self) -> None:
        built_from = self._wanted
        pipeline = self._load(built_from)
        while (job := self._inbox.next_job()) is not None:
            wanted = self._wanted  # read once: it may change at any moment
            if wanted != built_from:
                pipeline, built_from = self._renewed(pipeline, built_from, wanted), wanted
            self._answer(pipeline, job)

    def _renewed(
        self, pipeline: Pipeline | None, before: PipelineParameters, after: PipelineParameters
    ) -> Pipeline | None:
        """Reasoning, tracking and gripper are taken over at once; all else is loaded anew."""
        self._conversation.use(after.tracking)
        light = replace(
            before, reasoning=after.reasoning, tracking=after.tracking, gripper=after.gripper
        )
        if pipeline is not None and light == after:
            grasper = GraspPlanner(after.gripper, after.sensor.sensor.coefficient)
            return replace(pipeline, reasoning=after.reasoning, grasper=grasper)
        return self._load(after)

    def _load(self, parameters: PipelineParameters) -> Pipeline | None:
        self.health = Health("loading")
        started = time.monotonic()
        try:
            with self._turn:
                pipeline = self._build(parameters)
        except Exception as error:  # whatever a model's library raises
            self.health = Health("failed", told(error))
            self._logger.error(f"cannot load: {told(error)}")
            return None
        self.health = Health("ready", notes=pipeline.notes)
        self._logger.info(f"pipeline ready in {time.monotonic() - started:.1f} s")
        return pipeline

    def _answer(self, pipeline: Pipeline | None, job: Job) -> None:
        """Answer one job and publish; nothing ends the thread, and every answer is told."""
        started = time.perf_counter()
        frame, answer = self._looked(pipeline, job)
        if job.epoch != self._inbox.epoch:
            self._statistics.count("dropped")
            return
        for stage, milliseconds in answer.timings_ms.items():
            self._statistics.add(stage, milliseconds)
        began = time.perf_counter()
        try:
            self._publish(job, answer, frame)
        except Exception as error:
            self._report(f"publishing failed: {told(error)}")
            return
        ended = time.perf_counter()
        self._statistics.add("publish", 1e3 * (ended - began))
        models_ms = sum(answer.timings_ms.get(stage, 0.0) for stage in _MODEL_STAGES)
        self._statistics.add("overhead", 1e3 * (ended - started) - models_ms)
        self._statistics.count("answer")
        broken = answer.status.value == "failed"
        self._report(answer.message if broken else "")

    def _looked(self, pipeline: Pipeline | None, job: Job) -> tuple[Frame | None, Answer]:
        request, frame = job.request, None
        if job.clock_jumps != self._clock_jumps:
            self._clock_jumps = job.clock_jumps
            self._conversation.clear()
        started = time.perf_counter()
        try:
            frame = to_frame(job.pair, self._cameras, self._fallback)
            self._statistics.add("convert", 1e3 * (time.perf_counter() - started))
            if pipeline is None:
                return frame, failed_answer(request.instruction, frame, self.health.error)
            asked = request.instruction if request.region is None else to_region(request.region)
            with self._turn:
                answer = self._conversation.answer(
                    pipeline, frame, asked, request.seq, self._locate
                )
            return frame, answer
        except Exception as error:  # bad input, or a defect: both are answered
            return frame, failed_answer(request.instruction, frame, told(error), job.pair.stamp_ns)

    def _report(self, error: str) -> None:
        self.health = replace(self.health, error=error or self._build_error)
        if error:
            self._logger.error(error, throttle_duration_sec=5.0)

    @property
    def _build_error(self) -> str:
        return self.health.error if self.health.state == "failed" else ""
