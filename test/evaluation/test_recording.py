"""What `--record` writes: times, contents, truth, and that the tools of ROS understand it."""

import math
import re
import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from rosbags.highlevel import AnyReader

from grounding_ros.adapters.detections import detections_2d, detections_3d, label_info
from grounding_ros.adapters.grasp import grasp_messages
from grounding_ros.adapters.visualization import markers
from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags import recording as recording_module
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.recording import Recording
from grounding_ros.evaluation.bags.vision_types import VISION_DEFINITIONS
from grounding_ros.evaluation.evaluate import Outputs, evaluate
from grounding_ros.evaluation.folder import scene_stamp_ns
from grounding_ros.evaluation.sample import sample_bag_path
from grounding_ros.evaluation.work import JobRunner, Settings, jobs_of, run_here

START = scene_stamp_ns(0)
MS = 1_000_000
INTERFACES = Path(__file__).parents[2] / "interfaces" / "vision_msgs" / "msg"
CAMERA = {
    "/camera/camera/color/camera_info",
    "/camera/camera/color/image_raw",
    "/camera/camera/aligned_depth_to_color/image_raw",
    "/tf",
}
ANSWER = {
    "/instruction",
    "/grounding/answer",
    "/grounding/detections",
    "/grounding/detections_3d",
    "/grounding/masks",
    "/grounding/label_info",
    "/grounding/markers",
    "/grounding/debug_image",
}
TRUTH = {"/truth/detections", "/truth/detections_3d", "/truth/masks"}


def recorded(out, *sources):
    """Evaluate and read the recording back: [(topic, message, log_time_ns)]."""
    evaluate(list(sources), Settings(), Outputs(record=out))
    return read(out)


def read(out, *topics):
    with BagReader(out) as bag:
        return list(bag.messages(topics or None))


def of(records, topic):
    return [message for name, message, _ in records if name == topic]


def times_ms(records, topic):
    return [(at - START) / MS for name, _, at in records if name == topic]


def stamp_ns(message):
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec


def picture(message):
    kind = {"rgb8": np.uint8, "mono16": np.uint16, "16UC1": np.uint16}[message.encoding]
    return message.data.view(kind).reshape(message.height, message.width, -1).squeeze()


@pytest.fixture
def records(folder, tmp_path):
    return recorded(tmp_path / "out.mcap", folder)


def test_every_answer_has_its_moment_and_every_picture_is_sent_once(records):
    thirds = [1, 1000 / 3, 2000 / 3, 1001, 4000 / 3, 5000 / 3]
    for topic in (ANSWER | TRUTH) - {"/grounding/count"}:
        assert times_ms(records, topic) == pytest.approx(thirds), topic
    for topic in CAMERA:
        assert times_ms(records, topic) == [0, 1000], topic
    assert {topic for topic, *_ in records} - {"/grounding/count"} == CAMERA | ANSWER | TRUTH


def test_all_about_a_picture_has_its_stamp(records):
    stamps = {0: START, 1: START + 1000 * MS}
    for topic, message, at in records:
        if hasattr(message, "header"):
            assert stamp_ns(message) == stamps[(at - START) // 10**9], topic


def test_the_picture_is_the_original(records, scenes):
    for color, depth, info, scene in zip(
        of(records, "/camera/camera/color/image_raw"),
        of(records, "/camera/camera/aligned_depth_to_color/image_raw"),
        of(records, "/camera/camera/color/camera_info"),
        scenes,
        strict=True,
    ):
        assert np.array_equal(picture(color), scene.frame.rgb)
        metres = picture(depth) / 1000
        np.testing.assert_allclose(metres, np.nan_to_num(scene.frame.depth), atol=1e-4)
        assert (info.k[0], info.k[4], info.k[2], info.k[5]) == (60.5, 61.25, 31.5, 23.75)
        assert {m.header.frame_id for m in (color, depth, info)} == {"camera_color_optical_frame"}


def test_tf_says_where_the_camera_was(records, scenes):
    for message, scene in zip(of(records, "/tf"), scenes, strict=True):
        (stamped,) = message.transforms
        assert stamped.header.frame_id == "base_link"
        assert stamped.child_frame_id == "camera_color_optical_frame"
        at = stamped.transform.translation
        assert (at.x, at.y, at.z) == pytest.approx(tuple(scene.base_from_camera[:3, 3]))


def test_without_a_pose_there_is_no_tf(poseless_folder, tmp_path):
    records = recorded(tmp_path / "out.mcap", poseless_folder)
    assert "/tf" not in {topic for topic, *_ in records}


def test_the_truth_is_what_was_expected(records):
    box, ball, nothing = (one.detections for one in of(records, "/truth/detections")[:3])
    assert [one.id for one in (*box, *ball)] == ["1", "300"] and nothing == []
    names = [one.results[0].hypothesis.class_id for one in (*box, *ball)]
    assert names == ["red box", "blue ball"]
    (seen,) = box  # rows 10 to 19, columns 5 to 29
    assert (seen.bbox.center.position.x, seen.bbox.center.position.y) == (17.5, 15.0)
    assert (seen.bbox.size_x, seen.bbox.size_y) == (25.0, 10.0)


def test_the_true_boxes_stand_where_the_objects_are(records):
    first, second, third, *_ = of(records, "/truth/detections_3d")
    assert {one.header.frame_id for one in (first, second, third)} == {"base_link"}
    (box,) = first.detections
    center, turn, size = box.bbox.center.position, box.bbox.center.orientation, box.bbox.size
    assert (center.x, center.y, center.z) == pytest.approx((0.1, -0.2, 0.03))
    assert (size.x, size.y, size.z) == pytest.approx((0.2, 0.1, 0.06))
    assert (turn.x, turn.y, turn.z, turn.w) == pytest.approx((0, 0, math.sin(0.25), math.cos(0.25)))
    assert second.detections == third.detections == []  # the ball's pose is not known


def test_the_true_masks_hold_the_ids_of_the_expected(records):
    box, ball, nothing = (picture(one) for one in of(records, "/truth/masks")[:3])
    expected = np.zeros((48, 64), np.uint16)
    expected[10:20, 5:30] = 1
    assert np.array_equal(box, expected)
    assert np.unique(ball).tolist() == [0, 300] and (ball == 300).sum() == 15 * 27
    assert not nothing.any()


def test_a_source_without_truth_has_answers_only(tmp_path):
    records = recorded(tmp_path / "out.mcap", sample_bag_path())
    assert not TRUTH & {topic for topic, *_ in records}
    assert len(of(records, "/grounding/answer")) == len(of(records, "/instruction")) == 15


def test_sources_follow_each_other(folder, poseless_folder, tmp_path):
    records = recorded(tmp_path / "out.mcap", folder, poseless_folder)
    images = times_ms(records, "/camera/camera/color/image_raw")
    last = times_ms(records, "/grounding/answer")[5]
    assert images == pytest.approx([0, 1000, last + 1000])
    logged = [at for *_, at in records]
    assert logged == sorted(logged)


def one_result(folder, **changes):
    (job, *_) = jobs_of(folder)
    (result,) = JobRunner(Settings()).results(job)
    spoken, answer = result.answers[0]
    return replace(result, answers=((spoken, replace(answer, **changes)),), judgements=())


@pytest.mark.parametrize(
    ("stamps_s", "shown_s"),
    [
        ([100, 101, 104.5], [100, 101, 104.5]),
        ([100, 50, 51], [100, 101.001, 102.001]),  # a clock that was reset
        ([100, 200_000, 200_001], [100, 101.001, 102.001]),  # or set for the first time
        ([0, 1], [0, 1]),
        ([-5, -4], [0.999999999, 1.999999999]),
    ],
)
def test_stamps_that_leap_are_moved(folder, tmp_path, stamps_s, shown_s):
    result = one_result(folder)
    with Recording(tmp_path / "out.mcap") as recording:
        for stamp_s in stamps_s:
            ((spoken, answer),) = result.answers
            moved = replace(answer, stamp_ns=round(stamp_s * 1e9))
            recording.write(folder, replace(result, answers=((spoken, moved),)))
    images = read(tmp_path / "out.mcap", "/camera/camera/color/image_raw")
    assert [at / 1e9 for *_, at in images] == pytest.approx(shown_s, abs=1e-9)
    assert [stamp_ns(message) for _, message, _ in images] == [at for *_, at in images]


def test_several_answers_to_a_picture_of_a_bag_show_it_once(folder, tmp_path):
    result = one_result(folder, stamp_ns=START)
    with Recording(tmp_path / "out.mcap") as recording:
        for _ in range(3):
            recording.write(folder, result)
    records = read(tmp_path / "out.mcap")
    assert times_ms(records, "/camera/camera/color/image_raw") == [0]
    assert times_ms(records, "/grounding/answer") == [1, 2, 3]


def test_a_recording_can_be_evaluated(folder, tmp_path):
    first = evaluate([folder], Settings(), Outputs(record=tmp_path / "out.mcap"))
    again = evaluate([tmp_path / "out.mcap"], Settings(), Outputs())
    assert [one.status for one in again.heard] == [one.status for one in first.judgements]
    assert [one.text for one in again.heard] == [one.text for one in first.judgements]


def test_the_messages_are_those_of_a_live_node(tmp_path):
    serialization = pytest.importorskip("rclpy.serialization")
    kinds = ("geometry", "sensor", "std", "tf2", "vision", "visualization")
    ros = {f"{name}_msgs": pytest.importorskip(f"{name}_msgs.msg") for name in kinds}

    def sent(message):
        cdr = serialization.serialize_message(message)
        return serialization.deserialize_message(cdr, type(message))

    out = tmp_path / "out.mcap"
    (job,) = jobs_of(sample_bag_path())
    results = list(JobRunner(Settings()).results(job))
    with Recording(out) as recording:
        for result in results:
            recording.write(job.source, result)
    said, taken = {}, {}
    with BagReader(out) as bag:
        for raw in bag.raw_messages():
            package, _, name = raw.type.split("/")
            kind = getattr(ros[package], name)
            said.setdefault(raw.topic, []).append(serialization.deserialize_message(raw.cdr, kind))
    answers = [answer for result in results for _, answer in result.answers]
    vision, looks = ros["vision_msgs"], ros["visualization_msgs"]
    for k, answer in enumerate(answers):
        seen = said["/grounding/detections"][k].header
        lifted = said["/grounding/detections_3d"][k].header
        expected = {
            "detections": detections_2d(answer, seen, vision),
            "detections_3d": detections_3d(answer, lifted, vision),
            "label_info": label_info(answer, seen, vision),
            "markers": markers(answer, lifted, looks),
        }
        for topic, live in expected.items():
            assert said[f"/grounding/{topic}"][k] == sent(live), topic
        for name, live in grasp_messages(answer, lifted, ros["geometry_msgs"], ros["std_msgs"]):
            taken.setdefault(name, []).append(sent(live))
    assert sum(len(one.detections) for one in said["/grounding/detections_3d"]) >= 10
    assert [m.data for m in said["/grounding/count"]] == [
        answer.count for answer in answers if answer.count is not None
    ]
    assert taken["target_pose"]
    assert {name: said.get(f"/grounding/{name}") for name in taken} == taken


def test_vision_messages_are_those_of_the_interfaces():
    for name, definition in VISION_DEFINITIONS.items():
        described = (INTERFACES / f"{name}.msg").read_text(encoding="utf-8")
        fields = [line for line in described.splitlines() if line and not line.startswith("#")]
        assert definition.splitlines() == fields, name


def test_every_type_is_described_in_the_file(records, tmp_path):
    with AnyReader([tmp_path / "out.mcap"]) as reader:
        for connection in reader.connections:
            assert connection.msgdef.data or connection.msgtype == "std_msgs/msg/Empty"
        boxes = [c for c in reader.connections if c.msgtype.endswith("Detection2DArray")]
        assert len(boxes) == 2
        for connection, _, data in reader.messages(boxes):
            reader.deserialize(data, connection.msgtype)


def test_chunks_are_compressed(records, tmp_path):
    content = (tmp_path / "out.mcap").read_bytes()
    assert b"\x04\x00\x00\x00zstd" in content


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("out.bag", r"expected the name of a file OUT\.mcap, got .*out\.bag; add \.mcap"),
        ("taken.mcap", r"taken\.mcap: expected a path where nothing is yet"),
        ("nowhere/out.mcap", r"expected a folder .*nowhere, got none"),
    ],
)
def test_a_name_that_cannot_be_written_is_refused(folder, tmp_path, name, sentence):
    (tmp_path / "taken.mcap").write_text("mine")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match=sentence):
        evaluate([folder], Settings(), Outputs(record=tmp_path / name))
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "taken.mcap").read_text() == "mine"


def test_nothing_else_is_left_behind(folder, tmp_path):
    recorded(tmp_path / "out.mcap", folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.mcap", "scenes"]


def test_a_recording_of_nothing_is_not_written(tmp_path):
    with Recording(tmp_path / "out.mcap"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_came_before_an_interruption_is_kept(folder, tmp_path):
    records = run_here(jobs_of(folder), Settings(record=tmp_path / "out.mcap"))
    next(records)
    records.close()
    assert len(of(read(tmp_path / "out.mcap"), "/grounding/answer")) == 3


def test_a_full_disk_says_so(folder, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording_module.Tracks, "write", full)
    with pytest.raises(Exception, match=r"out\.mcap: expected room .* got No space left") as error:
        evaluate([folder], Settings(), Outputs(record=tmp_path / "out.mcap"))
    assert not isinstance(error.value, InputError)  # no fault of the source
    assert not (tmp_path / "out.mcap").exists()


def test_memory_does_not_grow_with_the_recording(tmp_path):
    (job,) = jobs_of(sample_bag_path())
    result = next(JobRunner(Settings()).results(job))
    ((spoken, answer),) = result.answers
    peaks = []
    tracemalloc.start()
    try:
        with Recording(tmp_path / "out.mcap") as recording:
            for k in range(24):
                moved = replace(answer, stamp_ns=k * 10**9)
                recording.write(job.source, replace(result, answers=((spoken, moved),)))
                peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    size = result.scene.frame.rgb.nbytes
    assert max(after - before for before, after in pairwise(peaks[8:])) < size / 4


def test_the_help_names_the_option(capsys):
    from grounding_ros.cli import main

    with pytest.raises(SystemExit):
        main(["evaluate", "--help"])
    assert re.search(r"--record OUT\.mcap", capsys.readouterr().out)
