"""The table of a simulation, and its figures as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from grounding_ros.playground.episode import Episode
from grounding_ros.simulation.pick_and_place.judge import CAUSES

MOVED_M = 0.02
"""What moved less than this counts as not moved."""


def as_table(episodes: Sequence[Episode]) -> str:
    """Return one line an episode, then how many ended right and which stage failed."""
    heads = ("", "instruction", "status", "ended", "why")
    rows = [heads, *(_row(number, one) for number, one in enumerate(episodes))]
    widths = [max(len(row[k]) for row in rows) for k in range(len(heads) - 1)]
    rows.insert(1, (*("-" * width for width in widths), "---"))
    lines = [
        "  ".join(
            (*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)), row[-1])
        ).rstrip()
        for row in rows
    ]
    lines += ["", f"right: {_share(episodes)}"]
    failed = causes(episodes)
    lines += [f"failed by {cause}: {failed[cause]}" for cause in CAUSES if failed[cause]]
    lines += [f"moved something else by over {100 * MOVED_M:.0f} cm: {disturbing(episodes)}"]
    lines += _by("where", lambda one: one.predicate, episodes)
    lines += _by("what", lambda one: one.target, episodes)
    return "\n".join(lines)


def as_json(episodes: Sequence[Episode], settings: dict[str, Any]) -> str:
    """Return settings, figures and every episode as JSON."""
    figures = {
        "episodes": len(episodes),
        "right": sum(not one.verdict.cause for one in episodes),
        "failed": causes(episodes),
        "moved_something_else": disturbing(episodes),
    }
    rows = [{**asdict(one), "verdict": asdict(one.verdict)} for one in episodes]
    return json.dumps({"settings": settings, "figures": figures, "episodes": rows}, indent=1)


def causes(episodes: Sequence[Episode]) -> dict[str, int]:
    """Return how many episodes each stage failed, all stages in their order."""
    counted = Counter(one.verdict.cause for one in episodes)
    return {cause: counted[cause] for cause in CAUSES}


def disturbing(episodes: Sequence[Episode]) -> int:
    """Return in how many episodes something else than the target was moved."""
    return sum(one.disturbed_m > MOVED_M for one in episodes)


def _row(number: int, one: Episode) -> tuple[str, ...]:
    return (str(number), one.text, one.status, one.verdict.cause or "right", one.verdict.why)


def _share(episodes: Sequence[Episode]) -> str:
    right = sum(not one.verdict.cause for one in episodes)
    return f"{right} of {len(episodes)} ({right / max(1, len(episodes)):.0%})"


def _by(name: str, key: Callable[[Episode], str], episodes: Sequence[Episode]) -> list[str]:
    groups = sorted({key(one) for one in episodes})
    parts = [f"{group} {_share([o for o in episodes if key(o) == group])}" for group in groups]
    return [f"by {name}: {', '.join(parts)}"]
