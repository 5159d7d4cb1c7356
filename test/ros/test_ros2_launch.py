"""What `ros2 launch` starts in a workspace that is built and sourced; skipped elsewhere."""

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import rclpy
import yaml
from lifecycle_msgs.srv import GetState
from live_robot import BOX, camera_info, scene_depth, scene_rgb, wait_until
from rclpy.context import Context
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import String

from grounding_ros.adapters.image import fill_image
from grounding_ros.ros.listener import ResultListener
from grounding_ros.ros.session import spin_in_thread

ROOT = Path(__file__).parents[2]
LAUNCH = ["ros2", "launch", "grounding_ros", "grounding.launch.py"]
STARTED_S = 30.0  # ros2, the node and DDS, on a slow machine
_DOMAINS = itertools.count(os.getpid() % 100)


@pytest.fixture(scope="module", autouse=True)
def _built_and_sourced():
    packages = pytest.importorskip("ament_index_python.packages", reason="no ROS is sourced")
    if shutil.which("ros2") is None:
        pytest.skip("the command ros2 is not here: it has no wheel")
    try:
        packages.get_package_prefix("grounding_ros")
    except packages.PackageNotFoundError:
        pytest.skip("grounding_ros is not in a sourced workspace: run `colcon build`, source it")


@pytest.fixture
def parameters(tmp_path):
    """A parameter file for a grounder that knows one box."""
    script = json.dumps({"red box": [BOX]})
    values = {"perception": {"grounder": "scripted", "script": script}}
    file = tmp_path / "parameters.yaml"
    file.write_text(yaml.safe_dump({"/**": {"ros__parameters": values}}))
    return file


class Robot:
    """A camera and a planner beside the launched node, in one DDS domain."""

    def __init__(self, domain, grounding):
        self.context = Context()
        rclpy.init(context=self.context, domain_id=domain)
        self.node = rclpy.create_node("robot", context=self.context)
        self.results = ResultListener(self.node, grounding)
        self._grounding = grounding
        self._spinner = spin_in_thread(self.node)

    def state(self):
        """The label of the lifecycle state of the launched node."""
        client = self.node.create_client(GetState, f"{self._grounding}/get_state")
        assert client.wait_for_service(STARTED_S), "the node did not appear"
        future = client.call_async(GetState.Request())
        wait_until(future.done, "the node does not tell its state")
        return future.result().current_state.label

    def publisher(self, kind, topic):
        publisher = self.node.create_publisher(kind, topic, 10)
        wait_until(publisher.get_subscription_count, f"nobody hears {topic}", STARTED_S)
        return publisher

    def close(self):
        rclpy.shutdown(context=self.context)
        self._spinner.join(5.0)


@contextmanager
def launched(log, *arguments, grounding="/grounding"):
    """A robot beside what `ros2 launch` started, which is interrupted at the end."""
    domain = 1 + next(_DOMAINS) % 100
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*LAUNCH, *arguments],
            env={**os.environ, "ROS_DOMAIN_ID": str(domain)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    robot = Robot(domain, grounding)
    try:
        yield robot
    finally:
        robot.close()
        process.send_signal(signal.SIGINT)  # launch passes it on to the node
        try:
            process.wait(20.0)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise


def show(robot, color, depth, info):
    """Publish one frame of the test scene on these publishers."""
    now = robot.node.get_clock().now().to_msg()
    header = Image().header
    header.stamp, header.frame_id = now, "camera_color_optical_frame"
    info.publish(camera_info(header))
    color.publish(fill_image(Image(), header, scene_rgb(), "rgb8"))
    depth.publish(fill_image(Image(), header, scene_depth(), "32FC1"))


def test_the_node_answers_on_the_topics_it_was_given_and_ends_cleanly(parameters, tmp_path):
    log = tmp_path / "launch.log"
    topics = {
        "image": "/camera/color",
        "depth": "/camera/depth",
        "camera_info": "/camera/color_info",
        "instruction": "/say",
    }
    arguments = [f"{name}:={topic}" for name, topic in topics.items()]
    arguments += [f"params_file:={parameters}", "namespace:=arm"]
    with launched(log, *arguments, grounding="/arm/grounding") as robot:
        color = robot.publisher(Image, "/camera/color")
        depth = robot.publisher(Image, "/camera/depth")
        info = robot.publisher(CameraInfo, "/camera/color_info")
        said = robot.publisher(String, "/say")
        start = time.monotonic()
        said.publish(String(data="the red box"))
        heard = None
        while heard is None:
            assert time.monotonic() - start < STARTED_S, log.read_text()
            show(robot, color, depth, info)
            heard = robot.results.wait_for("the red box", after=start, timeout_s=0.3)
    assert heard.answer["status"] == "grounded"
    (chosen,) = heard.answer["chosen"]
    assert chosen["box"] == list(BOX)
    assert "process has finished cleanly" in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(("autostart", "state"), [("true", "active"), ("false", "unconfigured")])
def test_autostart_decides_whether_a_manager_is_waited_for(autostart, state, parameters, tmp_path):
    log = tmp_path / "launch.log"
    with launched(log, f"autostart:={autostart}", f"params_file:={parameters}") as robot:
        deadline = time.monotonic() + STARTED_S
        while (now := robot.state()) != state:
            assert time.monotonic() < deadline, (now, log.read_text())


def test_an_autostart_that_is_no_boolean_is_refused():
    done = subprocess.run([*LAUNCH, "autostart:=perhaps"], capture_output=True, timeout=60)
    assert done.returncode != 0
    assert b"autostart: expected true or false, got 'perhaps'" in done.stdout + done.stderr


def test_the_arguments_are_those_of_the_readme():
    done = subprocess.run([*LAUNCH, "--show-args"], check=True, capture_output=True, timeout=60)
    readme = (ROOT / "README.md").read_text("utf-8")
    sentence = readme[readme.index("The launch file takes") :].split(".")[0]
    declared = re.findall(r"^\s+'(\w+)':", done.stdout.decode(), re.M)
    assert sorted(declared) == sorted(re.findall(r"`(\w+)`", sentence))
