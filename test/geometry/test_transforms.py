"""Transforms: the laws of a group, quaternions there and back, what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grounding_ros.errors import GeometryError, ShapeError
from grounding_ros.geometry.transforms import (
    compose,
    inverse,
    matrix_from_quaternion,
    quaternion_from_matrix,
    rotation_about_z,
    slerp,
    transform,
    transform_covariance,
    transform_points,
    unit_quaternion,
    yaw_of,
)

lengths = st.floats(-10, 10)


@st.composite
def quaternions(draw: st.DrawFn) -> Any:
    raw = np.array([draw(st.floats(-1, 1)) for _ in range(4)])
    assume(np.linalg.norm(raw) > 0.1)
    return raw / np.linalg.norm(raw)


transforms = st.builds(transform, st.tuples(lengths, lengths, lengths), quaternions())


def test_of_no_points_there_are_none() -> None:
    assert transform_points(np.eye(4), np.empty((0, 3))).shape == (0, 3)
    assert np.array_equal(compose(), np.eye(4))


def test_a_quarter_turn_by_hand() -> None:
    half = math.sqrt(0.5)
    matrix = transform((1, 2, 3), (0, 0, half, half))
    assert np.allclose(transform_points(matrix, [[1, 0, 0], [0, 1, 0]]), [[1, 3, 3], [0, 2, 3]])
    assert yaw_of(matrix[:3, :3]) == pytest.approx(math.pi / 2)


@pytest.mark.parametrize(
    ("quaternion", "diagonal"),
    [((1, 0, 0, 0), (1, -1, -1)), ((0, 1, 0, 0), (-1, 1, -1)), ((0, 0, 1, 0), (-1, -1, 1))],
)
def test_half_turns_by_hand(quaternion: Any, diagonal: Any) -> None:
    assert np.allclose(matrix_from_quaternion(quaternion), np.diag(diagonal))
    assert np.allclose(np.abs(quaternion_from_matrix(np.diag(diagonal))), quaternion)


@given(transforms, transforms, transforms)
def test_composition_is_associative(a: Any, b: Any, c: Any) -> None:
    assert np.allclose(compose(compose(a, b), c), compose(a, compose(b, c)), atol=1e-9)


@given(transforms)
def test_inverse_undoes(a: Any) -> None:
    assert np.allclose(compose(a, inverse(a)), np.eye(4), atol=1e-9)
    assert np.allclose(compose(inverse(a), a), np.eye(4), atol=1e-9)


@given(transforms, transforms, st.tuples(lengths, lengths, lengths))
def test_points_go_through_a_chain_as_through_its_product(a: Any, b: Any, point: Any) -> None:
    step_by_step = transform_points(a, transform_points(b, [point]))
    assert np.allclose(step_by_step, transform_points(compose(a, b), [point]), atol=1e-9)


@given(quaternions())
def test_a_quaternion_survives_the_matrix(quaternion: Any) -> None:
    back = quaternion_from_matrix(matrix_from_quaternion(quaternion))
    assert abs(back @ quaternion) == pytest.approx(1, abs=1e-12)
    assert back[3] >= 0


@given(st.floats(-3.14, 3.14))
def test_yaw_is_read_back(yaw: float) -> None:
    assert yaw_of(rotation_about_z(yaw)) == pytest.approx(yaw)


@given(quaternions(), quaternions(), st.floats(0, 1))
def test_slerp_turns_evenly(a: Any, b: Any, share: float) -> None:
    def angle(p: Any, q: Any) -> float:
        return math.acos(min(1.0, abs(float(p @ q))))

    between = slerp(a, b, share)
    assert angle(a, between) == pytest.approx(share * angle(a, b), abs=1e-5)
    assert angle(between, b) == pytest.approx((1 - share) * angle(a, b), abs=1e-5)


@given(transforms)
def test_a_covariance_turns_with_its_points(a: Any) -> None:
    points = np.random.default_rng(0).normal(size=(50, 3)) * (1, 2, 3)
    expected = np.cov(transform_points(a, points).T)
    assert np.allclose(transform_covariance(a, np.cov(points.T)), expected, atol=1e-9)
    assert transform_covariance(a, np.zeros((0, 3, 3))).shape == (0, 3, 3)


def test_nan_points_stay_nan() -> None:
    moved = transform_points(transform((1, 0, 0), (0, 0, 0, 1)), [[math.nan] * 3, [1, 1, 1]])
    assert np.isnan(moved[0]).all() and moved[1].tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    ("quaternion", "message"),
    [
        ((0, 0, 0, 0), "length 1, got 0"),
        ((0, 0, 0, 1.02), "length 1, got 1.02"),
        ((0, 0, math.nan, 1), "finite"),
    ],
)
def test_a_broken_quaternion_is_refused(quaternion: Any, message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        matrix_from_quaternion(quaternion)


def test_a_rounded_quaternion_is_normalised() -> None:
    assert np.allclose(matrix_from_quaternion((0, 0, 0, 1.005)), np.eye(3))


@pytest.mark.parametrize(
    "rotation", [np.diag([1, 1, -1.0]), 2 * np.eye(3), np.full((3, 3), np.nan)]
)
def test_what_is_no_rotation_is_refused(rotation: Any) -> None:
    for use in (quaternion_from_matrix, yaw_of):
        with pytest.raises(GeometryError, match="rotation"):
            use(rotation)


def test_shapes_are_checked() -> None:
    with pytest.raises(ShapeError, match=r"expected shape \(4, 4\), got \(3, 3\)"):
        inverse(np.eye(3))
    with pytest.raises(ShapeError, match="quaternion"):
        transform((0, 0, 0), (0, 0, 1))


def test_a_vertical_axis_has_no_yaw() -> None:
    upright = np.array([[0, 0, 1.0], [0, 1, 0], [-1, 0, 0]])
    with pytest.raises(GeometryError, match="vertical"):
        yaw_of(upright)


def test_a_quaternion_of_huge_numbers_is_refused_in_words():
    with pytest.raises(GeometryError, match="expected length 1, got inf"):
        unit_quaternion([1e308, 1e308, 1e308, 1e308])
