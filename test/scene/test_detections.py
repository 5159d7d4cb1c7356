import numpy as np
import pytest

from grounding_ros.errors import ShapeError
from grounding_ros.scene import Detections


def three(**changes):
    fields = {
        "boxes": [[0, 0, 1, 1], [1, 1, 2, 2], [2, 2, 3, 3]],
        "scores": [0.1, 0.2, 0.3],
        "labels": ("a", "b", "c"),
        "image_size": (4, 5),
        "masks": np.eye(3, 20).astype(bool).reshape(3, 4, 5),
        "phrases": ("p", "q"),
        "matches": [[0, 1], [0.5, 0], [1, 1]],
        "unjudged": ((), ("q",)),
        "attributes": (("red",), (), ("blue",)),
    }
    return Detections(**(fields | changes))


@pytest.mark.parametrize(
    ("keep", "labels"),
    [
        ([2, 0], ("c", "a")),
        ([], ()),
        (np.array([True, False, True]), ("a", "c")),
        (np.zeros(3, bool), ()),
        (np.array([1]), ("b",)),
    ],
)
def test_chosen_rows_keep_everything_that_belongs_to_them(keep, labels):
    whole, some = three(), three()[keep]
    rows = ["abc".index(label) for label in labels]
    assert some.labels == labels
    assert some.attributes == tuple(whole.attributes[row] for row in rows)
    assert some.phrases == whole.phrases
    assert some.unjudged == whole.unjudged
    for name in ("boxes", "scores", "masks", "matches"):
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name)[rows])


def test_defaults_say_that_nothing_matches():
    found = Detections([[0, 0, 1, 1]], [1], ("a",), (4, 5), phrases=("p", "q"))
    np.testing.assert_array_equal(found.matches, [[0, 0]])
    assert found.unjudged == ((), ())
    assert found.attributes == ((),)
    assert found.masks is None


def test_none_found_has_the_shapes_of_none():
    nothing = Detections.empty((4, 5), ("p",))
    assert len(nothing) == 0
    assert nothing.boxes.shape == (0, 4)
    assert nothing.matches.shape == (0, 1)
    assert nothing.phrases == ("p",)
    assert len(nothing[[]]) == 0


def test_arrays_are_float32_and_frozen():
    found = three()
    assert found.boxes.dtype == found.scores.dtype == found.matches.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        found.boxes[0, 0] = 9


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"scores": [1.0]}, r"scores: expected shape \(3\), got \(1,\)"),
        ({"boxes": [[0, 0, 1, 1]]}, "boxes: expected shape"),
        (
            {"masks": np.zeros((3, 5, 4), bool)},
            r"masks: expected shape \(3, 4, 5\), got \(3, 5, 4\)",
        ),
        ({"masks": np.zeros((3, 4, 5), np.uint8)}, "masks: expected dtype bool, got uint8"),
        ({"unjudged": ((),)}, r"unjudged: expected one a phrase \(2\), got 1"),
        ({"attributes": ((),)}, r"attributes: expected one an object \(3\), got 1"),
    ],
)
def test_what_does_not_fit_together_is_refused(wrong, message):
    with pytest.raises(ShapeError, match=message):
        three(**wrong)


def test_masks_are_added_to_the_same_objects():
    bare = three(masks=None)
    masks = np.ones((3, 4, 5), bool)
    assert bare.with_masks(masks).masks.all()
    assert bare.with_masks(masks).labels == bare.labels
    assert bare.masks is None
