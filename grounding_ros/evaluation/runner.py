"""Runs the expressions of a scene through the pipeline and judges the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.metrics.baselines import BASELINES
from grounding_ros.evaluation.metrics.instance_scores import SceneInstances, scene_instances
from grounding_ros.evaluation.metrics.judgement import Judgement, judge
from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.metrics.outcome import outcome_of
from grounding_ros.evaluation.oracle import ORACLES, segmented
from grounding_ros.language import parse
from grounding_ros.pipeline import Pipeline
from grounding_ros.scene import Answer, CameraPose, Detections, Frame
from grounding_ros.simulation.depth_noise import add_depth_noise
from grounding_ros.simulation.truth import BASE_FRAME, Expression, Scene

_NOISE_SEED = 0


@dataclass(frozen=True)
class Conditions:
    """What is changed before the pipeline sees a scene."""

    oracle: str | None = None
    """A key of ORACLES: the truth stands in for that stage."""
    depth_noise: str = "none"
    """A key of DEPTH_NOISE: a camera's errors are added to the depth."""


@dataclass(frozen=True, eq=False)
class SceneResult:
    """All about one scene: its answers can be written, its judgements summed up."""

    scene: Scene
    answers: tuple[tuple[Expression, Answer], ...]
    found: Detections | None = None
    """Everything that is taken for an object, without any phrase; None: nobody looked."""
    instances: SceneInstances | None = None
    judgements: tuple[Judgement, ...] = ()
    """One an answer, or none: the truth is not known."""
    baselines: Mapping[str, tuple[Judgement, ...]] = field(default_factory=dict)
    """The same expressions answered without thought."""


def run_folder(
    folder: SceneFolder, pipeline: Pipeline, conditions: Conditions
) -> Iterator[SceneResult]:
    """Yield scene after scene; nothing of an earlier one is kept."""
    for position in range(len(folder)):
        yield run_position(folder, position, pipeline, conditions)


def run_position(
    folder: SceneFolder, position: int, pipeline: Pipeline, conditions: Conditions
) -> SceneResult:
    """Answer and judge every expression of one scene of a folder; its noise is its own."""
    scene = _with_noise(folder[position], conditions.depth_noise, position)
    return run_scene(scene, pipeline, conditions)


def run_scene(scene: Scene, pipeline: Pipeline, conditions: Conditions) -> SceneResult:
    """Answer and judge every expression of one scene."""
    true = TrueObjects.of(scene)
    if conditions.oracle is not None:
        pipeline = ORACLES[conditions.oracle](pipeline, scene, true)
    found = segmented(pipeline, scene.frame, ())
    answers = tuple((spoken, _answer(scene, pipeline, spoken)) for spoken in scene.expressions)
    return judged_scene(scene, true, found, answers)


def judged_scene(
    scene: Scene,
    true: TrueObjects,
    found: Detections,
    answers: tuple[tuple[Expression, Answer], ...],
) -> SceneResult:
    """Judge the answers to all expressions of a scene, the baselines' beside them."""
    return SceneResult(
        scene=scene,
        found=found,
        instances=scene_instances(found, true),
        answers=answers,
        judgements=tuple(
            judge(scene, true, spoken, outcome_of(answer)) for spoken, answer in answers
        ),
        baselines={
            name: tuple(
                judge(scene, true, spoken, baseline(spoken.text, found))
                for spoken in scene.expressions
            )
            for name, baseline in BASELINES.items()
        },
    )


def _answer(scene: Scene, pipeline: Pipeline, spoken: Expression) -> Answer:
    """Answer one expression on a frame of its own, as a live node would: nothing is remembered."""
    start = perf_counter()
    instruction = parse(spoken.text)
    parse_ms = 1e3 * (perf_counter() - start)
    answer = pipeline.run(replace(scene.frame), instruction, lambda _: _pose(scene))
    return replace(answer, timings_ms={"parse": parse_ms, **answer.timings_ms})


def _pose(scene: Scene) -> CameraPose | None:
    """Return the true camera pose; without one results stay in the image's frame."""
    if scene.base_from_camera is None:
        return None
    return CameraPose(BASE_FRAME, scene.base_from_camera)


def _with_noise(scene: Scene, kind: str, position: int) -> Scene:
    frame = scene.frame
    if kind == "none" or frame.depth is None:
        return scene
    random = np.random.default_rng((_NOISE_SEED, position))
    noisy: Frame = replace(frame, depth=add_depth_noise(frame.depth, kind, random))
    return replace(scene, frame=noisy)
