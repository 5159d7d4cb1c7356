"""The stated covariance: what it must grow with, and where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.geometry.uncertainty import (
    TRUST,
    Doubt,
    center_covariance,
    hidden_covariance,
    visible_covariance,
)

PROPAGATED = np.diag([1e-6, 1e-6, 4e-6])
SURE = Doubt(
    hidden=0.0,
    hidden_towards=np.zeros(2),
    size=(0.1, 0.08),
    sight=np.array([0.0, 1.0]),
    misfit=0.5,
    handle=False,
    handle_unseen=False,
)
SHAPES = st.sampled_from(sorted(TRUST))


@given(SHAPES)
def test_of_what_is_all_seen_it_is_the_propagated_one_scaled(name: str) -> None:
    trust = TRUST[name]
    expected = trust.scale**2 * PROPAGATED + trust.exact_m**2 * np.eye(3)
    np.testing.assert_allclose(center_covariance(PROPAGATED, name, SURE), expected)


@settings(max_examples=40, deadline=None)
@given(
    name=SHAPES,
    hidden=st.floats(0, 1),
    angle=st.floats(-3, 3),
    misfit=st.floats(0, 18),
    handle=st.booleans(),
    unseen=st.booleans(),
)
def test_doubt_only_adds(
    name: str, hidden: float, angle: float, misfit: float, handle: bool, unseen: bool
) -> None:
    towards = np.array([np.cos(angle), np.sin(angle)])
    doubt = replace(
        SURE,
        hidden=hidden,
        hidden_towards=towards,
        misfit=misfit,
        handle=handle,
        handle_unseen=unseen,
    )
    covariance = center_covariance(PROPAGATED, name, doubt)
    np.testing.assert_allclose(covariance, covariance.T)
    added = covariance - center_covariance(PROPAGATED, name, SURE)
    assert (np.linalg.eigvalsh(added) >= -1e-15).all()


@given(SHAPES)
def test_what_is_hidden_is_uncertain_along_that_direction(name: str) -> None:
    doubt = replace(SURE, hidden=0.5, hidden_towards=np.array([1.0, 0.0]))
    added = center_covariance(PROPAGATED, name, doubt) - center_covariance(PROPAGATED, name, SURE)
    # Twice as far along it as across it, so four times the variance.
    assert added[0, 0] == pytest.approx(4 * added[1, 1])
    assert added[0, 0] == pytest.approx((TRUST[name].hidden_level * 0.1 * 0.5**1.5) ** 2)


def test_a_handle_out_of_sight_is_behind_rather_than_beside() -> None:
    doubt = replace(SURE, handle_unseen=True)
    added = center_covariance(PROPAGATED, "lying", doubt) - center_covariance(
        PROPAGATED, "lying", SURE
    )
    assert added[1, 1] > added[0, 0] > added[2, 2] > 0  # the line of sight is y


def test_of_a_box_around_what_is_seen_it_is_a_share_of_its_size() -> None:
    rotation = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])  # x is along y
    covariance = visible_covariance(np.array([0.2, 0.1, 0.05]), rotation, 0.1, 0.001)
    np.testing.assert_allclose(
        covariance, np.diag([0.01**2, 0.02**2, 0.005**2]) + 1e-6 * np.eye(3), atol=1e-15
    )


def test_behind_an_edge_that_leaves_a_sliver_the_object_may_go_on() -> None:
    edge = replace(SURE, hidden=0.45, hidden_towards=np.array([1.0, 0.0]))
    whole, sliver = (hidden_covariance(replace(edge, sliver=much)) for much in (0.0, 0.08))
    assert sliver[0, 0] > 1.5 * whole[0, 0]
    assert sliver[1, 1] == whole[1, 1] and sliver[2, 2] == whole[2, 2]


def test_nothing_hidden_adds_nothing() -> None:
    assert not hidden_covariance(replace(SURE, sliver=0.08)).any()


def test_under_something_it_may_be_higher_where_half_of_it_is_hidden() -> None:
    half, little = (replace(SURE, hidden=share, size=(0.1, 0.1)) for share in (0.5, 0.2))
    up = [hidden_covariance(replace(half, under=under))[2, 2] for under in (False, True)]
    assert up[1] - up[0] == pytest.approx(0.03**2)
    covered = hidden_covariance(replace(little, under=True)) - hidden_covariance(little)
    assert 0 < covered[2, 2] < 0.001**2
    assert not covered[:2, :2].any()


def test_what_is_twice_as_high_as_wide_is_not_thought_to_be_much_higher() -> None:
    tall = replace(SURE, hidden=0.5, size=(0.07, 0.14))
    np.testing.assert_array_equal(
        hidden_covariance(replace(tall, under=True)), hidden_covariance(tall)
    )
