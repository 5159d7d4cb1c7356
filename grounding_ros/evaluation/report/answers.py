"""The list of all answers, with its filters and the meaning of the lines on the pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from grounding_ros.evaluation.report.cards import RESULTS, cards
from grounding_ros.evaluation.report.evidence import AnswerEvidence
from grounding_ros.evaluation.report.pictures import Pictures
from grounding_ros.evaluation.results import Results

_ROLES = {
    "returned": "returned",
    "expected": "expected",
    "place": "place",
    "anchor": "anchor of a relation",
    "candidate": "considered",
}


def answers_part(results: Results) -> str:
    """Return a card for every answer, in the order in which they were given."""
    pictures = Pictures()
    listed = [one for scene in results.evidence for one in scene.answers]
    text = "".join(card for scene in results.evidence for card in cards(scene, pictures))
    return "\n".join(
        (
            _left_out(results, listed),
            _legend(),
            _filters(listed),
            f'<div id="cards">{text}</div>',
            pictures.shared(),
        )
    )


def _left_out(results: Results, listed: list[AnswerEvidence]) -> str:
    """Say what the page has no room for."""
    sentences = []
    missing = len(results.judgements) + len(results.heard) - len(listed)
    if missing > 0:
        sentences.append(f"{missing} more answers are not listed; --json and --dump have all.")
    undrawn = sum(not one.drawn for one in listed)
    if undrawn:
        wrong = sum(not one.drawn and not one.exact for one in listed)
        sentences.append(
            f"So that the page can be mailed, only the first pictures are here: {undrawn} of the "
            f"{len(listed)} answers are without, {wrong} of them not known to be right."
        )
    return f'<p class="note">{" ".join(sentences)}</p>' if sentences else ""


def _legend() -> str:
    signs = "".join(
        f'<li><svg class="sign" viewBox="0 0 34 16" aria-hidden="true">'
        f'<path class="casing" d="M3 8H31"/><path class="shape {role}" d="M3 8H31"/></svg>'
        f"{words}</li>"
        for role, words in _ROLES.items()
    )
    return f'<ul class="legend" aria-label="lines on the pictures">{signs}</ul>'


def _filters(listed: list[AnswerEvidence]) -> str:
    """Return the form; it is hidden until the script runs, without which it could do nothing."""
    groups = (
        _group("result", "Result", (RESULTS[one.exact] for one in listed)),
        _group("status", "Status", (one.status for one in listed)),
        _group("kind", "Kind", (one.kind for one in listed if one.kind)),
    )
    return (
        '<form id="filters" hidden role="search" aria-label="answers">'
        '<label class="search"><span>Search</span><input type="search" id="search" '
        'autocomplete="off" placeholder="words, ids, reasons"></label>'
        f"{''.join(groups)}"
        '<p class="shown"><span id="shown" role="status"></span>'
        '<button type="button" id="clear">Clear filters</button>'
        '<button type="button" id="open">Open all</button>'
        '<button type="button" id="close">Close all</button></p></form>'
    )


def _group(name: str, title: str, values: Iterable[str]) -> str:
    counts = Counter(values)
    if len(counts) < 2:
        return ""
    order = sorted(counts, key=lambda value: (-counts[value], value))
    buttons = "".join(
        f'<button type="button" aria-pressed="false" data-group="{name}" '
        f'data-value="{escape(value)}">{escape(value)} <span class="count">{counts[value]}</span>'
        "</button>"
        for value in order
    )
    return f"<fieldset><legend>{title}</legend>{buttons}</fieldset>"
