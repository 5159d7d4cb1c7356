"""Boxes that reach over a handle, with figures computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grounding_ros.geometry.handle import box_with_handle
from grounding_ros.geometry.oriented_box import OrientedBox

MUG = OrientedBox((0.5, -0.2, 0.05), 0.0, (0.08, 0.08, 0.1))


def handle(towards: float) -> np.ndarray:
    """A bump that reaches from the mug's side to 70 mm from its axis, 10 mm thick."""
    along, across = np.meshgrid(np.linspace(0.04, 0.07, 40), np.linspace(-0.005, 0.005, 20))
    c, s = math.cos(towards), math.sin(towards)
    x, y = along.ravel(), across.ravel()
    points = np.column_stack([x * c - y * s, x * s + y * c, np.zeros(x.size)])
    return points + MUG.center


def body() -> np.ndarray:
    turn = np.linspace(0, 2 * math.pi, 300)
    return np.column_stack([0.04 * np.cos(turn), 0.04 * np.sin(turn), 0 * turn]) + MUG.center


def test_without_a_handle_it_is_the_same_box() -> None:
    assert box_with_handle(MUG, body(), 0.003, round=True) is MUG
    assert box_with_handle(MUG, body(), 0.003, round=False) is MUG


@pytest.mark.parametrize("towards", [0.2, 1.0, 2.0, -0.4, -2.5])
def test_the_least_rectangle_touches_disc_and_bump(towards: float) -> None:
    box = box_with_handle(MUG, np.vstack([body(), handle(towards)]), 0.003, round=True)
    # It leans by asin((40 - 5) / (70 - 5)) = 32.6 degrees: 40 + 65 cos 32.6 + 5 = 99.8 mm long.
    assert box.size == pytest.approx((0.0998, 0.08, 0.1), abs=1.5e-3)
    leans = [math.degrees(abs(math.remainder(box.yaw - towards, math.pi)))]
    assert leans == pytest.approx([32.6], abs=2)
    # The other one, mirrored at the handle, is turned farther from x.
    other = math.remainder(2 * towards - box.yaw, math.pi)
    assert abs(box.yaw) <= abs(other) + 1e-9
    reach = (np.array([math.cos(towards), math.sin(towards)]) * 0.065) + MUG.center[:2]
    inside = box.rotation[:2, :2].T @ (reach - box.center[:2])
    assert (np.abs(inside) <= np.array(box.size[:2]) / 2).all()


def test_a_lying_body_keeps_its_yaw() -> None:
    lying = OrientedBox((0.0, 0.0, 0.04), 0.7, (0.12, 0.08, 0.08))
    c, s = math.cos(0.7), math.sin(0.7)
    # A handle beside it, 30 mm beyond its side: 80 + 30 mm wide, its middle 15 mm to that side.
    across = np.linspace(0.04, 0.07, 60)
    points = np.column_stack([-across * s, across * c, np.full(60, 0.04)])
    box = box_with_handle(lying, points, 0.003, round=False)
    assert box.yaw == 0.7
    assert box.size == pytest.approx((0.12, 0.11, 0.08), abs=1.5e-3)
    assert box.center == pytest.approx((-0.015 * s, 0.015 * c, 0.04), abs=1e-3)


@pytest.mark.parametrize("sides", [2, 3, 4])
def test_what_sticks_out_on_several_sides_is_no_handle(sides: int) -> None:
    bumps = [handle(2 * math.pi * side / sides) for side in range(sides)]
    points = np.vstack([body(), *bumps])
    assert box_with_handle(MUG, points, 0.005, round=True) == MUG


def test_what_lies_all_around_a_disc_leaves_it_as_it_is() -> None:
    rng = np.random.default_rng(0)
    points = np.vstack([body(), rng.uniform(-0.3, 0.3, (400, 3)) + MUG.center])
    assert box_with_handle(MUG, points, 0.005, round=True).size[2] == MUG.size[2]
