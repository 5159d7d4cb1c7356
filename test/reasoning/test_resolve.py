import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.errors import InputError, ShapeError
from grounding_ros.language import Instruction, Phrase, parse, phrases_of
from grounding_ros.reasoning import ReasoningParameters, resolve
from grounding_ros.scene import Detections, Objects3D, Status


def grounded(instruction, matches, unjudged=(), labels=None, scores=None):
    """Detections in a row from left to right; `matches` is (N,) for the target, or (N, P)."""
    phrases = tuple(phrase.text for phrase in phrases_of(instruction))
    table = np.array(matches, np.float32)
    table = table.reshape(-1, len(phrases)) if phrases else table
    count = len(table)
    starts = 60.0 * np.arange(count)
    return Detections(
        boxes=np.stack([starts, 0 * starts, starts + 30, 0 * starts + 30], axis=1),
        scores=np.ones(count) if scores is None else scores,
        labels=labels or ("box",) * count,
        image_size=(480, 640),
        phrases=phrases,
        matches=table,
        unjudged=unjudged,
    )


def resolved(text, matches, unjudged=(), labels=None, **parameters):
    instruction = parse(text)
    assert instruction.understood
    detections = grounded(instruction, matches, unjudged, labels)
    objects = Objects3D.absent(len(detections), "no depth")
    return resolve(instruction, detections, objects, ReasoningParameters(**parameters))


@pytest.mark.parametrize(
    ("text", "matches", "status", "chosen", "count"),
    [
        # "the": one, and it must be clear which
        ("the red box", [], "not_found", (), 0),
        ("the red box", [0, 0], "not_found", (), 0),
        ("the red box", [0, 0.9], "grounded", (1,), 1),
        ("the red box", [0.9, 0.3], "grounded", (0,), 2),
        ("the red box", [0.8, 0.9, 0.3], "ambiguous", (1, 0), 3),
        ("pick up the red box", [0.9, 0.9], "ambiguous", (0, 1), 2),
        # "a": whichever fits best
        ("a red box", [0.8, 0.9], "grounded", (1,), 2),
        ("any of the boxes", [0.5, 0.9], "grounded", (1,), 2),
        ("a red box", [0, 0], "not_found", (), 0),
        # several
        ("the boxes", [0.3, 0, 0.9], "grounded", (2, 0), 2),
        ("boxes", [0, 0.9], "grounded", (1,), 1),
        ("all boxes", [0], "not_found", (), 0),
        ("two boxes", [0.7, 0.8, 0.9], "grounded", (2, 1), 3),
        ("both boxes", [0.7, 0], "not_found", (), 1),
        ("the three boxes", [0.7, 0.6], "not_found", (), 2),
        # counting
        ("how many boxes are there", [0.9, 0, 0.3], "grounded", (0, 2), 2),
        ("how many boxes are there", [0, 0], "not_found", (), 0),
        # no thing in particular
        ("the object", [1], "grounded", (0,), 1),
    ],
)
def test_when_every_word_is_judged(text, matches, status, chosen, count):
    resolution = resolved(text, matches)
    assert (resolution.status.value, resolution.chosen, resolution.count) == (status, chosen, count)
    assert resolution.unjudged == ()
    assert bool(resolution.question) == (status == "ambiguous")
    assert resolution.message


@pytest.mark.parametrize(
    ("text", "matches", "words", "status", "chosen"),
    [
        ("the red banana", [0.9, 0], ("banana",), "partly_grounded", (0,)),
        ("a red banana", [0, 0.9], ("banana",), "partly_grounded", (1,)),
        ("the rotten box", [0, 0.9], ("rotten",), "partly_grounded", (1,)),
        ("the red banana", [0.9, 0.9], ("banana",), "cannot_judge", ()),
        ("a red banana", [0.9, 0.8], ("banana",), "cannot_judge", ()),
        ("the red banana", [0, 0], ("banana",), "cannot_judge", ()),
        ("the banana", [1], ("banana",), "cannot_judge", ()),
        ("the rotten object", [1], ("rotten",), "cannot_judge", ()),
        ("the rotten banana", [1], ("rotten", "banana"), "cannot_judge", ()),
        ("the red bananas", [1], ("banana",), "cannot_judge", ()),
        ("two red bananas", [1, 1], ("banana",), "cannot_judge", ()),
        ("how many red bananas are there", [1], ("banana",), "cannot_judge", ()),
        ("the banana", [], ("banana",), "cannot_judge", ()),
    ],
)
def test_when_words_are_not_judged(text, matches, words, status, chosen):
    resolution = resolved(text, matches, (words,))
    assert (resolution.status.value, resolution.chosen) == (status, chosen)
    assert resolution.unjudged == words
    assert resolution.count is None
    assert all(f'"{word}"' in resolution.message for word in words)


@pytest.mark.parametrize(
    ("text", "matches", "second", "status", "chosen", "count"),
    [
        ("a cup or a mug", [(0.5, 0), (0, 0.9)], (), "grounded", (1,), 2),
        ("the cup or the mug", [(0.9, 0), (0, 0.9)], (), "ambiguous", (0, 1), 2),
        ("all cups or mugs", [(0.9, 0), (0, 0), (0, 0.5)], (), "grounded", (0, 2), 2),
        ("a cup or a mug", [(0, 0)], (), "not_found", (), 0),
        # A cup is right whatever a mug may be; to find all of them both must be known.
        ("a cup or a mug", [(0.9, 1), (0, 1)], ("mug",), "partly_grounded", (0,), None),
        ("a cup or a mug", [(0, 1), (0, 1)], ("mug",), "cannot_judge", (), None),
        ("a cup or a red mug", [(0, 1), (0, 0)], ("mug",), "partly_grounded", (0,), None),
        ("all cups or mugs", [(0.9, 1), (0, 1)], ("mug",), "cannot_judge", (), None),
        ("the cup or the mug", [(0.9, 1), (0.9, 1)], ("mug",), "ambiguous", (0, 1), None),
        ("two cups or mugs", [(0.9, 1), (0, 1)], ("mug",), "cannot_judge", (), None),
        ("two cups or mugs", [(0.9, 1), (0.8, 1)], ("mug",), "partly_grounded", (0, 1), None),
    ],
)
def test_alternatives(text, matches, second, status, chosen, count):
    resolution = resolved(text, matches, ((), second))
    assert (resolution.status.value, resolution.chosen, resolution.count) == (status, chosen, count)
    assert resolution.unjudged == second


def test_a_candidate_is_left_only_where_every_alternative_narrows():
    words = (("cup",), ("mug",))
    assert resolved("a red cup or a mug", [(0, 1)], words).status is Status.CANNOT_JUDGE
    assert resolved("a red cup or a red mug", [(0, 1)], words).status is Status.PARTLY_GROUNDED


def test_equal_matches_are_ambiguous_whatever_the_margin():
    assert resolved("the box", [0.5, 0.5], ambiguity_margin=0.0).status is Status.AMBIGUOUS


@pytest.mark.parametrize(
    ("margin", "chosen"), [(0.0, (0,)), (0.19, (0,)), (0.21, (0, 1)), (0.9, (0, 1, 2))]
)
def test_the_margin_is_a_fraction_of_the_best_match(margin, chosen):
    assert (
        resolved("the box", [0.5, 0.4, 0.1], ambiguity_margin=margin, match_threshold=0.05).chosen
        == chosen
    )


def test_the_threshold_decides_what_fits():
    assert resolved("boxes", [0.5, 0.4], match_threshold=0.45).chosen == (0,)


def test_equal_matches_are_ordered_by_score_then_place():
    instruction = parse("the boxes")
    detections = grounded(instruction, [0.5, 0.5, 0.5], scores=np.array([0.2, 0.9, 0.2]))
    objects = Objects3D.absent(3, "no depth")
    assert resolve(instruction, detections, objects).chosen == (1, 0, 2)


@pytest.mark.parametrize(
    ("text", "matches", "labels", "message", "question"),
    [
        (
            "the red box",
            [0, 0, 0],
            ("blue box", "white can", "white can"),
            "there is no red box; I see a blue box and 2 white cans",
            "",
        ),
        ("the red box", [], (), "there is no red box; I see nothing", ""),
        ("two cans", [0, 1], ("box", "can"), "I see only a can, not 2", ""),
        ("how many cans are there", [1, 1], None, "I found 2 cans", ""),
        (
            "the red box",
            [1, 1],
            ("red box", "red box"),
            '2 objects fit "red box" about equally well',
            "Which one: the red box on the left or the red box on the right?",
        ),
        (
            "the can",
            [1, 1, 1, 1],
            ("can",) * 4,
            '4 objects fit "can" about equally well',
            "Which one of the 4, counted from the left?",
        ),
    ],
)
def test_what_is_said(text, matches, labels, message, question):
    resolution = resolved(text, matches, labels=labels)
    assert (resolution.message, resolution.question) == (message, question)


def test_the_trace_tells_the_steps():
    assert resolved("a red cup or a mug", [(0, 1), (0, 0)], ((), ("mug",))).trace == (
        "red cup: 0 of 2 objects fit, ids []",
        "mug: 1 of 2 objects fit, ids [1]; not judged: mug",
        "any: cannot_judge",
    )


@pytest.mark.parametrize("text", ["", "put away the box the", "la tasse rouge"])
def test_what_is_not_understood_is_not_guessed(text):
    instruction = parse(text)
    resolution = resolve(instruction, Detections.empty((9, 9)), Objects3D.absent(0, ""))
    assert resolution.status is Status.NOT_UNDERSTOOD
    assert resolution.message.startswith(instruction.reason)
    assert 'try "pick up the red mug"' in resolution.message
    assert (resolution.chosen, resolution.count) == ((), None)


BOX = Phrase("the box", "box")


@pytest.mark.parametrize(
    "instruction",
    [
        Instruction("", "place", BOX),
        Instruction("", "find", None),
        Instruction("", "dance", BOX),
        Instruction("", "find", Phrase("it", "object", reference="last")),
        Instruction("", "find", Phrase("the other box", "box", reference="other")),
    ],
)
def test_a_program_beyond_the_executor_is_refused(instruction):
    detections = grounded(instruction, np.ones((1, len(phrases_of(instruction)))))
    resolution = resolve(instruction, detections, Objects3D.absent(1, "no depth"))
    assert resolution.status is Status.NOT_UNDERSTOOD


def test_detections_of_other_phrases_are_refused():
    other = grounded(parse("the cup or the mug"), [(1, 1)])
    with pytest.raises(ShapeError, match="expected the 1 of the instruction, got 2"):
        resolve(parse("the cup"), other, Objects3D.absent(1, "no depth"))


@pytest.mark.parametrize("wrong", [{"match_threshold": 0.0}, {"ambiguity_margin": 1.5}])
def test_parameters_have_bounds(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        ReasoningParameters(**wrong)


@given(
    st.sampled_from(["the box", "a box", "boxes", "two boxes", "how many boxes are there"]),
    st.lists(st.sampled_from([0, 0.3, 0.6, 0.61, 1]), max_size=6),
    st.sampled_from([(), ("red",)]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_detections_does_not_matter(text, matches, unjudged, random):
    instruction = parse(text)
    detections = grounded(instruction, matches, (unjudged,))
    order = list(range(len(matches)))
    random.shuffle(order)
    before = resolve(instruction, detections, Objects3D.absent(len(order), "no depth"))
    after = resolve(instruction, detections[order], Objects3D.absent(len(order), "no depth"))
    assert [order[row] for row in after.chosen] == list(before.chosen)
    assert (after.status, after.count) == (before.status, before.count)
    assert (after.message, after.question) == (before.message, before.question)


@given(st.lists(st.floats(0, 1, width=32), max_size=5), st.sampled_from([(), ("red",), ("box",)]))
def test_absent_only_when_judged(matches, unjudged):
    resolution = resolved("the red box", matches, (unjudged,))
    assert not (unjudged and resolution.status in {Status.NOT_FOUND, Status.GROUNDED})
    assert (resolution.count is None) == bool(unjudged)
    if resolution.status is Status.NOT_FOUND:
        assert not any(match >= ReasoningParameters().match_threshold for match in matches)
