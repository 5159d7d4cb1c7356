"""Bad input over DDS: a clear answer, and the node lives on."""

import numpy as np
import pytest
from live_robot import BOX, camera_info, scene_depth, scene_rgb, wait_until
from sensor_msgs.msg import Image
from std_msgs.msg import String

from grounding_ros.adapters.image import fill_image


@pytest.fixture
def robot(live):
    """A node that must still answer a good frame after the test."""
    one = live(input__depth_wait_s=0.2)
    yield one
    heard = one.show_and_ask("the red box")
    assert heard is not None, "the node does not answer any more"
    assert heard.answer["status"] == "grounded"
    assert heard.answer["chosen"][0]["center_m"] is not None


def rgb_image(robot, stamp, **changes):
    message = fill_image(Image(), robot.header(stamp), scene_rgb(), "rgb8")
    for name, value in changes.items():
        setattr(message, name, value)
    return message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"step": 100}, ["step", "1920", "100"]),
        ({"step": 5000}, ["data", str(5000 * 480), str(1920 * 480)]),
        ({"encoding": "smell8"}, ["smell8", "rgb8"]),
        ({"encoding": "16UC1", "step": 640 * 2}, ["16UC1", "rgb8"]),
        ({"height": 0}, ["640x0"]),
        ({"width": 0}, ["0x480"]),
    ],
)
def test_a_broken_image_is_a_failed_answer_that_says_expected_and_got(robot, changes, words):
    stamp = robot.now_ns()
    heard = robot.show_and_ask(stamp_ns=stamp, image=rgb_image(robot, stamp, **changes))
    assert heard.answer["status"] == "failed"
    assert all(word in heard.answer["message"] for word in words), heard.answer["message"]
    assert heard.detections.detections == []


def only_2d(heard, *words):
    """The object keeps its 2D detection, its 3D is absent with a reason."""
    assert heard.answer["status"] == "grounded"
    assert len(heard.detections.detections) == 1
    assert heard.detections_3d.detections == []
    chosen = heard.answer["chosen"][0]
    assert chosen["center_m"] is None
    assert all(word in chosen["reason"] for word in words), chosen["reason"]


def test_depth_of_another_size(robot):
    stamp = robot.now_ns()
    small = fill_image(Image(), robot.header(stamp), scene_depth()[::2, ::2], "32FC1")
    only_2d(robot.show_and_ask(stamp_ns=stamp, depth=small), "640x480", "320x240", "registered")


def test_depth_of_another_frame(robot):
    stamp = robot.now_ns()
    header = robot.header(stamp, "camera_depth_optical_frame")
    other = fill_image(Image(), header, scene_depth(), "32FC1")
    heard = robot.show_and_ask(stamp_ns=stamp, depth=other)
    only_2d(heard, "camera_depth_optical_frame", "camera_color_optical_frame", "align_depth")


def test_a_colour_image_as_depth(robot):
    stamp = robot.now_ns()
    only_2d(robot.show_and_ask(stamp_ns=stamp, depth=rgb_image(robot, stamp)), "rgb8", "16UC1")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0])
def test_depth_without_any_return(robot, value):
    stamp = robot.now_ns()
    nothing = np.full((480, 640), value, np.float32)
    depth = fill_image(Image(), robot.header(stamp), nothing, "32FC1")
    only_2d(robot.show_and_ask(stamp_ns=stamp, depth=depth), "0 of")


def test_depth_with_holes_still_gives_3d(robot):
    stamp = robot.now_ns()
    holes = scene_depth()
    for step, value in ((7, np.nan), (11, np.inf), (13, 0.0)):
        holes[::step, ::step] = value
    depth = fill_image(Image(), robot.header(stamp), holes, "32FC1")
    heard = robot.show_and_ask(stamp_ns=stamp, depth=depth)
    assert heard.answer["chosen"][0]["center_m"][2] == pytest.approx(0.95, abs=0.01)


def test_no_depth_at_all(robot):
    only_2d(robot.show_and_ask(without=("depth",)), "no depth image came")


def test_no_camera_info(live):
    heard = live().show_and_ask(without=("camera_info",))
    only_2d(heard, "camera_info", "none")


def test_camera_info_with_zero_focal_length(robot):
    stamp = robot.now_ns()
    info = camera_info(robot.header(stamp), k=[0.0] * 9)
    only_2d(robot.show_and_ask(stamp_ns=stamp, info=info), "focal length", "0.0", "calibrate")


def test_camera_info_of_another_size(live):
    robot = live()
    stamp = robot.now_ns()
    info = camera_info(robot.header(stamp), width=1280, height=720)
    only_2d(robot.show_and_ask(stamp_ns=stamp, info=info), "640x480", "1280x720")


def test_no_tf(live):
    robot = live(target_frame="base_link", tf_timeout_s=0.05)
    for _ in range(2):
        only_2d(robot.show_and_ask(), "base_link")


def test_stamps_out_of_order_are_skipped_and_counted(robot):
    stamp = robot.now_ns()
    assert robot.show_and_ask(stamp_ns=stamp).answer["stamp"]["nanosec"] == stamp % 10**9
    robot.show(stamp - 300_000_000)
    wait_until(
        lambda: robot.node.cameras[0].inbox.counters["late"] == 1, "the late image was not counted"
    )
    assert robot.ask("a red box").answer["stamp"]["nanosec"] == stamp % 10**9


def test_a_stamp_from_the_future_is_told_and_a_jump_back_clears_once(robot):
    future = robot.now_ns() + 3600 * 10**9
    assert robot.show_and_ask(stamp_ns=future).answer["status"] == "grounded"
    assert robot.node.cameras[0].statistics.total("stamps_from_future") == 1
    assert robot.show_and_ask("a red box").answer["status"] == "grounded"
    assert robot.node.cameras[0].inbox.counters["clock_jumps"] == 1


def test_a_megabyte_of_instruction(robot):
    heard = robot.show_and_ask("the red box " * 90_000)
    assert heard.answer["status"] == "not_understood"
    assert heard.answer["message"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \t\n",
        "the \x07\x1b[31mred\x1b[0m \x7fbox\x01",
        "la boîte rouge",
        "Возьми красную коробку",
        "赤い箱を取って",
        "خذ الصندوق الأحمر",
        "📦🔴",
        "'; DROP TABLE objects; --",
        "{{{}}}[[[",
    ],
)
def test_odd_instructions_get_an_answer(robot, text):
    heard = robot.show_and_ask(text)
    assert heard is not None
    assert heard.answer["text"] == text
    assert heard.answer["status"] != "failed"
    assert heard.answer["message"]


def test_bytes_that_are_no_utf8(robot):
    robot.wait_for_frame(robot.show())
    # DDS carries any bytes; rclpy turns what is no UTF-8 into a warning or a broken string.
    robot.publish(
        "instruction", String(data="the red box \udcff".encode("utf-8", "replace").decode())
    )
    assert robot.ask("the red box").answer["status"] == "grounded"


def test_an_image_box_outside_the_picture_does_not_crash(live):
    robot = live(perception__script='{"red box": [[-50, -50, 5000, 60]]}')
    heard = robot.show_and_ask("the red box")
    assert heard.answer["status"] in ("grounded", "failed")
    assert BOX  # the scene itself is whole
