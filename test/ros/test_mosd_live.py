"""Real frames: what the live node publishes is what the pipeline gives offline, frame by frame."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from rclpy.event_handler import PublisherEventCallbacks
from std_msgs.msg import String

from grounding_ros.adapters.detections import instance_image
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.topics import find_topics
from grounding_ros.evaluation.bags.writer import make_bag
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.replay import Replayed, replay
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.ros.listener import Heard, ResultListener
from grounding_ros.ros.player import BagPlayer
from grounding_ros.ros.process import isolated_environment, node_process
from grounding_ros.ros.session import spinning
from grounding_ros.shared_files import share

MOSD = Path(__file__).resolve().parents[3] / "shared" / "data" / "mosd_tabletop"
RATE = 5.0
PATIENT = InputParameters(
    reliability="reliable",
    depth_wait_s=10.0,  # however late depth arrives on a busy machine
)

SILENT = PublisherEventCallbacks(use_default_callbacks=False)
"""The node's latched subscription does not fit a volatile publisher, and need not."""

pytestmark = pytest.mark.timeout(300)


class Asked(NamedTuple):
    """An instruction of the bag, answered twice."""

    text: str
    stamp_ns: int
    """Of the frame that was published before it."""
    heard: Heard | None
    """What came over DDS."""
    offline: Replayed


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    if not MOSD.is_dir():
        pytest.skip("shared/data/mosd_tabletop is absent: real data is not shipped")
    path = tmp_path_factory.mktemp("mosd") / "bag"
    with BagReader(make_bag(MOSD, path, period_s=0.5, repeat_frames=True)) as reader:
        yield reader


@pytest.fixture(scope="module")
def asked(bag, tmp_path_factory):
    topics = find_topics({name: topic.type for name, topic in bag.topics.items()})
    pipeline = build_pipeline(PipelineParameters())
    offline = list(replay(bag, topics, pipeline, PATIENT))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolated_environment(share("config/fastdds.xml")).items():
            patch.setenv(name, value)
        log = tmp_path_factory.mktemp("live") / "node.log"
        parameters = {f"input.{name}": value for name, value in asdict(PATIENT).items()}
        with node_process(parameters, topics.remappings, log):
            live = play(bag, topics, log)
    assert len(live) == len(offline)
    return [
        Asked(text, stamp, heard, one)
        for (text, stamp, heard), one in zip(live, offline, strict=True)
    ]


def play(bag: BagReader, topics: Any, log: Path) -> list[tuple[str, int, Heard | None]]:
    """Play the bag to the node and note each instruction, its frame's stamp and what comes back."""
    rows: list[tuple[str, int, Heard | None]] = []
    now = {"stamp_ns": 0, "said": 0.0}

    def before(topic, message):
        now["said"] = time.monotonic()
        if topic == topics.image:
            now["stamp_ns"] = message.header.stamp.sec * 10**9 + message.header.stamp.nanosec

    with spinning("player") as node:
        listener = ResultListener(node)
        again = node.create_publisher(String, topics.instruction, 1, event_callbacks=SILENT)

        def after(topic, message):
            if topic != topics.instruction:
                return
            heard = listener.wait_for(message.data, after=now["said"], timeout_s=10.0)
            while heard is not None and stamp_of(heard) < now["stamp_ns"]:
                # DDS keeps no order between topics: it overtook its frame, so it is said again.
                said = time.monotonic()
                again.publish(message)
                heard = listener.wait_for(message.data, after=said, timeout_s=10.0)
            rows.append((message.data, now["stamp_ns"], heard))

        names = [(name, topic.type) for name, topic in bag.topics.items()]
        player = BagPlayer(node, names, rate=RATE)
        inputs = [topics.image, topics.depth, topics.camera_info, topics.instruction]
        deaf = player.wait_for_listeners(inputs, 30.0)
        assert not deaf, log.read_text()
        wait_until_heard(node)
        wait_until_it_answers(player, listener, bag, topics.instruction)
        player.play(bag.raw_messages(), before=before, after=after)
    return rows


def stamp_of(heard: Heard) -> int:
    stamp = heard.answer["stamp"]
    return stamp["sec"] * 10**9 + stamp["nanosec"]


def wait_until_heard(node):
    """Wait until the node's own publishers are there, so that the first answer is not missed."""
    deadline = time.monotonic() + 20.0
    names = [f"/grounding/{name}" for name in ("answer", "detections", "detections_3d", "masks")]
    while not all(node.count_publishers(name) for name in names):
        assert time.monotonic() < deadline, "the node publishes nothing"
        time.sleep(0.05)


def wait_until_it_answers(player, listener, bag, instruction):
    """Play the opening until it is answered: a late match of DDS may lose what comes first."""
    opening = []
    for message in bag.raw_messages():
        opening.append(message)
        if message.topic == instruction:
            break
    text = bag.decode(opening[-1]).data
    for _ in range(10):
        began = time.monotonic()
        player.play(opening)
        if listener.wait_for(text, after=began, timeout_s=3.0):
            return
    pytest.fail("the node answers nothing")


def test_every_instruction_is_answered_on_its_own_frame(asked):
    folder = SceneFolder(MOSD)
    assert [one.text for one in asked] == [spoken.text for spoken in folder.expressions]
    for one in asked:
        assert one.heard is not None, f"no answer to {one.text!r}"
        stamp = one.heard.answer["stamp"]
        assert stamp["sec"] * 10**9 + stamp["nanosec"] == one.stamp_ns, one.text
        assert one.offline.text == one.text


def test_status_count_and_words_are_the_same(asked):
    keys = ("status", "count", "task", "message", "question")
    for one in asked:
        answer = one.offline.answer
        expected = {key: getattr(answer, key) for key in keys} | {"status": answer.status.value}
        assert {key: one.heard.answer[key] for key in keys} == expected, one.text
    assert {one.heard.answer["status"] for one in asked} >= {"grounded", "not_found"}


def test_the_chosen_boxes_are_the_same(asked):
    for one in asked:
        answer, message = one.offline.answer, one.heard.detections
        ids = ids_of(one)
        assert [d.id for d in message.detections] == [ids[row] for row in answer.chosen]
        boxes = [corners(detection.bbox) for detection in message.detections]
        np.testing.assert_allclose(
            np.reshape(boxes, (-1, 4)), answer.detections.boxes, atol=1e-3, err_msg=one.text
        )


def ids_of(one):
    """The ids of all candidates, row by row; the node had seen the opening, and plays it faster."""
    return [thing["id"] for thing in one.heard.answer["candidates"]]


def corners(box):
    x, y = box.center.position.x, box.center.position.y
    return (x - box.size_x / 2, y - box.size_y / 2, x + box.size_x / 2, y + box.size_y / 2)


def test_the_centres_in_metres_are_the_same(asked):
    for one in asked:
        objects = one.offline.answer.objects3d
        boxes = [detection.bbox for detection in one.heard.detections_3d.detections]
        places = [
            (box.center.position.x, box.center.position.y, box.center.position.z) for box in boxes
        ]
        same_metres(places, objects.centers[objects.present], one.text)
        reasons = [chosen["reason"] for chosen in one.heard.answer["chosen"]]
        assert reasons == list(objects.reasons)
    assert sum(len(one.heard.detections_3d.detections) for one in asked) >= 5


def test_every_candidate_is_the_same_whether_chosen_or_not(asked):
    for one in asked:
        candidates, objects = one.heard.answer["candidates"], one.offline.answer.objects
        assert [thing["label"] for thing in candidates] == list(
            one.offline.answer.candidates.labels
        )
        assert [thing["reason"] for thing in candidates] == list(objects.reasons)
        places = [thing["center_m"] for thing in candidates if thing["center_m"]]
        same_metres(places, objects.centers[objects.present], one.text)
    assert sum(len(one.heard.answer["candidates"]) for one in asked) > 100


def same_metres(points, expected, text):
    points = np.reshape(points, (-1, 3))
    np.testing.assert_allclose(points, expected, rtol=0, atol=1e-6, err_msg=text)


def test_the_masks_are_the_same(asked):
    for one in asked:
        message = one.heard.masks
        image = np.frombuffer(message.data, np.uint16).reshape(message.height, message.width)
        seen = one.offline.answer.candidates
        ids = replace(seen, track_ids=tuple(map(int, ids_of(one))))
        expected = instance_image(replace(one.offline.answer, candidates=ids))
        np.testing.assert_array_equal(image, expected, err_msg=one.text)
