"""The true names of what was found."""

from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.oracle import true_names
from grounding_ros.evaluation.oracle_names import TrueNames
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.segmenters.box import BoxSegmenter
from grounding_ros.pipeline import Pipeline

PHRASES = [Phrase("the box", "box"), Phrase("the ball", "ball"), Phrase("the object", "object")]


class Given:
    """A grounder that finds what it is given and says that it fits every phrase."""

    def __init__(self, found):
        self.found = found

    def ground(self, frame, phrases):
        n, p = len(self.found), len(phrases)
        return replace(
            self.found,
            phrases=tuple(phrase.text for phrase in phrases),
            matches=np.ones((n, p), np.float32),
            unjudged=(("word",),) * p,
        )


@pytest.fixture
def seen(golden_scene, detections_of):
    """What is seen when a ghost, and the first object a little too far right, are found."""
    found = detections_of(
        [(0, 8, 6, 12), (3, 2, 7, 6)],
        scores=[0.75, 0.5],
        labels=("mug", "blue ball"),
        attributes=(("mug",), ("blue", "ball")),
    )
    pipeline = Pipeline(Given(found), BoxSegmenter(), lifter=None)
    grounder = true_names(pipeline, golden_scene, TrueObjects.of(golden_scene)).grounder
    return grounder.ground(golden_scene.frame, PHRASES)


def test_what_stands_for_a_true_object_is_called_what_it_is(seen):
    assert seen.labels[1] == "red cereal box"
    assert seen.attributes[1] == ("red", "white", "small", "green top", "cereal box", "packet")
    assert seen.matches[1].tolist() == [1, 0, 1]


def test_what_stands_for_nothing_fits_nothing(seen):
    assert seen.labels[0] == "mug"
    assert seen.matches[0].tolist() == [0, 0, 0]


def test_every_word_is_judged(seen):
    assert seen.phrases == ("the box", "the ball", "the object")
    assert seen.unjudged == ((), (), ())


def test_masks_are_true_and_nothing_is_added(seen, golden_scene):
    assert len(seen) == 2
    assert seen.scores.tolist() == [0.75, 0.5]  # the grounder's
    assert seen.boxes.tolist() == [[0, 8, 6, 12], [2, 2, 6, 6]]
    np.testing.assert_array_equal(seen.masks[1], golden_scene.mask(1))


def test_an_object_found_twice_stays_two(golden_scene, detections_of):
    twice = detections_of([(16, 2, 22, 10), (16, 2, 22, 9)], labels=("can", "can"))
    true = TrueObjects.of(golden_scene)
    pipeline = Pipeline(Given(twice), BoxSegmenter(), lifter=None)
    named = true_names(pipeline, golden_scene, true).grounder
    seen = named.ground(golden_scene.frame, PHRASES)
    assert seen.labels == ("grey ball", "grey ball")
    assert seen.matches[:, 1].tolist() == [1, 1]


def test_nothing_found_and_nothing_asked(golden_scene, detections_of):
    pipeline = Pipeline(Given(detections_of([])), BoxSegmenter(), lifter=None)
    grounder = true_names(pipeline, golden_scene, TrueObjects.of(golden_scene)).grounder
    assert isinstance(grounder, TrueNames)
    assert grounder.ground(golden_scene.frame, PHRASES).matches.shape == (0, 3)
    assert grounder.ground(golden_scene.frame, ()).matches.shape == (0, 0)
