"""The page that shows a run: whole in one file, whatever the texts are."""

import base64
import re
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest

from grounding_ros.evaluation.report.page import Row, cells, page

EVIL = """<script>alert("1")</script> & 'more'"""
RED = np.full((12, 20, 3), (250, 10, 10), np.uint8)


def a_row(**changes):
    fields = {
        "text": "pick up the red box",
        "status": "grounded",
        "count": 1,
        "position": (0.1, -0.25, 1.0),
        "frame_id": "base_link",
        "latency_ms": 87.6,
        "age_ms": 240.2,
        "message": "I found a red box",
        "picture": None,
    }
    return Row(**(fields | changes))


class Elements(HTMLParser):
    """Every element with its attributes, what is open at the end, and the text of table cells."""

    VOID = frozenset({"meta", "img", "br", "!doctype"})

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.cells = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "td":
            self.cells[-1] += data

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def test_a_row_as_text():
    assert cells(a_row()) == (
        *("pick up the red box", "grounded", "1", "+0.100 -0.250 +1.000", "88", "240"),
    )
    silent = a_row(status="silent", count=None, position=None, latency_ms=None, age_ms=None)
    assert cells(silent) == ("pick up the red box", "silent", "-", "-", "-", "-")
    assert cells(a_row(count=0))[2] == "0"


def test_the_table_shows_the_same_cells():
    elements = Elements(page("title", "lead", [a_row(), a_row(text="the mug", count=None)]))
    assert elements.cells == [
        *("1", "pick up the red box", "grounded", "1", "+0.100 -0.250 +1.000", "88", "240"),
        *("2", "the mug", "grounded", "-", "+0.100 -0.250 +1.000", "88", "240"),
    ]
    assert elements.open == []


def test_the_cards_say_where_and_why():
    text = page("title", "lead", [a_row(message="one reason")])
    assert "+0.100 -0.250 +1.000 in base_link" in text
    assert "one reason" in text
    assert " in base_link" not in page("title", "lead", [a_row(position=None)])


def test_a_picture_is_inside_the_page():
    text = page("title", "lead", [a_row(picture=RED), a_row()])
    (image,) = Elements(text).named("img")
    assert (image["width"], image["height"]) == ("20", "12")
    kind, _, data = image["src"].partition(",")
    assert kind == "data:image/jpeg;base64"
    decoded = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
    assert decoded.shape == RED.shape
    assert np.abs(decoded[..., ::-1].astype(int) - RED).max() < 12  # red is still red


@pytest.mark.parametrize("rows", [[], [a_row(picture=RED)], [a_row(text=EVIL, picture=RED)]])
def test_the_page_needs_nothing_from_outside(rows):
    text = page("title", "lead", rows)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text)
    elements = Elements(text)
    assert not elements.named("script")
    assert not elements.named("link")
    links = [value for _, attributes in elements.found for name, value in attributes.items()
             if name in ("src", "href")]  # fmt: skip
    assert all(link.startswith("data:") for link in links)


@pytest.mark.parametrize("field", ["text", "status", "frame_id", "message"])
def test_texts_are_escaped(field):
    elements = Elements(page("title", "lead", [a_row(picture=RED, **{field: EVIL})]))
    assert not elements.named("script")
    assert elements.open == []
    if field == "text":
        assert elements.cells[1] == EVIL
        assert elements.named("img")[0]["alt"] == EVIL


def test_title_and_lead_are_escaped():
    text = page(EVIL, EVIL, [])
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 3  # twice the title, once the lead


def test_no_rows_still_make_a_page():
    elements = Elements(page("title", "lead", []))
    assert elements.open == []
    assert len(elements.named("th")) == 7
    assert elements.cells == []
