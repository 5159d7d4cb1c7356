import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grounding_ros.errors import BackendError
from grounding_ros.language.instruction import Phrase
from grounding_ros.scene import Frame

RED, BLUE, GREEN = (190, 25, 30), (30, 60, 190), (20, 130, 50)


def phrase(text):
    """Words before the last are attributes: "the small red box"."""
    *attributes, head = text.removeprefix("the ").split()
    return Phrase(text, head, tuple(attributes))


PHRASES = [
    phrase(text)
    for text in ("the red box", "the box", "the blue can", "the object", "the mug", "the red mug",
                 "the plastic red box", "the green ball", "the small object")
]  # fmt: skip


@pytest.fixture
def scene(table, solid):
    """A red box left, a blue can in the middle, a blue box right."""
    return table(
        [
            solid.box(-0.2, 0, color=RED),
            solid.can(0, 0.05, color=BLUE),
            solid.box(0.2, 0, color=BLUE),
        ]
    )


@pytest.fixture
def judge(grounder, scene):
    def judge(*texts):
        found = grounder.ground(scene.frame, [phrase(text) for text in texts])
        order = np.argsort(found.boxes[:, 0])
        return found[order]

    return judge


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("the box", (1, 0, 1)),
        ("the red box", (1, 0, 0)),
        ("the blue packet", (0, 0, 1)),
        ("the blue thing", (0, 1, 1)),
        ("the tin", (0, 1, 0)),
        ("the red can", (0, 0, 0)),
        ("the ball", (0, 0, 0)),
        ("the round object", (0, 1, 0)),
        ("the object", (1, 1, 1)),
    ],
)
def test_a_phrase_fits_what_all_its_words_are_true_of(judge, text, fits):
    found = judge(text)
    assert tuple(found.matches[:, 0] >= 0.5) == tuple(map(bool, fits))
    assert found.matches[~np.array(fits, bool), 0] == pytest.approx(0, abs=0.05)
    assert found.unjudged == ((),)


@pytest.mark.parametrize(
    ("text", "unjudged", "fits"),
    [
        ("the mug", ("mug",), (0, 1, 0)),
        ("the red mug", ("mug",), (0, 0, 0)),
        ("the red book", ("book",), (1, 0, 0)),
        ("the stapler", ("stapler",), (1, 1, 1)),
        ("the Toffifee box", ("Toffifee",), (1, 0, 1)),
        ("the blue plastic cup", ("plastic", "cup"), (0, 1, 0)),
    ],
)
def test_a_word_it_cannot_judge_is_told_the_others_and_its_form_hold(judge, text, unjudged, fits):
    found = judge(text)
    assert found.unjudged == (unjudged,)
    assert tuple(found.matches[:, 0] >= 0.5) == tuple(map(bool, fits))


@pytest.mark.parametrize(
    ("text", "unjudged"), [("the mug", ()), ("the red cup", ()), ("the banana", ("banana",))]
)
def test_among_boxes_alone_a_mug_is_judged_absent_and_a_banana_is_not(
    table, solid, grounder, text, unjudged
):
    boxes = table([solid.box(-0.2, 0, color=RED), solid.box(0.2, 0, color=BLUE)])
    found = grounder.ground(boxes.frame, [phrase(text)])
    assert found.unjudged == (unjudged,)
    assert (found.matches == 0).all() == (not unjudged)


def test_what_it_found(judge):
    found = judge()
    assert found.labels == ("red box", "blue can", "blue box")
    assert found.masks.shape == (3, 480, 640)
    assert found.matches.shape == (3, 0)
    assert ((found.scores > 0.8) & (found.scores <= 1)).all()
    assert {"red", "box"} <= set(found.attributes[0])


def test_an_empty_table_has_no_rows_but_all_phrases(table, grounder):
    found = grounder.ground(table([]).frame, [phrase("the red mug"), phrase("the box")])
    assert found.matches.shape == (0, 2)
    assert found.phrases == ("the red mug", "the box")
    assert found.unjudged == (("mug",), ())


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(len(PHRASES))))
def test_shuffled_phrases_shuffle_the_columns(grounder, scene, order):
    plain = grounder.ground(scene.frame, PHRASES)
    shuffled = grounder.ground(scene.frame, [PHRASES[index] for index in order])
    assert np.array_equal(shuffled.matches, plain.matches[:, list(order)])
    assert shuffled.unjudged == tuple(plain.unjudged[index] for index in order)
    assert shuffled.labels == plain.labels


def test_height_words_are_not_judged_without_a_support(table, solid, grounder):
    balls = [solid.ball(x, y, 0.07) for x in (-0.2, 0.2) for y in (-0.15, 0.15)]
    truth = table(balls, table=False)
    found = grounder.ground(truth.frame, [phrase("the tall object"), phrase("the red ball")])
    assert len(found) == 4
    assert found.unjudged == (("tall",), ())
    assert not {"tall", "flat", "standing", "lying"} & set(found.attributes[0])


def test_without_depth_or_camera_it_says_what_to_do(grounder, scene):
    rgb = scene.frame.rgb
    with pytest.raises(BackendError, match=r"depth and camera_info.*\(no depth topic\).*connect"):
        grounder.ground(Frame(rgb, missing_3d="no depth topic"), [])
    with pytest.raises(BackendError, match="camera_info"):
        grounder.ground(Frame(rgb, scene.frame.depth), [])
