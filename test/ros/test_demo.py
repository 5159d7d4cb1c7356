"""`grounding-ros demo` as a user runs it: a node of its own, real DDS, the table and the page."""

import os
import re
import subprocess
import sys
from html import escape

import pytest

from grounding_ros.evaluation.sample import sample_expected

EXPECTED = sample_expected()


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The finished demo: what it printed, and the folder it wrote."""
    output = tmp_path_factory.mktemp("a demo")
    environment = {**os.environ, "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    environment.pop("ROS_DOMAIN_ID", None)  # the demo takes a domain of its own
    done = subprocess.run(
        [sys.executable, "-m", "grounding_ros.cli", "demo", "--output", str(output)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
    )
    log = output / "node.log"
    log_text = log.read_text(errors="replace") if log.exists() else "no node.log"
    assert done.returncode == 0, done.stderr + log_text
    return done.stdout, output


@pytest.fixture(scope="module")
def table(shown):
    """The printed rows as cells."""
    head, rule, *rows = shown[0].splitlines()
    assert re.split(r"\s{2,}", head.strip()) == [
        *("instruction", "status", "count", "position, m", "latency, ms", "age, ms"),
    ]
    assert set(rule) == {"-", " "}
    return [re.split(r"\s{2,}", row.strip()) for row in rows[: rows.index("")]]


def test_the_table_has_every_instruction_in_order(table):
    assert [cells[0] for cells in table] == [answer["text"] for answer in EXPECTED]


@pytest.mark.parametrize(
    "number", range(len(EXPECTED)), ids=[answer["text"] for answer in EXPECTED]
)
def test_every_answer_is_the_right_one(table, number):
    _, status, count, position, *_ = table[number]
    expected = EXPECTED[number]
    assert status in expected["statuses"]
    assert count in (str(expected["count"]), "-")
    assert (position == "-") == (not expected["targets"])
    if position != "-":
        place = [float(value) for value in position.split()]
        distances = [
            max(abs(a - b) for a, b in zip(place, target["center_m"], strict=True))
            for target in expected["targets"]
        ]
        assert min(distances) < 0.02


def test_every_answer_came_in_time(table):
    for *_, latency, age in table:
        assert 0 < float(latency) < 2000
        assert 0 < float(age) < 5000


def test_the_page_shows_every_instruction_with_its_picture(shown):
    _, output = shown
    page = (output / "index.html").read_text("utf-8")
    for answer in EXPECTED:
        assert escape(answer["text"]) in page
    assert page.count('src="data:image/jpeg;base64,') == len(EXPECTED)
    assert not re.search("https?:", page)
    names = sorted(path.name for path in output.glob("*.png"))
    assert names == [f"{number:02d}.png" for number in range(1, len(EXPECTED) + 1)]


def test_the_last_line_says_where_the_page_is(shown):
    printed, output = shown
    assert printed.splitlines()[-1].endswith(str(output / "index.html"))
