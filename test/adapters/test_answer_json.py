import json
import math

import numpy as np
import pytest

from grounding_ros.adapters.answer_json import answer_json
from grounding_ros.scene import Answer, Detections, Objects3D, Status

PROGRAM = {"task": "pick", "target": None}
QUARTER_TURN = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]


def an_answer(**changes):
    """A mug with a box in metres and a can without, the mug chosen."""
    nan = math.nan
    candidates = Detections(
        boxes=np.array([[1, 2, 3, 4], [5.5, 6, 7, 8]]),
        scores=np.array([0.5, 0.25]),
        labels=("can", "red mug"),
        image_size=(48, 64),
        phrases=("the red mug",),
        matches=np.array([[0], [0.75]]),
        attributes=((), ("red", "mug")),
    )
    objects = Objects3D(
        frame_id="base_link",
        centers=np.array([[nan, nan, nan], [0.5, 0.25, 0.1]]),
        rotations=np.stack([np.full((3, 3), nan), np.array(QUARTER_TURN, float)]),
        sizes=np.array([[nan, nan, nan], [0.1, 0.08, 0.12]]),
        covariances=np.full((2, 3, 3), nan),
        point_counts=np.array([0, 90]),
        reasons=("no depth under the mask", ""),
        up=np.array([0.0, 0, 1]),
    )
    fields = {
        "status": Status.GROUNDED,
        "text": "pick up the red mug",
        "task": "pick",
        "stamp_ns": 12_000_000_345,
        "frame_id": "camera",
        "candidates": candidates,
        "objects": objects,
        "chosen": (1,),
        "count": 1,
        "count_in_frame": 2,
        "message": "I found a red mug",
        "trace": ("red mug: 1 of 2 objects fit, rows [1]",),
        "timings_ms": {"ground": 1.5},
    }
    return Answer(**(fields | changes))


MUG = {
    "id": "2",
    "label": "red mug",
    "score": 0.25,
    "box": [5.5, 6.0, 7.0, 8.0],
    "attributes": ["red", "mug"],
    "match": [0.75],
    "center_m": [0.5, 0.25, 0.1],
    "size_m": [0.1, 0.08, 0.12],
    "yaw_rad": pytest.approx(math.pi / 2, abs=1e-6),
    "assumption": "",
    "reason": "",
}
CAN = {
    "id": "1",
    "label": "can",
    "score": 0.5,
    "box": [1.0, 2.0, 3.0, 4.0],
    "attributes": [],
    "match": [0.0],
    "center_m": None,
    "size_m": None,
    "yaw_rad": None,
    "assumption": "",
    "reason": "no depth under the mask",
}


def strict(text):
    """Read JSON, refusing the NaN and Infinity that Python would let pass."""

    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_an_answer_key_by_key():
    assert strict(answer_json(an_answer(), PROGRAM, 7, 41.25)) == {
        "schema": "grounding_ros/answer/2",
        "text": "pick up the red mug",
        "instruction_seq": 7,
        "status": "grounded",
        "task": "pick",
        "count": 1,
        "count_in_frame": 2,
        "region": None,
        "objects_estimated": None,
        "message": "I found a red mug",
        "question": "",
        "unjudged": [],
        "chosen": [MUG],
        "candidates": [CAN, MUG],
        "anchors": [],
        "places": [],
        "free_spot": None,
        "grasp": None,
        "no_grasp": "",
        "place_pose": None,
        "truth": None,
        "phrases": ["the red mug"],
        "program": PROGRAM,
        "trace": ["red mug: 1 of 2 objects fit, rows [1]"],
        "timings_ms": {"ground": 1.5},
        "age_ms": 41.25,
        "stamp": {"sec": 12, "nanosec": 345},
        "frame_id": "camera",
        "target_frame": "base_link",
    }


def test_what_it_was_related_to_and_where_it_goes():
    answer = an_answer(anchors=(0,), places=(0, 1), free_spot=(0.5, 0.25, 1.0 / 3), truth=True)
    written = strict(answer_json(answer, PROGRAM, 0))
    assert written["anchors"] == [CAN]
    assert written["places"] == [CAN, MUG]
    assert written["free_spot"] == [0.5, 0.25, 0.333333]
    assert written["truth"] is True


def test_what_was_not_judged_is_null():
    answer = an_answer(status=Status.CANNOT_JUDGE, chosen=(), count=None, unjudged=("red",))
    written = strict(answer_json(answer, PROGRAM, 0))
    assert (written["count"], written["age_ms"], written["unjudged"]) == (None, None, ["red"])
    assert written["chosen"] == []


def test_numbers_that_are_no_numbers_are_null():
    written = strict(answer_json(an_answer(timings_ms={"lift": math.inf}), PROGRAM, 0, math.nan))
    assert written["timings_ms"] == {"lift": None}
    assert written["age_ms"] is None


@pytest.mark.parametrize(
    ("up", "axis", "yaw"),
    [
        ([0, 0, 1], [1, 0, 0], 0.0),
        ([0, 0, 1], [0.6, 0.8, 0], math.atan2(0.8, 0.6)),
        # In the optical frame y is down; seen from above the axis turns towards the back.
        ([0, -1, 0], [1, 0, 0], 0.0),
        ([0, -1, 0], [0.6, 0, 0.8], math.atan2(0.8, 0.6)),
        # A tilted camera: x made level is (0.8, 0, -0.6), the other level axis is y.
        ([0.6, 0, 0.8], [0.48, 0.8, -0.36], math.atan2(0.8, 0.6)),
        ([0.6, 0, 0.8], [-0.8, 0, 0.6], math.pi),
    ],
)
def test_yaw_turns_about_up(up, axis, yaw):
    third = np.array(up, float)
    rotation = np.stack([axis, np.cross(third, axis), third], axis=1)
    objects = Objects3D(
        frame_id="camera",
        centers=np.zeros((1, 3)),
        rotations=rotation[None],
        sizes=np.ones((1, 3)),
        covariances=np.zeros((1, 3, 3)),
        point_counts=np.ones(1, int),
        reasons=("",),
        up=third,
    )
    answer = an_answer(candidates=an_answer().candidates[[1]], objects=objects, chosen=(0,))
    (written,) = strict(answer_json(answer, PROGRAM, 0))["chosen"]
    assert written["yaw_rad"] == pytest.approx(yaw, abs=1e-6)


def test_text_of_any_kind_is_ascii_on_the_wire():
    text = answer_json(an_answer(text="das Überraschungsei \ud800 \x00"), PROGRAM, 0)
    assert text.isascii()
    assert strict(text)["text"] == "das Überraschungsei \ud800 \x00"
