"""The confidence interval."""

import pytest

from grounding_ros.evaluation.metrics.bootstrap import interval95


def test_one_scene_tells_nothing_about_others():
    assert interval95([], []) is None
    assert interval95([1.0, 0.0], ["a", "a"]) is None


def test_where_all_are_alike_it_is_a_point():
    assert interval95([1.0, 1.0, 1.0], ["a", "b", "b"]) == (1.0, 1.0)


def test_two_scenes_that_differ():
    # Both drawn right 1/4 of the time, both wrong 1/4: the middle 95 % spans everything.
    assert interval95([1.0, 0.0], ["a", "b"]) == (0.0, 1.0)


def test_a_hundred_scenes_by_the_normal_law():
    # A share of 1/2 has a standard error of 0.05: 0.5 -+ 1.96 x 0.05, within a resampling error.
    values, scenes = [0.0, 1.0] * 50, [str(n) for n in range(100)]
    low, high = interval95(values, scenes)
    assert (low, high) == (pytest.approx(0.402, abs=0.02), pytest.approx(0.598, abs=0.02))
    assert (low, high) == interval95(values, scenes)


def test_scenes_are_drawn_whole():
    # The same shares, but ten scenes of ten alike: the standard error is sqrt(10) times as large.
    values = [float(n // 10 % 2) for n in range(100)]
    low, high = interval95(values, [str(n // 10) for n in range(100)])
    assert (low, high) == (pytest.approx(0.2, abs=0.05), pytest.approx(0.8, abs=0.05))
