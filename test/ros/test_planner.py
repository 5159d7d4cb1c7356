"""A planner's client against a live node."""

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from geometry_msgs.msg import PoseStamped
from live_robot import BOX, wait_until
from std_msgs.msg import Float32, String

from grounding_ros.ros.planner import LATCHED, Planner

ANSWER = (
    '{{"text": "{text}", "instruction_seq": {seq}, "status": "grounded", '
    '"stamp": {{"sec": {sec}, "nanosec": 5}}, "grasp": {grasp}, "place_pose": null}}'
)


@pytest.fixture
def robot(live):
    return live()


def test_it_hears_the_answer_and_where_to_grasp(robot):
    planner = Planner(robot.robot)
    stamp = robot.show()
    robot.wait_for_frame(stamp)
    reply = planner.ask("pick up the red box", stamp, timeout_s=10.0)
    assert reply.answer["status"] == "grounded"
    assert reply.answer["chosen"][0]["box"] == pytest.approx(BOX)
    assert reply.answer["no_grasp"].startswith("it is wider than the gripper opens")
    assert reply.target_pose is None
    assert reply.place_pose is None


def test_it_asks_again_when_the_answer_is_about_an_older_scene(robot):
    planner = Planner(robot.robot)
    robot.wait_for_frame(robot.show())
    since = robot.now_ns()
    later = threading.Timer(0.7, robot.show)
    later.start()
    reply = planner.ask("pick up the red box", since, timeout_s=10.0)
    later.join()
    stamp = reply.answer["stamp"]
    assert stamp["sec"] * 10**9 + stamp["nanosec"] > since
    assert reply.answer["instruction_seq"] > 1


def test_without_an_answer_it_says_so(robot):
    assert Planner(robot.robot, "/somebody_else").ask("pick it up", timeout_s=0.3) is None


class FakeNode:
    """Publishes what it is told on the topics of a node called fake, in any order."""

    def __init__(self, robot):
        open_one = robot.robot.create_publisher
        self.answer = open_one(String, "/fake/answer", LATCHED)
        self.opening = open_one(Float32, "/fake/gripper_opening", LATCHED)
        self.pose = open_one(PoseStamped, "/fake/target_pose", LATCHED)
        wait_until(self.answer.get_subscription_count, "nobody hears the fake node")

    def say(self, **values):
        self.answer.publish(String(data=ANSWER.format(**values)))

    def show(self, sec):
        message = PoseStamped()
        message.header.stamp.sec, message.header.stamp.nanosec = sec, 5
        self.pose.publish(message)


def test_poses_are_joined_by_stamp_whatever_the_order(robot):
    planner = Planner(robot.robot, "/fake")
    fake = FakeNode(robot)

    def speak():
        fake.show(sec=3)  # of an earlier answer
        fake.say(text="something else", seq=1, sec=4, grasp="{}")
        fake.say(text="take it", seq=2, sec=4, grasp="{}")
        time.sleep(0.2)
        fake.opening.publish(Float32(data=0.05))
        fake.show(sec=4)

    threading.Timer(0.2, speak).start()
    reply = planner.ask("take it", timeout_s=5.0)
    assert reply.answer["instruction_seq"] == 2
    assert reply.target_pose.header.stamp.sec == 4
    assert reply.opening_m == pytest.approx(0.05)
    # The same answer once more, from a continuous node, is not to a new instruction.
    threading.Timer(0.2, lambda: fake.say(text="take it", seq=2, sec=9, grasp="null")).start()
    assert planner.ask("take it", timeout_s=1.0) is None


def test_the_example_of_the_page_gets_its_answer(robot, tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "simulate.md").read_text("utf-8")
    (source,) = re.findall(r"^```python\n(.*?)^```$", page, re.S | re.M)
    (tmp_path / "client.py").write_text(source, "utf-8")
    domain = {"ROS_DOMAIN_ID": str(robot.context.get_domain_id())}
    client = subprocess.Popen(
        [sys.executable, str(tmp_path / "client.py")],
        env=os.environ | domain,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        deadline = time.monotonic() + 20.0
        while client.poll() is None and time.monotonic() < deadline:
            robot.show()  # as a camera that goes on
            time.sleep(0.3)
        client.kill()
        said = client.communicate()[0].decode()
    finally:
        client.kill()
        client.wait()
    assert client.returncode == 0, said
    assert "grounded it is wider than the gripper opens" in said
