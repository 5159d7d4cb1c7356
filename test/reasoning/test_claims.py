"""Questions of yes and no, and what is described."""

import pytest
from tabletop import Thing, find, phrase, related, run

from grounding_ros.language import Instruction
from grounding_ros.language.instruction import Ordinal
from grounding_ros.scene import Status

RED, BLUE = Thing("red box", right=-0.3), Thing("blue box", right=0.3)
MUG = Thing("mug")
ANY = {"number": "any"}


def claim(words, *relations, about=None, **fields):
    """Make "is the red box left of the mug?"; `about` are the words of the subject."""
    subject = None if about is None else phrase(about, number=fields.get("number", "one"))
    return Instruction("", "verify", phrase(words, *relations, **fields), subject=subject)


@pytest.mark.parametrize(
    ("instruction", "truth", "chosen", "message"),
    [
        (claim("red box", **ANY), True, (0,), "yes, I see red box 1"),
        (
            claim("can", **ANY),
            False,
            (),
            "no, there is no can; I see a blue box, a mug and a red box",
        ),
        (claim("box", number=2), True, (0, 1), "yes, I see red box 1 and blue box 2"),
        (claim("box", number=1), False, (0, 1), "no, I see red box 1 and blue box 2"),
        (claim("box", number=1, bound="at_least"), True, (0, 1), None),
        (claim("box", number=3, bound="at_least"), False, (0, 1), None),
        (claim("box", number=1, bound="at_most"), False, (0, 1), None),
        (claim("box", number=2, bound="at_most"), True, (0, 1), None),
        (claim("can", number=0), True, (), None),
        (claim("mug", number=0), False, (2,), None),
        (
            claim("red box", related("left_of", "mug"), about="red box"),
            True,
            (0,),
            "yes, I see red box 1, 30 cm left, 0 cm in front and 0 cm lower as seen from mug 3",
        ),
        (
            claim("red box", related("right_of", "mug"), about="red box"),
            False,
            (0,),
            "no, I see a red box, but none right of the mug",
        ),
        (claim("red box", related("left_of"), about="red box"), True, (0,), None),
        # A claim is judged by the side, not by who is farthest over.
        (claim("blue box", related("left_of"), about="blue box"), False, (1,), None),
        (claim("red box", about="box", number="all"), False, (0,), "no, only 1 of 2: red box 1"),
        (claim("object", about="box", number="all"), True, (0, 1, 2), None),
        (claim("red can", about="can", number="all"), False, (), None),
        (claim("red mug", about="mug"), False, (2,), "no, I see a mug, but none is a red mug"),
        (claim("can", related("left_of", "mug"), about="can"), False, (), None),
    ],
)  # fmt: skip
def test_truth_and_evidence(instruction, truth, chosen, message):
    resolution = run(instruction, RED, BLUE, MUG)
    assert resolution.truth is truth
    assert set(resolution.chosen) == set(chosen)
    assert resolution.message.startswith("yes, " if truth else "no, ")
    assert message is None or resolution.message == message
    known = bool(chosen) or truth
    assert resolution.status is (Status.GROUNDED if known else Status.NOT_FOUND)


@pytest.mark.parametrize(
    "instruction",
    [
        claim("banana", **ANY),
        claim("red box", related("next_to", "banana"), about="red box"),
        claim("red box", related("holding", "mug"), about="red box"),
    ],
)
def test_what_cannot_be_judged_is_neither_true_nor_false(instruction):
    resolution = run(instruction, RED, BLUE, MUG, unknown=("banana",))
    assert (resolution.status, resolution.truth) == (Status.CANNOT_JUDGE, None)
    assert resolution.unjudged


def test_without_depth_the_evidence_is_in_pixels():
    resolution = run(
        claim("red box", related("left_of", "mug"), about="red box"), RED, MUG, depth=False
    )
    assert resolution.truth is True
    assert "pixels left" in resolution.message


def describe(*relations):
    target = phrase("object", *relations, number="all", text="everything")
    return Instruction("", "describe", target)


def test_a_scene_is_described_by_kinds_and_by_what_stands_on_what():
    base = Thing("red box", right=0.3, size=(0.2, 0.2, 0.1))
    can = Thing("can", right=0.3, bottom=0.1)
    resolution = run(describe(), base, can, MUG)
    assert resolution.message == "I see a can, a mug and a red box; the can is on the red box"
    assert set(resolution.chosen) == {0, 1, 2}


def test_what_is_left_of_something_is_described():
    resolution = run(describe(related("left_of", "mug")), RED, BLUE, MUG)
    assert resolution.message == "left of the mug I see a red box"
    assert (resolution.chosen, resolution.anchors) == ((0,), (2,))
    nothing = run(describe(related("right_of", "blue box")), RED, BLUE, MUG)
    assert (nothing.status, nothing.count) == (Status.NOT_FOUND, 0)


def test_the_question_speaks_of_relations_where_looks_do_not_tell_apart():
    things = (
        Thing("box", away=0.0),
        Thing("box", away=0.0, bottom=0.5),
        Thing("mug", right=0.3, away=0.0, bottom=0.0),
    )
    stacked = (
        Thing("can", right=-0.3, size=(0.2, 0.2, 0.1)),
        Thing("box", right=-0.3, bottom=0.1),
        Thing("box", right=-0.1),
        Thing("box", right=0.1),
        Thing("box", right=0.3),
    )
    assert run(find("box"), *things).status is Status.AMBIGUOUS
    four = run(find("box"), *stacked)
    assert four.question == "Which one of the 4, counted from the left?"
    pair = (Thing("box", size=(0.2, 0.2, 0.1)), Thing("can", bottom=0.1), Thing("box", bottom=0.2))
    question = run(find("box"), *pair).question
    assert question == "Which one: the box at the bottom or the box at the top?"


SMALL, TALL, FLAT = (
    Thing("red box", right=-0.3),
    Thing("blue box", size=(0.1, 0.1, 0.3)),
    Thing("green box", right=0.3, size=(0.1, 0.1, 0.05)),
)
BOTTLE = Thing("bottle", right=0.15, size=(0.05, 0.05, 0.4))
TALLEST = {"superlative": "tallest"}


@pytest.mark.parametrize(
    ("instruction", "truth"),
    [
        # among its kind
        (claim("red box", about="red box", **TALLEST), False),
        (claim("blue box", about="blue box", **TALLEST), True),
        (claim("green box", about="green box", superlative="shortest"), True),
        (claim("red box", related("taller_than"), about="red box"), False),
        (claim("blue box", related("taller_than"), about="blue box"), True),
        (claim("green box", about="green box", ordinal=Ordinal(1, "left")), False),
        (claim("green box", about="green box", ordinal=Ordinal(3, "left")), True),
        (claim("red box", related("closest_to", "bottle"), about="red box"), False),
        (claim("blue box", related("closest_to", "bottle"), about="blue box"), True),
        # among all objects, where it is alone of its kind
        (claim("bottle", about="bottle", **TALLEST), True),
        (claim("bottle", about="bottle", superlative="leftmost"), False),
        (claim("bottle", related("closest_to", "red box"), about="bottle"), False),
        (claim("bottle", related("closest_to", "green box"), about="bottle"), True),
        (claim("box", about="box", **TALLEST), False),
    ],
)  # fmt: skip
def test_what_is_claimed_to_lead_is_compared_with_what_was_not_named(instruction, truth):
    resolution = run(instruction, SMALL, TALL, FLAT, BOTTLE)
    assert resolution.truth is truth
    assert resolution.status is Status.GROUNDED


def test_one_of_several_ways_to_lead():
    """ "Is the red or the blue box the tallest?"."""
    asked = Instruction(
        "",
        "verify",
        phrase("red box", alternatives=(phrase("blue box", **TALLEST),), **TALLEST),
        subject=phrase("red box", alternatives=(phrase("blue box"),)),
    )
    resolution = run(asked, SMALL, TALL, FLAT, BOTTLE)
    assert resolution.truth is True
    assert resolution.chosen == (1,)


@pytest.mark.parametrize(("words", "truth"), [("blue box", True), ("red box", False)])
def test_the_one_that_leads_is_claimed_to_be_something(words, truth):
    """ "Is the tallest box red?"."""
    asked = Instruction("", "verify", phrase(words, **TALLEST), subject=phrase("box", **TALLEST))
    resolution = run(asked, SMALL, TALL, FLAT, BOTTLE)
    assert resolution.truth is truth
    assert resolution.chosen == (1,)


def test_a_comparison_that_cannot_be_judged_is_not_answered():
    asked = claim("bottle", about="bottle", superlative="heaviest")
    resolution = run(asked, SMALL, TALL, FLAT, BOTTLE)
    assert resolution.status is Status.CANNOT_JUDGE
    assert resolution.unjudged == ("heaviest",)
