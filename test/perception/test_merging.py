import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.perception.geometric.merging import merged


def groups(count, *borders):
    """Partition of nodes as a set of frozensets, from (a, b, weight) rows."""
    pairs = np.array([border[:2] for border in borders], np.int32).reshape(-1, 2)
    weights = np.array([border[2] for border in borders], np.float32)
    root = merged(count, pairs, weights)
    return {frozenset(np.flatnonzero(root == label).tolist()) for label in set(root.tolist())}


def test_no_borders_no_groups():
    assert groups(3) == {frozenset({0}), frozenset({1}), frozenset({2})}


def test_what_speaks_for_joining_joins():
    assert groups(4, (0, 1, 5), (1, 2, 3), (2, 3, -1)) == {frozenset({0, 1, 2}), frozenset({3})}


def test_a_doubtful_bridge_does_not_beat_a_long_concave_border():
    # Top and front of two stacked boxes: 0, 1 below, 2, 3 above; the fronts touch flush.
    below, above, flush, concave = (0, 1, 50), (2, 3, 50), (1, 3, 10), (0, 3, -40)
    assert groups(4, below, above, flush, concave) == {frozenset({0, 1}), frozenset({2, 3})}


def test_borders_add_up_when_nodes_join():
    # Neither 2 nor 3 alone says enough: together with 1, node 0 is pulled in.
    assert groups(3, (1, 2, 9), (0, 1, -2), (0, 2, 3)) == {frozenset({0, 1, 2})}


borders = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(-1000, 1000),
)


@given(borders, st.permutations(range(8)))
def test_names_of_nodes_do_not_matter_without_ties(weights, names):
    # Distinct powers of two never tie, whatever adds up.
    distinct = {
        pair: 2.0 ** (index % 20) * (1 if weight >= 0 else -1)
        for index, (pair, weight) in enumerate(sorted(weights.items()))
    }
    if len(distinct) > 20:
        return
    plain = groups(8, *((a, b, w) for (a, b), w in distinct.items()))
    renamed = groups(8, *((*sorted((names[a], names[b])), w) for (a, b), w in distinct.items()))
    assert {frozenset(names[node] for node in group) for group in plain} == renamed


@given(borders)
def test_only_negative_borders_join_nothing(weights):
    assert len(groups(8, *((a, b, -abs(w) - 1) for (a, b), w in weights.items()))) == 8
