import pytest

from grounding_ros.perception.geometric.colors import COLORS
from grounding_ros.perception.geometric.shapes import SHAPES
from grounding_ros.perception.geometric.words import QUESTIONS, question_of


@pytest.mark.parametrize(
    ("word", "aspect", "value"),
    [
        ("object", "any", "object"),
        ("one", "any", "object"),
        ("box", "shape", "box"),
        ("carton", "shape", "box"),
        ("Tin", "shape", "cylinder"),
        ("canister", "shape", "cylinder"),
        ("sphere", "shape", "ball"),
        ("bowl", "shape", "bowl"),
        ("grey", "color", "gray"),
        ("violet", "color", "purple"),
        ("little", "size", "small"),
        ("big", "size", "large"),
        ("upright", "form", "standing"),
        ("dark", "shade", "dark"),
    ],
)
def test_what_a_word_asks_for(word, aspect, value):
    question = question_of(word)
    assert question is not None
    assert (question.aspect, question.value) == (aspect, value)


@pytest.mark.parametrize(
    "word",
    ["mug", "cup", "bottle", "banana", "book", "plate", "Toffifee", "cereal", "plastic", "empty"],
)
def test_what_geometry_cannot_tell_is_not_judged(word):
    assert question_of(word) is None


def test_every_colour_and_shape_has_its_own_word():
    assert {q.value for q in QUESTIONS.values() if q.aspect == "color"} == set(COLORS)
    assert {q.value for q in QUESTIONS.values() if q.aspect == "shape"} == set(SHAPES)
    assert all(QUESTIONS[name].value == name for name in (*COLORS, *SHAPES))
