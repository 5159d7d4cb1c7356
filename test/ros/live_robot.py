"""A live node, a camera and a planner in one process, on a DDS domain of their own."""

import itertools
import json
import os
import time

import numpy as np
import rclpy
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.context import Context
from rclpy.parameter import Parameter
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import String

from grounding_ros.adapters.image import fill_image
from grounding_ros.ros.listener import ResultListener
from grounding_ros.ros.node import GroundingNode
from grounding_ros.ros.session import spin_in_thread

FRAME_ID = "camera_color_optical_frame"
BOX = (200, 150, 300, 250)
"""Pixels of the red box of the test scene."""
_DOMAINS = itertools.count(1 + os.getpid() % 100)


class Live:
    """A node under test and, in the same domain, everything around it."""

    def __init__(self, **parameters):
        self.context = Context()
        rclpy.init(context=self.context, domain_id=1 + next(_DOMAINS) % 100)
        script = json.dumps({"red box": [BOX]})
        given = {"perception.grounder": "scripted", "perception.script": script, **parameters}
        overrides = [Parameter(name, value=value) for name, value in given.items()]
        self.node = GroundingNode(context=self.context, parameter_overrides=overrides)
        self.robot = rclpy.create_node("robot", context=self.context)
        self.results = ResultListener(self.robot)
        self._publishers, self._clients = {}, {}
        # Two executors, as on a robot, where the node is a process of its own.
        self._spinners = [spin_in_thread(self.node), spin_in_thread(self.robot)]

    def start(self):
        self.change_state("configure", "activate")
        return self

    def change_state(self, *transitions):
        """Ask for transitions as a lifecycle manager does: they run in the node's own thread."""
        for name in transitions:
            request = ChangeState.Request()
            request.transition.id = getattr(Transition, f"TRANSITION_{name.upper()}")
            assert self.call(ChangeState, "change_state", request).success, name

    def call(self, kind, service, request):
        """Call a service of the node and return its reply."""
        if service not in self._clients:
            self._clients[service] = self.robot.create_client(kind, f"/grounding/{service}")
            assert self._clients[service].wait_for_service(10.0)
        future = self._clients[service].call_async(request)
        wait_until(future.done, f"no reply from {service}")
        return future.result()

    def close(self):
        rclpy.shutdown(context=self.context)
        for spinner in self._spinners:
            spinner.join(5.0)
        self.node.on_shutdown(None)  # nothing spins it any more

    def publish(self, topic, message, qos=10):
        """Publish once the node listens."""
        key = (topic, type(message), str(qos))
        if key not in self._publishers:
            publisher = self.robot.create_publisher(type(message), topic, qos)
            self._publishers[key] = publisher
            wait_until(publisher.get_subscription_count, f"nobody hears {topic}")
        self._publishers[key].publish(message)

    def now_ns(self):
        return self.robot.get_clock().now().nanoseconds

    def show(self, stamp_ns=None, *, image=None, depth=None, info=None, without=(), camera=""):
        """Publish one frame of the test scene; parts can be replaced or left out.

        A camera with a name has topics and a frame of that name.
        """
        stamp_ns = self.now_ns() if stamp_ns is None else stamp_ns
        header = self.header(stamp_ns, f"{camera}_optical" if camera else FRAME_ID)
        parts = {
            "camera_info": info or camera_info(header),
            "image": image or fill_image(Image(), header, scene_rgb(), "rgb8"),
            "depth": depth or fill_image(Image(), header, scene_depth(), "32FC1"),
        }
        for topic, message in parts.items():
            if topic not in without:
                self.publish(f"{camera}/{topic}" if camera else topic, message)
        return stamp_ns

    def header(self, stamp_ns, frame_id=FRAME_ID):
        message = Image().header
        message.stamp.sec, message.stamp.nanosec = divmod(stamp_ns, 1_000_000_000)
        message.frame_id = frame_id
        return message

    def ask(self, text, timeout_s=10.0):
        """Say an instruction and return what the node answers, None when it stays silent."""
        said = time.monotonic()
        self.publish("instruction", String(data=text))
        return self.results.wait_for(text, after=said, timeout_s=timeout_s)

    def wait_for_frame(self, stamp_ns, camera=0):
        """Wait until the node holds the frame: image and depth arrive on different topics."""
        inbox = self.node.cameras[camera].inbox
        wait_until(lambda: inbox._pairer._newest_ns == stamp_ns, "the frame did not arrive")
        time.sleep(0.02)

    def show_and_ask(self, text="the red box", **frame):
        self.wait_for_frame(self.show(**frame))
        return self.ask(text)


def camera_info(header, **changes):
    message = CameraInfo(header=header, width=640, height=480, distortion_model="plumb_bob")
    message.k = [525.0, 0.0, 319.5, 0.0, 525.0, 239.5, 0.0, 0.0, 1.0]
    message.p = [525.0, 0.0, 319.5, 0.0, 0.0, 525.0, 239.5, 0.0, 0.0, 0.0, 1.0, 0.0]
    message.d = [0.0] * 5
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def scene_rgb():
    rgb = np.full((480, 640, 3), 160, np.uint8)
    x0, y0, x1, y1 = BOX
    rgb[y0:y1, x0:x1] = (200, 30, 30)
    return rgb


def scene_depth():
    """A table seen straight from above at 1 m with a box 0.1 m high on it."""
    depth = np.ones((480, 640), np.float32)
    x0, y0, x1, y1 = BOX
    depth[y0:y1, x0:x1] = 0.9
    return depth


def wait_until(condition, otherwise, timeout_s=10.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.005)
