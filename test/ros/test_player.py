"""What a player makes of a bag's stamps."""

import time

import pytest
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CameraInfo, Image

from grounding_ros.adapters.frame import stamp_ns
from grounding_ros.ros.player import BagPlayer, Recorded
from grounding_ros.ros.session import spinning

MS = 1_000_000
TYPES = {"image": Image, "depth": Image, "camera_info": CameraInfo}


def recorded(topic, at_ms, stamp_ms):
    message = TYPES[topic]()
    message.header.stamp.nanosec = stamp_ms * MS
    cdr = bytes(serialize_message(message))
    return Recorded(topic, f"sensor_msgs/msg/{TYPES[topic].__name__}", cdr, at_ms * MS)


def played(messages, *, pause_s=0.0, rate=1.0):
    """Milliseconds from the first stamp to each one that was sent; `image` pauses the bag."""
    sent = []
    with spinning("player") as node:
        names = {message.topic: message.type for message in messages}
        BagPlayer(node, names.items(), rate=rate).play(
            messages,
            before=lambda topic, message: sent.append(stamp_ns(message.header)),
            after=lambda topic, message: time.sleep(pause_s if topic == "image" else 0.0),
        )
    return [(stamp - sent[0]) / MS for stamp in sent]


def test_stamps_keep_the_distances_of_the_bag_by_its_rate():
    messages = [recorded("image", 0, 0), recorded("depth", 8, 4), recorded("image", 100, 100)]
    assert played(messages) == pytest.approx([0, 4, 100], abs=60)
    assert played(messages, rate=2.0)[:2] == [0, 2]


def test_a_pause_between_an_image_and_its_depth_does_not_part_them():
    messages = [
        recorded("image", 0, 0),
        recorded("camera_info", 1, 0),
        recorded("depth", 2, 5),
        recorded("image", 100, 100),
        recorded("camera_info", 101, 60),
        recorded("depth", 102, 100),
        recorded("image", 200, 200),
    ]
    image, _, depth, second, info, second_depth, third = played(messages, pause_s=0.1)
    assert (image, depth) == (0, 5)
    assert (info, second_depth) == (second - 40, second)
    # What comes after a pause is stamped as late as it is sent.
    assert second == pytest.approx(200, abs=60)
    assert third == pytest.approx(400, abs=90)
