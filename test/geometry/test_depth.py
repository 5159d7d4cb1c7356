"""Every rule about raw depth, one row each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from grounding_ros.errors import InputError, ShapeError
from grounding_ros.geometry.depth import to_metres

NAN = math.nan


@pytest.mark.parametrize(
    ("raw", "dtype", "metres"),
    [
        ([[]], np.uint16, [[]]),
        ([[]], np.float32, [[]]),
        ([[0, 1, 1500, 65535]], np.uint16, [[NAN, 0.001, 1.5, 65.535]]),
        ([[1.5, 0.0, -0.0, -1.0]], np.float32, [[1.5, NAN, NAN, NAN]]),
        ([[NAN, math.inf, -math.inf, 0.25]], np.float32, [[NAN, NAN, NAN, 0.25]]),
    ],
)
def test_raw_depth_to_metres(raw: list[Any], dtype: Any, metres: list[Any]) -> None:
    converted = to_metres(np.array(raw, dtype))
    assert converted.dtype == np.float32
    np.testing.assert_allclose(converted, np.array(metres, np.float32), rtol=1e-6)


def test_a_driver_with_its_own_unit() -> None:
    raw = np.array([[5000, 0]], np.uint16)  # the TUM data set: 5000 is a metre
    np.testing.assert_allclose(to_metres(raw, depth_scale=1 / 5000), [[1.0, NAN]], rtol=1e-6)


def test_a_float_image_is_in_metres_whatever_the_scale() -> None:
    raw = np.array([[2.0]], np.float32)
    assert to_metres(raw, depth_scale=0.0002)[0, 0] == 2.0


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_the_buffer_is_used_and_the_input_kept(dtype: Any) -> None:
    raw = np.array([[0, 3]], dtype)
    raw.flags.writeable = False
    buffer = np.full((1, 2), 7, np.float32)
    assert to_metres(raw, out=buffer) is buffer
    assert np.isnan(buffer[0, 0]) and buffer[0, 1] == np.float32(0.003 if dtype == np.uint16 else 3)
    assert raw.tolist() == [[0, 3]]


@pytest.mark.parametrize(
    "raw",
    [
        np.zeros((2, 2), np.uint8),
        np.zeros((2, 2), np.float64),
        np.zeros((2, 2), np.int16),
        np.zeros((2, 2, 1), np.uint16),
        np.zeros(4, np.float32),
    ],
)
def test_other_arrays_are_refused(raw: Any) -> None:
    with pytest.raises(ShapeError, match=r"expected \(H, W\) uint16 or float32"):
        to_metres(raw)


def test_a_buffer_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError, match="out"):
        to_metres(np.zeros((2, 2), np.uint16), out=np.zeros((2, 3), np.float32))


@pytest.mark.parametrize("scale", [0.0, -0.001, NAN, math.inf])
def test_a_scale_is_positive(scale: float) -> None:
    with pytest.raises(InputError, match="depth_scale"):
        to_metres(np.zeros((1, 1), np.uint16), depth_scale=scale)
