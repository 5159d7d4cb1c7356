"""The truth in the place of a stage."""

import numpy as np
import pytest

from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.oracle import fits, true_masks, true_objects
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.segmenters.box import BoxSegmenter
from grounding_ros.pipeline import Pipeline
from grounding_ros.simulation.truth import SceneObject


@pytest.mark.parametrize(
    ("id", "head", "attributes", "true"),
    [
        (1, "box", (), True),  # a cereal box is a box
        (1, "cereal box", (), True),
        (1, "packet", (), True),
        (1, "cereal", (), False),  # but no cereal
        (1, "object", (), True),
        (1, "box", ("cereal",), True),
        (1, "box", ("red", "small"), True),
        (1, "box", ("white",), True),  # its second colour
        (1, "box", ("green",), False),  # that is its top
        (2, "box", ("blue",), True),
        (2, "box", ("dark", "blue"), True),
        (2, "box", ("striped",), True),
        (2, "box", ("wooden",), False),  # a word that nobody used is not true
        (3, "ball", ("gray",), True),  # either spelling
        (3, "box", (), False),
    ],
)
def test_words_that_are_true_of_an_object(golden_scene, id, head, attributes, true):
    assert fits(golden_scene.object(id), Phrase("", head, attributes)) is true


@pytest.mark.parametrize(
    ("head", "attributes", "true"),
    [
        ("can", ("chips",), True),
        ("can", ("chip",), True),
        ("can", ("crackers",), False),
        ("can", ("big",), True),
        ("can", ("little",), False),
        ("can", ("upside-down",), True),
        ("can", ("upside", "down"), True),
        ("t-shirt", (), True),
        ("shirt", (), False),
    ],
)
def test_plurals_hyphens_and_other_words_for_sizes_make_no_difference(head, attributes, true):
    thing = SceneObject(1, ("can", "chips can", "old T-shirt"), ("red",), ("large", "upside down"))
    assert fits(thing, Phrase("", head, attributes)) is true


class Given:
    """A grounder that finds what it is given."""

    def __init__(self, detections):
        self.detections = detections

    def ground(self, frame, phrases):
        return self.detections


def pipeline(detections=None):
    return Pipeline(Given(detections), BoxSegmenter(), lifter=None)


def test_the_true_objects(golden_scene):
    true = TrueObjects.of(golden_scene)
    phrases = [Phrase("the box", "box"), Phrase("the mug", "mug")]
    grounder = true_objects(pipeline(), golden_scene, true).grounder
    seen = grounder.ground(golden_scene.frame, phrases)
    assert seen.labels == ("red cereal box", "dark blue box", "grey ball")
    assert seen.matches.tolist() == [[1, 0], [1, 0], [0, 0]]
    assert seen.unjudged == ((), ())  # every word is judged
    np.testing.assert_array_equal(seen.masks, true.masks)
    assert grounder.ground(golden_scene.frame, ()).matches.shape == (3, 0)


def test_the_true_masks_of_what_was_found(golden_scene, detections_of):
    true = TrueObjects.of(golden_scene)
    found = detections_of([(0, 8, 6, 12), (3, 2, 7, 6)], labels=("ghost", "box"))
    grounder = true_masks(pipeline(found), golden_scene, true).grounder
    seen = grounder.ground(golden_scene.frame, ())
    assert seen.labels == ("ghost", "box")  # nothing is added, nothing is taken away
    np.testing.assert_array_equal(seen.masks[0], found.masks[0])
    np.testing.assert_array_equal(seen.masks[1], true.masks[0])
    assert seen.boxes.tolist() == [[0, 8, 6, 12], [2, 2, 6, 6]]
