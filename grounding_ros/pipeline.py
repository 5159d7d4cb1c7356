"""Frame and instruction to answer, in five steps: ground, segment, lift, resolve, grasp."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Protocol

from grounding_ros.errors import GroundingRosError
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.parameters import LiftingParameters, SensorParameters
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.language import WHAT_IS_THIS, Instruction, phrases_of
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Closes, Grounder, HasNotes, Notes, Segmenter, WarmsUp
from grounding_ros.reasoning import (
    ReasoningParameters,
    Resolution,
    goes_into,
    is_to_be_taken,
    missing,
    point_out,
    resolve,
)
from grounding_ros.scene import (
    Answer,
    CameraPose,
    Detections,
    Frame,
    LastChoice,
    Objects3D,
    Region,
    Status,
)

_USUAL_SIZE = (480, 640)
"""(height, width), pixels: what models are warmed up with before any picture has come."""

Locate = Callable[[Frame], CameraPose | None]
"""Looks up where the camera was when it took the frame; None: stay in the image's frame."""


class Lifter(Protocol):
    """Gives every detection a box in metres, or the reason why it has none."""

    def lift(self, frame: Frame, detections: Detections, pose: CameraPose | None) -> Objects3D:
        """One row a detection, in `pose`'s frame, or in the image's without a pose."""
        ...


class Tracker(Protocol):
    """Knows the objects of the frames before."""

    def follow(self, frame: Frame, detections: Detections, objects: Objects3D) -> Detections:
        """The detections with ids that stay with their objects from frame to frame."""
        ...


class Grasper(Protocol):
    """Finds how to take hold of the object that was chosen."""

    def with_grasp(self, frame: Frame, answer: Answer, *, over_rim: bool) -> Answer:
        """The answer with a grasp of its one chosen object, or the reason why there is none."""
        ...


@dataclass(frozen=True)
class PipelineParameters:
    """The parameters of the depth sensor, of the steps, and of what is kept between frames."""

    sensor: SensorParameters = field(default_factory=SensorParameters)
    perception: PerceptionParameters = field(default_factory=PerceptionParameters)
    lifting: LiftingParameters = field(default_factory=LiftingParameters)
    reasoning: ReasoningParameters = field(default_factory=ReasoningParameters)
    gripper: GripperParameters = field(default_factory=GripperParameters)
    tracking: TrackingParameters = field(default_factory=TrackingParameters)


@dataclass(frozen=True)
class Pipeline:
    """The one way from a frame to an answer: live, replayed and offline."""

    grounder: Grounder
    segmenter: Segmenter
    lifter: Lifter
    reasoning: ReasoningParameters = field(default_factory=ReasoningParameters)
    grasper: Grasper | None = None
    """None: no grasps are planned."""

    def run(
        self,
        frame: Frame,
        instruction: Instruction,
        locate: Locate | None = None,
        last: LastChoice | None = None,
        *,
        tracker: Tracker | None = None,
        held: Sequence[int] = (),
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
        tracker
            Gives the objects their ids; None: they are numbered anew.
        held
            The ids that the last answer to this very instruction chose, see `resolve`.

        Returns
        -------
        Answer
            An error of this package becomes a `failed` answer with its message; a defect is raised.
        """
        clock: dict[str, float] = {}
        try:
            with _timed(clock, "total"):
                pose, detections, objects = self._see(
                    frame, instruction, locate, last, tracker, clock
                )
                with _timed(clock, "resolve"):
                    resolution = resolve(
                        instruction,
                        detections,
                        objects,
                        self.reasoning,
                        pose=pose,
                        last=last,
                        held=held,
                    )
                answer = _answer(frame, instruction, pose, detections, objects, resolution, clock)
                if self.grasper is not None and is_to_be_taken(instruction, resolution):
                    with _timed(clock, "grasp"):
                        over_rim = goes_into(instruction)
                        answer = self.grasper.with_grasp(frame, answer, over_rim=over_rim)
            return answer
        except GroundingRosError as error:
            return failed_answer(instruction, frame, str(error), timings_ms=clock)

    def answer_region(
        self,
        frame: Frame,
        region: Region,
        locate: Locate | None = None,
        *,
        tracker: Tracker | None = None,
    ) -> Answer:
        """Answer what somebody points at in a frame: `reasoning.pointing` says how.

        The answer's task is "describe", its message the description. A region that is not in the
        image becomes a `failed` answer.
        """
        clock: dict[str, float] = {}
        try:
            region.check(frame.height, frame.width, frame.frame_id)
            with _timed(clock, "total"):
                pose, detections, objects = self._see(
                    frame, WHAT_IS_THIS, locate, None, tracker, clock
                )
                with _timed(clock, "resolve"):
                    resolution = point_out(region, detections, objects, self.reasoning, pose=pose)
            answer = _answer(frame, WHAT_IS_THIS, pose, detections, objects, resolution, clock)
            return replace(answer, region=region.points)
        except GroundingRosError as error:
            return failed_answer(WHAT_IS_THIS, frame, str(error), timings_ms=clock)

    @property
    def notes(self) -> tuple[Notes, ...]:
        """What the models that choose what they run on have to say of it."""
        backends = (self.grounder, self.segmenter)
        return tuple(one.notes for one in backends if isinstance(one, HasNotes))

    def close(self) -> None:
        """Give the memory of the models back; the pipeline is not used afterwards."""
        _close(self.grounder)
        _close(self.segmenter)

    def _see(
        self,
        frame: Frame,
        instruction: Instruction,
        locate: Locate | None,
        last: LastChoice | None,
        tracker: Tracker | None,
        clock: dict[str, float],
    ) -> tuple[CameraPose | None, Detections, Objects3D]:
        """Ground, segment, lift, track; nothing when the instruction cannot be executed anyway."""
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
        if tracker is not None:
            with _timed(clock, "track"):
                detections = tracker.follow(frame, detections, objects)
        return pose, detections, objects


def build_pipeline(parameters: PipelineParameters) -> Pipeline:
    """Assemble the pipeline that the parameters name; models are loaded and warmed up now.

    Raises
    ------
    BackendError
        When a grounder or segmenter is unknown or cannot be loaded.
    """
    from grounding_ros.geometry.grasping import GraspPlanner
    from grounding_ros.geometry.lifting import Lifter
    from grounding_ros.geometry.plane import SupportPlanes
    from grounding_ros.perception.grounders import build_grounder
    from grounding_ros.perception.segmenters import build_segmenter

    perception, lifting = parameters.perception, parameters.lifting
    sensor = parameters.sensor.sensor
    support = SupportPlanes(sensor.coefficient)  # shared: found once a frame
    with ExitStack() as undo:  # what was loaded before the other failed does not stay loaded
        grounder = build_grounder(perception, support)
        undo.callback(_close, grounder)
        segmenter = build_segmenter(perception, support)
        undo.callback(_close, segmenter)
        for backend in (grounder, segmenter):
            if isinstance(backend, WarmsUp):
                backend.warm_up(_USUAL_SIZE)
        undo.pop_all()
    return Pipeline(
        grounder,
        segmenter,
        Lifter(lifting, support, sensor),
        parameters.reasoning,
        GraspPlanner(parameters.gripper, sensor.coefficient),
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
        count_in_frame=resolution.count,
    )


def _close(backend: Grounder | Segmenter) -> None:
    if isinstance(backend, Closes):
        backend.close()


def _no_objects(frame: Frame | None) -> Objects3D:
    return Objects3D.absent(0, "", "" if frame is None else frame.frame_id)


@contextmanager
def _timed(clock: dict[str, float], stage: str) -> Iterator[None]:
    start = perf_counter()
    try:
        yield
    finally:
        clock[stage] = 1e3 * (perf_counter() - start)
