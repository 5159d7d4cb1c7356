"""The cards are complete, and the pages are what the table says."""

from pathlib import Path

import pytest

from grounding_ros.perception.grounders import GROUNDERS
from grounding_ros.perception.models.card_page import as_page
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.segmenters import SEGMENTERS

PAGES = Path(__file__).parents[2] / "models"
WITHOUT_WEIGHTS = {"auto", "geometric", "scripted", "depth", "box"}
OF_OTHERS = {"tabletop", "onnx"}  # has its own card; runs what others are exported to


@pytest.mark.parametrize("name", CARDS)
def test_a_page_is_what_the_table_says(name):
    assert (PAGES / f"{name}.md").read_text("utf-8") == as_page(CARDS[name]), (
        f"put the output of `grounding-ros models info {name}` into models/{name}.md"
    )


def test_every_model_with_weights_has_a_card_and_every_card_a_backend():
    assert set(CARDS) == {*GROUNDERS, *SEGMENTERS} - WITHOUT_WEIGHTS - OF_OTHERS
    assert {path.stem for path in PAGES.glob("*.md")} == {*CARDS, "README", "tabletop"}


@pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: card.name)
def test_a_card_tells_what_a_user_must_know(card):
    assert card.hub_id.count("/") == 1
    assert card.licence
    assert "model.safetensors" in card.files
    assert not any(name.endswith((".bin", ".py", ".pt", ".pth", ".pkl")) for name in card.files)
    assert (card.notice != "") == (card.licence not in ("Apache-2.0", "MIT"))
    for sentence in (card.good_for, card.memory, *card.prompt_rules):
        assert sentence.endswith(".")


def test_a_restricted_licence_is_on_its_page_in_bold():
    page = as_page(CARDS["sam3"])
    assert f"**{CARDS['sam3'].notice}**" in page
    assert "accept the terms" in page
