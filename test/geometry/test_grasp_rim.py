"""Rims of hollow things, by points that are worked out."""

import math

import numpy as np
import pytest

from grounding_ros.geometry.grasp_rim import find_rim, rim_grasps
from grounding_ros.geometry.grasp_view import GraspView
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.scene import Frame

HAND = GripperParameters()
RADIUS, HEIGHT, WALL = 0.045, 0.1, 0.004
AROUND, UP = np.meshgrid(np.linspace(0, 2 * math.pi, 180), np.linspace(0.003, HEIGHT, 60))


def tube(radius, outwards):
    """Points (M, 3) and normals of an upright wall about z."""
    c, s = np.cos(AROUND).ravel(), np.sin(AROUND).ravel()
    points = np.column_stack([radius * c, radius * s, UP.ravel()])
    return points, outwards * np.column_stack([c, s, np.zeros_like(c)])


def mug(x=0.0, y=0.0):
    """Points and normals of a hollow cylinder without a handle, its middle at (x, y)."""
    outside, inside = tube(RADIUS, 1.0), tube(RADIUS - WALL, -1.0)
    points = np.vstack([outside[0], inside[0]]) + np.array([x, y, 0.0])
    return points.astype(np.float32), np.vstack([outside[1], inside[1]]).astype(np.float32)


def seen(points, normals, size):
    """An object of which everything is known, far from everything else."""
    nothing = np.empty((0, 3), np.float32)
    return GraspView(
        frame_from_object=np.eye(4),
        size=np.array(size),
        points=points,
        normals=normals,
        obstacles=nothing,
        obstacles_there=nothing,
        camera=np.array([0.0, -0.5, 0.5]),
        seen_frame=Frame(np.zeros((4, 4, 3), np.uint8)),
        camera_from_object=np.eye(4),
    )


def test_the_rim_of_a_mug_is_found_where_it_is():
    rim = find_rim(mug(0.01, -0.02)[0], HEIGHT)
    assert (rim.x, rim.y) == pytest.approx((0.01, -0.02), abs=1e-3)
    assert rim.radius == pytest.approx(RADIUS, abs=1e-3)


def test_what_is_closed_or_square_or_flat_has_no_rim():
    points, _ = mug()
    side = np.linspace(-RADIUS, RADIUS, 40)
    lid = np.array([(x, y, HEIGHT) for x in side for y in side if math.hypot(x, y) < RADIUS])
    assert find_rim(np.vstack([points, lid]).astype(np.float32), HEIGHT) is None
    tray = np.array([(x, y, HEIGHT) for a in side for x, y in ((a, -0.09), (a, 0.09))])
    assert find_rim(tray.astype(np.float32), HEIGHT) is None
    assert find_rim(points * np.array([1, 1, 0.2], np.float32), 0.02) is None
    row = np.array([(x, 0.0, HEIGHT) for x in side], np.float32)
    assert find_rim(row, HEIGHT) is None


def test_one_finger_goes_inside_and_one_outside():
    found = rim_grasps(seen(*mug(), (2 * RADIUS, 2 * RADIUS, HEIGHT)), HAND)
    assert len(found) == 12  # all around
    for one in found:
        assert one.kind == "top"
        x, y, tip = one.pose[:3, 3]
        outwards = one.pose[:2, 1]
        np.testing.assert_allclose(outwards, np.array([x, y]) / math.hypot(x, y), atol=1e-3)
        half = one.opening_m / 2
        assert math.hypot(x, y) - half < RADIUS - WALL - 0.003
        assert math.hypot(x, y) + half > RADIUS + 0.003
        assert tip == pytest.approx(HEIGHT - 0.025)
        assert one.opening_m <= HAND.max_opening_m
