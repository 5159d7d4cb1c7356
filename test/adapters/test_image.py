"""Images of every encoding and step become the same RGB; broken ones are refused."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.adapters.image import compressed_to_rgb, fill_image, to_rgb
from grounding_ros.errors import InputError

RGB = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3) * 3


def image(pixels, encoding, padding=0, **changes):
    rows = np.ascontiguousarray(pixels).reshape(len(pixels), -1)
    padded = np.pad(rows, ((0, 0), (0, padding)), constant_values=77)
    fields = {
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "encoding": encoding,
        "step": padded.shape[1],
        "is_bigendian": 0,
        "data": padded.tobytes(),
    }
    return SimpleNamespace(**{**fields, **changes})


def with_alpha(pixels):
    return np.dstack([pixels, np.full(pixels.shape[:2], 9, np.uint8)])


@pytest.mark.parametrize("padding", [0, 1, 7])
@pytest.mark.parametrize(
    ("encoding", "pixels"),
    [
        ("rgb8", RGB),
        ("bgr8", RGB[..., ::-1]),
        ("8UC3", RGB[..., ::-1]),
        ("rgba8", with_alpha(RGB)),
        ("bgra8", with_alpha(RGB[..., ::-1])),
    ],
)
def test_colour_encodings_become_the_same_rgb(encoding, pixels, padding):
    np.testing.assert_array_equal(to_rgb(image(pixels, encoding, padding)), RGB)


def test_packed_rgb_is_not_copied():
    message = image(RGB, "rgb8")
    message.data = np.frombuffer(bytearray(message.data), np.uint8)
    assert np.shares_memory(to_rgb(message), message.data)


def test_mono_is_grey():
    grey = RGB[..., 0]
    np.testing.assert_array_equal(to_rgb(image(grey, "mono8", 2)), np.dstack([grey] * 3))


@pytest.mark.parametrize(
    ("encoding", "order"),
    [("yuv422", "uyvy"), ("uyvy", "uyvy"), ("yuv422_yuy2", "yuyv"), ("yuyv", "yuyv")],
)
def test_yuv422_of_pure_red(encoding, order):
    # BT.601 studio range: red is Y 81, U 90, V 240.
    values = {"y": 81, "u": 90, "v": 240}
    pair = [values[letter] for letter in order]
    rows = np.tile(np.array(pair, np.uint8), (2, 2)).reshape(2, 4, 2)
    red = to_rgb(image(rows, encoding))
    assert red.shape == (2, 4, 3)
    np.testing.assert_allclose(red.astype(int), np.broadcast_to([254, 0, 0], (2, 4, 3)), atol=3)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 5))
def test_any_step_gives_back_the_picture(height, width, padding):
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    np.testing.assert_array_equal(to_rgb(image(pixels, "rgb8", padding)), pixels)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (image(RGB, "rgb8", step=17), ["step", "18", "17"]),
        (image(RGB, "rgb8", data=b"123"), ["data", "72", "3"]),
        (image(RGB, "rgb8", height=0), ["empty", "6x0"]),
        (image(RGB, "rgb8", width=0), ["empty", "0x4"]),
        (image(RGB, "bayer_rggb8"), ["bayer_rggb8", "rgb8", "cv_bridge"]),
        (image(RGB[:, :5, :2], "yuyv"), ["even", "5"]),
    ],
)
def test_a_broken_image_is_refused_with_expected_and_got(message, words):
    with pytest.raises(InputError) as error:
        to_rgb(message)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_rare_encoding_goes_through_the_fallback():
    message = image(RGB, "bayer_rggb8")
    seen = to_rgb(message, fallback=lambda m: np.full((1, 1, 3), len(m.encoding), np.uint8))
    assert seen.tolist() == [[[11, 11, 11]]]


@pytest.mark.parametrize(("suffix", "tolerance"), [(".png", 0), (".jpg", 12)])
def test_compressed_images(suffix, tolerance):
    smooth = np.full((16, 16, 3), (200, 40, 90), np.uint8)
    data = cv2.imencode(suffix, smooth[..., ::-1])[1].tobytes()
    rgb = compressed_to_rgb(SimpleNamespace(data=data, format="jpeg"))
    np.testing.assert_allclose(rgb.astype(int), smooth, atol=tolerance)


@pytest.mark.parametrize("data", [b"", b"not a picture"])
def test_compressed_rubbish_is_refused(data):
    with pytest.raises(InputError, match="expected jpeg or png"):
        compressed_to_rgb(SimpleNamespace(data=data, format="jpeg"))


@pytest.mark.parametrize(
    ("encoding", "pixels"),
    [("rgb8", RGB), ("mono16", np.arange(12, dtype=np.uint16).reshape(3, 4))],
)
def test_fill_image_round_trip(encoding, pixels):
    message = fill_image(SimpleNamespace(), "header", pixels, encoding)
    assert (message.height, message.width) == pixels.shape[:2]
    back = np.frombuffer(message.data, pixels.dtype).reshape(pixels.shape)
    np.testing.assert_array_equal(back, pixels)
    assert message.step * message.height == len(message.data)
