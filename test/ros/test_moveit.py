"""What MoveIt is told, by a publisher and messages that stand in for the real ones."""

from types import SimpleNamespace

import numpy as np
import pytest

from grounding_ros.ros import moveit
from grounding_ros.ros.moveit import Obstacles, moveit_modules
from grounding_ros.scene import Objects3D


class Publisher:
    """Keeps what is published."""

    def __init__(self):
        self.sent, self.listeners = [], 1

    def publish(self, message):
        self.sent.append(message)

    def get_subscription_count(self):
        return self.listeners


def an_answer(*present):
    """Objects with a place or without, row by row."""
    n = len(present)
    placed = np.array(present)[:, None] & np.ones((n, 3), bool)
    absent = Objects3D.absent(n, "no depth")
    objects = Objects3D(
        frame_id="base",
        centers=np.where(placed, 0.5, np.nan),
        rotations=np.where(placed[..., None], np.eye(3), np.nan),
        sizes=np.where(placed, 0.1, np.nan),
        covariances=absent.covariances,
        point_counts=absent.point_counts,
        reasons=tuple("" if one else "no depth" for one in present),
        up=absent.up,
    )
    return SimpleNamespace(objects=objects, ids=tuple(range(1, n + 1)))


@pytest.fixture
def told(monkeypatch):
    """Note the names of each message instead of making it."""

    def noted(answer, header, gone, *modules):
        return set(moveit.obstacle_names(answer)), set(gone)

    monkeypatch.setattr(moveit, "planning_scene", noted)
    publisher = Publisher()
    return publisher, Obstacles(publisher, ())


def test_what_was_told_and_is_gone_is_taken_back_once(told):
    publisher, obstacles = told
    for present in ((True, True), (True, False), (True, False)):
        obstacles.publish(an_answer(*present), None)
    assert publisher.sent == [
        ({"grounding_1", "grounding_2"}, set()),
        ({"grounding_1"}, {"grounding_2"}),
        ({"grounding_1"}, set()),
    ]


def test_nothing_is_made_when_nobody_listens_and_nothing_is_forgotten(told):
    publisher, obstacles = told
    obstacles.publish(an_answer(True, True), None)
    publisher.listeners = 0
    obstacles.publish(an_answer(False, False), None)
    publisher.listeners = 1
    obstacles.publish(an_answer(True, False), None)
    assert publisher.sent[1:] == [({"grounding_1"}, {"grounding_2"})]


def test_without_moveit_there_are_no_modules():
    def load(name):
        if name == "moveit_msgs.msg":
            raise ModuleNotFoundError(name)
        return name

    assert moveit_modules(load) is None
    assert moveit_modules(str) == ("moveit_msgs.msg", "shape_msgs.msg", "geometry_msgs.msg")
