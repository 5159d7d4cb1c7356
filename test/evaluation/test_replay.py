"""The shipped bag offline: the right answers, and the rules of replaying."""

import numpy as np
import pytest

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.topics import find_topics
from grounding_ros.evaluation.bags.writer import INSTRUCTION_TOPIC, make_bag
from grounding_ros.evaluation.replay import replay
from grounding_ros.evaluation.sample import sample_bag_path, sample_expected
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import Pipeline, PipelineParameters, build_pipeline
from grounding_ros.scene import Detections, Objects3D

EXPECTED = sample_expected()
NUMBERS = range(len(EXPECTED))


def replayed(path, pipeline, target_frame="", **parameters):
    with BagReader(path) as bag:
        topics = find_topics({name: topic.type for name, topic in bag.topics.items()})
        return list(replay(bag, topics, pipeline, InputParameters(**parameters), target_frame))


@pytest.fixture(scope="module")
def sample():
    pipeline = build_pipeline(PipelineParameters())
    return replayed(sample_bag_path(), pipeline, "base_link")


def test_every_instruction_is_answered_in_order_on_its_frame(sample):
    assert [one.text for one in sample] == [answer["text"] for answer in EXPECTED]
    assert [one.frame.stamp_ns for one in sample] == [answer["stamp_ns"] for answer in EXPECTED]
    assert {one.answer.objects.frame_id for one in sample if one.answer.chosen} == {"base_link"}


@pytest.mark.parametrize("number", NUMBERS, ids=[answer["text"] for answer in EXPECTED])
def test_the_answer_is_the_right_one(sample, number):
    answer, expected = sample[number].answer, EXPECTED[number]
    assert answer.status.value in expected["statuses"], answer.message
    if answer.count is not None:
        assert answer.count == expected["count"]
    assert len(answer.chosen) == len(expected["targets"])
    truth = np.array([target["box_xyxy"] for target in expected["targets"]]).reshape(-1, 4)
    overlaps = [[iou(box, right) for right in truth] for box in answer.detections.boxes]
    partners = [int(np.argmax(row)) for row in overlaps]
    assert sorted(partners) == list(range(len(truth)))
    for k, partner in enumerate(partners):
        assert overlaps[k][partner] > 0.8
        off = answer.objects3d.centers[k] - expected["targets"][partner]["center_m"]
        assert np.linalg.norm(off) < 0.02, off


def iou(one, other):
    """Intersection over union of two boxes xyxy."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    common = np.prod(np.clip(high - low, 0, None))
    areas = [np.prod(box[2:] - box[:2]) for box in (one, other)]
    return float(common / (sum(areas) - common))


class Watcher:
    """A grounder, segmenter and lifter that finds nothing and notes the frames it saw."""

    def __init__(self):
        self.frames, self.poses = [], []

    def ground(self, frame, phrases):
        self.frames.append(frame)
        return Detections.empty(
            (frame.height, frame.width), tuple(phrase.text for phrase in phrases)
        )

    def segment(self, frame, detections):
        return detections

    def lift(self, frame, detections, pose):
        self.poses.append(pose)
        return Objects3D.absent(0, "", "optical")


def watched(path, **changes):
    watcher = Watcher()
    done = replayed(path, Pipeline(watcher, watcher, watcher), **changes)
    return watcher, done


def test_an_instruction_is_answered_on_the_newest_frame_before_it(folder, tmp_path):
    for repeat in (True, False):
        bag = make_bag(folder, tmp_path / f"bag {repeat}", repeat_frames=repeat)
        _, done = watched(bag)
        with BagReader(bag) as reader:
            heard = [at for *_, at in reader.messages([INSTRUCTION_TOPIC])]
        assert len(done) == len(heard) == 6
        ages_s = [(at - one.frame.stamp_ns) / 1e9 for at, one in zip(heard, done, strict=True)]
        expected = [0.25] * 6 if repeat else [0.25, 1.25, 2.25] * 2
        assert ages_s == pytest.approx(expected)


def test_the_camera_is_located_by_the_tf_of_the_bag(folder, scenes, tmp_path):
    bag = make_bag(folder, tmp_path / "bag", repeat_frames=True)
    watcher, _ = watched(bag, target_frame="base_link")
    for pose in watcher.poses:
        np.testing.assert_allclose(pose.base_from_camera, scenes[0].base_from_camera, atol=1e-6)
    nowhere, _ = watched(bag, target_frame="moon")
    assert {pose.base_from_camera for pose in nowhere.poses} == {None}
    assert all("moon" in pose.reason for pose in nowhere.poses)
    assert set(watched(bag)[0].poses) == {None}


def test_without_tf_the_pose_has_a_reason(poseless_folder, tmp_path):
    bag = make_bag(poseless_folder, tmp_path / "bag")
    watcher, _ = watched(bag, target_frame="base_link")
    assert all("base_link" in pose.reason for pose in watcher.poses)


def test_depth_can_be_switched_off(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    assert all(frame.depth is not None for frame in watched(bag)[0].frames)
    flat, _ = watched(bag, use_depth=False)
    assert all(frame.depth is None for frame in flat.frames)
    assert all("use_depth" in frame.missing_3d for frame in flat.frames)


def test_the_newest_instruction_before_any_frame_waits_for_it(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")

    class Headless:
        """The bag without its first image."""

        def __init__(self, reader):
            self._reader = reader
            self.topics = reader.topics

        def messages(self, topics):
            seen = 0
            for topic, message, at in self._reader.messages(topics):
                seen += topic.endswith("color/image_raw")
                if seen > 1 or not topic.endswith("image_raw"):
                    yield topic, message, at

    watcher = Watcher()
    with BagReader(bag) as reader:
        topics = find_topics({name: topic.type for name, topic in reader.topics.items()})
        pipeline = Pipeline(watcher, watcher, watcher)
        done = list(replay(Headless(reader), topics, pipeline, InputParameters()))
    last_of_the_first = "is there a mug?"
    assert done[0].text == last_of_the_first
    assert len(done) == 1 + 3  # and the second scene's
    assert {one.frame.stamp_ns for one in done} == {1_700_000_003_000_000_000}


def test_a_bag_without_a_camera_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected one colour image"):
        find_topics({INSTRUCTION_TOPIC: "std_msgs/msg/String"})
