import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "parsing.py"

pytestmark = pytest.mark.skipif(
    not SCRIPT.exists(), reason="an installed package has no benchmarks"
)


def run(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_figures_of_a_file(tmp_path):
    file = tmp_path / "sentences.txt"
    file.write_bytes(b"the red mug\n\nla tasse\xff\nthe box behind the mug\n")
    figures = json.loads(run(file, "--json").stdout)
    assert figures["lines"] == 4
    assert figures["understood"] == 0.5
    assert 0 < figures["p50_ms"] <= figures["p95_ms"] <= figures["max_ms"]
    assert figures["lines_per_s"] > 0
    assert "p95_ms" in run(file).stdout


def test_an_empty_file_is_named(tmp_path):
    file = tmp_path / "empty.txt"
    file.write_text("")
    done = run(file)
    assert done.returncode == 2
    assert "at least one line" in done.stderr
