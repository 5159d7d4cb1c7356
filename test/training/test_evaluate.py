import numpy as np
import pytest

from grounding_ros.scene import Detections, Frame
from grounding_ros.simulation.truth import Expression, Scene, SceneObject
from training.evaluate import measure
from training.scenes import _questions

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


def test_right_answers_have_full_marks(scene):
    got = row(scene, ("red cup", "can"), {"mug": [0], "tin": [1], "banana": []})
    full = {"recall": 1, "precision": 1, "iou": 1, "named": 1, "f1": 1, "acc": 1, "counts": 1}
    assert {name: got[name] for name in full} == full
    assert got["absent"] == 0


def test_wrong_answers_cost_what_they_should(scene):
    got = row(scene, ("mug", "mug"), {"mug": [0, 1], "tin": [0], "banana": [1]})
    assert got["named"] == 0.5
    assert got["acc"] == 0.5  # the first of two equally good mugs is the mug
    assert got["absent"] == 1
    assert got["counts"] == 0
    assert got["f1"] == pytest.approx(2 * 1 / (4 + 2))


def test_what_cannot_be_judged_is_neither_found_nor_counted(scene):
    got = row(scene, ("mug", "tin"), {"tin": [1], "banana": []})
    assert got["acc"] == 0.5
    assert got["counts"] == 0
    assert got["f1"] == pytest.approx(2 * 1 / (1 + 2))


def test_a_noun_that_some_would_say_is_not_asked_for():
    names, doubtful = [{"mug", "cup"}, {"box"}, {"box"}], [set(), {"carton"}, {"book"}]
    asked = list(_questions("s", names, doubtful, np.random.default_rng(0)))
    assert {(one.kind, one.text): one.target_ids for one in asked if one.target_ids} == {
        ("attribute", "the mug"): (1,),
        ("attribute", "the cup"): (1,),
        ("plural", "all the boxes"): (2, 3),
        ("count", "how many mugs are there"): (1,),
        ("count", "how many cups are there"): (1,),
        ("count", "how many boxes are there"): (2, 3),
    }
    absent = [one.text for one in asked if one.kind == "absent"]
    assert len(absent) == 2
    assert not {"the carton", "the book", "the mug"} & set(absent)
