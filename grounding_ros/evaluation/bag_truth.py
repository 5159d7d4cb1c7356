"""A bag with the folder of its scenes beside it: the same figures, through the bag's messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bag_run import replayed_bag
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.oracle import segmented
from grounding_ros.evaluation.replay import Replayed
from grounding_ros.evaluation.runner import SceneResult, judged_scene
from grounding_ros.pipeline import Pipeline
from grounding_ros.scene import Answer
from grounding_ros.simulation.truth import BASE_FRAME, Expression, Scene


def truth_beside(bag: Path) -> SceneFolder | None:
    """Return the scenes of a bag: in its own folder, or in the folder around it; None: unknown."""
    own = bag if bag.is_dir() else bag.parent
    for folder in dict.fromkeys((own, bag.resolve().parent)):
        if (folder / "index.json").is_file():
            return SceneFolder(folder)
    return None


def run_bag_with_truth(path: Path, truth: SceneFolder, pipeline: Pipeline) -> Iterator[SceneResult]:
    """Yield scene after scene, each with the answers to its instructions in the bag.

    The bag's instructions must be those of the folder, in its order, as in a bag that `make_bag`
    wrote. 3D results are in the frame of the true poses where the bag has a tf; they are where that
    tf says, not where the folder does. A scene without an instruction is not in the figures.

    Raises
    ------
    InputError
        When it is no bag, or has no camera, or its instructions or images are not the folder's.
    """
    with BagReader(path) as bag:
        has_tf = not {"/tf", "/tf_static"}.isdisjoint(bag.topics)
        heard = replayed_bag(bag, pipeline, BASE_FRAME if has_tf else "")
        for scene in truth:
            if scene.expressions:
                yield _scene(path, scene, pipeline, heard)
        if (extra := next(heard, None)) is not None:
            raise InputError(f"{path}: expected no more instructions, got {extra.text!r}")


def _scene(path: Path, scene: Scene, pipeline: Pipeline, heard: Iterator[Replayed]) -> SceneResult:
    answers: list[tuple[Expression, Answer]] = []
    for spoken in scene.expressions:
        one = next(heard, None)
        if one is None or one.text != spoken.text:
            raise InputError(
                f"{path}: expected the instruction {spoken.id} {spoken.text!r} of the truth beside "
                f"it, got {'the end' if one is None else repr(one.text)}; the bag must have the "
                "instructions of expressions.json in their order"
            )
        if one.frame.rgb.shape[:2] != scene.instances.shape:
            raise InputError(
                f"{path}: expected images of {scene.instances.shape} as the truth beside it, got "
                f"{one.frame.rgb.shape[:2]}"
            )
        answers.append((spoken, one.answer))
        frame = one.frame
    found = segmented(pipeline, frame, ())
    return judged_scene(scene, TrueObjects.of(scene), found, tuple(answers))
