import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.language import Phrase, parse, to_json
from grounding_ros.language.lexicon import MAX_CHARACTERS


def parsed(text):
    instruction = parse(text)
    assert instruction.understood, instruction.reason
    assert instruction.text == text
    assert instruction.leftover == instruction.reason == ""
    return instruction


@pytest.mark.parametrize(
    ("text", "task", "attributes", "head", "number"),
    [
        ("red mug", "find", ("red",), "mug", "one"),
        ("the red mug", "find", ("red",), "mug", "one"),
        ("find the can", "find", (), "can", "one"),
        ("where is my cereal box?", "find", ("cereal",), "box", "one"),
        ("Where's the teddy bear", "find", (), "teddy bear", "one"),
        ("PICK UP THE RED MUG!!", "pick", ("red",), "mug", "one"),
        ("press", "find", (), "press", "one"),
        ("open the drawer", "find", (), "drawer", "one"),
        ("turn on the lamp", "find", (), "lamp", "one"),
        ("turn the lamp on", "find", (), "lamp", "one"),
        ("pick the blue cup up", "pick", ("blue",), "cup", "one"),
        ("Could you please hand me the stapler, please?", "pick", (), "stapler", "one"),
        ("hey robot, grab a small wooden block", "pick", ("small", "wooden"), "block", "any"),
        ("I would like to get the large, yellow pear", "pick", ("large", "yellow"), "pear", "one"),
        ("I want you to bring me 2 apples", "pick", (), "apple", 2),
        ("gimme the tape for me now", "pick", (), "tape", "one"),
        ("pick up the mug and give it to me", "pick", (), "mug", "one"),
        ("how many mugs are there?", "count", (), "mug", "all"),
        ("How many green blocks do you see in the image?", "count", ("green",), "block", "all"),
        ("count the two boxes", "count", (), "box", "all"),
        ("what is the number of cans", "count", (), "can", "all"),
    ],
)
def test_a_sentence_is_taken_apart(text, task, attributes, head, number):
    instruction = parsed(text)
    target = instruction.target
    assert instruction.task == task
    assert (target.attributes, target.head, target.number) == (attributes, head, number)


@pytest.mark.parametrize(
    ("text", "number", "bound", "head"),
    [
        ("boxes", "all", "exactly", "box"),
        ("the boxes", "all", "exactly", "box"),
        ("all boxes", "all", "exactly", "box"),
        ("all of the boxes", "all", "exactly", "box"),
        ("every box", "all", "exactly", "box"),
        ("each of the boxes", "all", "exactly", "box"),
        ("a box", "any", "exactly", "box"),
        ("any box", "any", "exactly", "box"),
        ("some knives", "any", "exactly", "knife"),
        ("one of the boxes", "any", "exactly", "box"),
        ("one box", "any", "exactly", "box"),
        ("the one box", "one", "exactly", "box"),
        ("this box", "one", "exactly", "box"),
        ("both boxes", 2, "exactly", "box"),
        ("the three boxes", 3, "exactly", "box"),
        ("two of the boxes", 2, "exactly", "box"),
        ("12 boxes", 12, "exactly", "box"),
        ("no boxes", 0, "exactly", "box"),
        ("zero boxes", 0, "exactly", "box"),
        ("exactly two boxes", 2, "exactly", "box"),
        ("at least two boxes", 2, "at_least", "box"),
        ("more than two boxes", 3, "at_least", "box"),
        ("at most two boxes", 2, "at_most", "box"),
        ("fewer than two boxes", 1, "at_most", "box"),
        ("several boxes", 2, "at_least", "box"),
        ("a few boxes", 2, "at_least", "box"),
        ("the scissors", "one", "exactly", "scissors"),
        ("a glass", "any", "exactly", "glass"),
        ("a Pringles", "any", "exactly", "pringles"),
        ("a group of three dogs", 3, "exactly", "dog"),
        ("two sets of keys", 2, "exactly", "key"),
        ("a herd of sheep", "any", "exactly", "sheep"),
    ],
)
def test_the_number_is_kept(text, number, bound, head):
    target = parsed(text).target
    assert (target.number, target.bound, target.head) == (number, bound, head)


@pytest.mark.parametrize(
    ("text", "attributes", "head"),
    [
        ("the red one", ("red",), "object"),
        ("the red", ("red",), "object"),
        ("the blue thing", ("blue",), "object"),
        ("the orange", (), "orange"),
        ("the orange can", ("orange",), "can"),
        ("a red and white box", ("red", "white"), "box"),
        ("the orange and white one", ("orange", "white"), "object"),
        ("black and white cards", ("black", "white"), "card"),
        ("the Zorblax gadget", ("zorblax",), "gadget"),
        ("the light-blue rolling pin", ("light-blue",), "rolling pin"),
        ("the tan coloured cat", ("tan",), "cat"),
        ("the push cart", ("push",), "cart"),
        ("a leaf shaped bowl", ("leaf", "shaped"), "bowl"),
        ("a parked car", ("parked",), "car"),
        ("a standing zebra", ("standing",), "zebra"),
        ("the yellow string", ("yellow",), "string"),
        ("the wooden chest", ("wooden",), "chest"),
        ("the bird and birdhouse patterns", ("bird", "birdhouse"), "pattern"),
        ("a very small mug", ("small",), "mug"),
        ("a slice of bread", ("slice",), "bread"),
        ("the white t - shirt", ("white",), "t-shirt"),
        ("a bus number 908989", ("908989",), "bus"),
    ],
)
def test_attributes_and_head(text, attributes, head):
    target = parsed(text).target
    assert (target.attributes, target.head) == (attributes, head)


def test_the_text_of_a_phrase_is_as_it_was_said():
    assert parsed("Please find  the\tToffee BOX, robot").target.text == "the Toffee BOX"
    target = parsed("pick up the Mug on the  Red tray").target
    assert target.text == "the Mug on the Red tray"
    assert target.relations[0].anchors[0].text == "the Red tray"
    assert parsed("is the red box left of the mug?").target.text == "the red box left of the mug"


@pytest.mark.parametrize(
    ("text", "first", "second", "number"),
    [
        ("a cup or a mug", ((), "cup"), ((), "mug"), "any"),
        ("the red or blue box", (("red",), "box"), (("blue",), "box"), "one"),
        ("the small red or blue box", (("small", "red"), "box"), (("small", "blue"), "box"), "one"),
        ("red or blue boxes", (("red",), "box"), (("blue",), "box"), "all"),
        ("red and blue boxes", (("red",), "box"), (("blue",), "box"), "all"),
        ("an orange or green apple", (("orange",), "apple"), (("green",), "apple"), "any"),
        ("an orange or a green apple", ((), "orange"), (("green",), "apple"), "any"),
        ("the red box or the blue one", (("red",), "box"), (("blue",), "box"), "one"),
        ("the books and the jars", ((), "book"), ((), "jar"), "all"),
        ("the mug and the bowl", ((), "mug"), ((), "bowl"), "all"),
        ("the red and the blue box", (("red",), "box"), (("blue",), "box"), "all"),
        ("the cups and a jar", ((), "cup"), ((), "jar"), "all"),
        ("how many books and jars are there", ((), "book"), ((), "jar"), "all"),
    ],
)
def test_alternatives(text, first, second, number):
    target = parsed(text).target
    (other,) = target.alternatives
    assert ((target.attributes, target.head), target.number) == (first, number)
    assert (other.attributes, other.head) == second


@pytest.mark.parametrize(
    ("text", "leftover"),
    [
        ("the box behind", ""),
        ("find the cup. Find the mug", ". Find the mug"),
        ("pick up the teapot and turn on the lamp", "and turn on the lamp"),
        ("the red mug while the cat is asleep", "while the cat is asleep"),
        ("something to drink from", "to drink from"),
        ("the mug 🍎", "🍎"),
        ("the mug (the big one)", "(the big one)"),
    ],
)
def test_what_is_not_understood_is_named(text, leftover):
    instruction = parse(text)
    assert instruction.understood == (leftover == "")
    assert instruction.leftover == leftover
    assert leftover in instruction.reason


@pytest.mark.parametrize("text", ["put it away", "put the mug back", "throw the cup away"])
def test_a_place_is_missing(text):
    instruction = parse(text)
    assert (instruction.task, instruction.understood) == ("place", False)
    assert instruction.reason == "I do not hear where to put it"


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\x00\x1b\x07", "pick up the", "hello", "?!", "🍎", "flip red boxes", "of the"],
)
def test_nothing_to_look_for(text):
    instruction = parse(text)
    assert not instruction.understood
    assert instruction.target is None
    assert instruction.reason == "I hear nothing to look for"


@pytest.mark.parametrize(
    "text",
    [
        "la tasse rouge",
        "gib mir bitte die rote Tasse",
        "coge la taza",
        "赤いカップ",
        "الكوب الأحمر",
    ],
)
def test_only_english_is_understood(text):
    instruction = parse(text)
    assert not instruction.understood
    assert instruction.target is None
    assert instruction.reason == "I only understand English"


@pytest.mark.parametrize(
    "text", ["\uff52\uff45\uff44 mug", "r\u200bed\u00a0mu\u00adg\ufeff", "red\x07\tmug\r\n"]
)
def test_typography_changes_nothing(text):
    target = parsed(text).target
    assert (target.attributes, target.head) == (("red",), "mug")


def test_a_long_sentence_is_not_parsed():
    assert parsed("red " * 99 + "mug").target.head == "mug"
    instruction = parse("red " * (MAX_CHARACTERS // 4) + "mug")
    assert not instruction.understood
    assert instruction.reason == f"the sentence is longer than {MAX_CHARACTERS} characters"
    assert len(instruction.leftover) < 100


@pytest.mark.parametrize("unit", ["a red mug ", "\ufdfa", "\x00", "(", "and ", "'-", "9"])
def test_a_megabyte_is_refused_at_once(unit):
    start = time.process_time()
    instruction = parse(unit * (1_000_000 // len(unit)))
    assert time.process_time() - start < 0.05
    assert not instruction.understood


@pytest.mark.parametrize(
    "unit",
    ["the box on ", "on ", "and ", "the a ", "box that is ", "between ", "of the ", "not ", "a's "],
)
def test_deep_nesting_ends_and_is_fast(unit):
    text = (unit * MAX_CHARACTERS)[: MAX_CHARACTERS - 4] + " mug"
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 0.25


WORDS = """a the all both one two 3 red small orange mug boxes object one's behind left of and or
not , . pick up how many are there please robot could you find me that is largest holding 🍎 é _ -
( 0 put on between closest to from second who with it than is what same at least next into no
whose has does which as while 's you camera picture stack"""
VOCABULARY = st.sampled_from(WORDS.split())


@given(st.one_of(st.text(), st.lists(VOCABULARY, max_size=14).map(" ".join)))
def test_no_text_raises_and_a_reason_goes_with_no_understanding(text):
    instruction = parse(text)
    assert instruction == parse(text)
    assert instruction.text == text
    assert instruction.understood == (instruction.reason == "")
    assert instruction.target is not None or not instruction.understood
    assert instruction.task in {"find", "pick", "place", "count", "verify", "describe"}
    assert instruction.task != "place" or instruction.destination or not instruction.understood
    to_json(instruction).encode("ascii")


@given(st.binary())
def test_no_noise_raises(noise):
    to_json(parse(noise.decode("utf-8", "replace")))


@given(
    st.lists(st.sampled_from(["red", "small", "square", "mug", "box"]), min_size=1, max_size=4),
    st.sampled_from(["", "please ", "hey robot, ", "could you please ", "I want you to "]),
    st.sampled_from(["", " please", ", please", " now", ", thank you", " for me, please"]),
)
def test_courtesy_changes_nothing_however_often_it_is_said(words, before, after):
    plain = parse("the " + " ".join(words))
    for times in (1, 2):
        polite = parse(f"{before * times}find the {' '.join(words)}{after * times}")
        assert polite.target == plain.target
        assert polite.understood == plain.understood


def test_a_phrase_is_a_value():
    assert parse("the red mug").target == Phrase("the red mug", "mug", ("red",))
    assert {parse("a mug").target, parse("a mug").target} == {parse("a mug").target}


def test_a_program_in_one_line_shows_every_part(program):
    instruction = parse("put the second box from your left that is not red on the tray")
    assert program(instruction) == "place: #2@left BOX not(any red OBJECT) => on TRAY (robot)"
