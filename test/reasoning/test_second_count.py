"""A count beside an estimate of how much there is."""

import math
from dataclasses import replace

import pytest
from tabletop import POSE, Thing, grounded, seen

from grounding_ros.language import parse
from grounding_ros.reasoning import ReasoningParameters, resolve


def answer(text, names, estimate):
    things = [Thing(name, right=0.2 * k) for k, name in enumerate(names)]
    detections, objects = seen(*things)
    instruction = parse(text)
    detections = replace(grounded(instruction, things, detections), estimate=estimate)
    return resolve(instruction, detections, objects, ReasoningParameters(), pose=POSE)


@pytest.mark.parametrize(
    ("told_apart", "estimate", "doubtful"),
    [(2, 3.4, False), (2, 3.6, True), (2, 0.4, True), (10, 11.9, False), (10, 12.2, True),
     (10, 7.9, True), (2, math.nan, False)],
)  # fmt: skip
def test_a_count_is_doubtful_where_the_two_disagree(told_apart, estimate, doubtful):
    counted = answer("how many mugs are there?", ["red mug"] * told_apart, estimate)
    assert counted.count == told_apart  # the estimate never changes it
    assert ("doubtful" in counted.message) == doubtful


def test_the_doubt_names_both_numbers():
    message = answer("how many mugs are there?", ["red mug", "blue mug", "box"], 6.8).message
    assert "I told 3 objects apart" in message and "about 7" in message


def test_a_choice_is_not_doubted():
    assert "doubtful" not in answer("the box", ["red mug", "box"], 9.0).message
