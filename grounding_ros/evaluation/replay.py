"""Runs a bag through the pipeline without ROS: the live node's conversion, pairing and tf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

from grounding_ros.adapters.camera_pose import camera_pose
from grounding_ros.adapters.frame import CameraInfos, stamp_ns, to_frame
from grounding_ros.adapters.pairing import Pair, StampPairer
from grounding_ros.adapters.transform_buffer import TransformBuffer
from grounding_ros.evaluation.bag_reader import BagReader
from grounding_ros.evaluation.topics import CameraTopics
from grounding_ros.language import parse
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import Locate, Pipeline
from grounding_ros.scene import Answer, Frame


@dataclass(frozen=True, eq=False)
class Replayed:
    """One instruction of a bag and its answer."""

    text: str
    frame: Frame
    answer: Answer


def replay(
    bag: BagReader,
    topics: CameraTopics,
    pipeline: Pipeline,
    parameters: InputParameters,
    target_frame: str = "",
    asked: Sequence[str] = (),
) -> Iterator[Replayed]:
    """Yield the answer to each instruction of the bag, on the newest frame of its moment.

    With `asked` the bag's own instructions are not heard; each of these is answered on every frame,
    as by a live node that is `continuous`.
    """
    cameras = CameraInfos(rectified=parameters.image_rectified)
    pairer = StampPairer(
        slop_ns=round(parameters.pair_slop_s * 1e9),
        wait_ns=round(parameters.depth_wait_s * 1e9),
        use_depth=parameters.use_depth and bool(topics.depth),
    )
    transforms = TransformBuffer()
    locate = partial(camera_pose, transforms.lookup, target_frame=target_frame)
    newest: Pair | None = None
    for topic, message, _ in bag.messages(_needed(bag, topics)):
        if topic == topics.image:
            pairer.add_image(stamp_ns(message.header), message)
        elif topic == topics.depth:
            pairer.add_depth(stamp_ns(message.header), message)
        elif topic == topics.camera_info:
            cameras.put(message)
        elif topic in ("/tf", "/tf_static"):
            transforms.add_message(message, topic == "/tf_static")
        elif topic == topics.instruction and not asked:
            newest = pairer.take(impatient=True) or newest
            if newest is not None:
                yield _answered(message.data, to_frame(newest, cameras), pipeline, locate)
        if asked and (pair := pairer.take()) is not None:
            yield from _all_answered(asked, to_frame(pair, cameras), pipeline, locate)
    if asked and (pair := pairer.take(impatient=True)) is not None:
        yield from _all_answered(asked, to_frame(pair, cameras), pipeline, locate)


def _all_answered(
    asked: Sequence[str], frame: Frame, pipeline: Pipeline, locate: Locate
) -> Iterator[Replayed]:
    return (_answered(text, frame, pipeline, locate) for text in asked)


def _answered(text: str, frame: Frame, pipeline: Pipeline, locate: Locate) -> Replayed:
    start = perf_counter()
    instruction = parse(text)
    parse_ms = 1e3 * (perf_counter() - start)
    # A frame of its own for every answer, so that nothing is remembered.
    answer = pipeline.run(replace(frame), instruction, locate)
    return Replayed(
        text, frame, replace(answer, timings_ms={"parse": parse_ms, **answer.timings_ms})
    )


def _needed(bag: BagReader, topics: CameraTopics) -> list[str]:
    """Whatever else a bag holds, other cameras or point clouds, is not even decoded."""
    camera = (topics.image, topics.depth, topics.camera_info, topics.instruction)
    return [name for name in bag.topics if name in (*camera, "/tf", "/tf_static")]
