from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.reasoning import SteadyCount

MS = 1_000_000


def told(counts, period_ms=100, window_s=1.0):
    steady = SteadyCount()
    return [steady.add(k * period_ms * MS, count, window_s) for k, count in enumerate(counts)]


def test_a_flicker_is_not_told():
    assert told([3, 4] * 20) == [3] * 40
    assert told([3, 3, 2, 3, 3, 5, 3, 3, 0, 3]) == [3] * 10


def test_a_change_is_told_once_and_within_the_window():
    assert told([3] * 10 + [4] * 10) == [3] * 16 + [4] * 4
    assert told([3] * 10 + [1] * 10) == [3] * 16 + [1] * 4


def test_the_edge_between_two_counts_does_not_flicker():
    # As many say four as say three: whatever was told stays.
    counts = [3] * 10 + [4, 3] * 30 + [4] * 10 + [3, 4] * 30
    changes = [a for a, b in zip(told(counts), told(counts)[1:], strict=False) if a != b]
    assert changes == [3]


def test_slow_frames_are_told_as_they_are():
    assert told([3, 4, 1, 0], period_ms=1500) == [3, 4, 1, 0]
    assert told([3, 4, 1, 0], window_s=0.0) == [3, 4, 1, 0]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(10, 900))
def test_what_is_told_was_seen_within_the_window_or_stands(counts, period_ms):
    before = counts[0]
    for k, one in enumerate(told(counts, period_ms)):
        window = counts[max(0, k - (999 // period_ms)) : k + 1]
        assert one == before or one in window
        assert one == window[0] or len(set(window)) > 1
        before = one


@given(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=30))
def test_a_count_that_holds_for_a_window_is_told(count, before):
    assert told(before + [count] * 11)[-1] == count
