"""Ids of a live node: stable over frames, the same as offline, forgotten when the clock jumps."""

import numpy as np
import pytest
from live_robot import BOX, FRAME_ID, scene_depth, scene_rgb, wait_until
from rclpy.parameter import Parameter
from sensor_msgs.msg import Image

from grounding_ros.adapters.image import fill_image
from grounding_ros.conversation import Conversation
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.language import parse
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Frame, Intrinsics

GREEN_BOX = (400, 150, 460, 250)
CAMERA = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5)
GEOMETRIC = {"perception__grounder": "geometric"}


def table(shift, red=True):
    """A table with a red and a green box that the camera sees farther and farther to the left."""
    rgb, depth = np.full_like(scene_rgb(), 160), np.ones_like(scene_depth())
    for (x0, y0, x1, y1), color in [(BOX, (200, 30, 30))] * red + [(GREEN_BOX, (20, 150, 40))]:
        rgb[y0:y1, x0 - shift : x1 - shift] = color
        depth[y0:y1, x0 - shift : x1 - shift] = 0.9
    return rgb, depth


def show(robot, stamp_ns, rgb, depth):
    header = robot.header(stamp_ns)
    image = fill_image(Image(), header, rgb, "rgb8")
    robot.show(stamp_ns, image=image, depth=fill_image(Image(), header, depth, "32FC1"))
    robot.wait_for_frame(stamp_ns)


def ids_of(heard):
    return {thing["label"]: thing["id"] for thing in heard.answer["candidates"]}


def test_ids_stay_over_frames_and_are_those_of_the_same_frames_offline(live):
    robot = live(**GEOMETRIC)
    conversation = Conversation(TrackingParameters())
    pipeline = build_pipeline(PipelineParameters())
    start = robot.now_ns() - 20 * 10**9
    said, seen = "find all the objects", []
    for seq in range(1, 7):
        stamp = start + seq * 10**9
        rgb, depth = table(10 * seq, red=seq not in (3, 4))
        show(robot, stamp, rgb, depth)
        heard = robot.ask(said)
        assert heard.answer["stamp"]["sec"] == stamp // 10**9
        frame = Frame(rgb, depth, CAMERA, stamp, FRAME_ID)
        offline = conversation.answer(pipeline, frame, parse(said), seq)
        assert [thing["id"] for thing in heard.answer["candidates"]] == list(map(str, offline.ids))
        assert sorted(d.id for d in heard.detections.detections) == sorted(map(str, offline.ids))
        seen.append(ids_of(heard))
        assert seen[-1].items() <= seen[0].items()
        masks = np.frombuffer(heard.masks.data, np.uint16)
        assert set(np.unique(masks).tolist()) == {0, *offline.ids}
    assert [len(one) for one in seen] == [2, 2, 1, 1, 2, 2]


@pytest.mark.parametrize(("back_s", "kept"), [(0, True), (60, False)])
def test_a_clock_that_jumps_back_clears_the_tracks_once(live, back_s, kept):
    robot = live(**GEOMETRIC)
    stamp = robot.now_ns()
    found = []
    for number, at in enumerate((0.0, 0.1, 0.2 - back_s, 0.3 - back_s)):
        show(robot, stamp + round(at * 1e9), *table(number))
        found.append(ids_of(robot.ask("find all the objects")))
    assert found[0] == found[1] and found[2] == found[3]
    assert (found[1] == found[2]) == kept
    assert kept or not set(found[1].values()) & set(found[2].values())
    wait_until(
        lambda: robot.node.cameras[0].inbox.counters["clock_jumps"] == (not kept),
        "the jump was not counted",
    )


def test_tracking_can_be_switched_off_while_the_node_runs(live):
    robot = live(**GEOMETRIC)
    show(robot, robot.now_ns(), *table(0))
    robot.ask("find all the objects")
    for enabled in (True, False):
        robot.node.set_parameters([Parameter("tracking.enabled", value=enabled)])
        show(robot, robot.now_ns(), *table(300, red=False))  # far from where it was
        ids = ids_of(robot.ask("find the green box"))
        assert set(ids.values()) == ({"3"} if enabled else {"1"})
