"""Answers of several cameras made one, without ROS."""

import numpy as np
import pytest

from grounding_ros.language import parse
from grounding_ros.scene import Answer, Detections, Objects3D, Status
from grounding_ros.several_cameras import merge

MUG, CUPS, HOW_MANY = parse("the red mug"), parse("all mugs"), parse("how many mugs are there?")


def answer(status="grounded", centers=(), *, chosen=None, points=100, frame_id="base", **fields):
    """One camera's answer; every candidate is a 10 cm mug and, unless told otherwise, chosen."""
    count = len(centers)
    absent = [center is None for center in centers]
    places = np.array([(np.nan,) * 3 if c is None else c for c in centers]).reshape(count, 3)
    objects = Objects3D(
        frame_id=frame_id,
        centers=places,
        rotations=np.tile(np.eye(3), (count, 1, 1)),
        sizes=np.full((count, 3), 0.1),
        covariances=np.zeros((count, 3, 3)),
        point_counts=np.full(count, points),
        reasons=tuple("no depth" if none else "" for none in absent),
        up=np.array([0.0, 0, 1]),
    )
    boxes = np.array([[60 * k, 0, 60 * k + 30, 30] for k in range(count)], np.float32)
    candidates = Detections(boxes, np.ones(count), ("red mug",) * count, (480, 640))
    fields.setdefault("count", count)
    return Answer(
        Status(status), "", "find", 5, "optical", candidates, objects,
        chosen=tuple(range(count)) if chosen is None else chosen, **fields,
    )  # fmt: skip


def views(merged):
    return [(view.camera, view.row, view.seen_by) for view in merged.chosen]


def test_one_object_seen_twice_is_one_and_the_better_view_is_kept():
    left = answer(centers=[(0.5, 0, 0.05)], points=80, message="I found a red mug")
    right = answer(centers=[(0.52, 0, 0.06)], points=300, message="I found a red mug")
    merged = merge(MUG, {"left": left, "right": right})
    assert merged.status is Status.GROUNDED
    assert views(merged) == [("right", 0, ("left", "right"))]
    assert merged.best is right
    assert merged.message == "I found a red mug"


def test_two_objects_for_one_phrase_are_asked_about():
    left, right = answer(centers=[(0.5, 0, 0.05)]), answer(centers=[(0.5, 0.2, 0.05)])
    merged = merge(MUG, {"left": left, "right": right})
    assert merged.status is Status.AMBIGUOUS
    assert views(merged) == [("left", 0, ("left",)), ("right", 0, ("right",))]
    assert "left sees" in merged.question and "(0.50, 0.20, 0.05)" in merged.question


@pytest.mark.parametrize("instruction", [CUPS, HOW_MANY])
def test_a_set_is_of_different_objects(instruction):
    left = answer(centers=[(0.5, 0, 0.05), (0.5, 0.2, 0.05)])
    right = answer(centers=[(0.5, 0.21, 0.05), (0.5, 0.5, 0.05), (0.5, 0.8, 0.05)])
    merged = merge(instruction, {"left": left, "right": right})
    assert merged.status is Status.GROUNDED
    assert merged.count == 4
    assert [view.seen_by for view in merged.chosen] == [
        ("left",), ("left", "right"), ("right",), ("right",),
    ]  # fmt: skip


def test_objects_of_one_camera_are_never_taken_for_one():
    left = answer(centers=[(0.5, 0, 0.05), (0.51, 0, 0.05)])
    assert merge(HOW_MANY, {"left": left}).count == 2


def test_what_one_camera_does_not_see_another_may():
    left = answer("not_found", count=0, message="there is no red mug")
    right = answer(centers=[(0.5, 0, 0.05)])
    assert views(merge(MUG, {"left": left, "right": right})) == [("right", 0, ("right",))]


@pytest.mark.parametrize(
    ("left", "right", "together"),
    [
        ("not_found", "not_found", "not_found"),
        ("not_found", "cannot_judge", "cannot_judge"),
        ("not_found", "failed", "failed"),
        ("cannot_judge", "failed", "failed"),
        ("not_understood", "not_understood", "not_understood"),
    ],
)
def test_absence_is_said_only_when_every_camera_says_it(left, right, together):
    answers = {"left": answer(left, message=left), "right": answer(right, message=right)}
    merged = merge(MUG, answers)
    assert merged.status is Status(together)
    assert merged.message == together


def test_one_camera_that_has_to_ask_lets_all_ask():
    two = [(0.5, 0, 0.05), (0.5, 0.2, 0.05)]
    left = answer("ambiguous", two, question="Which one?")
    merged = merge(MUG, {"right": answer(centers=two[:1]), "left": left})
    assert (merged.status, merged.question) == (Status.AMBIGUOUS, "Which one?")


def test_partly_grounded_stays_so_when_its_view_is_the_better_one():
    left = answer("partly_grounded", [(0.5, 0, 0.05)], points=300)
    right = answer("grounded", [(0.5, 0, 0.05)], points=10)
    assert merge(MUG, {"left": left, "right": right}).status is Status.PARTLY_GROUNDED


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (answer(centers=[(0.5, 0, 0.05)], frame_id="other"), "'other'; set target_frame"),
        (answer(centers=[None]), "no place in metres: no depth"),
    ],
)
def test_what_cannot_be_compared_is_not_guessed(right, told):
    merged = merge(MUG, {"left": answer(centers=[(0.5, 0, 0.05)]), "right": right})
    assert merged.status is Status.FAILED
    assert told in merged.message


def test_cameras_that_disagree_about_a_claim_are_named():
    question = parse("is the mug red?")
    yes, no = answer(truth=True, message="yes"), answer(truth=False, message="no")
    merged = merge(question, {"left": yes, "right": no})
    assert (merged.status, merged.truth) == (Status.CANNOT_JUDGE, None)
    assert "left would say yes, right no" in merged.message
    assert merge(question, {"left": yes, "right": yes}).truth is True


def test_the_silent_are_named():
    merged = merge(MUG, {"left": answer(centers=[(0.5, 0, 0.05)])}, silent=("right",))
    assert merged.silent == ("right",)
    assert merged.trace == ("left: grounded", "right: silent")
