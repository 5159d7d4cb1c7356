"""Two cameras over DDS: each answers under its name, and both together."""

import json

import pytest
from geometry_msgs.msg import PoseStamped, TransformStamped
from live_robot import BOX, wait_until
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage
from vision_msgs.msg import Detection3DArray

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
PIXEL_M = 0.9 / 525  # of the box's top


class Planner:
    """Hears what each camera says and what they say together."""

    def __init__(self, robot):
        self.answers, self.detections, self.poses = {"": [], "left/": [], "right/": []}, [], []
        for name, kept in self.answers.items():
            self._hear(robot, String, f"{name}answer", lambda m, kept=kept: kept.append(m), LATCHED)
        self._hear(robot, Detection3DArray, "detections_3d", self.detections.append, 1)
        self._hear(robot, PoseStamped, "target_pose", self.poses.append, LATCHED)

    def wait_for(self, name, timeout_s=10.0):
        wait_until(lambda: self.answers[name], f"no answer of {name or 'both'}", timeout_s)
        return json.loads(self.answers[name][-1].data)

    @staticmethod
    def _hear(robot, kind, topic, callback, qos):
        robot.robot.create_subscription(kind, f"/grounding/{topic}", callback, qos)


def place_cameras(robot, stamp_ns, places):
    """Put each 2 m over the table, looking straight down; image right is base x, here as given."""
    for offset_ns in (-500_000_000, 500_000_000):
        links = []
        for camera, x in places.items():
            link = TransformStamped(child_frame_id=f"{camera}_optical")
            link.header = robot.header(stamp_ns + offset_ns, "base_link")
            link.transform.translation.x, link.transform.translation.z = x, 2.0
            link.transform.rotation.x, link.transform.rotation.w = 1.0, 0.0
            links.append(link)
        robot.publish("/tf", TFMessage(transforms=links), 100)


@pytest.fixture
def robot(live):
    return live(
        input__cameras="left right",
        target_frame="base_link",
        tf_timeout_s=2.0,
        gripper__max_opening_m=0.3,
    )


def show(robot, right_at):
    stamp = robot.now_ns()
    place_cameras(robot, stamp, {"left": 0.0, "right": right_at})
    for number, camera in enumerate(("left", "right")):
        robot.show(stamp, camera=camera)
        robot.wait_for_frame(stamp, number)
    return stamp


def test_one_box_seen_by_two_cameras_is_one_box(robot):
    planner = Planner(robot)
    show(robot, right_at=0.0)
    robot.publish("instruction", String(data="the red box"))
    for camera in ("left/", "right/"):
        assert planner.wait_for(camera)["status"] == "grounded"
    together = planner.wait_for("")
    assert together["schema"] == "grounding_ros/merged_answer/1"
    assert (together["status"], together["count"]) == ("grounded", 1)
    assert together["cameras"] == {"left": "grounded", "right": "grounded"}
    (box,) = together["chosen"]
    assert (box["id"], box["seen_by"]) == ("1", ["left", "right"])
    wait_until(lambda: planner.detections and planner.poses, "no detections or no pose")
    (detection,) = planner.detections[-1].detections
    middle = (BOX[0] + BOX[2]) / 2 - 319.5
    assert detection.bbox.center.position.x == pytest.approx(middle * PIXEL_M, abs=0.01)
    assert planner.poses[-1].header.frame_id == "base_link"


def test_two_boxes_are_asked_about_and_counted(robot):
    planner = Planner(robot)
    show(robot, right_at=0.5)  # both pictures are alike, so there are boxes half a metre apart
    robot.publish("instruction", String(data="the red box"))
    together = planner.wait_for("")
    assert together["status"] == "ambiguous"
    assert "left sees" in together["question"] and "right sees" in together["question"]
    assert not planner.poses  # nothing to take hold of before that is answered
    planner.answers[""].clear()
    robot.publish("instruction", String(data="how many red boxes are there?"))
    assert planner.wait_for("")["count"] == 2


def test_a_silent_camera_is_named_and_not_waited_for(robot):
    planner = Planner(robot)
    stamp = robot.now_ns()
    place_cameras(robot, stamp, {"left": 0.0})
    robot.show(stamp, camera="left")
    robot.wait_for_frame(stamp)
    robot.publish("instruction", String(data="the red box"))
    together = planner.wait_for("")
    assert together["status"] == "grounded"
    assert together["cameras"] == {"left": "grounded", "right": None}
