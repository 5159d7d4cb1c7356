"""Runs a bag through the pipeline without ROS: the live node's conversion, pairing and tf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from grounding_ros.adapters.camera_pose import camera_pose
from grounding_ros.adapters.frame import CameraInfos, stamp_ns, to_frame
from grounding_ros.adapters.pairing import Pair, StampPairer
from grounding_ros.adapters.transform_buffer import TransformBuffer
from grounding_ros.conversation import Conversation
from grounding_ros.errors import GeometryError, InputError, told
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.topics import CameraTopics
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.language import parse
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import Pipeline, failed_answer
from grounding_ros.scene import Answer, Frame

_MOST_PIXELS = 1 << 24
_TRACKING = TrackingParameters()


@dataclass(frozen=True, eq=False)
class Replayed:
    """One instruction of a bag and its answer."""

    text: str
    frame: Frame
    """All black where the image cannot be read; the answer says why."""
    answer: Answer


def replay(
    bag: BagReader,
    topics: CameraTopics,
    pipeline: Pipeline,
    parameters: InputParameters,
    target_frame: str = "",
    asked: Sequence[str] = (),
    tracking: TrackingParameters = _TRACKING,
) -> Iterator[Replayed]:
    """Yield the answer to each instruction of the bag, on the newest frame of its moment.

    As with a live node, an instruction that comes before the first frame waits for it, unless a
    newer one replaces it, and an image that cannot be read is answered as failed. Objects keep
    their ids from frame to frame, and "it" is what was chosen before. The bag's first camera_info
    also holds for the frames before it: the camera had it before the recording began.

    With `asked` the bag's own instructions are not heard; each of these is answered on every frame,
    as by a live node of its own that is `continuous`.

    Raises
    ------
    InputError
        When the bag is damaged.
    """
    camera = _Camera(topics, parameters)
    if topics.camera_info:
        camera.look_ahead(bag)
    nodes = [_Node(camera, pipeline, target_frame, tracking, bool(asked)) for _ in asked or ("",)]
    waiting: str | None = None
    for topic, message, _ in bag.messages(_needed(bag, topics)):
        try:
            camera.hear(topic, message)
        except AttributeError as error:  # the bag describes its types, perhaps wrongly
            raise InputError(
                f"{bag.path} {topic}: expected the fields of its type, got {error}; record it anew"
            ) from error
        if asked:
            if (pair := camera.pairer.take()) is not None:
                yield from _answers(camera, pair, nodes, asked)
        elif topic == topics.instruction:
            pair = camera.newest(impatient=True)
            waiting = message.data if pair is None else None
            if pair is not None:
                yield from _answers(camera, pair, nodes, [message.data])
        elif waiting is not None and (pair := camera.newest()) is not None:
            yield from _answers(camera, pair, nodes, [waiting])
            waiting = None
    left = asked or ([] if waiting is None else [waiting])
    if left and (pair := camera.pairer.take(impatient=True)) is not None:
        yield from _answers(camera, pair, nodes, left)


class _Camera:
    """What a live node keeps of its camera."""

    def __init__(self, topics: CameraTopics, parameters: InputParameters) -> None:
        self._topics = topics
        self._infos = CameraInfos(rectified=parameters.image_rectified)
        self._newest: Pair | None = None
        self.transforms = TransformBuffer()
        self.pairer = StampPairer(
            slop_ns=round(parameters.pair_slop_s * 1e9),
            wait_ns=round(parameters.depth_wait_s * 1e9),
            use_depth=parameters.use_depth and bool(topics.depth),
        )

    def look_ahead(self, bag: BagReader) -> None:
        """Take in the first camera_info, wherever in the bag it is."""
        # What is damaged or described wrongly is told once, when it is reached.
        with suppress(InputError, AttributeError):
            for _, message, _ in bag.messages([self._topics.camera_info]):
                self._infos.put(message)
                return

    def hear(self, topic: str, message: Any) -> None:
        """Take in a message of the camera or tf."""
        resets = self.pairer.resets
        if topic == self._topics.image:
            self.pairer.add_image(stamp_ns(message.header), message)
        elif topic == self._topics.depth:
            self.pairer.add_depth(stamp_ns(message.header), message)
        elif topic == self._topics.camera_info:
            self._infos.put(message)
        elif topic in ("/tf", "/tf_static"):
            with suppress(GeometryError):  # as live: a transform that cannot be is not heard
                self.transforms.add_message(message, topic == "/tf_static")
        if self.pairer.resets > resets:  # the clock was set back
            self.transforms.clear()
            self._newest = None

    def newest(self, impatient: bool = False) -> Pair | None:
        """Return the newest pair, a second time too; None: there was none yet."""
        self._newest = self.pairer.take(impatient=impatient) or self._newest
        return self._newest

    def frame(self, pair: Pair) -> tuple[Frame, str]:
        """Return the frame of a pair; a black one, and why, where the image cannot be read."""
        if not self._topics.depth:
            pair = replace(pair, missing_depth="the bag has no depth image")
        try:
            return to_frame(pair, self._infos), ""
        except Exception as error:  # bad input, or a defect: both are answered, as live
            return _black(pair), told(error)


def _answers(
    camera: _Camera, pair: Pair, nodes: Sequence[_Node], texts: Sequence[str]
) -> Iterator[Replayed]:
    frame, error = camera.frame(pair)
    for node, text in zip(nodes, texts, strict=True):
        yield Replayed(text, frame, node.answer(text, frame, error))


class _Node:
    """Answers as one live node does, and remembers."""

    def __init__(
        self,
        camera: _Camera,
        pipeline: Pipeline,
        target_frame: str,
        tracking: TrackingParameters,
        continuous: bool,
    ) -> None:
        lookup = camera.transforms.lookup
        self._locate = partial(camera_pose, lookup, target_frame=target_frame)
        self._pairer = camera.pairer
        self._pipeline = pipeline
        self._conversation = Conversation(tracking)
        self._continuous = continuous
        self._clock_jumps = 0
        self._seq = 0

    def answer(self, text: str, frame: Frame, error: str) -> Answer:
        """Answer the next instruction, or the only one again; `error`: the frame is unreadable."""
        if self._pairer.resets != self._clock_jumps:
            self._clock_jumps = self._pairer.resets
            self._conversation.clear()
        self._seq = 1 if self._continuous else self._seq + 1
        start = perf_counter()
        instruction = parse(text)
        parse_ms = 1e3 * (perf_counter() - start)
        try:
            if error:
                return failed_answer(instruction, frame, error, timings_ms={"parse": parse_ms})
            # A frame of its own for every answer, so that no step remembers what it saw in it.
            answer = self._conversation.answer(
                self._pipeline, replace(frame), instruction, self._seq, self._locate
            )
        except Exception as defect:  # answered, as live; the rest of the bag counts
            answer = failed_answer(instruction, frame, told(defect))
        return replace(answer, timings_ms={"parse": parse_ms, **answer.timings_ms})


def _black(pair: Pair) -> Frame:
    """Return a black frame of the size that an image claims; a dot where that is none."""
    height, width = (getattr(pair.image, side, 0) for side in ("height", "width"))
    if not 0 < height * width <= _MOST_PIXELS:
        height, width = 1, 1
    black = np.zeros((height, width, 3), np.uint8)
    return Frame(black, stamp_ns=pair.stamp_ns, frame_id=pair.image.header.frame_id)


def _needed(bag: BagReader, topics: CameraTopics) -> list[str]:
    """Whatever else a bag holds, other cameras or point clouds, is not even decoded."""
    camera = (topics.image, topics.depth, topics.camera_info, topics.instruction)
    return [name for name in bag.topics if name in (*camera, "/tf", "/tf_static")]
