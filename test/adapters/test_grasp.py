import numpy as np
import pytest

from grounding_ros.adapters.grasp import grasp_messages
from grounding_ros.scene import Grasp

DOWN = np.diag([1.0, -1, -1, 1])


def at(x, y, z):
    pose = DOWN.copy()
    pose[:3, 3] = x, y, z
    return pose


def test_a_grasp_and_a_place_are_told(an_answer, header, messages):
    grasp = Grasp("top", at(0.5, 0.25, 0.125), 0.0625, 0.75)
    answer = an_answer(grasp=grasp, place_pose=at(0.5, -0.25, 0.375))
    told = dict(grasp_messages(answer, header, messages("geometry_msgs"), messages("std_msgs")))
    assert list(told) == ["gripper_opening", "target_pose", "place_pose"]
    assert told["gripper_opening"].data == 0.0625
    for name, place in (("target_pose", (0.5, 0.25, 0.125)), ("place_pose", (0.5, -0.25, 0.375))):
        message = told[name]
        assert message.header == header
        where, turn = message.pose.position, message.pose.orientation
        assert (where.x, where.y, where.z) == place
        # Half a turn about x: z looks down.
        assert (abs(turn.x), turn.y, turn.z, turn.w) == pytest.approx((1, 0, 0, 0))


def test_without_a_grasp_nothing_is_told(an_answer, header, messages):
    answer = an_answer(no_grasp="it is too flat to be held (0.8 cm)")
    told = grasp_messages(answer, header, messages("geometry_msgs"), messages("std_msgs"))
    assert list(told) == []
