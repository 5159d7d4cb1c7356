"""What is asked of an open-vocabulary model, and what its scores mean; expectations by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.language import parse, phrases_of
from grounding_ros.perception.prompts import (
    LEAST_MATCH,
    Prompt,
    matches_of,
    prompts_of,
    texts_of,
)
from grounding_ros.pipeline import PipelineParameters


def asked(sentence):
    return prompts_of(phrases_of(parse(sentence)))


@pytest.mark.parametrize(
    ("sentence", "texts"),
    [
        ("find the mug that is not red", ("mug", "red mug")),
        ("pick up a cup or a mug", ("cup", "mug")),
        ("the second red mug from the left behind the box", ("red mug", "box")),
        ("the largest striped coffee mug", ("striped coffee mug",)),
        ("the mugs but not the green one", ("mug", "green mug")),
        ("the thing that is not a mug", ("object", "mug")),
        ("count the things", ("object",)),
        ("put the red block on the red block", ("red block",)),
    ],
)
def test_head_and_attributes_are_asked_and_nothing_else(sentence, texts):
    assert texts_of(asked(sentence)) == texts


def test_sizes_and_parts_are_left_unjudged_and_not_asked():
    (prompt,) = asked("find the small red mug with a blue lid")
    assert prompt == Prompt(texts=("red mug",), unjudged=("small", "blue lid"))


def test_an_exclusion_of_a_size_rules_nothing_out():
    _, excluded = asked("the mugs but not the small one")
    assert excluded.unjudged == ("small",)
    assert excluded.than == ()


def test_an_excluded_property_has_to_score_nearly_as_high_as_the_thing_without_it():
    """A blue mug scores 0.35 for "red mug" too: over the threshold, but far below "mug"."""
    prompts = asked("find the mug that is not red")
    red_mug, blue_mug, cup = [0.7, 0.5], [0.6, 0.35], [0.1, 0.05]
    matches = matches_of(prompts, ("mug", "red mug"), np.array([red_mug, blue_mug, cup]), 0.3)
    assert (matches[:, 1] > 0).tolist() == [True, False, False]
    assert (matches[:, 0] > 0).tolist() == [True, True, False]


def test_matches_start_at_the_threshold_and_end_at_one():
    prompts = (Prompt(("mug",)),)
    scores = np.array([[0.0], [0.199], [0.2], [0.6], [1.0]])
    matches = matches_of(prompts, ("mug",), scores, 0.2)[:, 0]
    assert matches == pytest.approx([0, 0, LEAST_MATCH, (1 + LEAST_MATCH) / 2, 1])


def test_what_fits_just_so_is_over_the_usual_match_threshold():
    assert PipelineParameters().reasoning.match_threshold < LEAST_MATCH


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=8),
    st.floats(0.01, 0.99),
)
def test_a_better_score_is_never_a_worse_match(scores, threshold):
    scores = np.sort(scores)
    matches = matches_of((Prompt(("mug",)),), ("mug",), scores[:, None], threshold)[:, 0]
    assert (np.diff(matches) >= 0).all()
    assert ((matches > 0) == (scores >= threshold)).all()
    assert (matches <= 1).all()
