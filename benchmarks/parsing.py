"""How long a sentence takes to parse: `benchmarks/parsing.py FILE` reads one sentence a line."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from grounding_ros.language import parse


def timed(lines: list[str], rounds: int) -> dict[str, float]:
    """Parse every line and return milliseconds a line, lines a second and how many were understood.

    A line's time is its best of `rounds`: what else the machine does is not the parser's.
    """
    best = np.full(len(lines), np.inf)
    understood = 0
    for _ in range(rounds):
        for at, line in enumerate(lines):
            start = time.perf_counter()
            instruction = parse(line)
            best[at] = min(best[at], time.perf_counter() - start)
            understood += instruction.understood
    p50, p95, slowest = (1e3 * np.percentile(best, (50, 95, 100))).tolist()
    return {
        "lines": len(lines),
        "p50_ms": p50,
        "p95_ms": p95,
        "max_ms": slowest,
        "lines_per_s": len(lines) / float(best.sum()),
        "understood": understood / rounds / len(lines),
    }


def main() -> None:
    """Print the figures of a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="UTF-8 text, one sentence a line")
    parser.add_argument("--rounds", type=int, default=3, help="a line's time is its best of these")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    given = parser.parse_args()
    lines = given.file.read_text("utf-8", "replace").splitlines()
    if not lines or given.rounds < 1:
        parser.error("expected a file with at least one line and at least one round")
    figures = timed(lines, given.rounds)
    if given.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:12} {value:10.3f}")


if __name__ == "__main__":
    main()
