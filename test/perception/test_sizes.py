"""Words of size on a detector's boxes, measured in scenes whose objects are known exactly."""

from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language import parse, phrases_of
from grounding_ros.perception.grounders.boxed import Found, grounded
from grounding_ros.scene import Frame

SMALL, MIDDLE, LARGE = 0, 1, 2


@pytest.fixture
def scene(table, solid):
    """Three boxes of 4, 10 and 30 cm, and their boxes in the picture."""
    truth = table(
        [
            solid.box(-0.3, 0.0, (0.04, 0.04, 0.04)),
            solid.box(-0.12, 0.0, (0.1, 0.1, 0.08)),
            solid.box(0.2, 0.1, (0.3, 0.25, 0.25)),
        ]
    )
    boxes = []
    for number in range(1, 4):
        rows, columns = np.nonzero(truth.instances == number)
        boxes.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    return truth.frame, np.array(boxes, np.float32)


def ask(sentence, frame, boxes, support=None):
    def look(frame, texts):
        scores = [[0.6 if text == "box" else 0.1 for text in texts]] * len(boxes)
        return Found(boxes, np.array(scores, np.float32).reshape(len(boxes), len(texts)))

    return grounded(look, frame, phrases_of(parse(sentence)), 0.3, support)


@pytest.mark.parametrize(
    ("sentence", "row"), [("the small box", SMALL), ("the big box", LARGE), ("the tiny box", SMALL)]
)
def test_a_size_is_measured_where_there_is_depth(scene, sentence, row):
    found = ask(sentence, *scene, SupportPlanes())
    assert found.unjudged == ((),)
    assert (found.matches[:, 0] >= 0.3).nonzero()[0].tolist() == [row]
    assert found.masks is None


def test_a_far_box_is_not_smaller_than_a_near_one(table, solid):
    """Of the same 10 cm: neither is small, though one has fewer pixels."""
    truth = table([solid.box(0.0, 0.4, (0.1, 0.1, 0.1)), solid.box(0.0, -0.3, (0.1, 0.1, 0.1))])
    boxes = []
    for number in (1, 2):
        rows, columns = np.nonzero(truth.instances == number)
        boxes.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    far, near = boxes
    assert (far[2] - far[0]) < 0.8 * (near[2] - near[0])
    found = ask("the small box", truth.frame, np.array(boxes, np.float32), SupportPlanes())
    assert np.ptp(found.matches[:, 0]) < 0.2


@pytest.mark.parametrize("missing", ["support", "depth", "camera"])
def test_without_depth_a_size_stays_unjudged(scene, missing):
    frame, boxes = scene
    if missing == "depth":
        frame = replace(frame, depth=None)
    elif missing == "camera":
        frame = replace(frame, intrinsics=None)
    found = ask("the small box", frame, boxes, None if missing == "support" else SupportPlanes())
    assert found.unjudged == (("small",),)
    assert (found.matches[:, 0] >= 0.3).all()


def test_an_object_that_does_not_fit_anyway_needs_no_depth(scene):
    frame, boxes = scene
    x0, y0, x1, y1 = boxes[LARGE].astype(int)
    depth = np.array(frame.depth)
    depth[y0 - 3 : y1 + 3, x0 - 3 : x1 + 3] = np.nan
    scores = np.array([[0.6, 0.1], [0.6, 0.1], [0.1, 0.6]], np.float32)
    phrases = phrases_of(parse("find the small box on the tray"))
    found = grounded(
        lambda frame, texts: Found(boxes, scores),
        replace(frame, depth=depth),
        phrases,
        0.3,
        SupportPlanes(),
    )
    assert found.unjudged == ((), ())
    assert (found.matches[:, 0] >= 0.3).tolist() == [True, False, False]


def test_an_object_without_depth_leaves_the_size_unjudged(scene):
    frame, boxes = scene
    x0, y0, x1, y1 = boxes[SMALL].astype(int)
    depth = np.array(frame.depth)
    depth[y0 - 3 : y1 + 3, x0 - 3 : x1 + 3] = np.nan
    found = ask("the small box", replace(frame, depth=depth), boxes, SupportPlanes())
    assert found.unjudged == (("small",),)


def test_parts_and_unmeasured_sizes_stay_unjudged(scene):
    found = ask("the small wide box with a lid", *scene, SupportPlanes())
    assert found.unjudged == (("wide", "lid"),)


def test_where_nothing_is_found_nothing_is_small():
    """So that the answer is "not found", not that it cannot be judged."""
    frame, empty = Frame(np.zeros((9, 9, 3), np.uint8)), np.zeros((0, 4), np.float32)
    assert ask("the small box", frame, empty, SupportPlanes()).unjudged == ((),)
