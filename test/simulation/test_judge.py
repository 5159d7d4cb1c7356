"""Where things may end, and whose fault it is when they do not: cases written by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.scene import Intrinsics
from grounding_ros.simulation.camera import Camera
from grounding_ros.simulation.catalog import kind_named
from grounding_ros.simulation.pick_and_place.deed import Deed
from grounding_ros.simulation.pick_and_place.judge import Verdict, judge, misplaced
from grounding_ros.simulation.pick_and_place.state import HAND, TABLE, Lying, level_gap
from grounding_ros.simulation.pick_and_place.task import ANCHOR, Task
from grounding_ros.simulation.plan import Thing

UP = np.array([0.0, 0.0, 1.0])


def block(x, y, z, side, height, touches=(TABLE,), up=UP):
    """A block whose foot's middle is at (x, y, z)."""
    corners = np.array(np.meshgrid((-1, 1), (-1, 1), (0, 2))).reshape(3, -1).T
    points = corners * (side / 2, side / 2, height / 2) + (x, y, z)
    return Lying(points, np.asarray(up, float), frozenset(touches))


BOWL = block(0.1, 0.0, 0.0, 0.16, 0.06)


@pytest.mark.parametrize(
    ("predicate", "target", "why"),
    [
        ("in", block(0.1, 0.02, 0.01, 0.04, 0.05, {ANCHOR}), ""),
        ("in", block(0.17, 0.0, 0.055, 0.04, 0.05, {ANCHOR}), ""),
        ("in", block(0.1, 0.0, 0.065, 0.2, 0.02, {ANCHOR}), "it lies on the rim"),
        ("in", block(0.2, 0.0, 0.0, 0.04, 0.05, {ANCHOR, TABLE}), "it does not rest in it"),
        ("in", block(0.1, 0.0, 0.3, 0.04, 0.05, {HAND}), "it does not rest in it"),
        ("on", block(0.12, 0.0, 0.06, 0.04, 0.05, {ANCHOR}), ""),
        ("on", block(0.1, 0.0, 0.06, 0.04, 0.05, {2}), "it does not rest on it"),
        ("on", block(0.19, 0.0, 0.06, 0.1, 0.05, {ANCHOR}), "its middle is 0.09 m off"),
        # Its nearest side is 0.1 + 0.08 + gap + 0.02 off the bowl's middle.
        ("next_to", block(0.1 + 0.08 + 0.14 + 0.02, 0.0, 0.0, 0.04, 0.05), ""),
        ("next_to", block(0.1 + 0.08 + 0.17 + 0.02, 0.0, 0.0, 0.04, 0.05), "it is 0.17 m off"),
        ("next_to", block(0.22, 0.0, 0.0, 0.04, 0.05, {TABLE, ANCHOR}), ""),
        ("next_to", block(0.1, 0.0, 0.06, 0.04, 0.05, {ANCHOR}), "it does not stand on the table"),
    ],
)
def test_where_it_belongs(predicate, target, why):
    assert misplaced(predicate, target, BOWL) == why


def test_the_gap_is_between_the_nearest_points_of_the_shadows():
    a = block(0.0, 0.0, 0.0, 0.2, 0.1)
    assert level_gap(a, block(0.25, 0.0, 0.5, 0.1, 0.1)) == pytest.approx(0.1, abs=1e-6)
    assert level_gap(a, block(0.08, 0.05, 0.5, 0.1, 0.1)) == 0.0
    corner = block(0.1 + 0.03 + 0.05, 0.1 + 0.04 + 0.05, 0.0, 0.1, 0.1)
    assert level_gap(a, corner) == pytest.approx(0.05, abs=1e-6)  # 3, 4, 5
    assert level_gap(corner, a) == level_gap(a, corner)


def task(kind, predicate="next_to"):
    thing = Thing(kind_named(kind), "small", ("red",), (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))
    bowl = replace(thing, kind=kind_named("bowl"))
    camera = Camera(Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5), np.eye(4))
    return Task("put it there", predicate, (thing, bowl), camera)


BEFORE = (block(-0.2, 0.0, 0.0, 0.05, 0.06), BOWL)
LEANING = (math.sin(math.radians(30)), 0.0, math.cos(math.radians(30)))


@pytest.mark.parametrize(
    ("kind", "deed", "verdict"),
    [
        ("can", Deed(0.22, True, (block(0.3, 0, 0, 0.05, 0.06), BOWL)), Verdict()),
        (
            "can",
            Deed(0.01, True, (block(0.3, 0, 0, 0.05, 0.06), BOWL)),
            Verdict("grasp", "it rose by 0.01 m when it was lifted"),
        ),
        (
            "can",
            Deed(-0.74, False, (block(0.3, 0, -0.74, 0.05, 0.06), BOWL)),
            Verdict("grasp", "it rose by 0.00 m when it was lifted"),
        ),
        (
            "can",
            Deed(0.22, False, (block(0.3, 0, 0, 0.05, 0.06), BOWL)),
            Verdict("physics", "it slipped from the hand on the way"),
        ),
        (
            "can",
            Deed(0.22, True, (block(0.3, 0, 0, 0.05, 0.06, up=LEANING), BOWL)),
            Verdict("place", "it fell over"),
        ),
        # A ball has no right way up.
        ("ball", Deed(0.22, True, (block(0.3, 0, 0, 0.05, 0.06, up=LEANING), BOWL)), Verdict()),
        (
            "can",
            Deed(0.22, True, (block(0.605, 0, 0, 0.05, 0.06), BOWL)),
            Verdict("place", "it is 0.40 m off"),
        ),
    ],
)
def test_the_first_stage_that_failed_is_blamed(kind, deed, verdict):
    assert judge(task(kind), BEFORE, deed) == verdict


def test_in_a_bowl_a_can_may_lie():
    lying = block(0.1, 0.0, 0.01, 0.05, 0.04, {ANCHOR}, up=(1.0, 0.0, 0.0))
    assert judge(task("can", "in"), BEFORE, Deed(0.22, True, (lying, BOWL))) == Verdict()
    on = judge(task("can", "on"), BEFORE, Deed(0.22, True, (lying, BOWL)))
    assert on == Verdict("place", "it fell over")
