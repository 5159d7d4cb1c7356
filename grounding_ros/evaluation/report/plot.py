"""Small plots as inline SVG; their colours come from the page's style sheet."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from grounding_ros.evaluation.report.axes import Axis, short

WIDTH = 440
"""Pixels of every plot; a narrow window shows it smaller."""


def plot(title: str, height: float, parts: Iterable[str], key: str = "") -> str:
    """Return a figure with its title above and the meaning of its signs below."""
    caption = f'<p class="key">{key}</p>' if key else ""
    return (
        f'<figure class="plot"><figcaption>{escape(title)}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>{caption}</figure>"
    )


def x_axis(axis: Axis, top: float, bottom: float, title: str) -> str:
    """Return the vertical grid with its values and title below it."""
    lines = [
        f'<path class="grid" d="M{axis(tick)} {top}V{bottom}"/>'
        f"{text(axis(tick), bottom + 16, short(tick), 'middle')}"
        for tick in axis.ticks
    ]
    middle = (axis.start + axis.end) / 2
    return "".join(lines) + text(middle, bottom + 34, title, "middle", "title")


def y_axis(axis: Axis, left: float, right: float, title: str) -> str:
    """Return the horizontal grid with its values beside it and its title above."""
    lines = [
        f'<path class="grid" d="M{left} {axis(tick)}H{right}"/>'
        f"{text(left - 6, axis(tick) + 4, short(tick), 'end')}"
        for tick in axis.ticks
    ]
    return "".join(lines) + text(left, min(axis.start, axis.end) - 10, title, "start", "title")


def text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    """Return words at a place."""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{named}>{escape(words)}</text>'


def sign(kind: str, words: str) -> str:
    """Return an entry of the key: a line or a mark as in the plot, and what it means."""
    shapes = {
        "dot": '<circle class="dot" cx="11" cy="6" r="4"/>',
        "rival": '<path class="rival" d="M11 1l5 5-5 5-5-5z"/>',
        "range": '<path class="range" d="M1 6H21"/>',
        "middle": '<path class="middle" d="M11 0V12"/>',
        "tail": '<path class="tail" d="M11 0V12"/>',
        "trend": '<path class="trend" d="M1 6H21"/>',
    }
    drawing = f'<svg class="sign" viewBox="0 0 22 12" aria-hidden="true">{shapes[kind]}</svg>'
    return f"<span>{drawing}{escape(words)}</span>"
