"""What a point, a box, an outline or a scribble shows, and how it is described."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tabletop import POSE, Thing, grounded, seen

from grounding_ros.language import parse
from grounding_ros.reasoning import point_out, resolve
from grounding_ros.scene import Detections, Objects3D, Region

SIZE = (240, 320)
TRAY, MUG, SPOON, BOX = (
    (40, 60, 240, 200),
    (100, 90, 140, 150),
    (115, 95, 121, 105),
    (260, 90, 300, 130),
)


def things(*boxes, labels=None, masked=True):
    """Objects that fill these boxes; a later one hides what is below it."""
    masks = np.zeros((len(boxes), *SIZE), bool)
    for row, (x0, y0, x1, y1) in enumerate(boxes):
        masks[:, y0:y1, x0:x1] = False
        masks[row, y0:y1, x0:x1] = True
    count = len(boxes)
    return Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.ones(count),
        labels or ("tray", "mug", "spoon", "box")[:count],
        SIZE,
        masks if masked else None,
    )


def pointed(detections, *points, **options):
    objects = Objects3D.absent(len(detections), "no depth")
    return point_out(Region(points), detections, objects, **options)


TABLE = things(TRAY, MUG, SPOON, BOX)


@pytest.mark.parametrize(
    ("points", "row"),
    [
        (((60, 80),), 0),
        (((105, 100),), 1),
        (((118, 100),), 2),
        (((257, 100),), 3),  # beside the box by a few pixels
        (((0, 0),), None),
        (((252, 100),), None),
        (((102, 110), (110, 140)), 1),  # a small box on the mug
        (((55, 70), (70, 190)), 0),  # a small box on the tray
        (((310, 140), (250, 80)), 3),  # a box around the box, its corners in any order
        (((250, 80), (310, 80), (310, 140), (250, 140)), 3),
        (((45, 65), (95, 65), (95, 195), (45, 195), (45, 65)), 0),
        (((0, 0), (30, 0), (30, 30)), None),
    ],
)
@pytest.mark.parametrize("masked", [True, False])
def test_the_object_under_a_region(points, row, masked):
    if not masked and len(points) > 1 and row == 1:
        return  # its box holds the spoon's, and nothing tells that the spoon hides it
    found = pointed(TABLE if masked else things(TRAY, MUG, SPOON, BOX, masked=False), *points)
    assert found.status.value == ("not_found" if row is None else "grounded")
    assert found.chosen == (() if row is None else (row,))
    assert found.message == ("I see no object there" if row is None else f"the {LABELS[row]}")


LABELS = ("tray", "mug", "spoon", "box")


def circle(u, v, radius, count=40):
    turns = [2 * math.pi * k / count for k in range(count)]
    return [(u + radius * math.cos(turn), v + radius * math.sin(turn)) for turn in turns]


def stroke(start, end, count=30):
    return np.linspace(start, end, count).tolist()


def test_a_circle_means_what_is_in_it_and_a_stroke_what_is_below_it():
    assert pointed(TABLE, *circle(280, 110, 40)).chosen == (3,)
    assert pointed(TABLE, *stroke((265, 95), (295, 125))).chosen == (3,)
    assert pointed(TABLE, *stroke((45, 65), (60, 190))).chosen == (0,)
    # A hook around the mug, open: nothing but the tray is below the line.
    hook = (
        stroke((90, 80), (90, 160)) + stroke((90, 160), (150, 160)) + stroke((150, 160), (150, 80))
    )
    assert pointed(TABLE, *hook).chosen == (0,)
    assert pointed(TABLE, *hook, *stroke((150, 80), (90, 80))).status.value == "ambiguous"


def test_a_scribble_over_two_equally_asks_which_one():
    two = things((20, 20, 120, 120), (180, 20, 280, 120), labels=("red box", "blue box"))
    found = pointed(two, *stroke((40, 70), (260, 70)))
    assert found.status.value == "ambiguous"
    assert set(found.chosen) == {0, 1}
    assert found.question in {
        "Which one: the red box or the blue box?",
        "Which one: the blue box or the red box?",
    }
    mostly = pointed(two, *stroke((25, 70), (200, 70)))
    assert (mostly.status.value, mostly.chosen) == ("grounded", (0,))


def test_without_any_object_there_is_nothing():
    assert pointed(things(), (5, 5)).status.value == "not_found"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 320), st.floats(0, 240)), min_size=1, max_size=30))
def test_whatever_is_chosen_is_under_the_region(points):
    found = pointed(TABLE, *points)
    us, vs = np.array(points).T
    for row in found.chosen:
        x0, y0, x1, y1 = TABLE.boxes[row]
        assert x0 - 5 <= us.max() and us.min() <= x1 + 5
        assert y0 - 5 <= vs.max() and vs.min() <= y1 + 5
    assert bool(found.chosen) == (found.status.value != "not_found")


ROW = [Thing("red box", right=-0.3), Thing("red box"), Thing("red box", right=0.3)]


@pytest.mark.parametrize(
    ("around", "row", "message"),
    [
        ([Thing("red box"), Thing("blue can", right=0.3)], 0, "the red box"),
        (ROW, 0, "the red box on the left"),
        (ROW, 1, "the red box in the middle"),
        (
            [
                Thing("red box", right=-0.3, bottom=0.1),
                Thing("blue box", right=-0.3, size=(0.2, 0.2, 0.1)),
                *(Thing("red box", right=0.2 * k) for k in range(3)),
            ],
            0,
            "the red box on the blue box",
        ),
        (
            [*ROW, Thing("red box", away=0.3), Thing("red box", right=0.3, away=0.3)],
            1,
            "one of 5 red boxes",
        ),
    ],
)
def test_the_description_fits_no_other_and_can_be_said_to_the_robot(around, row, message):
    detections, objects = seen(*around)
    x0, y0, x1, y1 = detections.boxes[row].tolist()
    masks = np.zeros((len(around), 480, 640), bool)
    masks[row, round(y0) : round(y1), round(x0) : round(x1)] = True
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    found = point_out(Region((middle,)), replace(detections, masks=masks), objects, pose=POSE)
    assert (found.chosen, found.message) == ((row,), message)
    if message.startswith("the"):
        instruction = parse(f"pick up {message}")
        said = resolve(instruction, grounded(instruction, around, detections), objects, pose=POSE)
        assert (said.status.value, said.chosen) == ("grounded", (row,))
