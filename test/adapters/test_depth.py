"""Depth images of every kind become metres with NaN for no return."""

import struct
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from grounding_ros.adapters.depth import compressed_depth_to_metres, depth_to_metres
from grounding_ros.errors import InputError

MILLIMETRES = np.array([[0, 1000], [1500, 65535]], np.uint16)
METRES = np.array([[np.nan, 1.0], [1.5, 65.535]], np.float32)


def image(values, encoding, big_endian=False, padding=0):
    ordered = values.astype(values.dtype.newbyteorder(">" if big_endian else "<"))
    rows = np.frombuffer(ordered.tobytes(), np.uint8).reshape(len(values), -1)
    padded = np.pad(rows, ((0, 0), (0, padding)))
    return SimpleNamespace(
        height=values.shape[0],
        width=values.shape[1],
        encoding=encoding,
        step=padded.shape[1],
        is_bigendian=int(big_endian),
        data=padded.tobytes(),
    )


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("padding", [0, 3])
@pytest.mark.parametrize(
    ("encoding", "values"), [("16UC1", MILLIMETRES), ("mono16", MILLIMETRES), ("32FC1", METRES)]
)
def test_every_kind_is_metres(encoding, values, big_endian, padding):
    message = image(values, encoding, big_endian, padding)
    np.testing.assert_allclose(depth_to_metres(message), METRES, rtol=1e-6)


def test_inf_zero_and_negative_are_no_return():
    message = image(np.array([[np.inf, 0.0, -1.0, 2.0]], np.float32), "32FC1")
    np.testing.assert_array_equal(depth_to_metres(message), [[np.nan, np.nan, np.nan, 2.0]])


def test_a_colour_image_on_the_depth_topic_is_refused():
    message = image(MILLIMETRES, "rgb8")
    with pytest.raises(InputError, match=r"16UC1.*'rgb8'.*remapped"):
        depth_to_metres(message)


def png(values):
    return cv2.imencode(".png", values)[1].tobytes()


def test_compressed_16uc1_is_exact():
    data = struct.pack("<iff", 0, 0.0, 0.0) + png(MILLIMETRES)
    message = SimpleNamespace(format="16UC1; compressedDepth png", data=data)
    np.testing.assert_allclose(compressed_depth_to_metres(message), METRES, rtol=1e-6)


def test_compressed_32fc1_is_inverse_depth():
    # depth = a / (value - b): a = 100, b = -10 puts value 40 at 2 m; 0 is no return.
    data = struct.pack("<iff", 0, 100.0, -10.0) + png(np.array([[40, 0]], np.uint16))
    message = SimpleNamespace(format="32FC1; compressedDepth", data=data)
    np.testing.assert_allclose(compressed_depth_to_metres(message), [[2.0, np.nan]])


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("16UC1; compressedDepth rvl", b"0" * 40),
        ("rgb8; jpeg compressed", b"0" * 40),
        ("16UC1; compressedDepth png", b""),
        ("16UC1; compressedDepth png", b"0" * 40),
    ],
)
def test_compressed_rubbish_is_refused(encoding, data):
    with pytest.raises(InputError, match="compressed depth: expected"):
        compressed_depth_to_metres(SimpleNamespace(format=encoding, data=data))
