import math

import numpy as np
import pytest

from grounding_ros.errors import InputError, ShapeError
from grounding_ros.scene import Frame, Intrinsics

CAMERA = {"width": 5, "height": 4, "fx": 10.0, "fy": 11.0, "cx": 2.0, "cy": 1.5}
RGB = np.zeros((4, 5, 3), np.uint8)


def test_a_frame_knows_its_size_and_is_frozen():
    frame = Frame(RGB, np.ones((4, 5)), Intrinsics(**CAMERA))
    assert (frame.height, frame.width) == (4, 5)
    assert frame.depth.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        frame.rgb[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        frame.depth[0] = 1


def test_an_image_is_not_copied():
    assert np.shares_memory(Frame(RGB).rgb, RGB)
    assert RGB.flags.writeable


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rgb": np.zeros((4, 5), np.uint8)}, r"rgb: expected shape \(any, any, 3\), got \(4, 5\)"),
        ({"rgb": np.zeros((4, 5, 3))}, "rgb: expected dtype uint8, got float64"),
        ({"rgb": np.zeros((0, 5, 3), np.uint8)}, "rgb: expected a picture, got an empty one"),
        ({"rgb": RGB, "depth": np.ones((5, 4))}, r"depth: expected shape \(4, 5\), got \(5, 4\)"),
        (
            {"rgb": RGB, "intrinsics": Intrinsics(**(CAMERA | {"width": 6}))},
            "expected the image's size 5x4, got 6x4",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(fields, message):
    with pytest.raises(ShapeError, match=message):
        Frame(**fields)


def test_the_camera_matrix():
    expected = [[10, 0, 2], [0, 11, 1.5], [0, 0, 1]]
    np.testing.assert_array_equal(Intrinsics(**CAMERA).matrix, expected)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"width": 0}, "expected positive width and height, got 0x4"),
        ({"fx": 0.0}, "fx: expected a positive focal length in pixels, got 0.0"),
        ({"fy": math.nan}, "fy: expected a positive focal length"),
        ({"cx": math.inf}, "principal point: expected finite pixels"),
    ],
)
def test_a_camera_without_a_calibration_is_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        Intrinsics(**(CAMERA | wrong))
