"""Grasps: goldens worked out by hand, and laws. Scenes are ray-cast: depth and masks are exact."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.geometry.grasp_collision import APPROACH_M
from grounding_ros.geometry.grasp_contact import Whole
from grounding_ros.geometry.grasp_side import side_grasps
from grounding_ros.geometry.grasp_view import GraspView
from grounding_ros.geometry.grasping import GraspPlanner
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.placing import way_to
from grounding_ros.geometry.projection import points_grid
from grounding_ros.geometry.transforms import inverse, rotation_about_z, transform_points
from grounding_ros.scene import Answer, CameraPose, Intrinsics, Objects3D, Status

HAND = GripperParameters()
PLANNER = GraspPlanner(HAND, 0.0005)
CUBE = (0.04, 0.04, 0.04)


SMALL = Intrinsics(320, 240, 262.5, 262.5, 159.5, 119.5)


def standing(world, size, x=0.0, y=0.0, yaw=0.0):
    return world.Cuboid((x, y, size[2] / 2), size, yaw)


def boxes_of(cuboids, frame_id="base"):
    """The cuboids as a lifter without error has them: the first side is the longer one."""
    n = len(cuboids)
    turned = [one.size[0] < one.size[1] for one in cuboids]
    sizes = [
        (b, a, c) if turn else (a, b, c)
        for turn, (a, b, c) in zip(turned, (one.size for one in cuboids), strict=True)
    ]
    yaws = [one.yaw + turn * math.pi / 2 for turn, one in zip(turned, cuboids, strict=True)]
    return Objects3D(
        frame_id=frame_id,
        centers=np.array([one.center for one in cuboids], float).reshape(n, 3),
        rotations=np.array([rotation_about_z(yaw) for yaw in yaws]).reshape(n, 3, 3),
        sizes=np.array(sizes, float).reshape(n, 3),
        covariances=np.zeros((n, 3, 3)),
        point_counts=np.full(n, 100),
        reasons=("",) * n,
        up=np.array([0.0, 0, 1]),
        up_source="tf",
    )


def answer_about(seen, objects, **changes):
    """The first cuboid is the chosen one."""
    fields = {"status": Status.GROUNDED, "text": "", "task": "pick", "stamp_ns": 0}
    fields |= {"frame_id": "camera", "candidates": seen.detections, "objects": objects}
    return Answer(**(fields | {"pose": seen.pose, "chosen": (0,)} | changes))


def looked_at(world, *cuboids, **seeing):
    seen = world.see(list(cuboids), **({"camera": SMALL} | seeing))
    return seen.frame, answer_about(seen, boxes_of(cuboids))


def planned(world, *cuboids, planner=PLANNER, **seeing):
    frame, answer = looked_at(world, *cuboids, **seeing)
    return planner.plan(frame, answer, 0)


def test_a_cube_is_held_over_its_middle(world):
    grasp = planned(world, standing(world, CUBE, 0.1, 0.05))
    assert grasp.kind == "top"
    # The middle of the pads, 1 cm over their ends, comes to half the height of the cube.
    np.testing.assert_allclose(grasp.pose[:3, 3], (0.1, 0.05, 0.01), atol=1e-3)
    np.testing.assert_allclose(grasp.pose[:3, 2], (0, 0, -1), atol=1e-9)
    # Looking along y, the camera sees both sides across x: they are closed on. x of the tool,
    # which completes the frame, is along y then.
    np.testing.assert_allclose(np.abs(grasp.pose[:3, 1]), (1, 0, 0), atol=1e-9)
    np.testing.assert_allclose(
        np.cross(grasp.pose[:3, 1], grasp.pose[:3, 2]), grasp.pose[:3, 0], atol=1e-9
    )
    assert grasp.opening_m == pytest.approx(0.05, abs=2e-3)
    assert 0.5 < grasp.score <= 1


def test_a_long_box_is_held_across_its_middle(world):
    grasp = planned(world, standing(world, (0.16, 0.05, 0.05), yaw=0.5))
    closing = grasp.pose[:2, 1]
    across = (-math.sin(0.5), math.cos(0.5))
    assert abs(closing @ across) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(grasp.pose[:2, 3], (0, 0), atol=2e-3)


def test_a_tall_thing_is_held_from_the_camera_s_side_with_the_hand_level(world):
    grasp = planned(world, standing(world, (0.05, 0.05, 0.24)))
    assert grasp.kind == "side"
    np.testing.assert_allclose(grasp.pose[:3, 0], (0, 0, 1), atol=1e-9)
    np.testing.assert_allclose(grasp.pose[:3, 2], (0, 1, 0), atol=1e-9)  # away from the camera
    # The pads, 2 cm long, are about the middle: their ends are 1 cm beyond it.
    np.testing.assert_allclose(grasp.pose[:3, 3], (0, 0.01, 0.12), atol=2e-3)


def test_a_level_hand_stays_over_the_table(world):
    lowest = HAND.palm_depth_m / 2 + HAND.clearance_m
    low = standing(world, (0.03, 0.03, 0.07))
    seen = GraspView.of(*looked_at(world, low), 0, 0.2, 0.0005)
    found = side_grasps(seen, Whole.of(seen), HAND)
    assert found
    assert min(one.pose[2, 3] for one in found) == pytest.approx(lowest)


def test_lower_neighbours_are_reached_over(world):
    cube = standing(world, (0.04, 0.04, 0.06))
    close = [standing(world, (0.04, 0.02, 0.03), 0.0, 0.032 * side) for side in (-1, 1)] + [
        standing(world, (0.02, 0.1, 0.03), 0.032 * side) for side in (-1, 1)
    ]
    alone, between = planned(world, cube), planned(world, cube, *close)
    assert alone.pose[2, 3] == pytest.approx(0.02, abs=1e-3)
    assert between.kind == "top"
    assert between.pose[2, 3] == pytest.approx(0.04, abs=1e-3)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((0.2, 0.12, 0.05), "wider than the gripper opens (12.0 cm, 8.0 cm)"),
        ((0.05, 0.04, 0.008), "too flat to be held (0.8 cm)"),
        ((0.05, 0.04, 0.0125), "too flat to be held (1.2 cm)"),
    ],
)
def test_what_cannot_be_held_has_a_reason(world, size, words):
    frame, answer = looked_at(world, standing(world, size))
    told = PLANNER.with_grasp(frame, answer)
    assert (told.grasp, told.place_pose) == (None, None)
    assert words in told.no_grasp


def test_walls_around_are_in_the_way(world):
    walls = [standing(world, (0.02, 0.16, 0.12), x) for x in (-0.04, 0.04)]
    walls += [standing(world, (0.06, 0.02, 0.12), 0, y) for y in (-0.04, 0.04)]
    frame, answer = looked_at(
        world,
        standing(world, CUBE),
        *walls,
        base_from_camera=world.looking_at((0.0, -0.05, 0.9), (0.0, 0.0, 0.0)),
    )
    assert PLANNER.with_grasp(frame, answer).no_grasp.startswith("something is in the way")


def test_without_place_or_up_there_is_no_grasp(world):
    seen = world.see([standing(world, CUBE)])
    absent = answer_about(seen, Objects3D.absent(1, "no depth under the mask", "base"))
    assert PLANNER.with_grasp(seen.frame, absent).no_grasp == "no depth under the mask"
    boxes = boxes_of([standing(world, CUBE)])
    unknown = answer_about(seen, replace(boxes, up=np.full(3, np.nan)))
    assert "which way is up" in PLANNER.with_grasp(seen.frame, unknown).no_grasp


def test_the_same_scene_gives_the_same_grasp(world):
    frame, answer = looked_at(world, standing(world, CUBE), standing(world, CUBE, 0.1))
    first, second = (PLANNER.plan(frame, answer, 0) for _ in range(2))
    np.testing.assert_array_equal(first.pose, second.pose)
    assert (first.opening_m, first.score) == (second.opening_m, second.score)


poses = st.tuples(st.floats(-math.pi, math.pi), st.floats(-1, 1), st.floats(-1, 1))


@settings(max_examples=15, deadline=None)
@given(poses)
def test_a_grasp_moves_with_the_scene(world, moved):
    """Seen the same from a base that stands elsewhere, it is the same grasp."""
    yaw, x, y = moved
    other_from_base = np.eye(4)
    other_from_base[:3, :3], other_from_base[:2, 3] = rotation_about_z(yaw), (x, y)
    frame, answer = looked_at(
        world,
        standing(world, CUBE, yaw=0.3),
        standing(world, (0.03, 0.2, 0.1), 0.06),
    )
    boxes = answer.objects
    elsewhere = replace(
        answer,
        pose=CameraPose("other", other_from_base @ answer.pose.base_from_camera),
        objects=replace(
            boxes,
            centers=transform_points(other_from_base, boxes.centers),
            rotations=other_from_base[:3, :3] @ boxes.rotations,
        ),
    )
    here, there = PLANNER.plan(frame, answer, 0), PLANNER.plan(frame, elsewhere, 0)
    expected = other_from_base @ here.pose
    halves = [expected, expected @ np.diag([-1.0, -1, 1, 1])]  # the same to two fingers
    assert min(np.abs(there.pose - half).max() for half in halves) < 1e-4
    assert there.opening_m == pytest.approx(here.opening_m, abs=1e-5)


neighbours = st.lists(
    st.tuples(
        st.floats(0, 2 * math.pi),
        st.floats(0.075, 0.16),
        st.floats(0.02, 0.05),
        st.floats(0.02, 0.2),
        st.floats(0, math.pi),
    ),
    min_size=1,
    max_size=4,
)
targets = st.tuples(st.floats(0.03, 0.12), st.floats(0.02, 0.09), st.floats(0.02, 0.2))


@settings(max_examples=20, deadline=None)
@given(targets, st.floats(0, math.pi), neighbours)
def test_the_open_hand_goes_through_nothing_that_is_seen(world, size, yaw, others):
    cuboids = [standing(world, size, yaw=yaw)]
    cuboids += [
        standing(world, (side, side, height), math.cos(at) * away, math.sin(at) * away, turn)
        for at, away, side, height, turn in others
    ]
    frame, answer = looked_at(world, *cuboids)
    told = PLANNER.with_grasp(frame, answer)
    if told.grasp is None:
        assert told.no_grasp
        return
    grasp = told.grasp
    assert 0 < grasp.opening_m <= HAND.max_opening_m
    local = inverse(grasp.pose) @ answer.pose.base_from_camera
    masks = answer.candidates.masks
    # Behind the object's outline two pixels are left out: there a real sensor mixes depths.
    outline = cv2.dilate(masks[0].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    mixed = outline & (frame.depth > frame.depth[masks[0]].min())
    points = points_grid(frame.depth, frame.intrinsics)[masks[1:].any(axis=0) & ~mixed]
    x, y, z = transform_points(local, points).T
    way = (z < 0) & (z > -HAND.finger_length_m - APPROACH_M)
    span = grasp.opening_m / 2 + HAND.finger_thickness_m
    fingers = (np.abs(x) < HAND.finger_width_m / 2) & (np.abs(y) < span)
    palm = (z < -HAND.finger_length_m) & (np.abs(x) < HAND.palm_depth_m / 2)
    palm &= np.abs(y) < HAND.palm_width_m / 2
    assert not (way & (fingers | palm)).any()


def test_suction_takes_the_middle_of_the_top(world):
    cup = GraspPlanner(GripperParameters(tool="suction"), 0.0005)
    grasp = planned(world, standing(world, (0.12, 0.1, 0.05), 0.03, 0.02), planner=cup)
    assert (grasp.kind, grasp.opening_m) == ("suction", 0.0)
    np.testing.assert_allclose(grasp.pose[:3, 2], (0, 0, -1), atol=0.02)
    np.testing.assert_allclose(grasp.pose[:2, 3], (0.03, 0.02), atol=0.02)
    assert grasp.pose[2, 3] == pytest.approx(0.05, abs=1e-3)


def test_suction_needs_a_top_as_wide_as_the_cup(world):
    cup = GraspPlanner(GripperParameters(tool="suction"), 0.0005)
    frame, answer = looked_at(world, standing(world, (0.1, 0.02, 0.05)))
    assert "flat enough for the suction cup" in cup.with_grasp(frame, answer).no_grasp


@settings(max_examples=30, deadline=None)
@given(poses, poses, st.floats(0, 0.1))
def test_an_object_is_carried_to_the_spot_without_being_turned(world, object_at, spot_at, over):
    yaw, x, y = object_at
    boxes = boxes_of([world.Cuboid((x, y, 0.52), CUBE, yaw)])
    spot = (*spot_at[1:], 0.7)
    foot = np.array([x, y, 0.5])
    arrived = foot + way_to(spot, boxes, 0, over)
    np.testing.assert_allclose(arrived, np.add(spot, (0, 0, over)), atol=1e-9)


def test_a_place_pose_comes_with_a_free_spot_and_is_higher_over_a_rim(world):
    frame, answer = looked_at(world, standing(world, CUBE))
    assert PLANNER.with_grasp(frame, answer).place_pose is None
    placing = replace(answer, free_spot=(0.2, 0.1, 0.05))
    on, into = (PLANNER.with_grasp(frame, placing, over_rim=rim) for rim in (False, True))
    np.testing.assert_allclose(
        on.place_pose[:3, 3] - on.grasp.pose[:3, 3], (0.2, 0.1, 0.05), atol=1e-9
    )
    np.testing.assert_allclose(
        into.place_pose[:3, 3] - on.place_pose[:3, 3], (0, 0, HAND.release_height_m), atol=1e-9
    )


@pytest.mark.parametrize("along", [0, 1], ids="xy")
def test_the_hand_is_turned_on_the_way_where_only_then_it_is_free(world, along):
    """Between two walls there is room for the hand one way round only."""
    cube = standing(world, CUBE, -0.2)
    size = (0.2, 0.02, 0.2) if along == 0 else (0.02, 0.2, 0.2)
    places = [(0.15, -0.06), (0.15, 0.06)] if along == 0 else [(0.09, 0.0), (0.21, 0.0)]
    walls = [standing(world, size, *place) for place in places]
    eye = world.looking_at((0.0, -0.1, 1.1), (0.0, 0.0, 0.0))
    frame, answer = looked_at(world, cube, *walls, base_from_camera=eye)
    free = PLANNER.with_grasp(frame, replace(answer, free_spot=(0.0, -0.3, 0.0)))
    between = PLANNER.with_grasp(frame, replace(answer, free_spot=(0.15, 0.0, 0.0)))
    np.testing.assert_allclose(between.grasp.pose, free.grasp.pose)
    np.testing.assert_allclose(free.place_pose[:3, :3], free.grasp.pose[:3, :3], atol=1e-9)
    assert abs(between.place_pose[along, 1]) == pytest.approx(1, abs=1e-6)
    # The foot is on the spot all the same.
    carried = between.place_pose @ inverse(between.grasp.pose)
    np.testing.assert_allclose(transform_points(carried, (-0.2, 0, 0)), (0.15, 0, 0), atol=1e-9)


def test_air_is_kept_between_the_palm_and_the_top(world):
    """A thing 6.8 cm high is held 2.8 cm over its foot: fingers of 4.5 cm and 5 mm of air."""
    grasp = planned(world, standing(world, (0.06, 0.05, 0.068)))
    assert grasp.kind == "top"
    assert grasp.pose[2, 3] == pytest.approx(0.068 - 0.045 + 0.005, abs=1e-3)
