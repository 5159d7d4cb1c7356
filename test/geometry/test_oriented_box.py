"""Boxes: rotating a box rotates its box, and nothing else."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.geometry.oriented_box import aligned_box, half_turn, upright_box
from grounding_ros.geometry.transforms import rotation_about_z, yaw_of

sizes = st.tuples(st.floats(0.12, 0.3), st.floats(0.03, 0.1), st.floats(0.02, 0.3))
yaws = st.floats(-math.pi, math.pi)


def shell(size: tuple[float, float, float], steps: int = 30) -> Any:
    """Return points on the top and the four sides of a box at the origin."""
    t = np.linspace(-0.5, 0.5, steps)
    a, b = (grid.ravel() for grid in np.meshgrid(t, t))
    half = np.full_like(a, 0.5)
    faces = [(a, b, half), (a, half, b), (a, -half, b), (half, a, b), (-half, a, b)]
    return np.concatenate([np.stack(face, axis=1) for face in faces]) * size


@settings(deadline=None)
@given(sizes, yaws, st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3)))
def test_a_box_has_the_box_of_its_points(size: Any, yaw: float, shift: Any) -> None:
    box = upright_box(shell(size) @ rotation_about_z(yaw).T + shift)
    assert box.size == pytest.approx(size, abs=1e-4)
    assert box.center == pytest.approx(shift, abs=1e-4)
    assert math.sin(box.yaw - yaw) == pytest.approx(0, abs=1e-3)


@settings(deadline=None)
@given(sizes, yaws)
def test_rotating_a_box_rotates_its_box(size: Any, yaw: float) -> None:
    noisy = shell(size) + np.random.default_rng(0).normal(0, 1e-3, (4500, 3))
    still, turned = upright_box(noisy), upright_box(noisy @ rotation_about_z(yaw).T)
    assert turned.size == pytest.approx(still.size, abs=2e-4)
    assert turned.center == pytest.approx(rotation_about_z(yaw) @ still.center, abs=2e-4)
    assert math.sin(turned.yaw - still.yaw - yaw) == pytest.approx(0, abs=5e-3)


@settings(deadline=None)
@given(sizes, yaws)
def test_axes_are_canonical(size: Any, yaw: float) -> None:
    box = upright_box(shell(size) @ rotation_about_z(yaw).T)
    assert box.size[0] >= box.size[1]
    assert -math.pi / 2 <= box.yaw < math.pi / 2
    assert np.linalg.det(box.rotation) == pytest.approx(1)
    assert box.rotation[:, 2].tolist() == [0, 0, 1]
    assert yaw_of(box.rotation) == pytest.approx(box.yaw)


@pytest.mark.parametrize("yaw", [0.0, math.pi / 2, -math.pi / 2, math.pi, -1e-17, math.pi - 1e-16])
def test_yaw_at_its_ends(yaw: float) -> None:
    box = upright_box(shell((0.2, 0.05, 0.1)) @ rotation_about_z(yaw).T)
    assert -math.pi / 2 <= box.yaw < math.pi / 2


def test_just_below_its_end_a_yaw_turns_to_the_other() -> None:
    assert half_turn(math.nextafter(-math.pi / 2, -9)) == -math.pi / 2
    assert half_turn(math.pi / 2) == -math.pi / 2
    assert half_turn(0.0) == 0.0


def test_stray_points_do_not_matter() -> None:
    points = shell((0.2, 0.1, 0.05))
    strays = np.array([[1.0, 0.7, 0.0], [-0.9, 0.2, 0.3], [0.1, -2.0, 1.0]])
    clean, dirty = upright_box(points), upright_box(np.concatenate([points, strays]))
    assert dirty.size == pytest.approx(clean.size, abs=2e-3)
    assert math.sin(dirty.yaw - clean.yaw) == pytest.approx(0, abs=5e-3)


def test_known_heights_replace_those_of_the_points() -> None:
    box = upright_box(shell((0.2, 0.1, 0.05)), (-0.5, 0.1))
    assert box.size[2] == pytest.approx(0.6) and box.center[2] == pytest.approx(-0.2)


@pytest.mark.parametrize(
    ("points", "size"),
    [
        ([[1.0, 2.0, 3.0]], (0, 0, 0)),
        ([[1.0, 2.0, 3.0]] * 40, (0, 0, 0)),
        ([[k * 0.01, k * 0.01, 0.0] for k in range(11)], (0.1 * math.sqrt(2), 0, 0)),
        ([[0.0, 0.0, k * 0.01] for k in range(11)], (0, 0, 0.1)),
    ],
)
def test_points_that_span_no_volume(points: Any, size: Any) -> None:
    for fit in (upright_box, aligned_box):
        assert np.isfinite([*fit(np.array(points)).center, fit(np.array(points)).yaw]).all()
    box = upright_box(np.array(points))
    assert box.size == pytest.approx(size, abs=1e-6)
    assert box.center == pytest.approx(np.mean(points, axis=0), abs=1e-6)


def test_without_up_the_box_is_along_the_axes() -> None:
    box = aligned_box(shell((0.1, 0.2, 0.3)) @ rotation_about_z(math.pi / 4).T)
    side = 0.3 * math.sqrt(0.5)
    assert box.yaw == 0 and box.size == pytest.approx((side, side, 0.3), abs=0.02)
