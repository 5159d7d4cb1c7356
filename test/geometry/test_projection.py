"""Projection: goldens by hand, the inverse law, OpenCV as the other opinion on lenses."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.errors import InputError, ShapeError
from grounding_ros.geometry.projection import deproject, points_grid, project, rays
from grounding_ros.scene import Intrinsics

PINHOLE = Intrinsics(8, 6, 10.0, 20.0, 3.5, 2.5)
VGA = Intrinsics(640, 480, 525.0, 520.0, 319.5, 239.5)
LENSES = [
    VGA,
    replace(VGA, distortion_model="plumb_bob", distortion=(-0.3, 0.11, 1e-3, -2e-3, 0.0)),
    replace(VGA, distortion_model="plumb_bob", distortion=(0.1, -0.2, 1e-3, -2e-3)),
    replace(
        VGA,
        distortion_model="rational_polynomial",
        distortion=(0.5, -2.6, 1e-3, -3e-4, 1.5, 0.4, -2.4, 1.4),
    ),
    replace(VGA, distortion_model="equidistant", distortion=(-0.03, 0.01, -2e-3, 3e-4)),
]


def test_of_no_pixels_there_are_no_points() -> None:
    for camera in LENSES:
        assert deproject(np.empty((0, 2)), np.empty(0), camera).shape == (0, 3)
        assert project(np.empty((0, 3)), camera).shape == (0, 2)


def test_a_pixel_by_hand() -> None:
    # 5 px right of the centre at f = 10 px and 2 m: 1 m; 4 px down at f = 20 px: 0.4 m.
    assert np.allclose(deproject([[8.5, 6.5]], [2.0], PINHOLE), [[1.0, 0.4, 2.0]])
    assert np.allclose(project(np.array([[1.0, 0.4, 2.0]]), PINHOLE), [[8.5, 6.5]])


def test_rays_by_hand() -> None:
    grid = rays(PINHOLE)
    assert grid.shape == (6, 8, 2) and grid.dtype == np.float32
    np.testing.assert_allclose(grid[0, 0], [-0.35, -0.125], rtol=1e-6)
    np.testing.assert_allclose(grid[5, 7], [0.35, 0.125], rtol=1e-6)


def test_rays_are_remembered_and_cannot_be_spoiled() -> None:
    assert rays(PINHOLE) is rays(replace(PINHOLE))
    with pytest.raises(ValueError, match="read-only"):
        rays(PINHOLE)[0, 0, 0] = 1


def test_nothing_behind_the_camera_has_a_pixel() -> None:
    points = np.array([[0, 0, -1.0], [0, 0, 0.0], [0, 0, math.nan], [0, 0, 1.0]])
    for camera in LENSES:
        pixels = project(points, camera)
        assert np.isnan(pixels[:3]).all()
        assert np.allclose(pixels[3], (camera.cx, camera.cy))


@settings(max_examples=50, deadline=None)
@given(
    camera=st.sampled_from(LENSES),
    pixels=st.lists(
        st.tuples(st.floats(0, 639), st.floats(0, 479), st.floats(0.1, 20)), min_size=1
    ),
)
def test_projecting_a_deprojected_pixel_gives_it_back(
    camera: Intrinsics, pixels: list[tuple[float, float, float]]
) -> None:
    uv, depth = np.array(pixels)[:, :2], np.array(pixels)[:, 2]
    points = deproject(uv, depth, camera)
    assert np.allclose(points[:, 2], depth)
    np.testing.assert_allclose(project(points, camera), uv, atol=1e-4)


@pytest.mark.parametrize("camera", LENSES[1:])
def test_opencv_bends_rays_the_same_way(camera: Intrinsics) -> None:
    points = np.random.default_rng(0).uniform((-0.4, -0.3, 0.9), (0.4, 0.3, 1.1), (100, 3))
    bend = cv2.fisheye if camera.distortion_model == "equidistant" else cv2
    none, lens = np.zeros(3), np.array(camera.distortion)
    expected, _ = bend.projectPoints(points[:, None], none, none, camera.matrix, lens)
    np.testing.assert_allclose(project(points, camera), expected[:, 0], atol=1e-6)


@pytest.mark.parametrize("camera", LENSES)
def test_the_grid_agrees_with_single_pixels(camera: Intrinsics) -> None:
    depth = np.full((480, 640), 1.5, np.float32)
    depth[3, 7] = np.nan
    grid = points_grid(depth, camera)
    assert grid.shape == (480, 640, 3) and grid.dtype == np.float32
    assert np.isnan(grid[3, 7]).all() and np.isfinite(grid).sum() == 3 * (640 * 480 - 1)
    expected = deproject([[600, 20], [0, 479]], [1.5, 1.5], camera)
    np.testing.assert_allclose(grid[[20, 479], [600, 0]], expected, atol=1e-5)


def test_a_distorted_corner_differs_from_a_straight_one() -> None:
    straight, bent = rays(LENSES[0])[0, 0], rays(LENSES[1])[0, 0]
    assert np.linalg.norm(bent) > np.linalg.norm(straight) * 1.05  # a barrel squeezes corners


def test_where_no_ray_lands_there_is_none() -> None:
    # This barrel folds at r = 1 / sqrt(3 * 1.5) = 0.47: nothing lands farther out than 0.31.
    camera = replace(VGA, distortion_model="plumb_bob", distortion=(-1.5, 0.0, 0.0, 0.0))
    pixels = [[319.5 + x * 525, 239.5] for x in (0.30, 0.33, 0.6)]
    points = deproject(pixels, [1.0, 1.0, 1.0], camera)
    assert 0.30 < points[0, 0] < 0.472 and np.isnan(points[1:, :2]).all()


@pytest.mark.parametrize(
    ("model", "coefficients", "message"),
    [
        ("thin_prism", (0.1,), r"plumb_bob, rational_polynomial, equidistant, or none; got 'thin"),
        ("plumb_bob", (0.1, 0.2), "plumb_bob: expected 0 or 4 or 5 coefficients, got 2"),
        ("equidistant", (), "equidistant: expected 4 coefficients, got 0"),
        ("rational_polynomial", (0.1,) * 5, "rational_polynomial: expected 0 or 8"),
    ],
)
def test_a_lens_is_never_guessed(model: str, coefficients: tuple[float, ...], message: str) -> None:
    camera = replace(PINHOLE, distortion_model=model, distortion=coefficients)
    for use in (
        lambda: rays(camera),
        lambda: deproject([[0, 0]], [1], camera),
        lambda: project(np.ones((1, 3)), camera),
    ):
        with pytest.raises(InputError, match=message):
            use()


def test_a_lens_of_zeros_is_a_pinhole() -> None:
    camera = replace(PINHOLE, distortion_model="plumb_bob", distortion=(0.0,) * 5)
    assert np.array_equal(rays(camera), rays(PINHOLE))


def test_sizes_are_checked() -> None:
    with pytest.raises(ShapeError, match=r"camera's size \(6, 8\), got \(8, 6\)"):
        points_grid(np.ones((8, 6), np.float32), PINHOLE)
    with pytest.raises(ShapeError, match=r"one a pixel \(1\), got 2"):
        deproject([[0, 0]], [1, 2], PINHOLE)
