import pytest

from grounding_ros.evaluation.metrics.identity import identity_scores


def scores(*frames):
    """Frames as {true object: id}, with nothing found where nothing is."""
    return identity_scores((frame, 0) for frame in frames)


def test_ids_that_stay_are_perfect():
    found = scores({1: 5, 2: 6}, {2: 6, 1: 5}, {1: 5})
    assert (found.frames, found.object_frames, found.ids) == (3, 5, 2)
    assert (found.missed, found.false, found.switched, found.fragmentations) == (0, 0, (), 0)
    assert found.mota == 1


@pytest.mark.parametrize(
    ("frames", "switched", "fragmentations", "missed"),
    [
        # hidden in between: nothing is wrong if the id is the same
        (({1: 5}, {}, {1: 5}), (), 0, 0),
        (({1: 5}, {}, {1: 6}), (1,), 0, 0),
        # to be seen in between, but not found
        (({1: 5}, {1: None}, {1: None}, {1: 5}), (), 1, 2),
        (({1: 5}, {1: None}, {}, {1: 5}), (), 0, 1),
        # found for the first time: it was not lost
        (({1: None}, {1: 5}), (), 0, 1),
        # exchanged, and back
        (({1: 5, 2: 6}, {1: 6, 2: 5}, {1: 5, 2: 6}), (1, 2, 1, 2), 0, 0),
    ],
)
def test_switches_and_fragmentations(frames, switched, fragmentations, missed):
    found = scores(*frames)
    assert (found.switched, found.fragmentations) == (switched, fragmentations)
    assert (found.missed, found.switches) == (missed, len(switched))


def test_everything_that_is_wrong_counts_in_mota():
    found = identity_scores([({1: 5, 2: None}, 1), ({1: 6, 2: 7}, 0)])
    assert (found.missed, found.false, found.switches) == (1, 1, 1)
    assert found.mota == pytest.approx(1 - 3 / 4)
    assert identity_scores([]).mota == 1
