"""Laws of the relations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabletop import POSE, Thing, find, grounded, related, seen

from grounding_ros.reasoning import resolve
from grounding_ros.reasoning.layout import layout
from grounding_ros.reasoning.predicates import PREDICATES, judge
from grounding_ros.scene import CameraPose, Detections, Objects3D

metre = st.floats(-0.4, 0.4).map(lambda x: round(x, 3))
side = st.floats(0.02, 0.3).map(lambda x: round(x, 3))
thing = st.builds(
    Thing,
    st.sampled_from(["red box", "blue box", "mug"]),
    metre,
    metre,
    st.sampled_from([0.0, 0.1]),
    st.tuples(side, side, side),
)


def apart(objects):
    """Shift each a little, so that nothing lies exactly on a border, where rounding decides."""
    for at, one in enumerate(objects):
        one.center = one.center + at * np.array([0.00137, 0.00113, 0.00071])
        one.size = one.size + at * np.array([0.00031, 0.00053, 0.00073])
    return objects


things = st.lists(thing, min_size=2, max_size=6).map(apart)


def layout_of(objects, **how):
    return layout(*seen(*objects, **how), POSE)


@given(things, st.booleans())
@pytest.mark.parametrize("name", sorted(PREDICATES))
def test_a_degree_is_from_0_to_1_and_nothing_is_related_to_itself(name, objects, depth):
    if not depth and PREDICATES[name].pixels is None:
        return
    values = judge(name, layout_of(objects, depth=depth)).values
    known = values[np.isfinite(values)]
    assert ((known >= 0) & (known <= 1)).all()
    rows = np.arange(len(objects))
    assert (values[rows, rows] == 0).all()


@given(things, st.booleans())
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("left_of", "right_of"),
        ("behind", "in_front_of"),
        ("above", "below"),
        ("taller_than", "shorter_than"),
        ("larger_than", "smaller_than"),
        ("closer_than", "farther_than"),
        ("in", "contains"),
    ],
)
def test_opposites_are_inverse(one, other, objects, depth):
    around = layout_of(objects, depth=depth)
    np.testing.assert_allclose(judge(one, around).values, judge(other, around).values.T)


@given(things)
@pytest.mark.parametrize("name", ["left_of", "behind", "above", "on", "in", "taller_than"])
def test_no_two_objects_are_so_to_each_other(name, objects):
    holds = judge(name, layout_of(objects)).values >= PREDICATES[name].holds
    assert not (holds & holds.T).any()


@given(things)
@pytest.mark.parametrize("name", ["near", "next_to", "touching", "overlapping", "far_from"])
def test_nearness_is_mutual(name, objects):
    values = judge(name, layout_of(objects)).values
    if name != "touching":  # what stands on something touches it, however rough the boxes
        np.testing.assert_allclose(values, values.T)
    assert np.isfinite(values).all()


def mirrored(objects):
    """Swap left and right."""
    return [
        Thing(" ".join(o.words), o.center[1], o.center[0], o.center[2] - o.size[2] / 2, o.size)
        for o in objects
    ]


@given(things)
def test_a_mirror_swaps_left_and_right_and_nothing_else(objects):
    before, after = layout_of(objects), layout_of(mirrored(objects))
    for name in PREDICATES:
        swapped = {"left_of": "right_of", "right_of": "left_of"}.get(name, name)
        np.testing.assert_allclose(
            judge(name, before).values, judge(swapped, after).values, atol=1e-3
        )


@given(things, st.sampled_from(sorted(PREDICATES)), st.randoms(use_true_random=False))
def test_the_order_of_detections_changes_nothing(objects, predicate, random):
    anchors = ["mug", "red box"] if predicate == "between" else ["mug"]
    instruction = find("box", related(predicate, *anchors))
    detections, lifted = seen(*objects)
    detections = grounded(instruction, objects, detections)
    order = list(range(len(objects)))
    random.shuffle(order)
    before = resolve(instruction, detections, lifted, pose=POSE)
    after = resolve(instruction, detections[order], lifted[order], pose=POSE)
    assert after.status is before.status
    boxes = detections.boxes
    chosen = [boxes[order[row]].tolist() for row in after.chosen]
    assert sorted(chosen) == sorted(boxes[row].tolist() for row in before.chosen)
    assert after.message == before.message


@given(things)
def test_the_frame_of_the_numbers_changes_nothing(objects):
    """The same scene in the base frame and in the camera's own."""
    detections, base = seen(*objects)
    rotation, origin = POSE.base_from_camera[:3, :3], POSE.base_from_camera[:3, 3]
    camera = Objects3D(
        frame_id="camera",
        centers=(base.centers - origin) @ rotation,
        rotations=rotation.T @ base.rotations,
        sizes=base.sizes,
        covariances=base.covariances,
        point_counts=base.point_counts,
        reasons=base.reasons,
        up=rotation.T @ base.up,
        up_source="plane",
        floor=np.array([*(rotation.T @ [0, 0, 1]), -origin[2]]),
    )
    one, other = layout(detections, base, POSE), layout(detections, camera, None)
    np.testing.assert_allclose(one.centers, other.centers, atol=1e-9)
    assert one.floor == pytest.approx(other.floor)
    for name in PREDICATES:
        np.testing.assert_allclose(judge(name, one).values, judge(name, other).values, atol=1e-6)


def test_looking_straight_down_away_is_up_in_the_image():
    down = np.array([[0, -1.0, 0, 0], [-1, 0, 0, 0], [0, 0, -1, 1], [0, 0, 0, 1]])
    detections = Detections(np.zeros((1, 4)), np.ones(1), ("box",), (480, 640))
    _, objects = seen(Thing("box", right=0.1, away=0.2))
    around = layout(detections, objects, CameraPose("base", down))
    np.testing.assert_allclose(around.centers[0, :2], [0.1, 0.2], atol=1e-9)


def test_a_straight_way_has_degree_one_and_a_right_angle_one_half():
    right = [Thing("mug"), Thing("box", away=0.3), Thing("box", away=0.3, right=0.3)]
    values = judge("behind", layout_of(right)).values
    assert values[1, 0] == pytest.approx(1.0)
    assert values[2, 0] == pytest.approx((1 + np.sqrt(0.5)) / 2)
    assert values[2, 1] == pytest.approx(0.5)
    assert values[0, 1] == pytest.approx(0.0)


def test_near_is_one_half_at_15_cm_of_air():
    values = judge("near", layout_of([Thing("mug"), Thing("box", right=0.25)])).values
    assert values[0, 1] == pytest.approx(0.5, abs=1e-6)
    assert judge("near", layout_of([Thing("mug"), Thing("box", right=0.1)])).values[0, 1] == 1.0
