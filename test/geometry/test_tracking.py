"""Ids that stay: small scenes drawn by hand, with exact centres."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.geometry import tracking
from grounding_ros.geometry.tracking import Tracker
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.scene import Detections, Frame, Objects3D

S = 1_000_000_000
RED, BLUE, GREEN = (200, 30, 30), (30, 40, 200), (30, 160, 40)
HEIGHT, WIDTH, PX_PER_M = 240, 640, 400


class Scene:
    """Squares of 8 cm seen from straight above; `shift` is where the camera has gone, metres."""

    def __init__(self, *things, at_s, shift=0.0, depth=True, camera="camera", base="base"):
        count = len(things)
        rgb = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
        masks = np.zeros((count, HEIGHT, WIDTH), bool)
        boxes = np.zeros((count, 4), np.float32)
        for k, (color, x) in enumerate(things):
            u = round((x - shift) * PX_PER_M) + WIDTH // 2
            boxes[k] = u - 16, 104, u + 16, 136
            masks[k, 104:136, max(u - 16, 0) : max(u + 16, 0)] = True
            rgb[masks[k]] = color
        self.frame = Frame(rgb, stamp_ns=round((at_s + 100) * S), frame_id=camera)
        self.detections = Detections(
            boxes, np.ones(count), ("thing",) * count, (HEIGHT, WIDTH), masks
        )
        self.objects = Objects3D.absent(count, "no depth", base)
        if depth:
            centers = np.array([(x, 0.0, 0.04) for _, x in things]).reshape(-1, 3)
            self.objects = Objects3D(
                frame_id=base,
                centers=centers,
                rotations=np.tile(np.eye(3), (count, 1, 1)),
                sizes=np.full((count, 3), 0.08),
                covariances=np.tile(np.eye(3) * 0.005**2, (count, 1, 1)),
                point_counts=np.full(count, 99),
                reasons=("",) * count,
                up=np.array([0.0, 0, 1]),
            )


def ids(tracker, *things, **where):
    scene = Scene(*things, **where)
    return tracker.follow(scene.frame, scene.detections, scene.objects).ids


@pytest.fixture
def tracker():
    return Tracker(TrackingParameters())


def test_objects_are_numbered_in_their_order_and_keep_their_numbers(tracker):
    assert ids(tracker, (RED, 0.0), (BLUE, 0.3), at_s=0) == (1, 2)
    assert ids(tracker, (BLUE, 0.31), (RED, 0.01), at_s=0.1) == (2, 1)
    assert ids(tracker, (GREEN, -0.3), (BLUE, 0.3), (RED, 0.0), at_s=0.2) == (3, 2, 1)
    assert ids(tracker, at_s=0.3) == ()


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(5)), st.permutations([RED, RED, BLUE, BLUE, GREEN]))
def test_the_order_of_the_detections_never_matters(order, colors):
    things = [(color, 0.15 * k - 0.3) for k, color in enumerate(colors)]
    moved = [(color, x + 0.01) for color, x in things]
    plain, mixed = Tracker(TrackingParameters()), Tracker(TrackingParameters())
    first = ids(plain, *things, at_s=0)
    assert ids(plain, *moved, at_s=0.1) == first == ids(mixed, *things, at_s=0)
    assert ids(mixed, *(moved[k] for k in order), at_s=0.1) == tuple(first[k] for k in order)


@pytest.mark.parametrize(("hidden_s", "kept"), [(0.2, True), (4.8, True), (5.3, False)])
def test_a_hidden_object_keeps_its_id_for_a_while(tracker, hidden_s, kept):
    assert ids(tracker, (RED, 0.0), (BLUE, 0.3), at_s=0) == (1, 2)
    assert ids(tracker, (BLUE, 0.3), at_s=0.1) == (2,)
    assert ids(tracker, (BLUE, 0.3), at_s=0.1 + hidden_s) == (2,)
    assert ids(tracker, (RED, 0.02), at_s=0.2 + hidden_s) == ((1,) if kept else (3,))


def test_time_in_which_nobody_looks_does_not_count(tracker):
    assert ids(tracker, (RED, 0.0), at_s=0) == (1,)
    assert ids(tracker, (RED, 0.0), at_s=900) == (1,)


def test_what_comes_in_front_of_an_object_does_not_take_its_id(tracker):
    assert ids(tracker, (RED, 0.0), at_s=0) == (1,)
    assert ids(tracker, (GREEN, 0.02), at_s=0.1) == (2,)
    assert ids(tracker, (RED, 0.0), (GREEN, 0.1), at_s=0.2) == (1, 2)


def test_of_two_that_look_the_same_each_is_the_nearer_one(tracker):
    assert ids(tracker, (RED, 0.0), (RED, 0.1), at_s=0) == (1, 2)
    assert ids(tracker, (RED, 0.06), (RED, 0.16), at_s=0.1) == (1, 2)  # not the nearest pair first


def test_farther_than_the_gate_is_another_object():
    near, far = (Tracker(TrackingParameters(gate_m=gate)) for gate in (0.05, 0.3))
    for tracker, found in ((near, (2,)), (far, (1,))):
        assert ids(tracker, (RED, 0.0), at_s=0) == (1,)
        assert ids(tracker, (RED, 0.1), at_s=0.1) == found


def test_a_moving_camera_changes_nothing_where_tf_tells_where_it_is(tracker):
    for step in range(20):
        where = {"at_s": 0.1 * step, "shift": 0.03 * step}
        assert ids(tracker, (RED, 0.0), (RED, 0.12), **where) == (1, 2)


def test_without_depth_the_boxes_tell(tracker):
    assert ids(tracker, (RED, 0.0), (RED, 0.12), at_s=0, depth=False) == (1, 2)
    assert ids(tracker, (RED, 0.13), (RED, 0.01), at_s=0.1, depth=False) == (2, 1)
    assert ids(tracker, (RED, 0.5), at_s=0.2, depth=False) == (3,)


def test_a_frame_without_depth_does_not_forget_the_place(tracker):
    assert ids(tracker, (RED, 0.0), at_s=0) == (1,)
    assert ids(tracker, (RED, 0.0), at_s=0.1, depth=False) == (1,)
    # The camera has gone on: the boxes no longer overlap, the places do.
    assert ids(tracker, (RED, 0.0), at_s=0.2, shift=0.4) == (1,)


def test_what_cannot_be_compared_is_not_the_same(tracker):
    assert ids(tracker, (RED, 0.0), at_s=0) == (1,)
    assert ids(tracker, (RED, 0.0), at_s=0.1, base="map", camera="other") == (2,)


def test_forgotten_ids_are_not_given_again(tracker):
    assert ids(tracker, (RED, 0.0), at_s=50) == (1,)
    tracker.clear()
    assert len(tracker) == 0
    assert ids(tracker, (RED, 0.0), at_s=0) == (2,)


def test_memory_is_bounded_and_what_is_in_sight_stays():
    tracker = Tracker(TrackingParameters(max_tracks=3))
    assert ids(tracker, *((RED, 0.2 * k - 0.6) for k in range(5)), at_s=0) == (1, 2, 3, 4, 5)
    assert len(tracker) == 3
    for step in range(1, 40):
        ids(tracker, (BLUE, 0.0), (GREEN, 0.31 * (-1) ** step), at_s=step)
        assert len(tracker) <= 3
    blue = ids(tracker, (BLUE, 0.0), at_s=40)
    assert ids(tracker, (BLUE, 0.0), (RED, 0.3), (RED, 0.5), (RED, -0.3), at_s=41)[0] == blue[0]


def test_ids_fit_into_a_mask_and_stay_unique_when_they_begin_anew(monkeypatch):
    monkeypatch.setattr(tracking, "LARGEST_ID", 5)
    tracker = Tracker(TrackingParameters(max_age_s=0.0))
    seen = []
    for step in range(6):
        found = ids(tracker, (RED, 0.0), (BLUE, 0.3 * (-1) ** step), at_s=step)
        assert found[0] == 1
        seen.append(found[1])
    assert seen == [2, 3, 4, 5, 2, 3]
