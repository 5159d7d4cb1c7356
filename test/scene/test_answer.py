import numpy as np
import pytest

from grounding_ros.errors import ShapeError
from grounding_ros.scene import Answer, Detections, Objects3D, Status


def answer(chosen, rows=3):
    candidates = Detections(np.zeros((3, 4)), np.zeros(3), ("a", "b", "c"), (4, 5))
    objects = Objects3D.absent(rows, "no depth")
    return Answer(Status.GROUNDED, "", "find", 0, "camera", candidates, objects, chosen=chosen)


def test_the_chosen_set_is_best_first_in_2d_and_3d():
    given = answer((2, 0))
    assert given.detections.labels == ("c", "a")
    assert len(given.objects3d) == 2
    assert len(answer(()).detections) == 0


@pytest.mark.parametrize(
    ("chosen", "rows", "message"),
    [
        ((3,), 3, "chosen: expected rows below 3"),
        ((-1,), 3, "chosen: expected rows below 3"),
        ((), 2, r"objects: expected one a candidate \(3\), got 2"),
    ],
)
def test_what_does_not_fit_together_is_refused(chosen, rows, message):
    with pytest.raises(ShapeError, match=message):
        answer(chosen, rows)
