"""Runs a bag through the pipeline without ROS: the live node's conversion, pairing and tf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from grounding_ros.adapters.camera_pose import camera_pose
from grounding_ros.adapters.frame import CameraInfos, stamp_ns, to_frame
from grounding_ros.adapters.pairing import Pair, StampPairer
from grounding_ros.adapters.transform_buffer import TransformBuffer
from grounding_ros.evaluation.bag_reader import BagReader
from grounding_ros.evaluation.topics import CameraTopics
from grounding_ros.language import parse
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import Pipeline
from grounding_ros.scene import Answer, Frame


@dataclass(frozen=True)
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
) -> Iterator[Replayed]:
    """Yield the answer to each instruction of the bag, on the newest frame of its moment."""
    cameras = CameraInfos(rectified=parameters.image_rectified)
    pairer = StampPairer(
        slop_ns=round(parameters.pair_slop_s * 1e9),
        wait_ns=round(parameters.depth_wait_s * 1e9),
        use_depth=parameters.use_depth and bool(topics.depth),
    )
    transforms = TransformBuffer()
    locate = partial(camera_pose, transforms.lookup, target_frame=target_frame)
    newest: Pair | None = None
    for topic, message, _ in bag.messages():
        if topic == topics.image:
            pairer.add_image(stamp_ns(message.header), message)
        elif topic == topics.depth:
            pairer.add_depth(stamp_ns(message.header), message)
        elif topic == topics.camera_info:
            cameras.put(message)
        elif topic in ("/tf", "/tf_static"):
            transforms.add_message(message, topic == "/tf_static")
        elif topic == topics.instruction:
            newest = pairer.take(impatient=True) or newest
            if newest is not None:
                frame = to_frame(newest, cameras)
                instruction = parse(message.data)
                answer = pipeline.run(frame, instruction, locate)
                yield Replayed(message.data, frame, answer)
