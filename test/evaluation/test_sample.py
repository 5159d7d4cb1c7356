"""The shipped bag, and that it can be remade."""

import json

import cv2
import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.evaluation import sample
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.writer import (
    CAMERA_INFO_TOPIC,
    COLOR_TOPIC,
    DEPTH_TOPIC,
    INSTRUCTION_TOPIC,
)

COMPRESSED_COLOR = f"{COLOR_TOPIC}/compressed"
COMPRESSED_DEPTH = f"{DEPTH_TOPIC}/compressedDepth"


def pictures(path):
    """(rgb, depth_mm) of every frame of a bag."""
    with BagReader(path) as bag:
        colors = [
            cv2.imdecode(m.data, cv2.IMREAD_COLOR) for _, m, _ in bag.messages([COMPRESSED_COLOR])
        ]
        depths = [
            cv2.imdecode(m.data[12:], cv2.IMREAD_UNCHANGED)
            for _, m, _ in bag.messages([COMPRESSED_DEPTH])
        ]
    return list(zip(colors, depths, strict=True))


def test_the_bag_is_small_and_whole():
    path = sample.sample_bag_path()
    assert sum(file.stat().st_size for file in path.iterdir()) < 4_000_000
    with BagReader(path) as bag:
        counts = {topic.name: topic.count for topic in bag.topics.values()}
    assert counts.pop("/tf_static") == 1
    assert counts.pop("/tf") == 30
    topics = {COMPRESSED_COLOR, COMPRESSED_DEPTH, CAMERA_INFO_TOPIC, INSTRUCTION_TOPIC}
    assert counts == dict.fromkeys(topics, 15)


def test_every_instruction_has_its_answer_and_its_frame():
    expected = sample.sample_expected()
    with BagReader(sample.sample_bag_path()) as bag:
        heard = [(m.data, log_ns) for _, m, log_ns in bag.messages([INSTRUCTION_TOPIC])]
        frames = [log_ns for *_, log_ns in bag.messages([COMPRESSED_COLOR])]
    assert heard == [(answer["text"], answer["bag_time_ns"]) for answer in expected]
    assert frames == [answer["stamp_ns"] for answer in expected]
    for answer in expected:
        assert answer["count"] == len(answer["targets"])
        if answer["kind"] == "absent":
            assert answer["count"] == 0


def test_the_answers_are_of_all_sorts():
    expected = sample.sample_expected()
    assert {status for answer in expected for status in answer["statuses"]} == {
        *("grounded", "not_found", "cannot_judge", "ambiguous")
    }
    assert {answer["kind"] for answer in expected} == {
        *("attribute", "plural", "count", "absent", "ambiguous")
    }
    assert {answer["count"] for answer in expected} == {0, 1, 2, 3}


def test_the_bag_can_be_remade(tmp_path):
    """Physics is exact to rounding; another OpenGL shades and samples edges differently.

    MuJoCo before 4 also lays textures differently, which is most of the tolerance in colour.
    """
    try:
        again = sample.make_sample_bag(tmp_path / "again")
    except BackendError as error:
        pytest.skip(str(error))
    answers = json.loads((again / sample.EXPECTED).read_text())["instructions"]
    for one, other in zip(answers, sample.sample_expected(), strict=True):
        assert {**one, "targets": []} == {**other, "targets": []}
        for target, shipped in zip(one["targets"], other["targets"], strict=True):
            np.testing.assert_allclose(target["center_m"], shipped["center_m"], atol=1e-3)
            np.testing.assert_allclose(target["size_m"], shipped["size_m"], atol=1e-3)
            np.testing.assert_allclose(target["box_xyxy"], shipped["box_xyxy"], atol=2)
    for (rgb, mm), (shipped_rgb, shipped_mm) in zip(
        pictures(again), pictures(sample.sample_bag_path()), strict=True
    ):
        assert np.abs(rgb.astype(int) - shipped_rgb).mean() < 15
        assert (np.abs(mm.astype(int) - shipped_mm) > 2).mean() < 0.01


def test_the_command_refuses_to_overwrite(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sample, "sample_scenes", lambda: iter(()))
    assert sample.main([str(tmp_path)]) == 1
    assert "choose another name" in capsys.readouterr().err
