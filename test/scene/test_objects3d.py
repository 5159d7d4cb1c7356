import numpy as np
import pytest

from grounding_ros.errors import ShapeError
from grounding_ros.scene import Objects3D


def two(**changes):
    fields = {
        "frame_id": "base_link",
        "centers": [[1.0, 2, 3], [np.nan, np.nan, np.nan]],
        "rotations": np.stack([np.eye(3), np.full((3, 3), np.nan)]),
        "sizes": [[0.1, 0.2, 0.3], [np.nan] * 3],
        "covariances": np.zeros((2, 3, 3)),
        "point_counts": [50, 0],
        "reasons": ("", "no depth"),
        "up": [0.0, 0, 1],
    }
    return Objects3D(**(fields | changes))


def test_present_are_those_without_a_reason():
    assert two().present.tolist() == [True, False]
    assert Objects3D.absent(0, "").present.shape == (0,)


def test_chosen_rows_keep_their_order_and_frame():
    swapped = two()[[1, 0]]
    assert swapped.reasons == ("no depth", "")
    assert swapped.frame_id == "base_link"
    np.testing.assert_array_equal(swapped.centers[1], [1, 2, 3])
    assert len(two()[np.array([False, False])]) == 0


def test_absent_objects_are_nan_with_the_same_reason():
    absent = Objects3D.absent(2, "no tf", "camera")
    assert absent.reasons == ("no tf", "no tf")
    assert np.isnan(absent.centers).all()
    assert np.isnan(absent.up).all()
    assert absent.up_source == ""


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"reasons": ("", "")}, "row 1: expected either a finite centre or a reason"),
        ({"reasons": ("why", "no depth")}, "row 0: expected either a finite centre or a reason"),
        ({"reasons": ("",)}, "centers: expected shape"),
        ({"up": [0.0, 1]}, r"up: expected shape \(3\)"),
        ({"point_counts": [0.5, 1]}, "point_counts: expected dtype int64"),
    ],
)
def test_what_does_not_fit_together_is_refused(wrong, message):
    with pytest.raises(ShapeError, match=message):
        two(**wrong)
