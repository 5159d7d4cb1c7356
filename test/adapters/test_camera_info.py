"""camera_info becomes the camera of the very image, cropped and binned."""

from types import SimpleNamespace

import pytest

from grounding_ros.adapters.camera_info import to_intrinsics
from grounding_ros.errors import InputError


def info(**changes):
    fields = {
        "width": 640,
        "height": 480,
        "k": [500.0, 0, 320.0, 0, 510.0, 240.0, 0, 0, 1],
        "p": [400.0, 0, 300.0, 0, 0, 410.0, 220.0, 0, 0, 0, 1, 0],
        "d": [0.1, -0.2, 0.0, 0.0, 0.0],
        "distortion_model": "plumb_bob",
        "binning_x": 0,
        "binning_y": 0,
        "roi": SimpleNamespace(x_offset=0, y_offset=0, width=0, height=0),
    }
    return SimpleNamespace(**{**fields, **changes})


def test_a_raw_image_has_k_and_its_distortion():
    camera = to_intrinsics(info(), rectified=False)
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == (500, 510, 320, 240)
    assert camera.distortion_model == "plumb_bob"
    assert camera.distortion[:2] == (0.1, -0.2)


def test_a_rectified_image_has_p_and_no_distortion():
    camera = to_intrinsics(info(), rectified=True)
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == (400, 410, 300, 220)
    assert (camera.distortion_model, camera.distortion) == ("", ())


def test_zero_coefficients_are_no_distortion():
    assert to_intrinsics(info(d=[0.0] * 5), rectified=False).distortion_model == ""


def test_roi_is_cut_before_binning():
    roi = SimpleNamespace(x_offset=20, y_offset=40, width=320, height=200)
    camera = to_intrinsics(info(roi=roi, binning_x=2, binning_y=2), rectified=False)
    assert (camera.width, camera.height) == (160, 100)
    assert (camera.fx, camera.fy, camera.cx, camera.cy) == (250, 255, 150, 100)


@pytest.mark.parametrize("focal", [0.0, -1.0, float("nan"), float("inf")])
def test_a_focal_length_that_is_none_is_refused(focal):
    with pytest.raises(InputError, match="positive focal length"):
        to_intrinsics(info(k=[focal, 0, 320.0, 0, 510.0, 240.0, 0, 0, 1]), rectified=False)
