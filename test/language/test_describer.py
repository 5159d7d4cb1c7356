import numpy as np
import pytest

from grounding_ros.language.describer import (
    Fact,
    counted,
    distinctions,
    enumeration,
    joined,
    singled_out,
    widest_side,
    with_article,
)
from grounding_ros.scene import Detections, Objects3D


def scene(*objects, sizes=None):
    """Objects given as (name, attributes, centre u, centre v) in an image of 100 by 100."""
    boxes = [[u - 5, v - 5, u + 5, v + 5] for _, _, u, v in objects]
    detections = Detections(
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        scores=np.ones(len(objects)),
        labels=tuple(name for name, *_ in objects),
        image_size=(100, 100),
        attributes=tuple(tuple(words.split()) for _, words, *_ in objects),
    )
    if sizes is None:
        return detections, Objects3D.absent(len(objects), "no depth")
    count = len(objects)
    return detections, Objects3D(
        frame_id="base",
        centers=np.zeros((count, 3)),
        rotations=np.tile(np.eye(3), (count, 1, 1)),
        sizes=np.array(sizes, float),
        covariances=np.zeros((count, 3, 3)),
        point_counts=np.ones(count, int),
        reasons=("",) * count,
        up=np.array([0.0, 0, 1]),
    )


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([("mug", "", 50, 50)], ["the mug"]),
        ([("mug", "", 50, 50), ("box", "", 50, 50)], ["the mug", "the box"]),
        (
            [("box", "red box", 20, 50), ("box", "blue box", 80, 50)],
            ["the red box", "the blue box"],
        ),
        (
            [("box", "red tall", 20, 50), ("box", "tall blue flat", 80, 50)],
            ["the red box", "the blue box"],
        ),
        (
            [("red box", "tall", 20, 50), ("red box", "flat", 80, 50)],
            ["the red box on the left", "the red box on the right"],
        ),
        (
            [("red box", "red box", 80, 50), ("red box", "red box", 20, 50)],
            ["the red box on the right", "the red box on the left"],
        ),
        (
            [("box", "tall", 20, 50), ("box", "", 80, 50)],
            ["the box on the left", "the box on the right"],
        ),
        (
            [("cup", "", 50, 50), ("cup", "", 90, 50), ("cup", "", 10, 50)],
            ["the cup in the middle", "the cup on the right", "the cup on the left"],
        ),
        (
            [("can", "", 50, 80), ("can", "", 50, 20)],
            ["the can at the bottom", "the can at the top"],
        ),
        (
            [("can", "", 20, 50), ("jar", "", 50, 50), ("can", "", 80, 50)],
            ["the can on the left", "the jar", "the can on the right"],
        ),
        ([("can", "", 50, 50), ("can", "", 51, 51)], []),
        ([("can", "", u, 50) for u in (10, 40, 60, 90)], []),
    ],
)
def test_objects_are_told_apart_by_what_is_known(objects, expected):
    assert list(distinctions(*scene(*objects), range(len(objects)))) == expected


def test_only_the_asked_rows_are_told_apart():
    detections, objects = scene(("can", "", 10, 50), ("can", "", 40, 50), ("can", "", 90, 50))
    assert distinctions(detections, objects, [2, 0]) == (
        "the can on the right",
        "the can on the left",
    )


@pytest.mark.parametrize(
    ("second", "expected"),
    [((0.2, 0.1, 0.1), ("the smaller can", "the larger can")), ((0.11, 0.1, 0.1), ())],
)
def test_size_tells_apart_what_the_image_does_not(second, expected):
    pair = ("can", "", 50, 50), ("can", "", 51, 51)
    assert distinctions(*scene(*pair, sizes=[(0.1, 0.1, 0.1), second]), [0, 1]) == expected


def test_counting_starts_where_objects_are_spread():
    assert widest_side(scene(("a", "", 10, 50), ("a", "", 90, 60))[0], [0, 1]) == "left"
    assert widest_side(scene(("a", "", 50, 10), ("a", "", 60, 90))[0], [0, 1]) == "top"


def test_an_enumeration_counts_kinds():
    assert enumeration(scene()[0]) == "nothing"
    assert enumeration(scene(("can", "", 1, 1), ("", "", 2, 2), ("can", "", 3, 3))[0]) == (
        "2 cans and an object"
    )
    many = scene(*((name, "", 1, 1) for name in "abcdefg"))[0]
    assert enumeration(many) == "an a, a b, a c, a d, an e and other things"


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_joined(parts, sentence):
    assert joined(parts, "or") == sentence


def test_articles_and_numbers():
    assert with_article("orange box") == "an orange box"
    assert counted(1, "red box") == "a red box"
    assert counted(3, "red box") == "3 red boxes"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), ""),
        (((0, "behind", 2),), "the can behind the bowl"),
        # A word that rules nothing out is not said, and a landmark has a name of its own.
        (((0, "behind", 2), (1, "behind", 2)), ""),
        (((0, "on", 2), (1, "on", 2), (0, "behind", 3)), "the can behind the mug"),
        (((0, "behind", 1),), ""),
    ],
)
def test_relations_single_an_object_out(facts, expected):
    things = [("can", "tall", 50, 50), ("can", "tall", 51, 51), ("bowl", "", 9, 9)]
    detections, _ = scene(*things, ("mug", "", 90, 90))
    known = [Fact(*fact) for fact in facts]
    assert singled_out(detections, 0, range(4), known) == expected


def test_words_come_before_relations():
    detections, _ = scene(("can", "red tall", 50, 50), ("can", "tall", 51, 51), ("bowl", "", 9, 9))
    assert singled_out(detections, 0, range(3), [Fact(0, "on", 2)]) == "the red can"


def test_two_that_look_alike_are_told_apart_by_what_they_stand_on():
    detections, objects = scene(("can", "", 50, 50), ("can", "", 51, 51), ("bowl", "", 9, 9),
                                ("mug", "", 90, 90))  # fmt: skip
    facts = [Fact(0, "on", 2), Fact(1, "behind", 3)]
    assert distinctions(detections, objects, [0, 1], facts) == (
        "the can on the bowl",
        "the can behind the mug",
    )
    assert distinctions(detections, objects, [0, 1], facts[:1]) == ()
