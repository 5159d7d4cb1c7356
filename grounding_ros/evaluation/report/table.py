"""A table as HTML, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

NOTHING = "-"


def table(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    more: Mapping[str, Iterable[Sequence[str]]] | None = None,
    words: bool = False,
) -> str:
    """Return a table in a box in which it scrolls where the window is narrow.

    Parameters
    ----------
    title
        Above it.
    heads
        A text for each column; the first is of names.
    rows
        Cells of HTML.
    more
        Further rows, by the title above them.
    words
        Whether the columns are of words, not of numbers.
    """
    kind = "" if words else ' class="number"'
    first, *others = (escape(head) for head in heads)
    head = f"<th>{first}</th>" + "".join(f'<th scope="col"{kind}>{name}</th>' for name in others)
    bodies = [_body(rows, kind)]
    for name, lines in (more or {}).items():
        title_row = f'<th class="group" scope="rowgroup" colspan="{len(heads)}">{escape(name)}</th>'
        bodies.append(_body(lines, kind, f"<tr>{title_row}</tr>"))
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}"><table>'
        f"<caption>{escape(title)}</caption><thead><tr>{head}</tr></thead>"
        f"{''.join(bodies)}</table></div>"
    )


def _body(rows: Iterable[Sequence[str]], kind: str, above: str = "") -> str:
    lines = (
        f'<tr><th scope="row">{name}</th>'
        + "".join(f"<td{kind}>{cell}</td>" for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return f"<tbody>{above}{''.join(lines)}</tbody>"


def count(number: int) -> str:
    """Write a number, pale where it is none."""
    return str(number) if number else '<span class="zero">0</span>'


def percent(share: float | None) -> str:
    """Write a share in percent."""
    return number(None if share is None else 100 * share, 1)


def ratio(value: float | None) -> str:
    """Write an IoU."""
    return number(value, 3)


def mm(metres: float | None) -> str:
    """Write metres in millimetres."""
    return number(None if metres is None else 1e3 * metres, 1)


def number(value: float | None, digits: int) -> str:
    """Write a number with so many digits."""
    return NOTHING if value is None else f"{value:.{digits}f}"
