"""One card an answer: what was said, what came back, what was expected, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from grounding_ros.evaluation.report.evidence import AnswerEvidence, Outline, SceneEvidence
from grounding_ros.evaluation.report.pictures import Pictures

RESULTS = {True: "right", False: "wrong", None: "no truth"}
_MARKS = {True: "✓", False: "✗", None: "·"}


def cards(scene: SceneEvidence, pictures: Pictures) -> Iterator[str]:
    """Yield the cards of a scene; its picture is put among the `pictures` when one needs it."""
    is_drawn = bool(scene.jpeg) and any(one.drawn for one in scene.answers)
    picture = pictures.add(scene) if is_drawn else ""
    for one in scene.answers:
        drawing = pictures.draw(picture, scene.size, one) if picture and one.drawn else ""
        yield _card(scene, one, drawing)


def _card(scene: SceneEvidence, one: AnswerEvidence, drawing: str) -> str:
    result = RESULTS[one.exact]
    is_open = " open" if drawing and not one.exact else ""
    kind = f'<span class="kind">{escape(one.kind)}</span>' if one.kind else ""
    without = "" if drawing else '<p class="note">Not drawn: the page is full.</p>'
    fault = f'<p class="fault">{escape(one.fault)}</p>' if one.fault else ""
    return (
        f'<details class="answer" data-kind="{escape(one.kind)}" '
        f'data-status="{escape(one.status)}" data-result="{result}"{is_open}>'
        f'<summary><span class="mark {result.replace(" ", "-")}" role="img" '
        f'aria-label="{result}">{_MARKS[one.exact]}</span>'
        f'<span class="said">{escape(one.text)}</span>{kind}'
        f'<span class="status {escape(one.status)}">{escape(one.status)}</span></summary>'
        f'<div class="body">{drawing}<div class="facts">{fault}{_message(one)}'
        f"<dl>{''.join(_facts(scene, one))}</dl>{_trace(one)}{without}</div></div></details>\n"
    )


def _message(one: AnswerEvidence) -> str:
    said = (text for text in (one.message, one.question) if text)
    return "".join(f'<p class="message">{escape(text)}</p>' for text in said)


def _facts(scene: SceneEvidence, one: AnswerEvidence) -> Iterator[str]:
    if one.truth is not None or one.expected_truth is not None:
        yield _fact("Said", _yes_or_no(one.truth))
    if one.expected_truth is not None:
        yield _fact("Right", _yes_or_no(one.expected_truth))
    if one.count is not None:
        yield _fact("Counted", str(one.count))
    yield _fact("Returned", _returned(one))
    if one.exact is not None and one.expected_truth is None:
        yield _fact("Expected", _expected(one))
    if places := _expected_places(one):
        yield _fact("Place expected", places)
    if anchors := _listed(one, "anchor"):
        yield _fact("Anchors", anchors)
    if places := _listed(one, "place"):
        yield _fact("Places", places)
    yield _fact("Where", f"{one.id} in {scene.scene}")
    if one.total_ms is not None:
        yield _fact("Time", f"{one.total_ms:.1f} ms")


def _returned(one: AnswerEvidence) -> str:
    # What was returned first was drawn last.
    returned = [outline for outline in reversed(one.outlines) if outline.role == "returned"]
    ids = one.returned_ids or (None,) * len(returned)
    if one.exact is None:
        return ", ".join(map(_named, returned)) or "nothing"
    if not returned:
        return ", ".join(_stands_for(id) for id in ids) or "nothing"
    pairs = zip(returned, ids, strict=False)
    return ", ".join(f"{_named(outline)} ({_stands_for(id)})" for outline, id in pairs)


def _expected(one: AnswerEvidence) -> str:
    if not one.expected_ids:
        return "nothing: it is not there"
    names = {o.number: o.label for o in one.outlines if o.role == "expected"}
    return ", ".join(f"{names.get(id, '')} ({_stands_for(id)})".strip() for id in one.expected_ids)


def _expected_places(one: AnswerEvidence) -> str:
    expected = (o for o in one.outlines if o.role == "expected")
    return ", ".join(
        f"{o.label} ({_stands_for(o.number)})" for o in expected if o.number not in one.expected_ids
    )


def _listed(one: AnswerEvidence, role: str) -> str:
    return ", ".join(_named(o) for o in reversed(one.outlines) if o.role == role)


def _named(outline: Outline) -> str:
    return f"{outline.number} {outline.label}"


def _stands_for(id: int | None) -> str:
    return "no true object" if id is None else f"true object {id}"


def _yes_or_no(truth: bool | None) -> str:
    return {True: "yes", False: "no", None: "neither yes nor no"}[truth]


def _fact(name: str, value: str) -> str:
    return f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>"


def _trace(one: AnswerEvidence) -> str:
    if not one.trace:
        return ""
    steps = "".join(f"<li>{escape(step)}</li>" for step in one.trace)
    return f'<ol class="trace" aria-label="steps of the reasoning">{steps}</ol>'
