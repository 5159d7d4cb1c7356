"""What a planner hears from a live node, over DDS."""

import json
from dataclasses import replace

import numpy as np
import pytest
from geometry_msgs.msg import TransformStamped
from live_robot import BOX, FRAME_ID, scene_rgb, wait_until
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String, UInt32
from std_srvs.srv import SetBool, Trigger
from tf2_msgs.msg import TFMessage

from grounding_ros.adapters.image import to_rgb
from grounding_ros.scene import Detections


def test_an_instruction_is_answered_on_every_topic_with_the_stamp_of_the_image(live):
    robot = live()
    counts = []
    robot.robot.create_subscription(UInt32, "/grounding/count", counts.append, 1)
    stamp = robot.show()
    robot.wait_for_frame(stamp)
    heard = robot.ask("the red box")

    assert heard.answer["status"] == "grounded"
    assert heard.answer["text"] == "the red box"
    assert heard.answer["instruction_seq"] == 1
    assert heard.answer["stamp"] == {"sec": stamp // 10**9, "nanosec": stamp % 10**9}

    (box,) = heard.detections.detections
    centre, size = box.bbox.center.position, (box.bbox.size_x, box.bbox.size_y)
    assert (centre.x, centre.y, *size) == (250, 200, 100, 100)
    assert heard.detections.header.frame_id == FRAME_ID

    (solid,) = heard.detections_3d.detections
    # The top is at 0.9 m, 100 pixels of 525 wide; the foot is the table at 1 m.
    assert solid.bbox.center.position.z == pytest.approx(0.95, abs=0.01)
    assert solid.bbox.size.z == pytest.approx(0.1, abs=0.02)
    assert sorted((solid.bbox.size.x, solid.bbox.size.y)) == pytest.approx([0.171] * 2, abs=0.01)
    assert solid.results[0].pose.covariance[0] > 0

    ids = np.frombuffer(heard.masks.data, np.uint16).reshape(480, 640)
    rows, columns = np.nonzero(ids)
    assert heard.masks.encoding == "mono16"
    assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == BOX
    assert [(c.class_id, c.class_name) for c in heard.label_info.class_map] == [(1, "red box")]
    wait_until(lambda: counts, "no count")
    assert counts[0].data == 1

    stamps = {part.header.stamp.nanosec for part in (heard.detections, heard.masks)}
    assert stamps == {stamp % 10**9}
    picture = to_rgb(heard.debug_image)
    assert picture.shape == scene_rgb().shape
    assert (picture != scene_rgb()).any()


def test_an_absent_thing_is_an_empty_stamped_message(live):
    heard = live().show_and_ask("the green ball")
    assert heard.answer["status"] == "not_found"
    assert heard.answer["count"] == 0
    assert heard.detections.detections == []
    assert heard.detections_3d.detections == []
    assert heard.detections.header.frame_id == FRAME_ID
    assert not any(heard.masks.data)


def test_a_new_instruction_is_answered_on_the_newest_frame_at_once(live):
    robot = live()
    stamps = [robot.show() for _ in range(3)]
    robot.wait_for_frame(stamps[-1])
    for text in ("the red box", "the green ball"):
        answer = robot.ask(text).answer
        assert answer["stamp"]["nanosec"] == stamps[-1] % 10**9
    assert answer["instruction_seq"] == 2


def test_one_instruction_is_answered_once_and_with_continuous_on_every_frame(live):
    robot = live()
    robot.show_and_ask("the red box")
    answers = robot.results._answers
    robot.wait_for_frame(robot.show())
    assert len(answers) == 1
    robot.node.set_parameters([_parameter("continuous", True)])
    before = len(answers)
    for k in range(5):
        robot.show()
        wait_until(lambda k=k: len(answers) >= before + k + 1, "a frame was not answered")


def test_latched_and_plain_instructions_are_both_heard_once(live):
    robot = live()
    latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    robot.wait_for_frame(robot.show())
    robot.publish("instruction", String(data="the red box"), latched)
    wait_until(lambda: len(robot.results._answers) == 1, "the latched one was not heard")
    robot.publish("instruction", String(data="a red box"))
    wait_until(lambda: len(robot.results._answers) == 2, "the plain one was not heard")
    robot.ask("the green ball")
    seqs = [one.document["instruction_seq"] for one in robot.results._answers]
    assert seqs == [1, 2, 3]


def test_an_instruction_latched_before_the_node_came_is_answered(live):
    robot = live()
    latched = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    robot.change_state("deactivate", "cleanup")
    publisher = robot.robot.create_publisher(String, "instruction", latched)
    publisher.publish(String(data="the red box"))
    robot.start()
    wait_until(publisher.get_subscription_count, "nobody hears")
    robot.show()
    wait_until(lambda: robot.results._answers, "the latched instruction was not answered")
    assert robot.results._answers[0].document["status"] == "grounded"


def test_initial_instruction(live):
    robot = live(initial_instruction="the red box")
    robot.show()
    wait_until(lambda: robot.results._answers, "no answer")
    assert robot.results._answers[0].document["text"] == "the red box"


def test_3d_is_in_the_target_frame_at_the_stamp_of_the_image(live):
    robot = live(target_frame="base_link", tf_timeout_s=2.0)
    stamp = robot.now_ns()
    for offset_ns, x in ((-500_000_000, 0.0), (500_000_000, 1.0)):
        robot.publish("/tf", _camera_above(robot, stamp + offset_ns, x))
    robot.show(stamp)
    robot.wait_for_frame(stamp)
    heard = robot.ask("the red box")
    assert heard.detections_3d.header.frame_id == "base_link"
    assert heard.answer["target_frame"] == "base_link"
    place = heard.detections_3d.detections[0].bbox.center.position
    # The camera looks down from 2 m, half way from x 0 to x 1; image right is base x.
    expected = (0.5 + (250 - 319.5) / 525 * 0.9, -(200 - 239.5) / 525 * 0.9, 2 - 0.95)
    assert (place.x, place.y, place.z) == pytest.approx(expected, abs=0.02)


def _camera_above(robot, stamp_ns, x):
    link = TransformStamped(child_frame_id=FRAME_ID)
    link.header = robot.header(stamp_ns, "base_link")
    link.transform.translation.x, link.transform.translation.z = x, 2.0
    # Half a turn about x: optical z looks down, optical x stays base x.
    link.transform.rotation.x, link.transform.rotation.w = 1.0, 0.0
    return TFMessage(transforms=[link])


def test_services_and_their_refusals(live):
    robot = live()

    def once():
        return robot.call(Trigger, "ground_once", Trigger.Request())

    def enable(data):
        return robot.call(SetBool, "enable", SetBool.Request(data=data))

    refused = once()
    assert (refused.success, "publish one" in refused.message) == (False, True)

    robot.show_and_ask("the red box")
    accepted = once()
    assert (accepted.success, accepted.message) == (True, "accepted")
    wait_until(lambda: len(robot.results._answers) == 2, "ground_once gave no answer")

    assert enable(False).success
    robot.show()
    assert robot.ask("the green ball", timeout_s=0.5) is None
    assert not once().success
    assert enable(True).success
    robot.show()
    wait_until(lambda: len(robot.results._answers) == 3, "enabling did not resume")


def test_a_wrong_parameter_is_refused_with_a_sentence(live):
    robot = live()
    (result,) = robot.node.set_parameters([_parameter("tf_timeout_s", 9.0)])
    assert not result.successful
    (result,) = robot.node.set_parameters([_parameter("reasoning.ambiguity_margin", 0.5)])
    assert result.successful
    assert robot.node.parameters.pipeline.reasoning.ambiguity_margin == 0.5
    assert robot.show_and_ask().answer["status"] == "grounded"


def test_the_lifecycle_goes_round_and_frees_its_topics(live):
    robot = live()
    for _ in range(3):
        assert robot.show_and_ask().answer["status"] == "grounded"
        robot.change_state("deactivate")
        robot.show()
        assert robot.ask("the red box", timeout_s=0.3) is None
        robot.change_state("cleanup")
        assert robot.robot.count_subscribers("/image") in (0, 1)
        robot.start()


def test_an_unknown_grounder_is_told_and_the_node_lives(live):
    robot = live(perception__grounder="telepathy")
    heard = robot.show_and_ask()
    assert heard.answer["status"] == "failed"
    assert "telepathy" in heard.answer["message"]
    assert "geometric" in heard.answer["message"]


def test_a_defect_of_a_grounder_is_told_and_the_node_lives(live):
    robot = live()
    build = robot.node._build

    class Broken:
        warm = False

        def ground(self, frame, phrases):
            if self.warm:
                return 1 / 0
            self.warm = True
            return Detections.empty((480, 640), tuple(phrase.text for phrase in phrases))

    robot.change_state("deactivate", "cleanup")
    robot.node._build = lambda parameters: replace(build(parameters), grounder=Broken())
    robot.start()
    for _ in range(2):
        heard = robot.show_and_ask()
        assert heard.answer["status"] == "failed"
        assert "ZeroDivisionError" in heard.answer["message"]


def test_a_library_that_cannot_load_is_told_and_the_node_lives(live):
    robot = live()

    def build(parameters):
        raise ImportError("no module named torch")

    robot.change_state("deactivate", "cleanup")
    robot.node._build = build
    robot.start()
    heard = robot.show_and_ask()
    assert heard.answer["status"] == "failed"
    assert "no module named torch" in heard.answer["message"]


def test_diagnostics_tell_rates_stages_and_memory(live):
    from diagnostic_msgs.msg import DiagnosticArray

    robot = live(diagnostics_period_s=0.2)
    arrays = []
    robot.robot.create_subscription(DiagnosticArray, "/diagnostics", arrays.append, 10)
    robot.show_and_ask()
    seen = len(arrays)
    wait_until(lambda: len(arrays) >= seen + 2, "no diagnostics")
    values = {kv.key: kv.value for status in arrays[-1].status for kv in status.values}
    assert values["state"] == "ready"
    assert values["answers"] == "1"
    assert values["image_topic"] == "/image"
    assert float(values["memory_mib"]) > 10
    for stage in ("convert", "ground", "segment", "lift", "resolve", "publish", "age_at_publish"):
        assert float(values[f"{stage}_p50_ms"]) >= 0


def test_the_answer_is_strict_json_with_its_schema(live):
    answer = live().show_and_ask().answer
    assert answer["schema"] == "grounding_ros/answer/2"
    assert answer["program"]["target"]["head"] == "box"
    json.dumps(answer, allow_nan=False)


def _parameter(name, value):
    from rclpy.parameter import Parameter

    return Parameter(name, value=value)
