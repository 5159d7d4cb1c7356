"""Which pixels are one object, on scenes whose every pixel is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grounding_ros.geometry.plane import DEPTH_NOISE, SupportPlanes
from grounding_ros.perception.geometric.instances import find_instances
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Intrinsics


def find(truth, **parameters):
    plane = SupportPlanes().of(truth.frame)
    return find_instances(truth.frame, plane, DEPTH_NOISE, PerceptionParameters(**parameters))


def ious(found, truth):
    """Best intersection over union of each true object."""
    seen = np.where(np.isfinite(truth.frame.depth), truth.instances, 0)
    best = []
    for label in range(1, int(truth.instances.max()) + 1):
        true = seen == label
        shared = (found.masks & true).sum(axis=(1, 2))
        joint = (found.masks | true).sum(axis=(1, 2))
        best.append(float((shared / joint).max(initial=0.0)))
    return best


def test_an_empty_table_has_no_objects(table):
    found = find(table([]))
    assert len(found) == 0
    assert found.masks.shape == (0, 480, 640)
    assert found.boxes.shape == (0, 4)


def test_objects_apart_are_found_whole(table, solid):
    truth = table([solid.box(-0.2, 0.0), solid.ball(0.0, 0.05), solid.can(0.2, 0.0)])
    found = find(truth)
    assert len(found) == 3
    assert min(ious(found, truth)) > 0.9


def test_a_box_on_a_box_is_two(table, solid):
    truth = table(
        [
            solid.box(0, 0, size=(0.2, 0.16, 0.05)),
            solid.box(0, 0.01, size=(0.08, 0.08, 0.08), base=0.05),
        ]
    )
    found = find(truth)
    assert len(found) == 2
    assert min(ious(found, truth)) > 0.85


def test_a_can_on_a_box_is_two(table, solid):
    truth = table([solid.box(0, 0, size=(0.2, 0.16, 0.05)), solid.can(0, 0, base=0.05)])
    found = find(truth)
    assert len(found) == 2
    assert min(ious(found, truth)) > 0.85


def test_boxes_of_different_height_that_touch_are_two(table, solid):
    truth = table(
        [solid.box(-0.05, 0, size=(0.1, 0.1, 0.12)), solid.box(0.05, 0.03, size=(0.1, 0.1, 0.06))]
    )
    found = find(truth)
    assert len(found) == 2
    assert min(ious(found, truth)) > 0.85


def test_a_bowl_is_one_with_its_inside(table, solid):
    truth = table([solid.bowl(0, 0)])
    found = find(truth)
    assert len(found) == 1
    assert ious(found, truth)[0] > 0.85


def test_a_box_behind_a_can_is_one_box(table, solid):
    truth = table([solid.box(0, 0.1, size=(0.3, 0.1, 0.06)), solid.can(0, -0.05, height=0.2)])
    pieces = truth.instances[:, :320], truth.instances[:, 320:]
    assert all((piece == 1).sum() > 2000 for piece in pieces)
    found = find(truth)
    assert len(found) == 2
    assert min(ious(found, truth)) > 0.85


def test_an_object_cut_by_the_border_is_found(table, solid):
    truth = table([solid.box(0, -0.33, size=(0.12, 0.12, 0.06))])
    assert (truth.instances[-1] == 1).any()
    found = find(truth)
    assert ious(found, truth)[0] > 0.8
    assert found.boxes[:, 3].max() == 480


@pytest.mark.parametrize(("noise", "holes"), [(1.5e-3, 0.0), (0.0, 0.05), (1.5e-3, 0.05)])
def test_noise_and_holes_do_not_change_the_count(table, solid, noise, holes):
    solids = [solid.box(-0.2, 0.0), solid.can(0.0, 0.05), solid.box(0.2, 0.0, yaw=0.5)]
    truth = table(solids, noise=noise, holes=holes)
    found = find(truth)
    assert len(found) == 3
    assert min(ious(found, truth)) > 0.8


def test_a_hole_in_the_depth_of_an_object_is_its_own(table, solid):
    truth = table([solid.box(0, 0, size=(0.2, 0.16, 0.05))])
    depth = truth.frame.depth.copy()
    rows, columns = np.nonzero(truth.instances == 1)
    v, u = int(rows.mean()), int(columns.mean())
    depth[v - 4 : v + 4, u - 4 : u + 4] = np.nan
    truth = replace(truth, frame=replace(truth.frame, depth=depth))
    found = find(truth)
    assert len(found) == 1
    assert found.masks[0, v - 3 : v + 3, u - 3 : u + 3].all()


def test_without_a_support_everything_may_be_an_object(table, solid):
    truth = table([solid.ball(-0.15, 0.0, 0.06), solid.ball(0.15, 0.0, 0.06)], table=False)
    found = find_instances(truth.frame, None, DEPTH_NOISE, PerceptionParameters())
    assert len(found) == 2
    assert min(ious(found, truth)) > 0.85


def test_what_is_larger_or_smaller_than_asked_for_is_left_out(table, solid):
    truth = table([solid.box(-0.2, 0, size=(0.3, 0.1, 0.06)), solid.box(0.2, 0)])
    assert len(find(truth)) == 2
    assert len(find(truth, max_object_size=0.2)) == 1
    assert len(find(truth, min_object_size=0.2)) == 1


def test_a_larger_picture_is_worked_on_at_the_same_size(table, solid):
    large = Intrinsics(1280, 960, 1050.0, 1050.0, 639.5, 479.5)
    truth = table([solid.box(-0.2, 0.0), solid.can(0.2, 0.05)], camera=large)
    found = find(truth)
    assert found.surface.step == 4
    assert len(found) == 2
    assert min(ious(found, truth)) > 0.85


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_masks_are_disjoint_and_boxes_tight(table, solid, data):
    places = [(-0.25, 0.15), (0.0, 0.15), (0.25, 0.15), (-0.2, -0.1), (0.05, -0.1)]
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=5, unique=True))
    makers = [solid.box, solid.ball, solid.can, solid.bowl]
    truth = table([data.draw(st.sampled_from(makers))(*place) for place in chosen])
    found = find(truth)
    assert found.masks.sum(axis=0).max() <= 1
    assert len(found) == len(chosen)
    for mask, (x0, y0, x1, y1) in zip(found.masks, found.boxes, strict=True):
        rows, columns = np.nonzero(mask)
        assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x0, y0, x1, y1)


def test_the_same_frame_gives_the_same_masks(table, solid):
    truth = table([solid.box(-0.1, 0), solid.can(0.1, 0)], noise=1.5e-3)
    assert np.array_equal(find(truth).masks, find(truth).masks)
