"""Lifting against a ray-cast world, and every reason for an absent object."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.errors import InputError
from grounding_ros.geometry import crop
from grounding_ros.geometry.crop import Crop
from grounding_ros.geometry.lifting import Lifter
from grounding_ros.geometry.parameters import LiftingParameters, SensorParameters
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.geometry.sensor import SENSORS
from grounding_ros.geometry.transforms import (
    inverse,
    rotation_about_z,
    transform_covariance,
    transform_points,
    yaw_of,
)
from grounding_ros.scene import CameraPose, Detections, Frame, Intrinsics, Objects3D


def lift(view: Any, pose: CameraPose | None = None, **parameters: Any) -> Objects3D:
    lifter = Lifter(LiftingParameters(**parameters), SupportPlanes())
    return lifter.lift(view.frame, view.detections, pose)


class NoPlane(SupportPlanes):
    def of(self, frame: Frame) -> None:
        return None


def changed(view: Any, depth: Any) -> Any:
    return replace(view, frame=replace(view.frame, depth=depth))


@pytest.fixture(scope="module")
def view(world: SimpleNamespace) -> Any:
    """A tall box, a flat one and one lying to the side, apart from each other."""
    return world.see(
        [
            world.Cuboid((-0.2, 0.0, 0.1), (0.15, 0.08, 0.2), 0.4),
            world.Cuboid((0.2, 0.1, 0.03), (0.2, 0.12, 0.06), -0.7),
            world.Cuboid((0.0, -0.15, 0.05), (0.1, 0.06, 0.1), 1.3),
        ]
    )


def test_of_no_detections_there_are_no_objects(view: Any) -> None:
    nothing = replace(view, detections=Detections.empty((480, 640)))
    for pose in (view.pose, None):
        objects = lift(nothing, pose)
        assert len(objects) == 0 and objects.up_source == ("tf" if pose else "plane")


@settings(max_examples=25, deadline=None)
@given(
    x=st.floats(-0.15, 0.15),
    y=st.floats(-0.15, 0.15),
    size=st.tuples(st.floats(0.12, 0.25), st.floats(0.05, 0.1), st.floats(0.03, 0.25)),
    yaw=st.floats(0.3, 1.2) | st.floats(-1.2, -0.3),  # both sides are seen
)
def test_a_visible_box_is_measured(
    world: SimpleNamespace, x: float, y: float, size: Any, yaw: float
) -> None:
    view = world.see([world.Cuboid((x, y, size[2] / 2), size, yaw)])
    objects = lift(view, view.pose)
    assert objects.frame_id == "base" and objects.up_source == "tf"
    # A pixel is 2 mm wide here, and both ends of a side may fall between two.
    np.testing.assert_allclose(objects.sizes[0], size, atol=4e-3)
    np.testing.assert_allclose(objects.centers[0], (x, y, size[2] / 2), atol=2e-3)
    assert world.angle_between(yaw_of(objects.rotations[0]), yaw) < math.radians(0.5)


@settings(max_examples=20, deadline=None)
@given(degrees=st.floats(0.0, 90.0), width=st.floats(0.05, 0.1), height=st.floats(0.04, 0.15))
def test_a_whole_cuboid_is_right_at_every_yaw(
    world: SimpleNamespace, degrees: float, width: float, height: float
) -> None:
    """Also where the camera, 0.7 m away, sees only one of its sides; a pixel is 1.3 mm wide."""
    yaw = math.radians(degrees)
    view = world.see(
        [world.Cuboid((0.05, 0.02, height / 2), (0.16, width, height), yaw)],
        base_from_camera=world.looking_at((0.0, -0.54, 0.45), (0.0, 0.0, 0.0)),
    )
    lifter = Lifter(LiftingParameters(), SupportPlanes(), SENSORS["ideal"])
    objects = lifter.lift(view.frame, view.detections, view.pose)
    np.testing.assert_allclose(objects.sizes[0], (0.16, width, height), atol=2e-3)
    np.testing.assert_allclose(objects.centers[0], (0.05, 0.02, height / 2), atol=2e-3)
    assert world.angle_between(yaw_of(objects.rotations[0]), yaw) < math.radians(0.5)
    assert objects.assumptions == ("opposite sides are parallel",)


def test_something_of_no_shape_claims_only_what_is_seen(world: SimpleNamespace) -> None:
    """A post on the end of a long bar: a box around both, no assumption, a wide covariance."""
    parts = [
        world.Cuboid((0.0, 0.0, 0.015), (0.3, 0.04, 0.03), 0.5),
        world.Cuboid((0.13 * math.cos(0.5), 0.13 * math.sin(0.5), 0.1), (0.04, 0.04, 0.2), 0.5),
    ]
    view = world.see(parts)
    joined = replace(view, detections=world.seen(view.detections.masks.any(axis=0)[None]))
    objects = lift(joined, view.pose)
    assert objects.assumptions == ("",)
    np.testing.assert_allclose(objects.sizes[0], (0.3, 0.04, 0.2), atol=8e-3)
    np.testing.assert_allclose(objects.centers[0], (0, 0, 0.1), atol=5e-3)
    assert np.sqrt(np.trace(objects.covariances[0])) > 0.01


def test_what_is_hidden_widens_the_covariance_that_way(world: SimpleNamespace) -> None:
    """The right part of a box is behind a post: less is known of it to the right."""
    box = world.Cuboid((0.0, 0.1, 0.05), (0.24, 0.1, 0.1), 0.0)
    post = world.Cuboid((0.12, -0.05, 0.15), (0.16, 0.04, 0.3), 0.0)
    alone = lift(one := world.see([box]), one.pose).covariances[0]
    hidden = lift(two := world.see([box, post]), two.pose).covariances[0]
    assert hidden[0, 0] > 4 * alone[0, 0] and hidden[0, 0] > hidden[1, 1]
    moved = lift(two, two.pose).centers[0, 0]
    assert abs(moved) < 3 * math.sqrt(hidden[0, 0])  # and the truth, 0, is within it


def test_golden_boxes(view: Any, world: SimpleNamespace) -> None:
    objects = lift(view, view.pose)
    assert objects.reasons == ("", "", "")
    expected = [(0.15, 0.08, 0.2), (0.2, 0.12, 0.06), (0.1, 0.06, 0.1)]
    np.testing.assert_allclose(objects.sizes, expected, atol=2e-3)
    expected = [(-0.2, 0.0, 0.1), (0.2, 0.1, 0.03), (0.0, -0.15, 0.05)]
    np.testing.assert_allclose(objects.centers, expected, atol=1e-3)
    for rotation, yaw in zip(objects.rotations, (0.4, -0.7, 1.3), strict=True):
        assert world.angle_between(yaw_of(rotation), yaw) < math.radians(0.5)
        np.testing.assert_allclose(rotation[:, 2], (0, 0, 1), atol=1e-12)


def test_kinect_noise_costs_millimetres(world: SimpleNamespace) -> None:
    cuboid = world.Cuboid((0.05, 0.0, 0.06), (0.18, 0.09, 0.12), 0.6)
    view = world.see([cuboid], noise=1.5e-3)
    objects = lift(view, view.pose)
    np.testing.assert_allclose(objects.sizes[0], cuboid.size, atol=5e-3)
    np.testing.assert_allclose(objects.centers[0], cuboid.center, atol=3e-3)
    assert world.angle_between(yaw_of(objects.rotations[0]), 0.6) < math.radians(1.5)


def test_of_a_large_mask_a_part_of_the_pixels_tells_what_all_do(
    view: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_a_part = lift(view, view.pose)
    assert Crop.of(view.frame, view.detections.masks[0]).step > 1
    monkeypatch.setattr(crop, "_ENOUGH", 1_000_000)
    assert Crop.of(view.frame, view.detections.masks[0]).step == 1
    of_all = lift(view, view.pose)
    np.testing.assert_allclose(of_a_part.centers, of_all.centers, atol=1e-3)
    np.testing.assert_allclose(of_a_part.sizes, of_all.sizes, atol=2e-3)
    np.testing.assert_allclose(of_a_part.point_counts, of_all.point_counts, rtol=0.05)


def test_the_plane_gives_the_same_boxes_as_tf(view: Any) -> None:
    by_tf, by_plane = lift(view, view.pose), lift(view)
    base_from_camera = view.pose.base_from_camera
    assert by_plane.up_source == "plane" and by_plane.frame_id == "camera"
    np.testing.assert_allclose(by_plane.up, base_from_camera[2, :3], atol=1e-3)
    np.testing.assert_allclose(by_plane.sizes, by_tf.sizes, atol=1e-3)
    moved = transform_points(base_from_camera, by_plane.centers)
    np.testing.assert_allclose(moved, by_tf.centers, atol=1e-3)


def test_the_floor_comes_along(view: Any) -> None:
    """In the base frame it is z = 0; in the camera's own the camera is as high over it."""
    by_tf, by_plane = lift(view, view.pose), lift(view)
    np.testing.assert_allclose(by_tf.floor, (0, 0, 1, 0), atol=2e-3)
    np.testing.assert_allclose(by_plane.floor[:3], by_plane.up)
    height = view.pose.base_from_camera[2, 3]
    assert -by_plane.floor[3] == pytest.approx(height, abs=2e-3)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(3)))
def test_shuffled_masks_give_shuffled_objects(view: Any, order: list[int]) -> None:
    objects = lift(view, view.pose)[order]
    shuffled = lift(replace(view, detections=view.detections[order]), view.pose)
    for name in ("centers", "rotations", "sizes", "covariances", "point_counts"):
        assert np.array_equal(getattr(objects, name), getattr(shuffled, name)), name


@settings(max_examples=20, deadline=None)
@given(st.floats(-math.pi, math.pi), st.tuples(*[st.floats(-5, 5)] * 3))
def test_objects_move_with_the_target_frame(view: Any, yaw: float, shift: Any) -> None:
    other_from_base = np.eye(4)
    other_from_base[:3, :3], other_from_base[:3, 3] = rotation_about_z(yaw), shift
    other = CameraPose("other", other_from_base @ view.pose.base_from_camera)
    here, there = lift(view, view.pose), lift(view, other)
    np.testing.assert_allclose(there.sizes, here.sizes, atol=1.5e-3)
    moved = transform_points(other_from_base, here.centers)
    np.testing.assert_allclose(there.centers, moved, atol=1.5e-3)
    turned = transform_covariance(other_from_base, here.covariances)
    np.testing.assert_allclose(there.covariances, turned, atol=2e-6)


def test_rotations_are_canonical_in_any_frame(view: Any) -> None:
    for objects in (lift(view, view.pose), lift(view)):
        for rotation, size in zip(objects.rotations, objects.sizes, strict=True):
            np.testing.assert_allclose(rotation.T @ rotation, np.eye(3), atol=1e-9)
            assert np.linalg.det(rotation) == pytest.approx(1)
            assert rotation[:, 2] @ objects.up == pytest.approx(1)
            assert size[0] >= size[1] and rotation[0, 0] >= -1e-9  # yaw in [-pi/2, pi/2)


def test_covariances_are_valid_and_grow_with_distance(world: SimpleNamespace) -> None:
    cuboid = world.Cuboid((0.0, 0.0, 0.05), (0.2, 0.1, 0.1), 0.5)
    traces = []
    for distance in (0.8, 1.6, 3.2):
        eye = (0.0, -distance, 0.875 * distance)
        view = world.see([cuboid], base_from_camera=world.looking_at(eye, (0, 0, 0)))
        covariance = lift(view, view.pose).covariances[0]
        np.testing.assert_allclose(covariance, covariance.T, atol=1e-15)
        assert (np.linalg.eigvalsh(covariance) > 0).all()
        traces.append(np.trace(covariance))
    assert traces[0] < traces[1] < traces[2]


def test_a_box_on_a_box_ends_where_it_stands(world: SimpleNamespace) -> None:
    below = world.Cuboid((0.0, 0.0, 0.05), (0.3, 0.25, 0.1), 0.2)
    above = world.Cuboid((0.0, 0.0, 0.13), (0.12, 0.08, 0.06), 0.6)
    view = world.see([below, above])
    objects = lift(view, view.pose)
    np.testing.assert_allclose(objects.sizes[1], above.size, atol=4e-3)
    np.testing.assert_allclose(objects.centers[1], above.center, atol=3e-3)


def test_holes_in_the_depth_below_do_not_hide_what_is_there(world: SimpleNamespace) -> None:
    below = world.Cuboid((0.0, 0.0, 0.05), (0.3, 0.25, 0.1), 0.2)
    above = world.Cuboid((0.0, 0.0, 0.13), (0.12, 0.08, 0.06), 0.6)
    view = world.see([below, above])
    depth = view.frame.depth.copy()
    holes = view.detections.masks[0].copy()
    holes[:, ::2] = False
    depth[holes] = np.nan
    objects = lift(changed(view, depth), view.pose)
    assert objects.sizes[1, 2] == pytest.approx(0.06, abs=4e-3)


@pytest.mark.parametrize("with_pose", [True, False])
def test_a_hidden_foot_is_taken_to_the_floor(world: SimpleNamespace, with_pose: bool) -> None:
    behind = world.Cuboid((0.0, 0.15, 0.1), (0.12, 0.08, 0.2), 0.0)
    before = world.Cuboid((0.0, -0.05, 0.08), (0.4, 0.05, 0.16), 0.0)
    view = world.see([behind, before])
    objects = lift(view, view.pose if with_pose else None)
    assert objects.sizes[0, 2] == pytest.approx(0.2, abs=4e-3)
    claimed = lift(view, view.pose if with_pose else None, max_hidden_m=0.0)
    assert claimed.sizes[0, 2] < 0.15  # only what is visible


def test_from_straight_above_a_box_reaches_the_floor(world: SimpleNamespace) -> None:
    cuboid = world.Cuboid((0.1, 0.05, 0.075), (0.2, 0.1, 0.15), 0.5)
    above = world.looking_at((0.1, 0.049, 1.0), (0.1, 0.05, 0.0))
    view = world.see([cuboid], base_from_camera=above)
    objects = lift(view, view.pose)
    np.testing.assert_allclose(objects.sizes[0], cuboid.size, atol=4e-3)
    np.testing.assert_allclose(objects.centers[0], cuboid.center, atol=3e-3)


def test_an_object_cut_by_the_border_holds_what_is_seen(world: SimpleNamespace) -> None:
    cuboid = world.Cuboid((0.62, 0.0, 0.05), (0.3, 0.1, 0.1), 0.0)
    view = world.see([cuboid])
    assert view.detections.masks[0, :, -1].any()
    objects = lift(view, view.pose)
    assert objects.sizes[0, 2] == pytest.approx(0.1, abs=3e-3)
    assert 0.1 < objects.sizes[0, 0] < 0.25


def test_a_mask_over_the_whole_image(world: SimpleNamespace, view: Any) -> None:
    full = replace(view, detections=world.seen(np.ones((1, 480, 640), bool)))
    assert lift(full, view.pose).reasons == ("",)


def test_with_no_up_the_box_is_along_the_camera(world: SimpleNamespace) -> None:
    cuboid = world.Cuboid((0.0, 0.0, 0.5), (0.2, 0.3, 0.1), 0.0)
    front = world.looking_at((0.0, -1.0, 0.5), (0.0, 0.0, 0.5))
    view = world.see([cuboid], base_from_camera=front, floor=False)
    objects = Lifter(LiftingParameters(), NoPlane()).lift(view.frame, view.detections, None)
    assert objects.up_source == "" and np.isnan(objects.up).all() and objects.reasons == ("",)
    assert np.isnan(objects.floor).all()
    np.testing.assert_allclose(objects.rotations[0], [[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    # Only the front is seen: 0.2 wide, 0.1 high, no depth, 0.85 m away.
    np.testing.assert_allclose(objects.sizes[0], (0.2, 0.0, 0.1), atol=4e-3)
    np.testing.assert_allclose(objects.centers[0], (0, 0, 0.85), atol=2e-3)


def test_a_lens_is_taken_into_account(world: SimpleNamespace, view: Any) -> None:
    lens = replace(world.CAMERA, distortion_model="plumb_bob", distortion=(0.3, 0.0, 0.0, 0.0, 0.0))
    bent = replace(view, frame=replace(view.frame, intrinsics=lens))
    apart = np.linalg.norm(lift(bent, view.pose).centers - lift(view, view.pose).centers, axis=1)
    assert (apart[:2] > 1e-3).all()  # the third is near the optical axis
    wild = replace(lens, distortion=(-30.0, 0.0, 0.0, 0.0, 0.0))  # no ray beyond 0.07
    objects = lift(replace(view, frame=replace(view.frame, intrinsics=wild)), view.pose)
    assert "have depth" in objects.reasons[0]


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"depth": None, "missing_3d": "depth is 1280x720, the image 640x480"}, "depth is 1280"),
        ({"depth": None}, "no depth"),
        ({"intrinsics": None}, "no camera_info"),
        (
            {"intrinsics": Intrinsics(640, 480, 525, 525, 319.5, 239.5, "thin_prism")},
            "got 'thin_prism'",
        ),
    ],
)
def test_a_frame_without_3d_says_why(view: Any, missing: Any, reason: str) -> None:
    objects = lift(replace(view, frame=replace(view.frame, **missing)), view.pose)
    assert len(objects) == 3 and not objects.present.any()
    assert all(reason in row for row in objects.reasons)


def test_without_a_transform_nothing_is_guessed(view: Any) -> None:
    lost = CameraPose("base", reason="extrapolation into the future by 32 ms")
    objects = lift(view, lost)
    assert objects.reasons == ("extrapolation into the future by 32 ms",) * 3
    assert objects.frame_id == "base" and objects.up_source == ""
    assert np.isnan(objects.centers).all() and np.isnan(objects.up).all()


def test_detections_without_masks(view: Any) -> None:
    bare = replace(view, detections=replace(view.detections, masks=None))
    assert all("no masks" in reason for reason in lift(bare, view.pose).reasons)


def test_an_absent_object_leaves_the_others_alone(view: Any) -> None:
    masks = view.detections.masks.copy()
    masks[1] = False
    objects = lift(replace(view, detections=view.detections.with_masks(masks)), view.pose)
    assert objects.reasons == ("", "the mask is empty", "")
    assert np.array_equal(objects.centers[[0, 2]], lift(view, view.pose).centers[[0, 2]])


def test_too_little_depth_is_counted(view: Any) -> None:
    depth = np.full((480, 640), np.nan, np.float32)
    rows, columns = np.nonzero(view.detections.masks[0])
    depth[rows[:12], columns[:12]] = 1.0
    objects = lift(changed(view, depth), view.pose)
    total = len(rows)
    assert objects.reasons[0] == (
        f"only 12 of {total} pixels under the mask have depth, 25 are needed (min_points)"
    )
    assert objects.reasons[1].startswith("only 0 of ")


def test_scattered_depth_is_no_surface(view: Any) -> None:
    depth = np.random.default_rng(0).uniform(0.5, 9, (480, 640)).astype(np.float32)
    reasons = lift(changed(view, depth), view.pose).reasons
    assert all("lie on one surface" in reason for reason in reasons)


@pytest.mark.parametrize("limits", [{"min_depth_m": 2.0}, {"max_depth_m": 0.5}])
def test_depth_out_of_range_is_not_believed(view: Any, limits: Any) -> None:
    assert all("only 0 of" in reason for reason in lift(view, view.pose, **limits).reasons)


def test_a_line_of_points_is_a_thin_box(world: SimpleNamespace, view: Any) -> None:
    mask = np.zeros((1, 480, 640), bool)
    mask[0, 400, 200:300] = True  # on the floor
    objects = lift(replace(view, detections=world.seen(mask)), view.pose)
    assert objects.reasons == ("",)
    assert objects.sizes[0, 0] > 0.1
    assert objects.sizes[0, 1:].max() < 2e-3  # a pixel is 2 mm wide there


def test_up_is_the_same_for_the_camera_turned_upside_down(world: SimpleNamespace) -> None:
    cuboid = world.Cuboid((0.05, 0.0, 0.06), (0.18, 0.09, 0.12), 0.6)
    turned = world.looking_at((0.0, -0.8, 0.7), (0.0, 0.0, 0.0)) @ np.diag([-1.0, -1, 1, 1])
    view = world.see([cuboid], base_from_camera=turned)
    objects = lift(view, view.pose)
    np.testing.assert_allclose(objects.sizes[0], cuboid.size, atol=3e-3)
    camera_from_base = inverse(turned)
    np.testing.assert_allclose(
        lift(view).centers[0], transform_points(camera_from_base, cuboid.center), atol=4e-3
    )


def test_parameters_are_checked() -> None:
    with pytest.raises(InputError, match="min_points: expected at least 3, got 1"):
        LiftingParameters(min_points=1)
    with pytest.raises(InputError, match="depth_noise"):
        SensorParameters(depth_noise=math.nan)
    with pytest.raises(InputError, match=r"min_depth_m.*below max_depth_m"):
        LiftingParameters(min_depth_m=3.0, max_depth_m=2.0)
