import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.plane import Plane, SupportPlanes, fit_plane
from grounding_ros.geometry.projection import rays
from grounding_ros.scene import Frame, Intrinsics

CAMERA = Intrinsics(320, 240, 260.0, 260.0, 159.5, 119.5)


def seen(*planes: Plane, camera: Intrinsics = CAMERA) -> np.ndarray:
    """Depth (H, W) of the nearest of some endless planes; NaN beyond 4 m."""
    directions = np.dstack([rays(camera), np.ones((camera.height, camera.width))])
    nearest = np.full(directions.shape[:2], np.inf)
    for plane in planes:
        with np.errstate(divide="ignore"):
            depth = plane.offset / (directions @ plane.normal)
        nearest = np.minimum(nearest, np.where(depth > 0, depth, np.inf))
    return np.where(nearest < 4, nearest, np.nan).astype(np.float32)


def frame(depth: np.ndarray) -> Frame:
    return Frame(np.zeros((*depth.shape, 3), np.uint8), depth, CAMERA)


def tilted(degrees: float, distance: float) -> Plane:
    """A table that a camera sees `distance` below it, looking `degrees` down."""
    angle = np.deg2rad(degrees)
    return Plane(np.array((0.0, -np.cos(angle), -np.sin(angle))), -distance)


def test_height_is_positive_on_the_cameras_side():
    table = tilted(90, 1.0)
    assert table.height(np.array(((0.0, 0.0, 0.7), (0.3, 0.1, 1.2)))) == pytest.approx((0.3, -0.2))
    assert table.height(np.zeros(3)) == pytest.approx(1.0)


def test_a_normal_that_is_not_a_unit_vector_is_refused():
    with pytest.raises(GeometryError, match="unit vector"):
        Plane(np.array((0.0, 0.0, -2.0)), -1.0)


def test_no_plane_through_too_few_points_or_a_line():
    assert fit_plane(np.empty((0, 3))) is None
    assert fit_plane(np.eye(3)[:2]) is None
    assert fit_plane(np.outer(np.arange(1.0, 9.0), (0.1, 0.2, 0.3))) is None
    assert fit_plane(np.full((50, 3), np.nan)) is None


@settings(max_examples=40, deadline=None)
@given(
    tilt=st.floats(0, 180),
    turn=st.floats(0, 360),
    distance=st.floats(0.3, 1.2),
    outliers=st.floats(0, 0.4),
    seed=st.integers(0, 1000),
)
def test_a_noisy_plane_among_outliers_is_recovered(tilt, turn, distance, outliers, seed):
    random = np.random.default_rng(seed)
    tilt, turn = np.deg2rad(tilt), np.deg2rad(turn)
    normal = np.array((np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)))
    first = np.linalg.svd(normal[None])[2][1]
    second = np.cross(normal, first)
    spots = random.uniform(-0.5, 0.5, (3000, 2))
    points = spots @ np.stack([first, second]) + distance * normal
    points += 1.5e-3 * random.standard_normal(points.shape)
    stray = random.random(len(points)) < outliers
    points[stray] = random.uniform(-1, 1, (int(stray.sum()), 3)) + distance * normal
    plane = fit_plane(points)
    assert plane is not None
    # The camera is the origin, so the plane through distance * normal looks back along -normal.
    assert plane.normal @ -normal > np.cos(np.deg2rad(1.0))
    assert plane.offset == pytest.approx(-distance, abs=3e-3)


def test_the_same_points_give_the_same_plane():
    points = np.random.default_rng(1).uniform(-1, 1, (5000, 3))
    first, second = fit_plane(points), fit_plane(points.copy())
    assert first is not None and second is not None
    assert np.array_equal(first.normal, second.normal) and first.offset == second.offset


def test_missing_points_do_not_matter():
    points = np.random.default_rng(1).uniform(-1, 1, (500, 3)) * (1, 1, 0) + (0, 0, 0.8)
    plane = fit_plane(np.vstack([points, np.full((500, 3), np.nan)]))
    assert plane is not None
    assert plane.normal == pytest.approx((0, 0, -1), abs=1e-6)
    assert plane.offset == pytest.approx(-0.8)


@pytest.mark.parametrize("degrees", [20, 45, 70, 90])
def test_the_table_is_the_support(degrees):
    table = tilted(degrees, 0.6)
    support = SupportPlanes().of(frame(seen(table)))
    assert support is not None
    assert support.normal == pytest.approx(table.normal, abs=1e-3)
    assert support.offset == pytest.approx(-0.6, abs=1e-3)


def test_a_large_wall_behind_is_not_the_support():
    table = tilted(25, 0.5)
    wall = Plane(np.array((0.0, np.sin(np.deg2rad(25)), -np.cos(np.deg2rad(25)))), -1.1)
    depth = seen(table, wall)
    on_wall = np.isclose(depth, seen(wall), rtol=1e-4)
    assert 0.3 < on_wall.mean() < 0.7
    support = SupportPlanes().of(frame(depth))
    assert support is not None
    assert support.normal == pytest.approx(table.normal, abs=1e-3)


def test_a_table_far_above_the_floor_is_the_support():
    table, floor = tilted(45, 0.6), tilted(45, 1.4)
    depth = seen(floor)
    depth[:, 80:220] = seen(table)[:, 80:220]
    support = SupportPlanes().of(frame(depth))
    assert support is not None
    assert support.offset == pytest.approx(-0.6, abs=2e-3)


def test_no_support_without_depth_camera_or_a_plane():
    rgb = np.zeros((240, 320, 3), np.uint8)
    assert SupportPlanes().of(Frame(rgb)) is None
    assert SupportPlanes().of(Frame(rgb, np.full((240, 320), np.nan, np.float32), CAMERA)) is None
    cloud = np.random.default_rng(0).uniform(0.3, 3.0, (240, 320)).astype(np.float32)
    assert SupportPlanes().of(frame(cloud)) is None


def test_the_frame_is_remembered_and_no_other():
    planes = SupportPlanes()
    first, second = frame(seen(tilted(45, 0.6))), frame(seen(tilted(45, 0.9)))
    once = planes.of(first)
    assert planes.of(first) is once
    other = planes.of(second)
    assert other is not None and other.offset == pytest.approx(-0.9, abs=1e-3)
    again = planes.of(first)
    assert again is not None and once is not None
    assert again.offset == once.offset and np.array_equal(again.normal, once.normal)


def test_a_camera_that_stays_does_not_search_anew(monkeypatch):
    """The plane of the second frame is the one that a search finds, to the last bit."""
    table = seen(tilted(45, 0.6))
    rng = np.random.default_rng(4)
    first, second = (
        frame((table + 1e-3 * rng.standard_normal(table.shape)).astype(np.float32))
        for _ in range(2)
    )
    planes = SupportPlanes()
    assert planes.of(first) is not None
    searched = SupportPlanes().of(second)
    monkeypatch.setattr("grounding_ros.geometry.plane.fit_plane", None)  # a search would call it
    kept = planes.of(second)
    assert kept is not None and searched is not None
    assert np.array_equal(kept.normal, searched.normal) and kept.offset == searched.offset


def test_a_camera_that_moved_a_little_searches_again():
    planes = SupportPlanes()
    planes.of(frame(seen(tilted(45, 0.6))))
    moved = planes.of(frame(seen(tilted(48, 0.62))))
    assert moved is not None and moved.offset == pytest.approx(-0.62, abs=1e-3)
