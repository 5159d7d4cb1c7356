"""A bag without truth: its answers, how long they take and what status they have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.topics import find_topics
from grounding_ros.evaluation.replay import Replayed, replay
from grounding_ros.evaluation.runner import SceneResult
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import Pipeline
from grounding_ros.simulation.truth import Expression, Scene

EVERYTHING = "find all the objects"
"""What is asked of a bag in which nobody says anything."""


def run_bag(path: Path, pipeline: Pipeline, asked: Sequence[str] = ()) -> Iterator[SceneResult]:
    """Yield every answer of a bag as a scene of its own, with nothing in it known to be true.

    Raises
    ------
    InputError
        When it is no bag, or has no camera, or is damaged further on.
    """
    with BagReader(path) as bag:
        for number, one in enumerate(replayed_bag(bag, pipeline, asked=asked)):
            yield _unjudged(f"{path.stem}-{number:06d}", f"{number:06d}", one)


def replayed_bag(
    bag: BagReader, pipeline: Pipeline, target_frame: str = "", asked: Sequence[str] = ()
) -> Iterator[Replayed]:
    """Yield the answers of a bag, whose camera is looked for among the topics with messages.

    Where nobody says anything, `EVERYTHING` is asked on every frame.

    Raises
    ------
    InputError
        When it has no camera.
    """
    spoken = {name: topic.type for name, topic in bag.topics.items() if topic.count}
    try:
        if not spoken:
            raise InputError(f"{bag.path}: expected messages, got none; was anything recorded?")
        topics = find_topics(spoken, str(bag.path))
    except InputError:
        bag.check_whole()  # the better reason
        raise
    if not asked and not topics.instruction:
        asked = (EVERYTHING,)
    return replay(bag, topics, pipeline, InputParameters(), target_frame, asked)


def _unjudged(name: str, id: str, one: Replayed) -> SceneResult:
    frame = one.frame
    spoken = Expression(name, id, one.text, kind="", target_ids=())
    nothing = np.zeros((frame.height, frame.width), np.uint16)
    return SceneResult(Scene(name, frame, nothing, (), (spoken,)), ((spoken, one.answer),))
