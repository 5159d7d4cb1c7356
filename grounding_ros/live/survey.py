"""What the node takes for an object, scene by scene, before the bag is played."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grounding_ros.adapters.frame import stamp_ns
from grounding_ros.adapters.published import read_answer
from grounding_ros.errors import InputError
from grounding_ros.evaluation.bag_run import EVERYTHING
from grounding_ros.evaluation.bags.reader import BagReader, RawMessage
from grounding_ros.live.dialogue import stamp_of
from grounding_ros.live.script import Script
from grounding_ros.ros.health import TELLING_S, HealthListener
from grounding_ros.ros.listener import Heard, ResultListener
from grounding_ros.ros.player import BagPlayer
from grounding_ros.scene import Answer, Detections

_TRIES = 5
_ANSWER_S = 10.0
_ARRIVAL_S = 0.05


@dataclass(frozen=True, eq=False)
class Found:
    """Everything in one scene, packed: thousands are kept until their scene is played."""

    document: Mapping[str, Any]
    labels: bytes
    """The mask image, (H, W) uint16, compressed."""
    image_size: tuple[int, int]

    def detections(self) -> Detections:
        """Return what was found, in the node's own order."""
        labels = np.frombuffer(zlib.decompress(self.labels), np.uint16).reshape(self.image_size)
        answer = read_answer(self.document, None, None, labels, self.image_size)
        return answer.candidates[sorted(answer.chosen)]


def survey(
    bag: BagReader,
    script: Script,
    player: BagPlayer,
    listener: ResultListener,
    health: HealthListener,
) -> list[Found]:
    """Show the frame of each scene that has an instruction, and ask for all its objects.

    This is not part of what is timed and counted. It also shows that messages go both ways.

    Raises
    ------
    InputError
        When there is no answer.
    """
    found: list[Found] = []
    for frame in _frames(bag, script):
        if script.topics.image not in frame:
            raise InputError(f"{script.path}: expected an image before each instruction, got none")
        stamp = stamp_ns(bag.decode(frame[script.topics.image]).header)
        if not found:
            _show_until_heard(script, player, health, frame, stamp)
        found.append(_asked(script, player, listener, frame, stamp))
    return found


def _show_until_heard(
    script: Script,
    player: BagPlayer,
    health: HealthListener,
    frame: dict[str, RawMessage],
    stamp: int,
) -> None:
    """Show a frame until all of it arrived: a reader may find one of its writers late.

    A node that tells nothing, or never hears a part of it, is asked as it is.
    """
    topics = script.topics
    parts = {"image": topics.image, "depth": topics.depth, "camera_info": topics.camera_info}
    shown = [f"{part}_hz" for part, topic in parts.items() if topic in frame]
    for _ in range(_TRIES):
        shown_ns = player.show(frame.values(), stamp)
        values = health.wait(shown_ns + round(_ARRIVAL_S * 1e9), TELLING_S)
        if values is None or all(float(values.get(rate, 0)) > 0 for rate in shown):
            return


def _frames(bag: BagReader, script: Script) -> Iterator[dict[str, RawMessage]]:
    """Yield the newest messages of the camera at the last instruction of each scene, by topic."""
    assert script.truth is not None
    spoken = script.truth.expressions
    last = [
        number
        for number, one in enumerate(spoken)
        if number + 1 == len(spoken) or spoken[number + 1].scene != one.scene
    ]
    newest: dict[str, RawMessage] = {}
    said = 0
    for message in bag.raw_messages(script.inputs):
        if message.topic != script.topics.instruction:
            newest[message.topic] = message
            continue
        if said in last:
            yield dict(newest)
        said += 1


def _asked(
    script: Script,
    player: BagPlayer,
    listener: ResultListener,
    frame: dict[str, RawMessage],
    stamp: int,
) -> Found:
    for _ in range(_TRIES):
        shown_ns = player.show(frame.values(), stamp)
        time.sleep(_ARRIVAL_S)  # DDS keeps no order between topics
        began = time.monotonic()
        player.say(script.topics.instruction, EVERYTHING)
        heard = listener.wait_for(EVERYTHING, after=began, timeout_s=_ANSWER_S)
        if heard is not None and stamp_of(heard.answer) >= shown_ns and heard.masks is not None:
            return _packed(heard)
    raise InputError(
        f"{script.path}: expected an answer to {EVERYTHING!r} from the node, got none after "
        f"{_TRIES} tries; is it active, and does it hear {', '.join(script.inputs)}?"
    )


def _packed(heard: Heard) -> Found:
    image = heard.masks
    assert image is not None
    packed = zlib.compress(bytes(image.data), 1)
    return Found(heard.answer, packed, (image.height, image.width))


def heard_answer(heard: Heard, image_size: tuple[int, int] | None) -> Answer:
    """Return what was heard as an answer; None: the image's size is that of the masks."""
    labels = None
    if heard.masks is not None:
        size = (heard.masks.height, heard.masks.width)
        labels = np.frombuffer(heard.masks.data, np.uint16).reshape(size)
        image_size = image_size or size
    return read_answer(
        heard.answer, heard.detections, heard.detections_3d, labels, image_size or (0, 0)
    )
