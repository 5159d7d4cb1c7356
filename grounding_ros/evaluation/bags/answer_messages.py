"""An answer, and what would have been right, as the messages of a recording.

They are made by the adapters that the live node publishes with. No ROS is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.adapters.answer_json import answer_json
from grounding_ros.adapters.detections import (
    detections_2d,
    detections_3d,
    instance_image,
    label_info,
)
from grounding_ros.adapters.drawing import draw
from grounding_ros.adapters.grasp import grasp_messages
from grounding_ros.adapters.image import fill_image
from grounding_ros.adapters.visualization import markers
from grounding_ros.evaluation.bags.message_package import MessagePackage
from grounding_ros.evaluation.bags.messages import TYPES, header, string
from grounding_ros.evaluation.bags.true_answer import true_answer
from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.language import parse, to_dict
from grounding_ros.scene import Answer, Frame
from grounding_ros.simulation.truth import Expression, Scene

ANSWER_TOPIC = "/grounding/answer"

_SENSOR = MessagePackage("sensor_msgs", TYPES)
_GEOMETRY = MessagePackage("geometry_msgs", TYPES)
_STD = MessagePackage("std_msgs", TYPES)
_VISION = MessagePackage("vision_msgs", TYPES)
_VISUALIZATION = MessagePackage("visualization_msgs", TYPES)


def answer_messages(answer: Answer, frame: Frame, seq: int) -> Iterator[tuple[str, Any]]:
    """Yield topic and message of everything a live node says, with the stamp of `answer`.

    `seq` counts the instructions. As live, there is no count that was not judged, and the JSON
    comes last.
    """
    seen = header(answer.stamp_ns, frame.frame_id)
    lifted = header(answer.stamp_ns, answer.objects.frame_id or frame.frame_id)
    yield "/grounding/detections", detections_2d(answer, seen, _VISION)
    yield "/grounding/detections_3d", detections_3d(answer, lifted, _VISION)
    yield "/grounding/masks", _image(seen, instance_image(answer), "mono16")
    yield "/grounding/label_info", label_info(answer, seen, _VISION)
    yield "/grounding/markers", markers(answer, lifted, _VISUALIZATION)
    yield "/grounding/debug_image", _image(seen, draw(frame, answer), "rgb8")
    if answer.count is not None:
        yield "/grounding/count", _STD.UInt32(data=answer.count)
    for name, message in grasp_messages(answer, lifted, _GEOMETRY, _STD):
        yield f"/grounding/{name}", message
    program = to_dict(parse(answer.text))
    yield ANSWER_TOPIC, string(answer_json(answer, program, seq))


def truth_messages(
    scene: Scene, true: TrueObjects, spoken: Expression, stamp_ns: int, frame_id: str
) -> Iterator[tuple[str, Any]]:
    """Yield topic and message of the expected objects, with their ids in the scene.

    Parameters
    ----------
    scene
        Where they are.
    true
        `TrueObjects.of(scene)`.
    spoken
        What was asked.
    stamp_ns, frame_id
        Of the picture.
    """
    right = true_answer(scene, true, spoken, stamp_ns)
    seen, lifted = header(stamp_ns, frame_id), header(stamp_ns, right.objects.frame_id)
    yield "/truth/detections", _with_ids(detections_2d(right, seen, _VISION), true)
    yield "/truth/detections_3d", _with_ids(detections_3d(right, lifted, _VISION), true)
    expected = np.isin(scene.instances, spoken.target_ids)
    ids = np.where(expected, scene.instances, 0).astype(np.uint16)
    yield "/truth/masks", _image(seen, ids, "mono16")


def _with_ids(message: Any, true: TrueObjects) -> Any:
    """Write the objects' own ids in the place of their rows, which count from 1."""
    for one in message.detections:
        one.id = str(true.ids[int(one.id) - 1])
    return message


def _image(seen: Any, picture: NDArray[Any], encoding: str) -> Any:
    message = fill_image(_SENSOR.Image(), seen, picture, encoding)
    message.data = np.frombuffer(message.data, np.uint8)  # what a bag's types want
    return message
