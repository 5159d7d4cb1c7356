"""The benchmark of the resolver runs; how fast it is is not judged here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "reasoning.py"


@pytest.mark.skipif(not SCRIPT.exists(), reason="an installed package has no benchmarks")
def test_few_and_many_objects_are_timed():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--rounds", "2"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["instruction", "objects", "p50", "ms", "p95", "ms"]
    cells = [re.split(r"\s{2,}", row.strip())[-3:] for row in rows]
    assert {count for count, *_ in cells} == {"10", "50"}
    assert all(0 < float(p50) <= float(p95) for _, p50, p95 in cells)
