"""What is played of a bag and what is said: everything that is known before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bag_run import EVERYTHING
from grounding_ros.evaluation.bag_truth import truth_beside
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.topics import CameraTopics, find_topics
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.simulation.truth import BASE_FRAME

_INSTRUCTION = "/instruction"


@dataclass(frozen=True, eq=False)
class Script:
    """A bag as it is played."""

    path: Path
    topics: CameraTopics
    """With an instruction topic, whether the bag has one or not."""
    played: Mapping[str, str]
    """Topics that are sent and their types; nothing else of the bag is."""
    truth: SceneFolder | None
    """None: unknown."""
    asked: str
    """Said once, at the first image, in place of the bag's instructions; "": those are said."""
    target_frame: str
    """Of 3D results; "": the image's."""

    @property
    def inputs(self) -> list[str]:
        """The topics that a node must hear."""
        names = (self.topics.image, self.topics.depth, self.topics.camera_info)
        return [*filter(None, names), self.topics.instruction]

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of a node that is started for this bag."""
        return {
            "target_frame": self.target_frame,
            "continuous": bool(self.asked),
            "diagnostics_period_s": 0.5,
            "input.image_transport": self.topics.image_transport,
            "input.depth_transport": self.topics.depth_transport,
            "input.use_depth": bool(self.topics.depth),
            "input.reliability": "reliable",  # each frame is sent once and all of them count
        }


def script_of(bag: BagReader, asked: Sequence[str]) -> Script:
    """Find the camera of a bag, its truth and what is said.

    Raises
    ------
    InputError
        When it has no camera, or its instructions are not those of the truth beside it, or more
        than one other is asked.
    """
    if len(asked) > 1:
        raise InputError(
            f"--instruction: expected one text with --live, which the node answers on every frame, "
            f"got {len(asked)}; evaluate them one by one"
        )
    kinds = {name: topic.type for name, topic in bag.topics.items()}
    topics = find_topics(kinds)
    truth = None if asked else truth_beside(bag.path)
    if truth is not None:
        _check(bag, topics, truth)
    if not asked and not topics.instruction:
        asked = (EVERYTHING,)
    topics = replace(topics, instruction=topics.instruction or _INSTRUCTION)
    camera = (topics.image, topics.depth, topics.camera_info, "/tf", "/tf_static")
    played = {name: kinds[name] for name in camera if name in kinds}
    has_tf = not {"/tf", "/tf_static"}.isdisjoint(kinds)
    return Script(
        path=bag.path,
        topics=topics,
        played={**played, topics.instruction: "std_msgs/msg/String"},
        truth=truth,
        asked=asked[0] if asked else "",
        target_frame=BASE_FRAME if has_tf and truth is not None else "",
    )


def _check(bag: BagReader, topics: CameraTopics, truth: SceneFolder) -> None:
    heard = [topics.instruction] if topics.instruction else []
    said = [message.data for _, message, _ in bag.messages(heard)] if heard else []
    for spoken, text in zip_longest(truth.expressions, said):
        if spoken is None or spoken.text != text:
            wanted = "no more" if spoken is None else f"the instruction {spoken.id} {spoken.text!r}"
            raise InputError(
                f"{bag.path}: expected {wanted} of the truth beside it, got "
                f"{'the end' if text is None else repr(text)}; the bag must have the instructions "
                "of expressions.json in their order"
            )
