"""Upright boxes against upright boxes, with figures computed by hand."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.evaluation.metrics.boxes3d import box_error, iou3d
from grounding_ros.geometry.oriented_box import OrientedBox

BOX = OrientedBox((0.0, 0.0, 0.05), 0.0, (0.2, 0.1, 0.1))
LENGTH = st.floats(0.01, 0.5)
PLACE = st.floats(-0.3, 0.3)
BOXES = st.builds(
    OrientedBox,
    st.tuples(PLACE, PLACE, PLACE),
    st.floats(-math.pi / 2, math.pi / 2),
    st.tuples(LENGTH, LENGTH, LENGTH),
)


@pytest.mark.parametrize(
    ("other", "iou"),
    [
        (BOX, 1.0),
        (replace(BOX, center=(0.1, 0.0, 0.05)), 1 / 3),  # half of each is shared
        (replace(BOX, center=(0.0, 0.0, 0.10)), 1 / 3),
        (replace(BOX, center=(0.3, 0.0, 0.05)), 0.0),
        (replace(BOX, center=(0.0, 0.0, 0.25)), 0.0),
        (replace(BOX, size=(0.1, 0.1, 0.1)), 0.5),
        # A quarter turn: 0.1 x 0.1 of the footprints is shared, 0.01 of 0.02 + 0.02 - 0.01.
        (replace(BOX, yaw=-math.pi / 2), 1 / 3),
        (replace(BOX, yaw=math.pi), 1.0),
    ],
)
def test_the_shared_volume(other, iou):
    assert iou3d(BOX, other) == pytest.approx(iou, abs=1e-9)
    assert iou3d(other, BOX) == pytest.approx(iou, abs=1e-9)


def test_squares_turned_by_an_eighth_share_an_octagon():
    square = OrientedBox((1.0, 2.0, 3.0), 0.3, (1.0, 1.0, 1.0))
    octagon = 2 * (math.sqrt(2) - 1)  # of two unit squares
    turned = replace(square, yaw=0.3 + math.pi / 4)
    assert iou3d(square, turned) == pytest.approx(octagon / (2 - octagon))


@settings(max_examples=50, deadline=None)
@given(BOXES, BOXES)
def test_it_is_symmetric_and_a_share(a, b):
    assert -1e-9 <= iou3d(a, b) <= 1 + 1e-9
    assert iou3d(a, b) == pytest.approx(iou3d(b, a), abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(BOXES, st.floats(-3.0, 3.0), st.tuples(PLACE, PLACE))
def test_moving_and_turning_both_changes_nothing(box, yaw, shift):
    def moved(one):
        c, s = math.cos(yaw), math.sin(yaw)
        x, y, z = one.center
        center = (c * x - s * y + shift[0], s * x + c * y + shift[1], z)
        return replace(one, center=center, yaw=one.yaw + yaw)

    assert iou3d(moved(BOX), moved(box)) == pytest.approx(iou3d(BOX, box), abs=1e-6)


def test_the_errors_of_a_shifted_turned_and_swollen_box():
    measured = OrientedBox((0.03, 0.04, 0.05), math.radians(-89), (0.21, 0.12, 0.1))
    error = box_error(measured, replace(BOX, yaw=math.radians(89)))
    assert error.center_m == pytest.approx(0.05)  # 3, 4, 5
    assert error.size_m == pytest.approx(0.02)
    assert error.yaw_deg == pytest.approx(2.0)  # an axis has no head: 178 degrees are 2


@pytest.mark.parametrize(("width", "judged"), [(0.1, True), (0.191, False), (0.2, False)])
def test_a_footprint_without_a_longer_side_has_no_yaw(width, judged):
    error = box_error(BOX, replace(BOX, size=(0.2, width, 0.1)))
    assert (error.yaw_deg is not None) == judged
