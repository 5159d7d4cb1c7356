"""Frame and instruction to answer, in four steps: ground, segment, lift, resolve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from grounding_ros.errors import GroundingRosError
from grounding_ros.geometry.parameters import LiftingParameters, SensorParameters
from grounding_ros.language import Instruction, phrases_of
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Grounder, Segmenter
from grounding_ros.reasoning import ReasoningParameters, Resolution, missing, resolve
from grounding_ros.scene import (
    Answer,
    CameraPose,
    Detections,
    Frame,
    LastChoice,
    Objects3D,
    Status,
)

Locate = Callable[[Frame], CameraPose | None]
"""Looks up where the camera was when it took the frame; None: stay in the image's frame."""


class Lifter(Protocol):
    """Gives every detection a box in metres, or the reason why it has none."""

    def lift(self, frame: Frame, detections: Detections, pose: CameraPose | None) -> Objects3D:
        """One row a detection, in `pose`'s frame, or in the image's without a pose."""
        ...


@dataclass(frozen=True)
class PipelineParameters:
    """The parameters of the depth sensor and of the four steps."""

    sensor: SensorParameters = field(default_factory=SensorParameters)
    perception: PerceptionParameters = field(default_factory=PerceptionParameters)
    lifting: LiftingParameters = field(default_factory=LiftingParameters)
    reasoning: ReasoningParameters = field(default_factory=ReasoningParameters)


@dataclass(frozen=True)
class Pipeline:
    """The one way from a frame to an answer: live, replayed and offline."""

    grounder: Grounder
    segmenter: Segmenter
    lifter: Lifter
    reasoning: ReasoningParameters = field(default_factory=ReasoningParameters)

    def run(
        self,
        frame: Frame,
        instruction: Instruction,
        locate: Locate | None = None,
        last: LastChoice | None = None,
    ) -> Answer:
        """Answer an instruction on a frame.

        Parameters
        ----------
        frame
            The image, with depth and intrinsics where known.
        instruction
            The program; one that cannot be executed is answered without looking at the frame.
        locate
            Called after inference, when the transform at the image's stamp has had time to arrive.
        last
            What an earlier answer chose, `LastChoice.of(answer)`: "it" means that.

        Returns
        -------
        Answer
            An error of this package becomes a `failed` answer with its message; a defect is raised.
        """
        clock: dict[str, float] = {}
        try:
            with _timed(clock, "total"):
                pose, detections, objects = self._see(frame, instruction, locate, last, clock)
                with _timed(clock, "resolve"):
                    resolution = resolve(
                        instruction, detections, objects, self.reasoning, pose=pose, last=last
                    )
            return _answer(frame, instruction, pose, detections, objects, resolution, clock)
        except GroundingRosError as error:
            return failed_answer(instruction, frame, str(error), timings_ms=clock)

    def _see(
        self,
        frame: Frame,
        instruction: Instruction,
        locate: Locate | None,
        last: LastChoice | None,
        clock: dict[str, float],
    ) -> tuple[CameraPose | None, Detections, Objects3D]:
        """Ground, segment and lift; nothing when the instruction cannot be executed anyway."""
        if missing(instruction, last):
            return None, Detections.empty((frame.height, frame.width)), _no_objects(frame)
        with _timed(clock, "ground"):
            detections = self.grounder.ground(frame, phrases_of(instruction))
        with _timed(clock, "segment"):
            if detections.masks is None:
                detections = self.segmenter.segment(frame, detections)
        with _timed(clock, "lift"):
            pose = locate(frame) if locate else None
            objects = self.lifter.lift(frame, detections, pose)
        return pose, detections, objects


def build_pipeline(parameters: PipelineParameters) -> Pipeline:
    """Assemble the pipeline that the parameters name; models are loaded now.

    Raises
    ------
    BackendError
        When a grounder or segmenter is unknown or cannot be loaded.
    """
    from grounding_ros.geometry.lifting import Lifter
    from grounding_ros.geometry.plane import SupportPlanes
    from grounding_ros.perception.grounders import build_grounder
    from grounding_ros.perception.segmenters import build_segmenter

    perception, lifting = parameters.perception, parameters.lifting
    sensor = parameters.sensor.sensor
    support = SupportPlanes(sensor.coefficient)  # shared: found once a frame
    return Pipeline(
        build_grounder(perception, support),
        build_segmenter(perception, support),
        Lifter(lifting, support, sensor),
        parameters.reasoning,
    )


def failed_answer(
    instruction: Instruction,
    frame: Frame | None,
    message: str,
    stamp_ns: int = 0,
    timings_ms: dict[str, float] | None = None,
) -> Answer:
    """Answer that something is broken; `stamp_ns` is used only when there is no frame."""
    return Answer(
        status=Status.FAILED,
        text=instruction.text,
        task=instruction.task,
        stamp_ns=stamp_ns if frame is None else frame.stamp_ns,
        frame_id="" if frame is None else frame.frame_id,
        candidates=Detections.empty((0, 0) if frame is None else (frame.height, frame.width)),
        objects=_no_objects(frame),
        message=message,
        timings_ms=timings_ms or {},
    )


def _answer(
    frame: Frame,
    instruction: Instruction,
    pose: CameraPose | None,
    detections: Detections,
    objects: Objects3D,
    resolution: Resolution,
    timings_ms: dict[str, float],
) -> Answer:
    return Answer(
        status=resolution.status,
        text=instruction.text,
        task=instruction.task,
        stamp_ns=frame.stamp_ns,
        frame_id=frame.frame_id,
        candidates=detections,
        objects=objects,
        pose=pose,
        chosen=resolution.chosen,
        places=resolution.places,
        anchors=resolution.anchors,
        free_spot=resolution.free_spot,
        truth=resolution.truth,
        count=resolution.count,
        message=resolution.message,
        question=resolution.question,
        unjudged=resolution.unjudged,
        trace=resolution.trace,
        timings_ms=timings_ms,
    )


def _no_objects(frame: Frame | None) -> Objects3D:
    return Objects3D.absent(0, "", "" if frame is None else frame.frame_id)


@contextmanager
def _timed(clock: dict[str, float], stage: str) -> Iterator[None]:
    start = perf_counter()
    try:
        yield
    finally:
        clock[stage] = 1e3 * (perf_counter() - start)
