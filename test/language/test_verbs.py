import pytest

from grounding_ros.language.verbs import past_participle, present_participle, third_person


@pytest.mark.parametrize(
    ("base", "present", "third", "past"),
    [
        ("hold", "holding", "holds", "held"),
        ("ride", "riding", "rides", "ridden"),
        ("sit", "sitting", "sits", "sat"),
        ("lie", "lying", "lies", "lain"),
        ("carry", "carrying", "carries", "carried"),
        ("play", "playing", "plays", "played"),
        ("watch", "watching", "watches", "watched"),
        ("stop", "stopping", "stops", "stopped"),
        ("see", "seeing", "sees", "seen"),
        ("cover", "covering", "covers", "covered"),
    ],
)
def test_the_forms_of_a_verb(base, present, third, past):
    assert present_participle(base) == present
    assert third_person(base) == third
    assert past_participle(base) == past
