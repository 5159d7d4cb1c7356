"""Grasps over DDS: what a planner hears of them, and when."""

import json

import numpy as np
import pytest
from geometry_msgs.msg import PoseStamped, TransformStamped
from live_robot import FRAME_ID, scene_rgb, wait_until
from rclpy.qos import DurabilityPolicy, QoSProfile
from sensor_msgs.msg import Image
from std_msgs.msg import Float32
from tf2_msgs.msg import TFMessage

from grounding_ros.adapters.answer_json import answer_json
from grounding_ros.adapters.image import fill_image
from grounding_ros.geometry.transforms import transform
from grounding_ros.language import parse, to_dict
from grounding_ros.pipeline import build_pipeline
from grounding_ros.scene import CameraPose, Frame, Intrinsics

LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
CUBE, PLATE = (309, 229, 331, 251), (400, 200, 500, 280)
SCRIPT = json.dumps({"red cube": [CUBE], "blue plate": [PLATE]})


def metres():
    """A table 1 m below, a 4 cm cube and a plate of 19 x 15 cm, 2 cm high, on it."""
    depth = np.ones((480, 640), np.float32)
    for (x0, y0, x1, y1), near in ((CUBE, 0.96), (PLATE, 0.98)):
        depth[y0:y1, x0:x1] = near
    return depth


class Planner:
    """Hears the latched topics."""

    def __init__(self, robot):
        self.heard = {"target_pose": [], "place_pose": [], "gripper_opening": []}
        for name, kept in self.heard.items():
            kind = Float32 if name == "gripper_opening" else PoseStamped
            robot.robot.create_subscription(kind, f"/grounding/{name}", kept.append, LATCHED)

    def wait_for(self, name):
        wait_until(lambda: self.heard[name], f"no {name}")
        return self.heard[name][-1]


def camera_above(robot, stamp_ns):
    """The camera 2 m over the base looks straight down; image right is base x."""
    link = TransformStamped(child_frame_id=FRAME_ID)
    link.header = robot.header(stamp_ns, "base_link")
    link.transform.translation.z = 2.0
    link.transform.rotation.x, link.transform.rotation.w = 1.0, 0.0
    return TFMessage(transforms=[link])


@pytest.fixture
def robot(live):
    return live(perception__script=SCRIPT, target_frame="base_link", tf_timeout_s=2.0)


def show(robot):
    stamp = robot.now_ns()
    for offset_ns in (-500_000_000, 500_000_000):
        robot.publish("/tf", camera_above(robot, stamp + offset_ns))
    depth = fill_image(Image(), robot.header(stamp), metres(), "32FC1")
    robot.wait_for_frame(robot.show(stamp, depth=depth))
    return stamp


def test_the_grasp_of_a_cube_is_latched_in_the_target_frame(robot):
    stamp = show(robot)
    heard = robot.ask("pick up the red cube")
    late = Planner(robot)  # it comes after everything was said
    pose, opening = late.wait_for("target_pose"), late.wait_for("gripper_opening")

    assert pose.header.frame_id == "base_link"
    assert pose.header.stamp.nanosec == stamp % 10**9
    place, turn = pose.pose.position, pose.pose.orientation
    # The cube's middle is right under the camera: table at z = 1, the pads at its half height.
    assert (place.x, place.y) == pytest.approx((0.0, 0.0), abs=0.003)
    assert place.z == pytest.approx(1.01, abs=0.003)
    assert opening.data == pytest.approx(0.05, abs=0.003)
    quaternion = np.array([turn.x, turn.y, turn.z, turn.w])
    assert np.linalg.norm(quaternion) == pytest.approx(1.0)
    assert 2 * (turn.x**2 + turn.y**2) == pytest.approx(2.0)  # z looks straight down

    said = heard.answer["grasp"]
    assert said["kind"] == "top"
    assert said["position_m"] == pytest.approx([place.x, place.y, place.z], abs=1e-6)
    assert said["quaternion"] == pytest.approx(quaternion.tolist(), abs=1e-6)
    assert said["opening_m"] == pytest.approx(opening.data, abs=1e-6)
    assert heard.answer["no_grasp"] == ""
    assert heard.answer["place_pose"] is None
    assert late.heard["place_pose"] == []


def test_placing_tells_where_to_let_go(robot):
    show(robot)
    planner = Planner(robot)
    heard = robot.ask("put the red cube on the blue plate")
    target, place = planner.wait_for("target_pose"), planner.wait_for("place_pose")
    spot = heard.answer["free_spot"]
    assert spot[2] == pytest.approx(1.02, abs=0.003)
    assert place.header == target.header
    assert place.pose.orientation == target.pose.orientation
    moved = place.pose.position
    held = target.pose.position.z - 1.0  # over the cube's foot
    assert (moved.x, moved.y, moved.z) == pytest.approx((*spot[:2], spot[2] + held), abs=0.003)


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("pick up the green ball", "not_found", ""),
        ("how many red cubes are there", "grounded", ""),
        ("pick up the blue plate", "grounded", "wider than the gripper opens"),
    ],
)
def test_without_a_grasp_nothing_is_sent(robot, text, status, reason):
    show(robot)
    planner = Planner(robot)
    answer = robot.ask(text).answer
    assert answer["status"] == status
    assert answer["grasp"] is None
    assert reason in answer["no_grasp"]
    assert bool(answer["no_grasp"]) == bool(reason)
    robot.ask("pick up the red cube")
    planner.wait_for("target_pose")  # what was sent before it would have come before it
    assert len(planner.heard["target_pose"]) == len(planner.heard["gripper_opening"]) == 1


@pytest.mark.parametrize("text", ["pick up the red cube", "put the red cube on the blue plate"])
def test_live_and_offline_grasps_are_the_same(robot, text):
    show(robot)
    heard = robot.ask(text).answer
    camera = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5, "plumb_bob", (0.0,) * 5)
    frame = Frame(scene_rgb(), metres(), camera, frame_id=FRAME_ID)
    pose = CameraPose("base_link", transform((0, 0, 2), (1, 0, 0, 0)))
    pipeline = build_pipeline(robot.node.parameters.pipeline)
    instruction = parse(text)
    answer = pipeline.run(frame, instruction, lambda frame: pose)
    offline = json.loads(answer_json(answer, to_dict(instruction), 1))
    for key in ("grasp", "place_pose"):
        assert _flat(heard[key]) == pytest.approx(_flat(offline[key]), abs=2e-6), key
    assert heard["grasp"]["kind"] == offline["grasp"]["kind"]


def _flat(pose):
    """The numbers of a grasp or a pose, by name."""
    numbers = {k: v for k, v in (pose or {}).items() if k != "kind"}
    return {f"{k} {i}": x for k, v in numbers.items() for i, x in enumerate(np.atleast_1d(v))}


def test_the_gripper_can_be_changed_while_running(robot):
    show(robot)
    assert robot.ask("pick up the red cube").answer["grasp"] is not None
    from rclpy.parameter import Parameter

    (done,) = robot.node.set_parameters([Parameter("gripper.max_opening_m", value=0.03)])
    assert done.successful
    show(robot)
    answer = robot.ask("pick up the red cube").answer
    assert "wider than the gripper opens" in answer["no_grasp"]
