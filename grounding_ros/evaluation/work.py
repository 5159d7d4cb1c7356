"""The work of an evaluation, cut into jobs that any process can do, and what comes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.folder import bags_of, is_bag
from grounding_ros.evaluation.dump import dump_lines
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.record import Broken, Heard, SceneRecord
from grounding_ros.evaluation.report.evidence import scene_evidence
from grounding_ros.evaluation.runner import Conditions, SceneResult, run_position
from grounding_ros.geometry.parameters import SensorParameters
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Status

if TYPE_CHECKING:
    from grounding_ros.evaluation.bags.recording import Recording


@dataclass(frozen=True)
class Settings:
    """How everything is run; the same in every process."""

    grounder: str = "auto"
    conditions: Conditions = field(default_factory=Conditions)
    asked: tuple[str, ...] = ()
    """Instructions for every frame of a bag, in place of its own."""
    camera: str = ""
    """How the names of a bag's camera begin; "" where there is one camera."""
    dump: Path | None = None
    """A folder that is there, for answers and masks."""
    record: Path | None = None
    """A new bag for pictures, masks and boxes; one process alone writes it."""
    evidence: bool = False
    """Whether pictures are kept for the report."""


@dataclass(frozen=True)
class Job:
    """A scene of a folder, or a whole bag."""

    source: Path
    position: int | None = None
    """Of the scene in its folder; None: a bag."""


Spread = Callable[[Sequence[Job], Settings], Iterator[SceneRecord | Broken]]
"""Does jobs, wherever there are hands, and yields what comes of them in the jobs' order."""


def jobs_of(source: Path) -> tuple[Job, ...]:
    """Cut a source into jobs, in its order.

    Raises
    ------
    InputError
        When it is neither a bag, nor a folder of bags, nor a whole folder of scenes.
    """
    if is_bag(source) or not (source / "index.json").is_file():
        bags = bags_of(source)
        if bags:
            return tuple(Job(bag) for bag in bags)
    return tuple(Job(source, position) for position in range(len(SceneFolder(source))))


class JobRunner:
    """Does job after job with one pipeline; every process has its own."""

    def __init__(self, settings: Settings) -> None:
        """Build the pipeline; models are loaded now.

        Raises
        ------
        InputError
            When the recording is not a new .mcap file.
        BackendError
            When the grounder is unknown or cannot be loaded.
        """
        self._settings = settings
        perception = PerceptionParameters(grounder=settings.grounder)
        sensor = _sensor(settings.conditions.depth_noise)
        self._pipeline = build_pipeline(PipelineParameters(sensor, perception))
        self._folder: SceneFolder | None = None
        self._recording: Recording | None = None
        if settings.record is not None:
            # Bags need an extra library.
            from grounding_ros.evaluation.bags.recording import Recording

            self._recording = Recording(settings.record)

    def close(self) -> None:
        """Finish what is written job by job.

        Raises
        ------
        GroundingRosError
            When it cannot be written.
        """
        if self._recording is not None:
            self._recording.close()

    def run(self, job: Job) -> Iterator[SceneRecord | Broken]:
        """Yield scene after scene of a job; where it breaks, what came before it counts."""
        try:
            for result in self.results(job):
                if self._recording is not None:
                    self._recording.write(job.source, result)
                yield scene_record(job.source, result, self._settings)
        except InputError as error:
            yield Broken(job.source, str(error))

    def results(self, job: Job) -> Iterator[SceneResult]:
        """Yield scene after scene of a job with its pictures.

        Raises
        ------
        InputError
            When the source is not what it should be.
        """
        if job.position is not None:
            folder = self._scenes(job.source)
            yield run_position(folder, job.position, self._pipeline, self._settings.conditions)
            return
        # Bags need an extra library.
        from grounding_ros.evaluation.bag_run import run_bag
        from grounding_ros.evaluation.bag_truth import run_bag_with_truth, truth_beside

        if self._settings.conditions != Conditions():
            raise InputError(
                f"{job.source}: expected a folder of scenes for --oracle and --depth-noise, got a "
                "bag; evaluate the folder it was made from"
            )
        truth = None if self._settings.asked else truth_beside(job.source)
        if truth is None:
            yield from run_bag(
                job.source, self._pipeline, self._settings.asked, self._settings.camera
            )
        else:
            yield from run_bag_with_truth(job.source, truth, self._pipeline, self._settings.camera)

    def _scenes(self, path: Path) -> SceneFolder:
        if self._folder is None or self._folder.path != path:
            self._folder = SceneFolder(path)
        return self._folder


def scene_record(source: Path, result: SceneResult, settings: Settings) -> SceneRecord:
    """Return what is kept of a scene; its part of the dump is written now."""
    return SceneRecord(
        source=source,
        scene=result.scene.name,
        instances=result.instances,
        judgements=result.judgements,
        baselines=result.baselines,
        heard=() if result.judgements else _heard(result),
        failures=tuple(
            answer.message for _, answer in result.answers if answer.status is Status.FAILED
        ),
        evidence=scene_evidence(result) if settings.evidence else None,
        lines=() if settings.dump is None else dump_lines(result, settings.dump),
    )


def run_here(jobs: Sequence[Job], settings: Settings) -> Iterator[SceneRecord | Broken]:
    """Do all jobs in this process, one after the other."""
    with closing(JobRunner(settings)) as runner:
        for job in jobs:
            yield from runner.run(job)


def _heard(result: SceneResult) -> tuple[Heard, ...]:
    return tuple(
        Heard(spoken.id, spoken.text, answer.status.value, answer.timings_ms)
        for spoken, answer in result.answers
    )


def _sensor(depth_noise: str) -> SensorParameters:
    """Tell the pipeline whose errors were added, as one tells a robot which camera it has."""
    return SensorParameters() if depth_noise == "none" else SensorParameters(model=depth_noise)
