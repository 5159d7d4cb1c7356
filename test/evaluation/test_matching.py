"""Overlaps and what stands for what, with figures computed by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from grounding_ros.evaluation.metrics.matching import (
    TrueObjects,
    box_ious,
    mask_ious,
    object_ious,
    pairs,
    stand_for,
)
from grounding_ros.perception.segmenters.box import mask_boxes

MASKS = arrays(bool, st.tuples(st.integers(0, 3), st.just(4), st.just(5)))
BOXES = arrays(float, st.tuples(st.integers(0, 3), st.just(4)), elements=st.integers(0, 20))


@pytest.mark.parametrize(
    ("one", "other", "iou"),
    [
        ((0, 0, 4, 4), (0, 0, 4, 4), 1.0),
        ((0, 0, 4, 4), (4, 0, 8, 4), 0.0),  # they touch
        ((0, 0, 4, 4), (2, 0, 6, 4), 1 / 3),  # 8 of 16 + 16 - 8
        ((0, 0, 4, 4), (1, 1, 3, 3), 1 / 4),  # 4 of 16
        ((2, 2, 2, 2), (2, 2, 2, 2), 0.0),  # nothing shares nothing
    ],
)
def test_the_overlap_of_boxes_and_of_the_masks_that_fill_them(detections_of, one, other, iou):
    a, b = detections_of([one]), detections_of([other])
    assert box_ious(a.boxes, b.boxes)[0, 0] == pytest.approx(iou)
    assert mask_ious(a.masks, b.masks)[0, 0] == pytest.approx(iou)


@settings(max_examples=50, deadline=None)
@given(MASKS, MASKS)
def test_the_overlap_of_masks_is_symmetric_and_a_share(a, b):
    ious = mask_ious(a, b)
    assert ((ious >= 0) & (ious <= 1)).all()
    np.testing.assert_array_equal(ious, mask_ious(b, a).T)


@settings(max_examples=50, deadline=None)
@given(BOXES, BOXES)
def test_the_overlap_of_boxes_is_symmetric_and_a_share(a, b):
    ious = box_ious(a, b)
    assert ((ious >= 0) & (ious <= 1)).all()
    np.testing.assert_array_equal(ious, box_ious(b, a).T)


def test_the_box_around_a_mask_ends_behind_it(detections_of):
    windows = [(2, 3, 7, 9), (0, 0, 24, 12), (5, 5, 5, 5)]
    assert mask_boxes(detections_of(windows).masks).tolist() == [
        [2, 3, 7, 9], [0, 0, 24, 12], [0, 0, 0, 0]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("window", "id"),
    [
        ((2, 2, 6, 6), 1),
        ((3, 2, 7, 6), 1),  # 12 of 20
        ((4, 2, 8, 6), None),  # 8 of 24
        ((2, 2, 10, 6), 1),  # 16 of 32: one half is enough
        ((2, 2, 11, 6), None),  # 16 of 36
        ((0, 8, 6, 12), None),
    ],
)
def test_what_a_mask_stands_for(golden_scene, detections_of, window, id):
    assert stand_for(detections_of([window]), TrueObjects.of(golden_scene)) == (id,)


def test_without_a_mask_the_box_tells(golden_scene, detections_of):
    true = TrueObjects.of(golden_scene)
    windows = [(3, 2, 7, 6), (16, 2, 22, 10)]
    bare = replace(detections_of(windows), masks=None)
    assert stand_for(bare, true) == (1, 3)
    empty_mask = detections_of(windows).masks & (np.arange(2) == 1)[:, None, None]
    assert stand_for(bare.with_masks(empty_mask), true) == (1, 3)


def test_nothing_stands_for_nothing(golden_scene, detections_of):
    true = TrueObjects.of(golden_scene)
    assert stand_for(detections_of([]), true) == ()
    bare = TrueObjects.of(replace(golden_scene, objects=(), expressions=()))
    assert stand_for(detections_of([(2, 2, 6, 6)]), bare) == (None,)


def test_pairs_are_one_to_one(golden_scene, detections_of):
    found = detections_of([(2, 2, 6, 5), (2, 2, 6, 6), (16, 2, 22, 9)])
    # 12 of 16 and 16 of 16 of object 1, which only the second gets; 42 of 48 of object 3
    assert pairs(object_ious(found, TrueObjects.of(golden_scene))) == ((1, 0), (2, 2))


@settings(max_examples=50, deadline=None)
@given(order=st.permutations(range(4)), truth_order=st.permutations(range(3)))
def test_the_order_of_objects_changes_nothing(golden_scene, detections_of, order, truth_order):
    scene = golden_scene
    found = detections_of([(2, 2, 6, 6), (10, 2, 14, 5), (16, 2, 22, 9), (0, 8, 6, 12)])
    shuffled = replace(scene, objects=tuple(scene.objects[k] for k in truth_order))
    ids = stand_for(found, TrueObjects.of(scene))
    assert ids == (1, 2, 3, None)
    assert stand_for(found[list(order)], TrueObjects.of(shuffled)) == tuple(ids[k] for k in order)
