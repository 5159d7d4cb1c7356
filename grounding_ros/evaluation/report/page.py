"""One self-contained HTML page: a table of answers and a picture for each."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.report.page_part import page_part


@dataclass(frozen=True, eq=False)
class Row:
    """One instruction and what came back."""

    text: str
    status: str
    count: int | None
    position: tuple[float, float, float] | None
    """Metres, of the best object, in `frame_id`."""
    frame_id: str
    latency_ms: float | None
    """From publishing the instruction to hearing the answer."""
    age_ms: float | None
    """From the image's stamp to publishing the answer."""
    message: str
    picture: NDArray[np.uint8] | None
    """(H, W, 3) uint8 RGB with the answer drawn on it."""


def page(title: str, lead: str, rows: Sequence[Row]) -> str:
    """Return the page; pictures are inside it, so it can be mailed."""
    body = "\n".join(_table_row(number, row) for number, row in enumerate(rows, 1))
    cards = "\n".join(_card(number, row) for number, row in enumerate(rows, 1))
    heads = ("#", "instruction", "status", "count", "position, m", "latency, ms", "age, ms")
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title><style>{page_part("base.css")}{page_part("demo.css")}</style></head><body>
<h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>
<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>
{body}
</tbody></table></div>
<div class="cards">
{cards}
</div></body></html>
"""


def cells(row: Row) -> tuple[str, ...]:
    """The row as text: instruction, status, count, position, latency, age."""
    position = "-" if row.position is None else " ".join(f"{value:+.3f}" for value in row.position)
    return (
        row.text,
        row.status,
        "-" if row.count is None else str(row.count),
        position,
        _milliseconds(row.latency_ms),
        _milliseconds(row.age_ms),
    )


def _table_row(number: int, row: Row) -> str:
    text, status, *numbers = (escape(cell) for cell in cells(row))
    return (
        f'<tr><td>{number}</td><td>{text}</td><td class="status {status}">{status}</td>'
        + "".join(f'<td class="number">{cell}</td>' for cell in numbers)
        + "</tr>"
    )


def _card(number: int, row: Row) -> str:
    picture = "" if row.picture is None else _image(row.picture, row.text)
    where = f"{cells(row)[3]} in {escape(row.frame_id)}" if row.position is not None else ""
    return f"""<figure>{picture}<figcaption>{number}. <q>{escape(row.text)}</q>
<span class="status {escape(row.status)}">{escape(row.status)}</span>
<small>{escape(row.message)}</small><small>{where}</small></figcaption></figure>"""


def _image(picture: NDArray[np.uint8], alt: str) -> str:
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    encoded = base64.b64encode(data.tobytes()).decode("ascii")
    height, width = picture.shape[:2]
    return (
        f'<img alt="{escape(alt, quote=True)}" width="{width}" height="{height}" '
        f'style="height:auto" src="data:image/jpeg;base64,{encoded}">'
    )


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
