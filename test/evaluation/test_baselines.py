"""Answers without thought."""

import pytest

from grounding_ros.evaluation.metrics.baselines import (
    always_not_found,
    largest_object,
    word_overlap,
)
from grounding_ros.scene import Status


@pytest.fixture
def found(detections_of):
    return detections_of(
        [(2, 2, 6, 6), (10, 2, 14, 6), (16, 2, 22, 10)],
        labels=("red box", "blue box", "grey ball"),
        attributes=(("small", "red"), ("blue",), ("large",)),
    )


def test_always_not_found(found):
    outcome = always_not_found("the red box", found)
    assert (outcome.status, outcome.chosen, outcome.count) == (Status.NOT_FOUND, (), 0)


def test_the_largest_object(found):
    outcome = largest_object("the red box", found)
    assert (outcome.status, outcome.chosen, outcome.ranking) == (Status.GROUNDED, (2,), (2, 0, 1))


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("pick up the small red box", (0,)),  # three words against one
        ("the boxes", (0, 1)),  # singular and plural are one word
        ("Large BALL?", (2,)),
        ("the blue ball", (1, 2)),  # one word each: it does not understand
        ("the mug", ()),
    ],
)
def test_the_most_common_words(found, text, chosen):
    outcome = word_overlap(text, found)
    assert outcome.chosen == chosen
    assert outcome.count == len(chosen)
    assert (outcome.status is Status.GROUNDED) == bool(chosen)


@pytest.mark.parametrize("baseline", [always_not_found, largest_object, word_overlap])
def test_where_nothing_is_found(detections_of, baseline):
    assert baseline("the box", detections_of([])).status is Status.NOT_FOUND
