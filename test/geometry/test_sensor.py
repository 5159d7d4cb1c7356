"""The depth cameras: sigma as their sources give it."""

from __future__ import annotations

import math

import pytest

from grounding_ros.geometry.parameters import SensorParameters
from grounding_ros.geometry.sensor import SENSORS


@pytest.mark.parametrize(
    ("name", "z", "sigma"),
    [
        ("kinect", 0.4, 0.0012),  # Nguyen 2012: 1.2 mm at 0.4 m, 1.9 mm more a squared metre
        ("kinect", 0.2, 0.0012),
        ("kinect", 1.4, 0.0012 + 0.0019),
        ("d435", 2.0, 0.0005 + 0.01),
        ("zed", 1.0, 0.0005 + 0.0019),
        ("ideal", 5.0, 0.0003),
    ],
)
def test_sigma(name: str, z: float, sigma: float) -> None:
    assert SENSORS[name].sigma(z) == pytest.approx(sigma)


def test_pixels_that_err_alike_count_once() -> None:
    assert SENSORS["ideal"].alike_px == 1
    assert SENSORS["d435"].alike_px == pytest.approx(4 * math.pi * 4)


def test_a_noise_that_is_given_replaces_the_models() -> None:
    assert SensorParameters(model="d435").sensor is SENSORS["d435"]
    given = SensorParameters(model="d435", depth_noise=0.01).sensor
    assert given.sigma(2.0) == pytest.approx(0.04)
    assert given.coefficient == 0.01 and given.blur_px == SENSORS["d435"].blur_px
