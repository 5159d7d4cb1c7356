"""The pictures of the report: each is in the page once, and every answer is drawn over it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from grounding_ros.evaluation.report.evidence import AnswerEvidence, Outline, SceneEvidence


class Pictures:
    """Pictures and outlines that several answers share, by the ids they have in the page."""

    def __init__(self) -> None:
        self._shared: list[str] = []
        self._shapes: dict[tuple[str, str], str] = {}

    def add(self, scene: SceneEvidence) -> str:
        """Put a scene's picture into the page, and return its id."""
        name = f"p{len(self._shared)}"
        height, width = scene.size
        data = base64.b64encode(scene.jpeg).decode("ascii")
        self._shared.append(
            f'<image id="{name}" width="{width}" height="{height}" '
            f'href="data:image/jpeg;base64,{data}"/>'
        )
        return name

    def draw(self, picture: str, size: tuple[int, int], answer: AnswerEvidence) -> str:
        """Return an answer's drawing over the picture of that id, which is (height, width)."""
        height, width = size
        shapes = "".join(self._outline(picture, outline) for outline in answer.outlines)
        numbers = "".join(_number(outline, width) for outline in answer.outlines)
        return (
            f'<svg class="picture" viewBox="0 0 {width} {height}" role="img" '
            f'style="font-size:{width / 34:.1f}px" '
            f'aria-label="{escape(described(answer.outlines))}">'
            f'<use href="#{picture}"/>{shapes}{numbers}</svg>'
        )

    def shared(self) -> str:
        """Return what all drawings refer to."""
        return (
            '<svg class="shared" width="0" height="0" aria-hidden="true"><defs>'
            f"{''.join((*self._shared, *(self._paths())))}</defs></svg>"
        )

    def _outline(self, picture: str, outline: Outline) -> str:
        path = _path(outline)
        name = self._shapes.setdefault((picture, path), f"s{len(self._shapes)}")
        box = ""
        if outline.contours and outline.role in ("returned", "place"):
            box = f'<path class="box {outline.role}" d="{_box_path(outline)}"/>'
        return (
            f'<use class="casing" href="#{name}"/>'
            f'<use class="shape {outline.role}" href="#{name}"/>{box}'
        )

    def _paths(self) -> Sequence[str]:
        return [
            f'<path id="{name}" d="{path}" vector-effect="non-scaling-stroke"/>'
            for (_, path), name in self._shapes.items()
        ]


def described(outlines: Sequence[Outline]) -> str:
    """Say what a drawing shows to somebody who does not see it."""
    parts = []
    for role in ("returned", "place", "anchor", "expected"):
        labels = [outline.label for outline in outlines if outline.role == role]
        if labels:
            parts.append(f"{role}: {', '.join(labels)}")
    others = sum(outline.role == "candidate" for outline in outlines)
    if others:
        parts.append(f"considered: {others} others")
    return "The scene; " + ("; ".join(parts) or "nothing is drawn on it")


def _path(outline: Outline) -> str:
    if not outline.contours:
        return _box_path(outline)
    return "".join(_closed(contour) for contour in outline.contours)


def _closed(contour: Sequence[tuple[int, int]]) -> str:
    """The differences are short to write."""
    (u, v), *rest = contour
    steps, last = [f"M{u} {v}l"], (u, v)
    for point in rest:
        steps.append(f"{point[0] - last[0]} {point[1] - last[1]} ")
        last = point
    return "".join(steps).rstrip() + "z"


def _box_path(outline: Outline) -> str:
    u0, v0, u1, v1 = outline.box
    return f"M{u0:g} {v0:g}H{u1:g}V{v1:g}H{u0:g}z"


def _number(outline: Outline, width: int) -> str:
    """Names would cover each other; they stand beside the picture."""
    if outline.role == "expected":
        return ""
    u0, v0, u1, v1 = outline.box
    u, v = (u0 + u1) / 2, (v0 + v1) / 2 + width / 100  # the middle of a digit
    return f'<text x="{u:.0f}" y="{v:.0f}" class="{outline.role}">{outline.number}</text>'
