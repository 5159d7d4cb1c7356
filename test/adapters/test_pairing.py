"""Image and depth are paired by stamp; clocks that jump and streams that lag do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.adapters.pairing import StampPairer

MS = 1_000_000


def pairer(**changes):
    return StampPairer(**{"slop_ns": 20 * MS, "wait_ns": 500 * MS, **changes})


def test_nothing_gives_nothing():
    assert pairer().take() is None


def test_equal_stamps_are_a_pair():
    p = pairer()
    p.add_image(100 * MS, "image")
    assert p.take() is None
    p.add_depth(100 * MS, "depth")
    pair = p.take()
    assert (pair.image, pair.depth, pair.stamp_ns) == ("image", "depth", 100 * MS)
    assert p.take() is None


def test_the_nearest_depth_within_the_slop_is_taken():
    p = pairer()
    for stamp in (85, 104, 130):
        p.add_depth(stamp * MS, stamp)
    p.add_image(100 * MS, "image")
    assert p.take().depth == 104


def test_beyond_the_slop_there_is_no_pair_until_patience_ends():
    p = pairer()
    p.add_image(100 * MS, "image")
    p.add_depth(121 * MS, "depth")
    assert p.take() is None
    pair = p.take(impatient=True)
    assert pair.depth is None
    assert "20 ms" in pair.missing_depth
    assert "21 ms away" in pair.missing_depth


def test_patience_also_ends_by_the_stamps():
    p = pairer()
    p.add_image(0, "old")
    assert p.take() is None
    p.add_image(500 * MS, "new")
    pair = p.take()
    assert (pair.image, pair.depth) == ("new", None)
    assert "no depth image came" in pair.missing_depth


def test_after_one_wait_without_any_depth_no_image_waits_again():
    p = pairer()
    p.add_image(0, "a")
    p.take(impatient=True)
    p.add_image(33 * MS, "b")
    assert p.take().image == "b"
    p.add_depth(60 * MS, "depth")
    p.add_image(70 * MS, "c")
    assert p.take().depth == "depth"


def test_without_depth_by_wish_every_image_goes_at_once():
    p = pairer(use_depth=False)
    p.add_image(0, "a")
    assert "use_depth" in p.take().missing_depth


def test_the_newest_pair_wins_and_the_others_are_counted():
    p = pairer()
    for k in range(4):
        p.add_image(k * 33 * MS, k)
        p.add_depth(k * 33 * MS, k)
    assert p.take().image == 3
    assert p.skipped == 3


def test_a_newest_image_still_waiting_does_not_hide_a_pair():
    p = pairer()
    p.add_image(0, "a")
    p.add_depth(0, "a")
    p.add_image(33 * MS, "b")
    assert p.take().image == "a"
    p.add_depth(33 * MS, "b")
    assert p.take().image == "b"


def test_late_images_are_counted_and_dropped():
    p = pairer(use_depth=False)
    p.add_image(100 * MS, "a")
    p.take()
    p.add_image(50 * MS, "late")
    p.add_image(100 * MS, "twice")
    assert p.take() is None
    assert p.late == 2


def test_a_jump_back_clears_once():
    p = pairer(use_depth=False)
    p.add_image(10_000 * MS, "future")
    p.take()
    p.add_image(8_999 * MS, "a")
    p.add_image(9_032 * MS, "b")
    assert p.resets == 1
    assert p.take().image == "b"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3_000)), max_size=80))
def test_memory_is_bounded_and_stamps_only_go_forward(arrivals):
    p = pairer(capacity=4)
    taken, resets = [], 0
    for is_image, stamp in arrivals:
        (p.add_image if is_image else p.add_depth)(stamp * MS, stamp)
        assert len(p._images) <= 4
        assert len(p._depths) <= 4
        if p.resets > resets:
            taken, resets = [], p.resets
        pair = p.take()
        if pair is not None:
            assert pair.depth is None or abs(pair.depth - pair.image) <= 20
            taken.append(pair.stamp_ns)
    assert taken == sorted(set(taken))


@pytest.mark.parametrize("jump_ms", [1, 999])
def test_a_small_step_back_is_only_late(jump_ms):
    p = pairer(use_depth=False)
    p.add_image(5_000 * MS, "a")
    p.take()
    p.add_image((5_000 - jump_ms) * MS, "b")
    assert (p.resets, p.late) == (0, 1)
