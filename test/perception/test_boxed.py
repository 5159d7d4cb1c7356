"""Boxes and scores to detections: one row an object, whatever phrases found it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.language import parse, phrases_of
from grounding_ros.perception.grounders.boxed import MOST, Found, grounded, merged
from grounding_ros.scene import Frame

MUG, MUG_AGAIN, BOX = [10, 10, 50, 50], [11, 10, 51, 50], [100, 10, 180, 90]
FRAME = Frame(np.zeros((120, 200, 3), np.uint8))


def found(rows):
    boxes, scores = zip(*rows, strict=True)
    return Found(np.array(boxes, np.float32), np.array(scores, np.float32))


def test_what_two_phrases_find_is_one_object_that_answers_both():
    rows, kept = merged(found([(MUG, [0.6, 0.1]), (MUG_AGAIN, [0.2, 0.8])]), 0.3)
    assert rows.tolist() == [1]
    assert kept.boxes.tolist() == [MUG_AGAIN]
    assert kept.scores.tolist() == [pytest.approx([0.6, 0.8])]


def test_a_cake_and_its_plate_stay_two():
    plate, cake = [0, 0, 100, 60], [15, 0, 85, 50]  # they share 0.58 of their union
    rows, _ = merged(found([(plate, [0.6, 0.1]), (cake, [0.1, 0.7])]), 0.3)
    assert rows.tolist() == [1, 0]


def test_empty_boxes_and_low_scores_are_dropped():
    rows, kept = merged(found([([5, 5, 5, 9], [0.9]), (MUG, [0.29]), (BOX, [0.31])]), 0.3)
    assert rows.tolist() == [2]
    assert kept.scores.shape == (1, 1)


def test_a_box_without_area_in_float32_is_an_object_still():
    speck = [5, 5, 5 + 5e-7, 5 + 5e-7]
    rows, kept = merged(found([(speck, [0.9]), (MUG, [0.5])]), 0.3)
    assert rows.tolist() == [0, 1]
    assert kept.scores.tolist() == [[pytest.approx(0.9)], [0.5]]


def test_a_picture_full_of_boxes_keeps_the_best():
    rows = [([9 * n, 0, 9 * n + 8, 8], [0.3 + n / 1000]) for n in range(MOST + 20)]
    kept = merged(found(rows), 0.3)[0]
    assert kept.tolist() == list(range(MOST + 19, 19, -1))


def test_detections_answer_every_phrase_of_the_instruction():
    def look(frame, texts):
        assert texts == ("mug", "red mug", "box")
        return found([(MUG, [0.7, 0.9, 0.0]), (BOX, [0.0, 0.1, 0.5]), (MUG_AGAIN, [0.6, 0.5, 0])])

    phrases = phrases_of(parse("find the small mug that is not red beside the box"))
    detections = grounded(look, FRAME, phrases, 0.3)
    assert detections.boxes.tolist() == [MUG, BOX]
    assert detections.labels == ("red mug", "box")
    assert detections.scores == pytest.approx([0.9, 0.5])
    assert detections.masks is None
    assert detections.phrases == tuple(phrase.text for phrase in phrases)
    assert (detections.matches > 0).tolist() == [[True, True, False], [False, False, True]]
    assert detections.unjudged == (("small",), (), ())
    assert detections.attributes == (("mug", "red"), ("box",))


def test_no_phrases_no_objects():
    nothing = Found(np.array([MUG], np.float32), np.zeros((1, 0), np.float32))
    assert len(grounded(lambda frame, texts: nothing, FRAME, (), 0.3)) == 0


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 60), min_size=4, max_size=4),
            st.lists(st.floats(0, 1, width=32), min_size=2, max_size=2),
        ),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_boxes_does_not_matter(rows, random):
    """Where scores are equal any order is right: only sets of distinct scores are compared."""
    top = [max(scores) for _, scores in rows]
    if len(set(top)) < len(top):
        return
    first = merged(found(rows), 0.2)[1]
    random.shuffle(rows)
    second = merged(found(rows), 0.2)[1]
    assert first.boxes.tolist() == second.boxes.tolist()
    assert first.scores.tolist() == second.scores.tolist()
