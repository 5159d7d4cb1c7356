from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters import build_segmenter
from grounding_ros.scene import Detections, Frame


def segmenter(name):
    return build_segmenter(PerceptionParameters(segmenter=name), SupportPlanes())


def detections(boxes, size=(480, 640)):
    return Detections(
        np.array(boxes, np.float32), np.ones(len(boxes)), ("thing",) * len(boxes), size
    )


def box_of(mask, margin=0):
    rows, columns = np.nonzero(mask)
    return (
        columns.min() - margin,
        rows.min() - margin,
        columns.max() + 1 + margin,
        rows.max() + 1 + margin,
    )


def iou(first, second):
    return (first & second).sum() / (first | second).sum()


def test_a_box_mask_fills_its_box():
    frame = Frame(np.zeros((60, 80, 3), np.uint8))
    found = segmenter("box").segment(frame, detections([(10, 20, 30, 25)], (60, 80)))
    expected = np.zeros((60, 80), bool)
    expected[20:25, 10:30] = True
    assert np.array_equal(found.masks[0], expected)


@pytest.mark.parametrize("box", [(-10, -5, 20, 10), (70, 50, 100, 90), (200, 200, 300, 300)])
def test_a_box_beyond_the_image_is_cut(box):
    frame = Frame(np.zeros((60, 80, 3), np.uint8))
    found = segmenter("box").segment(frame, detections([box], (60, 80)))
    assert found.masks.shape == (1, 60, 80)
    inside = max(0, min(box[2], 80) - max(box[0], 0)) * max(0, min(box[3], 60) - max(box[1], 0))
    assert found.masks[0].sum() == inside


@pytest.mark.parametrize("name", ["box", "depth"])
def test_nothing_to_segment(name):
    frame = Frame(np.zeros((60, 80, 3), np.uint8))
    assert segmenter(name).segment(frame, Detections.empty((60, 80))).masks.shape == (0, 60, 80)


@pytest.mark.parametrize("name", ["box", "depth"])
def test_masks_that_are_there_are_kept(name):
    frame = Frame(np.zeros((60, 80, 3), np.uint8))
    given = detections([(1, 1, 5, 5)], (60, 80)).with_masks(np.ones((1, 60, 80), bool))
    assert segmenter(name).segment(frame, given) is given


@pytest.mark.parametrize("noise", [0.0, 1.5e-3])
@pytest.mark.parametrize("margin", [0, 12])
def test_depth_cuts_the_object_out_of_its_box(table, solid, noise, margin):
    truth = table([solid.box(-0.15, 0), solid.can(0.1, 0.05)], noise=noise)
    true = [truth.instances == label for label in (1, 2)]
    found = segmenter("depth").segment(
        truth.frame, detections([box_of(mask, margin) for mask in true])
    )
    assert all(iou(mask, mine) > 0.85 for mask, mine in zip(true, found.masks, strict=True))


def test_depth_takes_the_object_in_front(table, solid):
    truth = table([solid.box(0, 0.15, size=(0.3, 0.05, 0.2)), solid.can(0, -0.05)])
    can = truth.instances == 2
    found = segmenter("depth").segment(truth.frame, detections([box_of(can, 3)]))
    assert iou(can, found.masks[0]) > 0.85


def test_without_depth_the_mask_is_the_box(table, solid):
    truth = table([solid.box(0, 0)])
    boxes = [box_of(truth.instances == 1)]
    flat = Frame(truth.frame.rgb)
    blind = replace(truth.frame, depth=np.full((480, 640), np.nan, np.float32))
    for frame in (flat, blind):
        found = segmenter("depth").segment(frame, detections(boxes))
        assert box_of(found.masks[0]) == boxes[0]
        assert found.masks[0].sum() == (boxes[0][2] - boxes[0][0]) * (boxes[0][3] - boxes[0][1])
