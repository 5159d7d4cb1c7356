"""Which way is up, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grounding_ros.geometry.level import level
from grounding_ros.geometry.plane import Plane
from grounding_ros.scene import CameraPose

TABLE = Plane(np.array([0.0, -math.sqrt(0.5), -math.sqrt(0.5)]), -0.5)  # 45 degrees down, 0.5 m
POSE = CameraPose("base", np.diag([1.0, -1.0, -1.0, 1.0]))  # looking straight down


def test_tf_comes_first() -> None:
    around = level(POSE, TABLE)
    assert around.source == "tf" and around.up.tolist() == [0, 0, -1]


def test_a_wall_is_no_floor() -> None:
    wall = Plane(np.array([1.0, 0.0, 0.0]), -1.0)
    assert level(POSE, wall).floor_height(0, 0) is None
    floor = Plane(np.array([0.0, 0.0, -1.0]), -1.5)
    assert level(POSE, floor).floor_height(3, 4) == pytest.approx(-1.5)


def test_the_plane_comes_second() -> None:
    around = level(None, TABLE)
    half = math.sqrt(0.5)
    assert around.source == "plane" and np.allclose(around.up, TABLE.normal)
    expected = [[1, 0, 0], [0, -half, half], [0, -half, -half]]  # right, forward, up
    assert np.allclose(around.level_from_camera, expected)
    assert around.floor_height(7, -3) == pytest.approx(-0.5)


def test_a_camera_on_its_side_has_axes_too() -> None:
    around = level(None, Plane(np.array([1.0, 0.0, 0.0]), -0.5))
    assert np.allclose(around.level_from_camera @ around.level_from_camera.T, np.eye(3))
    assert np.linalg.det(around.level_from_camera) == pytest.approx(1)
    assert around.up.tolist() == [1, 0, 0]


def test_else_up_is_not_known() -> None:
    around = level(None, None)
    assert around.source == "" and np.isnan(around.up).all()
    assert around.level_from_camera.tolist() == [[1, 0, 0], [0, 0, 1], [0, -1, 0]]
    assert around.floor_height(0, 0) is None


def test_down_in_the_image() -> None:
    around = level(None, TABLE)
    u, v = around.down_in_image(around.level_from_camera @ (0.0, 0.0, 1.0))
    assert (u, v) == pytest.approx((0, 1))
    assert around.depth(around.level_from_camera @ (0.3, 0.2, 1.4)) == pytest.approx(1.4)
    straight = level(POSE, None)
    assert straight.down_in_image(np.array([0.0, 0.0, -1.0])) == (0.0, 1.0)
    u, v = straight.down_in_image(np.array([0.5, 0.0, -1.0]))
    assert (u, v) == pytest.approx((-1, 0))  # down recedes to the middle of the image
