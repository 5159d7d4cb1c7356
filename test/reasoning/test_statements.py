"""The benchmark on statements about drawn shapes judges what it is given."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "nlvr.py"


def shape(kind, color, x, y, size=20):
    """Place a shape by its upper left corner, in pixels of its box."""
    return {"type": kind, "color": color, "x_loc": x, "y_loc": y, "size": size}


SCENE = [
    [shape("square", "Black", 10, 80), shape("circle", "Yellow", 50, 50)],
    [shape("triangle", "#0099ff", 40, 40)],
    [shape("square", "Black", 40, 10), shape("square", "Black", 70, 10)],
]
STATEMENTS = [
    ("There is a blue triangle.", "true"),
    ("There are three black squares.", "true"),
    ("There is a box with two black squares.", "true"),
    ("There is a box with three black squares.", "false"),
    ("There is a black square touching the wall.", "true"),
    ("There is a yellow circle touching the wall.", "false"),
    ("There is a purple unicorn.", "true"),
    ("There is a blue circle.", "true"),  # wrongly labelled, so that one is misjudged
]


@pytest.mark.skipif(not SCRIPT.exists(), reason="an installed package has no benchmarks")
def test_statements_are_judged(tmp_path):
    lines = [{"sentence": s, "label": label, "structured_rep": SCENE} for s, label in STATEMENTS]
    given = tmp_path / "statements.jsonl"
    given.write_text("\n".join(json.dumps(line) for line in lines))
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(given), "--wrong"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    assert printed[0] == "said false: There is a blue circle."
    figures = {line[:22].strip(): line[22:].split() for line in printed[1:]}
    assert figures == {
        "statements": ["8"],
        "not understood": ["0", "0.000"],
        "not judged": ["1", "0.125"],
        "judged": ["7", "0.875"],
        "right of the judged": ["6", "0.857"],
        "the commoner label": ["5", "0.714"],
        "of all": ["6", "0.750"],
    }
