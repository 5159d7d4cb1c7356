import pytest

from grounding_ros.language import parse
from grounding_ros.language.spelling import corrected
from grounding_ros.language.words import split


def spelled(text):
    return " ".join(word.text for word in corrected(split(text)))


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("yelow", "yellow"),
        ("yellwo", "yellow"),
        ("yellov", "yellow"),
        ("yellloow", "yellloow"),
        ("behnd", "behind"),
        ("betwfeen", "between"),
        ("leftmots", "leftmost"),
        ("hodling", "holding"),
        ("wooded", "wooded"),
        ("bxo", "bxo"),
        ("jellow", "jellow"),
    ],
)
def test_one_slip_is_repaired(heard, meant):
    assert spelled(heard) == meant


THINGS = """plate crown blank stable battle tower sleeve spoon candle bottle lettuce toaster
statue plates boxes candles grapes shells bananas people children batteries"""


@pytest.mark.parametrize("thing", THINGS.split())
def test_a_thing_is_never_turned_into_a_word_of_the_grammar(thing):
    assert spelled(thing) == thing


def test_the_text_stays_as_it_was_said(program):
    instruction = parse("put the yelow box betwfeen the two cans")
    assert program(instruction) == "place: yellow BOX => between 2 CAN"
    assert instruction.target.text == "the yelow box"


def test_two_possible_repairs_are_none():
    assert spelled("waiking") == "waiking"  # walking or waiting


@pytest.mark.parametrize("words", ["in front of", "in between", "next to", "at least two"])
def test_words_written_as_one_are_parted(words):
    assert spelled(words.replace(" ", "", 1)) == words


def test_an_apostrophe_may_be_missing():
    assert spelled("that's red".replace("'", "")) == "that's red"
