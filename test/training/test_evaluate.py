from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.language.parser import parse
from grounding_ros.scene import Detections, Frame
from grounding_ros.simulation.truth import Expression, Scene, SceneObject
from training.evaluate import _is_plain, measure
from training.scenes import _questions
from training.tally import Tally

TRUE = {1: (slice(5, 15), slice(5, 15)), 2: (slice(5, 15), slice(30, 45))}


@pytest.fixture
def scene():
    """A mug and a tin."""
    instances = np.zeros((40, 60), np.uint16)
    for id, place in TRUE.items():
        instances[place] = id
    spoken = [
        ("attribute", "the mug", (1,)),
        ("attribute", "the tin", (2,)),
        ("count", "how many mugs are there", (1,)),
        ("absent", "the banana", ()),
        ("relation2d", "the mug left of the tin", (1,)),
    ]
    return Scene(
        name="s0",
        frame=Frame(np.zeros((40, 60, 3), np.uint8)),
        instances=instances,
        objects=(SceneObject(1, ("mug", "cup"), ()), SceneObject(2, ("tin", "can"), ())),
        expressions=tuple(
            Expression("s0", f"s0-{number}", text, kind, ids)
            for number, (kind, text, ids) in enumerate(spoken)
        ),
    )


class Told:
    """Finds both objects and calls them what it was told; everything fits what `fits` says."""

    def __init__(self, labels, fits):
        self.labels, self.fits = labels, fits

    def ground(self, frame, phrases):
        masks = np.zeros((2, frame.height, frame.width), bool)
        for mask, place in zip(masks, TRUE.values(), strict=True):
            mask[place] = True
        boxes = np.array([(c.start, r.start, c.stop, r.stop) for r, c in TRUE.values()], np.float32)
        matches = [[float(row in self.fits.get(p.head, ())) for p in phrases] for row in (0, 1)]
        return Detections(
            boxes, np.ones(2, np.float32), self.labels, (frame.height, frame.width), masks,
            tuple(p.text for p in phrases), np.array(matches, np.float32).reshape(2, len(phrases)),
            tuple(() if p.head in self.fits else (p.head,) for p in phrases),
        )  # fmt: skip


def row(scene, labels, fits):
    return measure(lambda: Told(labels, fits), [scene]).row()


def test_counts_are_told_apart_by_the_true_number():
    tally = Tally(
        counts=[(0, True), (0, False), (3, True), (5, True), (6, False), (30, True), (31, False)],
        densities=[(3, 3.5), (5, 4.0), (12, 12.0)],
    )
    told = {span: value for span, value in tally.by_count().items() if value[1]}
    assert told == {"0": (0.5, 2), "1-5": (1, 2), "6-10": (0, 1), "21-30": (1, 1)}
    assert tally.density()["1-5"] == (0.75, 2)
    assert tally.density()["11-20"] == (0, 1)


def test_a_colour_is_right_where_the_label_says_one_of_them(scene):
    painted = replace(
        scene, objects=(SceneObject(1, ("mug",), ("red", "white")), SceneObject(2, ("tin",), ()))
    )
    assert row(painted, ("white mug", "tin"), {})["color"] == 1
    assert row(painted, ("blue mug", "tin"), {})["color"] == 0


@pytest.mark.parametrize(
    ("text", "plain"),
    [("the mug", True), ("the red mug", True), ("the big mug", False),
     ("the mug behind the box", False), ("the objects", True)],
)  # fmt: skip
def test_only_nouns_and_colours_are_asked_for(text, plain):
    assert _is_plain(parse(text).target) is plain


def test_right_answers_have_full_marks(scene):
    got = row(scene, ("red cup", "can"), {"mug": [0], "tin": [1], "banana": []})
    full = ("recall", "precision", "iou", "named", "f1", "acc.5", "acc.75", "counts")
    assert {name: got[name] for name in full} == dict.fromkeys(full, 1)
    assert got["absent"] == 0


def test_wrong_answers_cost_what_they_should(scene):
    got = row(scene, ("mug", "mug"), {"mug": [0, 1], "tin": [0], "banana": [1]})
    assert got["named"] == 0.5
    assert got["acc.5"] == 0.5  # the first of two equally good mugs is the mug
    assert got["absent"] == 1
    assert got["counts"] == 0
    assert got["f1"] == pytest.approx(2 * 1 / (4 + 2))


def test_what_cannot_be_judged_is_neither_found_nor_counted(scene):
    got = row(scene, ("mug", "tin"), {"tin": [1], "banana": []})
    assert got["acc.5"] == 0.5
    assert got["counts"] == 0
    assert got["f1"] == pytest.approx(2 * 1 / (1 + 2))


def test_a_noun_that_some_would_say_is_not_asked_for():
    names, doubtful = [{"mug", "cup"}, {"box"}, {"box"}], [set(), {"carton"}, {"book"}]
    colors = [{"red": True, "blue": False}, {"red": True}, {"red": False, "green": True}]
    asked = list(_questions("s", names, doubtful, colors, np.random.default_rng(0)))
    assert {(one.kind, one.text): one.target_ids for one in asked if one.target_ids} == {
        ("attribute", "the mug"): (1,),
        ("attribute", "the cup"): (1,),
        ("plural", "all the boxes"): (2, 3),
        ("count", "how many mugs are there"): (1,),
        ("count", "how many cups are there"): (1,),
        ("count", "how many boxes are there"): (2, 3),
        ("attribute", "the red mug"): (1,),
        ("attribute", "the red cup"): (1,),
        ("attribute", "the red box"): (2,),  # green is not known of both boxes
        ("count", "how many red mugs are there"): (1,),
        ("count", "how many red cups are there"): (1,),
        ("count", "how many red boxes are there"): (2,),
        ("count", "how many objects are there"): (1, 2, 3),
    }
    absent = [one.text for one in asked if one.kind == "absent"]
    assert len(absent) == 3
    assert {"the blue mug", "the blue cup"} & set(absent)
    assert not {"the carton", "the book", "the mug"} & set(absent)
