"""How much evidence is kept, so that a page can be mailed and memory does not grow with a bag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.report.evidence import AnswerEvidence, SceneEvidence

MOST_DRAWN = 500
"""Answers of each sort, right and not, that are drawn on their picture."""
MOST_LISTED = 5000
"""Answers whose text is kept."""
MOST_PICTURE_BYTES = 12_000_000
"""Of all pictures together: twice in base64, in the page and in a mail, they are 21 MB."""


def with_evidence_limited(
    records: Iterable[SceneRecord | Broken],
    most_drawn: int = MOST_DRAWN,
    most_listed: int = MOST_LISTED,
    most_bytes: int = MOST_PICTURE_BYTES,
) -> Iterator[SceneRecord | Broken]:
    """Yield `records`, the later ones with less evidence.

    Half of the bytes are for scenes in which every answer is right, all of them for the others. An
    answer that is not drawn keeps its words; one that is not listed is only counted.
    """
    limit = _Limit(most_drawn, most_listed, most_bytes)
    for record in records:
        if isinstance(record, SceneRecord) and record.evidence is not None:
            record = replace(record, evidence=limit.limited(record.evidence))
        yield record


class _Limit:
    """What is left to be kept."""

    def __init__(self, most_drawn: int, most_listed: int, most_bytes: int) -> None:
        self._drawn = {True: most_drawn, False: most_drawn}
        self._listed = most_listed
        self._bytes = most_bytes
        self._reserved = most_bytes // 2

    def limited(self, scene: SceneEvidence) -> SceneEvidence:
        """Return what is kept of a scene."""
        listed = scene.answers[: self._listed]
        self._listed -= len(listed)
        reserved = self._reserved if all(one.exact for one in listed) else 0
        if not scene.jpeg or len(scene.jpeg) > self._bytes - reserved:
            return replace(scene, jpeg=b"", answers=tuple(_undrawn(one) for one in listed))
        answers = tuple(self._drawn_or_not(one) for one in listed)
        if not any(one.drawn for one in answers):
            return replace(scene, jpeg=b"", answers=answers)
        self._bytes -= len(scene.jpeg)
        return replace(scene, answers=answers)

    def _drawn_or_not(self, one: AnswerEvidence) -> AnswerEvidence:
        is_right = bool(one.exact)
        if self._drawn[is_right] <= 0:
            return _undrawn(one)
        self._drawn[is_right] -= 1
        return one


def _undrawn(one: AnswerEvidence) -> AnswerEvidence:
    return replace(one, outlines=(), drawn=False)
