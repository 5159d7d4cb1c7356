"""The page of an evaluation: figures, plots and every answer, in one file that can be mailed."""

from __future__ import annotations

import base64
import hashlib
import platform
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from grounding_ros.errors import InputError
from grounding_ros.evaluation.report.figures import key_figures
from grounding_ros.evaluation.report.page_part import page_part
from grounding_ros.evaluation.report.sections import Section, sections
from grounding_ros.evaluation.results import Results
from grounding_ros.evaluation.work import Settings

Conditions = Sequence[tuple[str, str]]
"""Names and values, for the head of the page."""


def conditions_of(sources: Sequence[Path], settings: Settings) -> Conditions:
    """Say what was run, on what, when and where."""
    given = settings.conditions
    return (
        ("sources", ", ".join(source.name or str(source) for source in sources)),
        ("grounder", settings.grounder),
        ("oracle", given.oracle or "none"),
        ("noise of the depth", given.depth_noise),
        *((("asked", "; ".join(settings.asked)),) if settings.asked else ()),
        ("made", f"{datetime.now():%Y-%m-%d %H:%M} on {platform.system()} {platform.machine()}"),
    )


def write_report(path: Path, results: Results, conditions: Conditions) -> None:
    """Write the page.

    Raises
    ------
    InputError
        When nothing can be written there.
    """
    try:
        path.write_text(report(results, conditions), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: expected a writable file, got {error.strerror}") from error


def report(results: Results, conditions: Conditions) -> str:
    """Return the page; it needs nothing beside it, and its script only for the filters."""
    sources = dict(conditions).get("sources", "")
    title = f"Evaluation of {sources}" if sources else "Evaluation"
    script = page_part("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'"
    )
    parts = sections(results)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(title)}</title>
<style>{page_part("base.css")}{page_part("report.css")}</style></head><body>
<header><h1>{escape(title)}</h1>{_conditions(conditions)}{_places(parts)}</header>
<main>
{key_figures(results)}
{"".join(_written(part) for part in parts)}
</main>
<script>{script}</script></body></html>
"""


def _conditions(conditions: Conditions) -> str:
    pairs = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in conditions
    )
    return f'<dl class="conditions">{pairs}</dl>'


def _places(parts: Sequence[Section]) -> str:
    links = "".join(f'<a href="#{part.id}">{escape(part.title)}</a>' for part in parts)
    return f'<nav aria-label="sections">{links}</nav>'


def _written(part: Section) -> str:
    return (
        f'<section id="{part.id}"><h2>{escape(part.title)}</h2>'
        f'<div class="part">{part.content}</div></section>\n'
    )
