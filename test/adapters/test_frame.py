"""Messages become a frame; what is wrong with depth or camera_info leaves it 2D, with a reason."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from grounding_ros.adapters.frame import CameraInfos, stamp_ns, to_frame
from grounding_ros.adapters.pairing import Pair
from grounding_ros.errors import InputError

STAMP = 12_000_000_345
RGB = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def header(frame_id="optical"):
    return SimpleNamespace(stamp=SimpleNamespace(sec=12, nanosec=345), frame_id=frame_id)


def image(pixels=RGB, encoding="rgb8", frame_id="optical"):
    rows = np.ascontiguousarray(pixels)
    return SimpleNamespace(
        header=header(frame_id),
        height=pixels.shape[0],
        width=pixels.shape[1],
        encoding=encoding,
        step=pixels.shape[1] * pixels[:1, :1].nbytes,
        is_bigendian=0,
        data=rows.tobytes(),
    )


def depth(millimetres=800, size=(4, 6), **changes):
    return image(np.full(size, millimetres, np.uint16), "16UC1", **changes)


def compressed(pixels, kind, extension=".png", lead=b""):
    data = lead + cv2.imencode(extension, pixels)[1].tobytes()
    return SimpleNamespace(header=header(), format=kind, data=data)


def info(width=6, height=4, frame_id="optical", fx=5.0, **changes):
    fields = {
        "header": header(frame_id),
        "width": width,
        "height": height,
        "k": [fx, 0, 2.5, 0, 5.0, 1.5, 0, 0, 1],
        "p": [9.0, 0, 2.5, 0, 0, 9.0, 1.5, 0, 0, 0, 1, 0],
        "d": [],
        "distortion_model": "plumb_bob",
        "binning_x": 0,
        "binning_y": 0,
        "roi": SimpleNamespace(x_offset=0, y_offset=0, width=0, height=0),
    }
    return SimpleNamespace(**(fields | changes))


def cameras(*messages, rectified=False):
    known = CameraInfos(rectified=rectified)
    for message in messages:
        known.put(message)
    return known


def pair(colour=None, far=None, missing=""):
    return Pair(STAMP, colour or image(), far, missing)


def test_a_whole_pair_becomes_a_whole_frame():
    frame = to_frame(pair(far=depth()), cameras(info()))
    np.testing.assert_array_equal(frame.rgb, RGB)
    np.testing.assert_allclose(frame.depth, np.full((4, 6), 0.8))
    assert (frame.intrinsics.fx, frame.intrinsics.cx) == (5.0, 2.5)
    assert (frame.stamp_ns, frame.frame_id, frame.missing_3d) == (STAMP, "optical", "")


def test_the_camera_parameter_says_whether_p_or_k_holds():
    assert to_frame(pair(), cameras(info(), rectified=True)).intrinsics.fx == 9.0


def test_compressed_messages_become_the_same_frame():
    bgr = np.full((4, 6, 3), (10, 20, 30), np.uint8)
    colour = compressed(bgr, "bgr8; png compressed bgr8")
    far = compressed(np.full((4, 6), 800, np.uint16), "16UC1; compressedDepth", lead=bytes(12))
    frame = to_frame(pair(colour, far), cameras(info()))
    assert frame.rgb[0, 0].tolist() == [30, 20, 10]
    np.testing.assert_allclose(frame.depth, np.full((4, 6), 0.8))
    assert frame.missing_3d == ""


def test_what_the_pairing_missed_is_passed_on():
    frame = to_frame(pair(missing="no depth image came"), cameras(info()))
    assert (frame.depth, frame.missing_3d) == (None, "no depth image came")
    assert frame.intrinsics is not None


@pytest.mark.parametrize(
    ("far", "known", "words"),
    [
        (depth(frame_id="other"), [info()], ["depth frame", "'optical'", "'other'", "align_depth"]),
        (depth(size=(2, 3)), [info()], ["depth size", "6x4", "3x2", "registered"]),
        (image(), [info()], ["rgb8", "16UC1"]),
        (compressed(RGB, "16UC1; compressedDepth"), [info()], ["compressed depth", "12 bytes"]),
        (depth(), [], ["camera_info", "'optical'", "6x4", "got none"]),
        (depth(), [info(frame_id="other")], ["camera_info", "'optical'", "'other' 6x4"]),
        (depth(), [info(width=12)], ["camera_info", "6x4", "12x4"]),
        (depth(), [info(fx=0.0)], ["fx", "0.0", "calibrate"]),
        (depth(), [info(fx=float("nan"))], ["fx", "nan"]),
    ],
)
def test_a_wrong_depth_or_camera_leaves_the_picture_and_says_why(far, known, words):
    frame = to_frame(pair(far=far), cameras(*known))
    np.testing.assert_array_equal(frame.rgb, RGB)
    assert frame.depth is None or frame.intrinsics is None
    assert all(word in frame.missing_3d for word in words), frame.missing_3d


@pytest.mark.parametrize(
    "colour",
    [image(encoding="smell8"), image(RGB[:0]), compressed(RGB, "", ".bmp")],
)
def test_an_image_that_cannot_be_read_is_an_error(colour):
    if hasattr(colour, "format"):
        colour.data = colour.data[:20]
    with pytest.raises(InputError):
        to_frame(pair(colour), cameras(info()))


def test_another_converter_reads_what_ours_does_not():
    frame = to_frame(pair(image(encoding="nv12")), cameras(info()), lambda message: RGB[::-1])
    np.testing.assert_array_equal(frame.rgb, RGB[::-1])


def test_the_newest_camera_info_of_the_image_wins():
    known = cameras(info(fx=1.0), info(width=12, fx=2.0), info(frame_id="other", fx=3.0))
    assert known.find("optical", 6, 4).fx == 1.0
    assert known.find("optical", 12, 4).fx == 2.0
    assert known.find("other", 6, 4).fx == 3.0
    known.put(info(fx=4.0))
    assert known.find("optical", 6, 4).fx == 4.0


def test_a_cropped_and_binned_camera_is_found_by_the_size_of_its_image():
    roi = SimpleNamespace(x_offset=2, y_offset=0, width=12, height=8)
    known = cameras(info(width=640, height=480, binning_x=2, binning_y=2, roi=roi))
    assert known.find("optical", 6, 4).cx == (2.5 - 2) / 2


def test_of_two_that_give_the_same_size_the_one_heard_last_wins():
    roi = SimpleNamespace(x_offset=0, y_offset=0, width=6, height=4)
    cropped, whole = info(width=640, height=480, roi=roi, fx=7.0), info(fx=8.0)
    known = cameras(cropped, whole)
    assert known.find("optical", 6, 4).fx == 8.0
    known.put(cropped)
    assert known.find("optical", 6, 4).fx == 7.0


def test_only_so_many_cameras_are_remembered():
    known = cameras(*(info(frame_id=f"camera{k}") for k in range(16)))
    known.put(info(frame_id="camera0"))  # it is still in use
    known.put(info(frame_id="camera16"))
    with pytest.raises(InputError, match="camera16"):
        known.find("camera1", 6, 4)
    assert known.find("camera0", 6, 4).width == 6
    assert known.find("camera2", 6, 4).width == 6


def test_nanoseconds_of_a_header():
    assert stamp_ns(header()) == STAMP
