import math

import pytest

from grounding_ros.errors import InputError
from grounding_ros.scene import Region


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ((), "region: expected 1 to 10000 points in pixels, got 0"),
        (((1.0, 2.0),) * 10001, "expected 1 to 10000 points in pixels, got 10001"),
        (((1.0, math.nan),), "expected finite pixels, got NaN or infinity"),
        (((1.0, 2.0), (math.inf, 3.0)), "expected finite pixels"),
    ],
)
def test_what_is_no_region_is_refused(points, message):
    with pytest.raises(InputError, match=message):
        Region(points)


@pytest.mark.parametrize("point", [(0, 0), (64, 48), (63.9, 0.5)])
def test_a_region_in_the_image_is_admitted(point):
    Region((point,)).check(48, 64, "camera")
    Region((point,), "camera").check(48, 64, "camera")
    Region((point,), "camera").check(48, 64, "")


@pytest.mark.parametrize("point", [(-1, 5), (5, -0.1), (64.5, 5), (5, 49), (1e30, 5)])
def test_a_point_outside_the_image_is_refused(point):
    with pytest.raises(InputError, match=r"expected pixels of the 64x48 image, got \("):
        Region(((5, 5), point)).check(48, 64, "camera")


def test_a_polygon_of_another_frame_is_refused():
    message = 'whose frame is "camera", got a polygon in "map"; give it the frame of the image'
    with pytest.raises(InputError, match=message):
        Region(((5, 5),), "map").check(48, 64, "camera")
