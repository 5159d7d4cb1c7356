import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders.scripted import ScriptedGrounder
from grounding_ros.scene import Frame

FRAME = Frame(np.zeros((60, 80, 3), np.uint8))
SCRIPT = {"red mug": [[10, 10, 30, 40], [40, 10, 60, 40]], "box": [[0, 0, 5, 5]]}


def test_a_phrase_matches_by_its_text_or_its_words():
    phrases = [
        Phrase("the red mug", "mug", ("red",)),
        Phrase("red mug", "thing"),
        Phrase("the box", "box"),
        Phrase("the mug", "mug"),
    ]
    found = ScriptedGrounder(SCRIPT).ground(FRAME, phrases)
    assert found.labels == ("red mug", "red mug", "box")
    assert found.matches.tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]]
    assert found.boxes.tolist() == [[10, 10, 30, 40], [40, 10, 60, 40], [0, 0, 5, 5]]
    assert found.masks is None
    assert found.image_size == (60, 80)


def test_the_script_may_be_json():
    grounder = ScriptedGrounder.from_json('{"Red Mug": [[1, 2, 3, 4]]}')
    assert repr(grounder) == "ScriptedGrounder(['red mug'])"
    assert grounder.ground(FRAME, [Phrase("the red mug", "mug", ("red",))]).matches.tolist() == [
        [1]
    ]


def test_an_empty_script_finds_nothing():
    found = ScriptedGrounder({}).ground(FRAME, [Phrase("the mug", "mug")])
    assert len(found) == 0 and found.matches.shape == (0, 1)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"mug": 3}', '{"mug": [[1, 2, 3]]}', '{"mug": [["a"]]}']
)
def test_a_script_that_is_none_is_refused(text):
    with pytest.raises(BackendError, match="script"):
        ScriptedGrounder.from_json(text)
