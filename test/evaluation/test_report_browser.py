"""The report as somebody uses it: opened in Chromium, filtered, searched, on a narrow screen.

Where GROUNDING_ROS_BROWSER is "required" Chromium must be there; elsewhere these tests skip.
"""

import importlib.util
import json
import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chromium_page import FLAGS, NAMES, PATIENCE_S, Page, address_of

from grounding_ros.evaluation.evaluate import Outputs, evaluate
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.metrics.scores import box_scores, scores
from grounding_ros.evaluation.record import SceneRecord
from grounding_ros.evaluation.report.evidence import (
    AnswerEvidence,
    Outline,
    SceneEvidence,
    SeenObject,
    packed,
)
from grounding_ros.evaluation.report.report import write_report
from grounding_ros.evaluation.results import summarize
from grounding_ros.evaluation.work import Settings


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    give_up = pytest.fail if os.environ.get("GROUNDING_ROS_BROWSER") == "required" else pytest.skip
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        give_up(f"none of {', '.join(NAMES)} is installed")
    if importlib.util.find_spec("websockets") is None:
        give_up("websockets is not installed")
    from websockets.sync import client

    profile = tmp_path_factory.mktemp("profile")
    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={profile}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port, path = address_of(profile / "DevToolsActivePort", process)
        url = f"ws://127.0.0.1:{port}{path}"
        with client.connect(url, max_size=None, proxy=None) as socket:
            yield Page(socket)
            with suppress(Exception):
                socket.send(json.dumps({"id": 0, "method": "Browser.close"}))
                process.wait(PATIENCE_S)
    finally:
        process.kill()
        process.wait()


# Kind, status and whether it is right, of each answer on the page.
ANSWERS = (
    ("attribute", "grounded", True),
    ("attribute", "ambiguous", False),
    ("attribute", "failed", False),
    ("count", "grounded", True),
    ("count", "grounded", False),
    ("absent", "not_found", True),
)


def made_up_results():
    square = ((3, 2), (30, 2), (30, 28), (3, 28))
    judgements, told = [], []
    for number, (kind, status, exact) in enumerate(ANSWERS):
        outlines = (
            Outline("candidate", "blue can", (40, 10, 60, 30), 1),
            Outline("returned", "red box", (3, 2, 30, 28), 2, (square,)),
        )
        timings = {"ground": 10.0 + number, "total": 20.0 + 3 * number}
        ids = (number % 2,), (1,)
        one = Judgement(f"a-{number}", "a", kind, status, exact, *ids, 0.5, 0, timings_ms=timings)
        judgements.append(one)
        said = (f"find thing {number}", kind, status, exact, "I found <it>", "")
        told.append(AnswerEvidence(one.id, *said, ("a step",), *ids, 20.0, outlines))
    seen = tuple(SeenObject(0.5 + 0.02 * k, 30.0 + k, 0.5 + 0.1 * k) for k in range(22))
    picture = packed(np.full((48, 64, 3), 90, np.uint8))
    evidence = SceneEvidence("a", (48, 64), picture, tuple(told), seen)
    results = summarize([SceneRecord(Path("a"), "a", None, tuple(judgements), evidence=evidence)])
    return replace(results, overall=scores(judgements), boxes3d=box_scores(judgements))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "page.html"
    write_report(path, made_up_results(), (("sources", "tables"), ("grounder", "geometric")))
    return path


@pytest.fixture
def page(chromium, file):
    """The report in a wide, light window, with nothing wrong at the end."""
    chromium.scripts(allowed=True)
    chromium.size(1280)
    chromium.scheme("light")
    chromium.open(file.as_uri())
    yield chromium
    assert chromium.complaints == []
    assert {url.partition("#")[0] for url in chromium.requests} == {file.as_uri()}


def visible(page):
    """The numbers of the cards that can be seen."""
    return page.run("""[...document.querySelectorAll(".answer")].flatMap(
        (card, number) => card.checkVisibility() ? [number] : [])""")


def counts(page, group):
    """What the buttons of a group say."""
    return page.run(f"""Object.fromEntries([...document.querySelectorAll("[data-group={group}]")]
        .map((button) => [button.dataset.value,
                          Number(button.querySelector(".count").textContent)]))""")


def button(value, group="kind"):
    return f'[data-group="{group}"][data-value="{value}"]'


def test_a_complaint_and_a_request_would_be_seen(chromium, tmp_path):
    path = tmp_path / "bad.html"
    script = "<script>console.error('bad'); no_such_name;</script>"
    path.write_text(f'{script}<img src="http://127.0.0.1:9/there.png">', "utf-8")
    chromium.scripts(allowed=True)
    chromium.open(path.as_uri())
    assert len(chromium.complaints) >= 2
    assert chromium.requests == [path.as_uri(), "http://127.0.0.1:9/there.png"]


def test_everything_is_shown_at_first(page):
    assert visible(page) == [0, 1, 2, 3, 4, 5]
    assert page.run("document.getElementById('shown').textContent") == "6 of 6 answers"
    assert counts(page, "kind") == {"attribute": 3, "count": 2, "absent": 1}
    assert page.run("[...document.querySelectorAll('.answer')].map((card) => card.open)") == [
        not exact for _, _, exact in ANSWERS
    ]


def test_buttons_of_a_group_add_up_and_groups_cut_down(page):
    page.click(button("count"))
    assert visible(page) == [3, 4]
    assert counts(page, "result") == {"wrong": 1, "right": 1}
    assert counts(page, "kind") == {"attribute": 3, "count": 2, "absent": 1}
    page.click(button("absent"))
    assert visible(page) == [3, 4, 5]
    page.click(button("right", "result"))
    assert visible(page) == [3, 5]
    assert page.run("document.getElementById('shown').textContent") == "2 of 6 answers"
    page.click(button("not_found", "status"))
    assert visible(page) == [5]
    page.click(button("not_found", "status"))
    page.click(button("count"))
    assert visible(page) == [5]
    page.click("#clear")
    assert visible(page) == [0, 1, 2, 3, 4, 5]
    assert page.run("location.hash") == ""


def test_a_pressed_button_says_so(page):
    state = f"document.querySelector('{button('count')}').getAttribute('aria-pressed')"
    assert page.run(state) == "false"
    page.click(button("count"))
    assert page.run(state) == "true"


def test_the_keyboard_presses_a_button_and_opens_a_card(page):
    page.run(f"document.querySelector('{button('absent')}').focus()")
    page.press(" ", text=" ")
    assert visible(page) == [5]
    page.run("document.querySelectorAll('.answer summary')[5].focus()")
    page.press("Enter", text="\r")
    page.wait("document.querySelectorAll('.answer')[5].open")


def test_words_are_searched_in_any_case(page):
    page.click("#search")
    page.ask("Input.insertText", text="THING 4")
    assert visible(page) == [4]
    page.ask("Input.insertText", text=" no such word")
    assert visible(page) == []
    assert page.run("document.getElementById('shown').textContent") == "0 of 6 answers"


def test_the_address_keeps_the_filters(page, file):
    page.click(button("attribute"))
    page.click(button("failed", "status"))
    page.click("#search")
    page.ask("Input.insertText", text="thing")
    assert visible(page) == [2]
    address = page.run("location.href")
    page.open(file.as_uri())
    assert visible(page) == [0, 1, 2, 3, 4, 5]
    page.open(address)
    assert visible(page) == [2]
    assert page.run("document.getElementById('search').value") == "thing"


def test_a_link_to_a_section_leaves_the_filters_alone(page):
    page.click(button("count"))
    page.click('nav a[href="#latency"]')
    page.wait("location.hash === '#latency'")
    assert visible(page) == [3, 4]
    page.run("location.hash = '#kind=no+such+kind&nothing=1'")
    page.wait("document.getElementById('shown').textContent === '6 of 6 answers'")


def test_all_cards_are_opened_and_closed(page):
    page.click(button("count"))
    page.click("#open")
    opened = "[...document.querySelectorAll('.answer')].map((card) => card.open)"
    assert page.run(opened) == [False, True, True, True, True, False]  # the hidden ones stay
    page.click("#close")
    assert page.run(opened) == [False, True, True, False, False, False]


def test_the_picture_is_seen_under_the_outlines(page):
    page.run("document.querySelectorAll('.answer')[1].scrollIntoView()")
    box = page.run("""(() => {
        const box = document.querySelectorAll(".picture")[1].getBoundingClientRect();
        return [box.x, box.y, box.width, box.height];
    })()""")
    image = page.image()
    x, y, width, height = box
    grey = image[round(y + height * 0.9), round(x + width * 0.9)]
    assert np.abs(grey.astype(int) - 90).max() <= 4
    edge = image[round(y + height * 15 / 48), round(x + width * 3 / 64)]
    red, _, blue = edge.astype(int)
    assert red > 200 and blue < 90  # the colour of what was returned


def test_without_scripts_everything_is_there_but_the_filters(page, file):
    page.click(button("count"))
    page.scripts(allowed=False)
    page.open(file.as_uri())
    assert visible(page) == [0, 1, 2, 3, 4, 5]
    assert not page.run("document.getElementById('filters').checkVisibility()")


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [320, 360, 500, 800, 1280])
def test_no_window_is_too_narrow(page, width):
    page.size(width)
    page.click("#open")
    assert page.run(OVERFLOW) == 0
    wide = page.run(f"""[...document.querySelectorAll("button, input, svg.picture, h1, .plot")]
        .filter((one) => one.getBoundingClientRect().right > {width})
        .map((one) => one.outerHTML)""")
    assert wide == []


def test_a_real_page_fits_into_a_narrow_window_too(chromium, tmp_path):
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "mosd_tabletop"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: real data is not shipped")
    path = tmp_path / "page.html"
    evaluate([folder], Settings(), Outputs(report=path))
    chromium.scripts(allowed=True)
    chromium.size(360)
    chromium.open(path.as_uri())
    assert chromium.run(OVERFLOW) == 0
    assert len(visible(chromium)) == 92
    chromium.click(button("wrong", "result"))
    shown = chromium.run("document.getElementById('shown').textContent")
    assert shown == f"{len(visible(chromium))} of 92 answers"
    assert chromium.complaints == []


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_page_is_as_dark_as_it_is_asked_to_be(page, scheme, dark):
    page.scheme(scheme)
    image = page.image()
    assert (np.median(image) < 60) == dark
    faint = page.run("""[...document.querySelectorAll("h1, .conditions dt, td, .said, .kind")]
        .filter((one) => {
            const light = (css) => css.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3;
            const style = getComputedStyle(one);
            const paper = getComputedStyle(document.body).backgroundColor;
            return Math.abs(light(style.color) - light(paper)) < 90;
        }).map((one) => one.outerHTML)""")
    assert faint == []


def test_every_control_has_a_name(page):
    tree = page.ask("Accessibility.getFullAXTree")["nodes"]
    controls = [
        node
        for node in tree
        if node.get("role", {}).get("value") in ("button", "searchbox", "link", "image", "img")
        and not node.get("ignored")
    ]
    assert len(controls) > 10
    assert [node for node in controls if not node.get("name", {}).get("value")] == []
