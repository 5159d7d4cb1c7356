"""Pointing at the picture of a live node, over DDS."""

import json
import math
import time

import numpy as np
import pytest
from geometry_msgs.msg import Point32, PolygonStamped
from live_robot import BOX, FRAME_ID, wait_until

ON_BOX = ((250.0, 200.0),)
OTHER = (400, 150, 460, 250)
SCRIPT = json.dumps({"red box": [BOX], "blue can": [OTHER]})
WHAT = "what is this?"


def polygon(points, frame_id=""):
    message = PolygonStamped()
    message.header.frame_id = frame_id
    message.polygon.points = [Point32(x=float(x), y=float(y)) for x, y in points]
    return message


def point_at(robot, points, frame_id=""):
    said = time.monotonic()
    robot.publish("region", polygon(points, frame_id))
    return robot.results.wait_for(WHAT, after=said, timeout_s=10.0)


@pytest.fixture
def robot(live):
    robot = live(perception__script=SCRIPT)
    robot.wait_for_frame(robot.show())
    return robot


def test_a_point_on_an_object_names_it_on_every_topic(robot):
    heard = point_at(robot, ON_BOX, FRAME_ID)
    answer = heard.answer
    assert (answer["status"], answer["task"], answer["message"]) == (
        "grounded",
        "describe",
        "the red box",
    )
    assert answer["region"] == [[250.0, 200.0]]
    assert answer["instruction_seq"] == 1
    (box,) = heard.detections.detections
    assert box.id == answer["chosen"][0]["id"]
    ids = np.frombuffer(heard.masks.data, np.uint16).reshape(480, 640)
    assert ids[200, 250] == int(box.id)
    assert ids[200, 430] == 0


@pytest.mark.parametrize(
    ("points", "status", "words"),
    [
        (((390, 140), (470, 260)), "grounded", "the blue can"),
        (((10, 10),), "not_found", "I see no object there"),
        (
            [(float(x), 200.0) for x in range(240, 465, 5)],
            "ambiguous",
            "2 objects are there",
        ),
    ],
)
def test_boxes_scribbles_and_nothing(robot, points, status, words):
    answer = point_at(robot, points).answer
    assert (answer["status"], answer["message"]) == (status, words)
    assert bool(answer["question"]) == (status == "ambiguous")


def test_what_is_no_region_of_the_image_is_told_and_the_node_lives_on(robot):
    for points, frame_id, words in (
        ((), "", "expected 1 to 10000 points in pixels, got 0"),
        (((math.nan, 5.0),), "", "expected finite pixels"),
        (((250.0, 200.0), (641.0, 5.0)), "", "expected pixels of the 640x480 image, got (641, 5)"),
        (ON_BOX, "map", 'got a polygon in "map"'),
    ):
        answer = point_at(robot, points, frame_id).answer
        assert answer["status"] == "failed"
        assert words in answer["message"]
    assert point_at(robot, ON_BOX).answer["status"] == "grounded"
    assert robot.ask("the red box").answer["status"] == "grounded"


def test_pointing_interrupts_no_continuous_instruction(live):
    robot = live(perception__script=SCRIPT, continuous=True)
    robot.wait_for_frame(robot.show())
    robot.ask("the red box")
    assert point_at(robot, ((430, 200),)).answer["message"] == "the blue can"
    before = len(robot.results._answers)
    robot.show()
    wait_until(lambda: len(robot.results._answers) > before, "the instruction was forgotten")
    assert robot.results._answers[-1].document["text"] == "the red box"


def test_a_region_before_the_first_frame_waits_for_it(live):
    robot = live(perception__script=SCRIPT)
    said = time.monotonic()
    robot.publish("region", polygon(ON_BOX))
    wait_until(
        lambda: robot.node.cameras[0].inbox.waiting_for_frame > 0, "the region was not heard"
    )
    robot.show()
    heard = robot.results.wait_for(WHAT, after=said, timeout_s=10.0)
    assert heard.answer["message"] == "the red box"
