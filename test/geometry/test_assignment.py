from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from grounding_ros.geometry.assignment import assign

COSTS = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=7),
    # Few values, so that many are equal; infinity, so that some cannot go together.
    elements=st.sampled_from([0.0, 0.25, 0.5, 0.5, 0.75, 1.0, 2.0, np.inf]) | st.floats(0, 2),
)


def least_cost(costs, limit):
    """Try every order of the longer side: a pair at the limit is no pair."""
    capped = np.minimum(costs if costs.shape[0] <= costs.shape[1] else costs.T, limit)
    orders = np.array(list(permutations(range(capped.shape[1]), capped.shape[0])))
    return capped[np.arange(capped.shape[0]), orders].sum(axis=1).min()


@settings(max_examples=120, deadline=None)
@given(COSTS, st.sampled_from([0.6, 1.0, 5.0]))
def test_no_other_assignment_costs_less(costs, limit):
    found = assign(costs, limit)
    left = min(costs.shape) - len(found)
    total = sum(costs[pair] for pair in found) + limit * left
    assert total == pytest.approx(least_cost(costs, limit), abs=1e-9)
    rows, columns = [row for row, _ in found], [column for _, column in found]
    assert rows == sorted(set(rows))
    assert len(columns) == len(set(columns))
    assert all(costs[pair] < limit for pair in found)


@pytest.mark.parametrize(
    ("costs", "found"),
    [
        (np.empty((0, 3)), []),
        (np.empty((2, 0)), []),
        ([[0.1]], [(0, 0)]),
        ([[0.9]], []),
        # The nearest pair first would leave the other row without a partner.
        ([[0.1, 0.2], [0.15, 5.0]], [(0, 1), (1, 0)]),
        ([[np.nan, 0.2], [np.inf, 0.1]], [(1, 1)]),
        ([[0.5], [0.1], [0.3]], [(1, 0)]),
    ],
)
def test_pairs(costs, found):
    assert assign(np.array(costs, float), 0.8) == found
