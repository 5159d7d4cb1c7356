import pytest

from grounding_ros.language.nouns import is_plural, plural, singular


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("mug", "mugs"),
        ("box", "boxes"),
        ("glass", "glasses"),
        ("dish", "dishes"),
        ("torch", "torches"),
        ("berry", "berries"),
        ("toy", "toys"),
        ("cookie", "cookies"),
        ("knife", "knives"),
        ("glove", "gloves"),
        ("person", "people"),
        ("bus", "buses"),
        ("vase", "vases"),
        ("orange", "oranges"),
        ("shoe", "shoes"),
        ("tomato", "tomatoes"),
        ("teddy bear", "teddy bears"),
    ],
)
def test_singular_and_plural(one, many):
    assert singular(many) == one
    assert plural(one) == many
    assert is_plural(many)
    assert not is_plural(one)


@pytest.mark.parametrize(
    "word", ["scissors", "pliers", "lens", "cactus", "glass", "tennis", "s", ""]
)
def test_an_s_at_the_end_is_no_proof(word):
    assert singular(word) == word
