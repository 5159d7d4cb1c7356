"""Robust extents: what is dropped and what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.geometry.statistics import extent, mean_point, median_point, percentiles


@pytest.mark.parametrize(
    ("values", "expected"),
    [([2.0], (2.0, 2.0)), ([3.0, 1.0], (1.0, 3.0)), ([1.0, 5.0, 3.0], (1.0, 5.0))],
)
def test_few_values_are_all_kept(values: list[float], expected: tuple[float, float]) -> None:
    assert extent(np.array(values)) == expected


def test_a_hundred_values_lose_two_on_either_side() -> None:
    values = np.random.default_rng(0).permutation(100).astype(float)
    assert extent(values) == (2.0, 97.0)


def test_strays_do_not_move_the_ends() -> None:
    surface = np.linspace(0, 1, 10_000)
    strays = np.full(15, 50.0)
    low, high = extent(np.concatenate([surface, strays]))
    assert low == pytest.approx(0, abs=4e-3) and high == pytest.approx(1, abs=4e-3)


def test_a_fifth_of_a_row_is_what_it_costs() -> None:
    rows = np.repeat(np.arange(50.0), 50)  # 50 x 50 pixels: the outermost row survives
    assert extent(rows) == (0.0, 49.0)


@given(st.lists(st.floats(-100, 100), min_size=1), st.floats(-10, 10))
def test_the_extent_moves_with_the_values(values: list[float], shift: float) -> None:
    low, high = extent(np.array(values))
    assert extent(np.array(values) + shift) == pytest.approx((low + shift, high + shift))
    assert min(values) <= low <= high <= max(values)


def test_the_mean_is_the_mean() -> None:
    points = np.random.default_rng(0).normal(size=(37, 3))
    np.testing.assert_allclose(mean_point(points), points.mean(axis=0))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60), st.floats(0, 100))
def test_percentiles_and_medians_are_numpys(values: list[float], share: float) -> None:
    array = np.array(values)
    assert percentiles(array, share, 50) == pytest.approx(np.percentile(array, (share, 50)))
    points = np.stack([array, -array, array**2], axis=1)
    assert median_point(points) == pytest.approx(np.median(points, axis=0))


def test_percentiles_lie_between_two_values() -> None:
    assert percentiles(np.array([4.0, 0.0, 2.0]), 0, 25, 100) == (0.0, 1.0, 4.0)
