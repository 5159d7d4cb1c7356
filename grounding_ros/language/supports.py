"""Questions for what something is on or in: "what is the can on?", "on which box is it?"."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language.claims import SHORT
from grounding_ros.language.clauses import COPULAS, INVERSES
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.reader import Reader, Sentence
from grounding_ros.language.relation_words import RELATIONS
from grounding_ros.language.tables import rows
from grounding_ros.language.verb_words import POSTURES

_ASKED = rows("what, which")
_AUXILIARIES = COPULAS | rows("does, do, did")


def supporting(reader: Reader) -> Sentence | None:
    """Read a question with its preposition first or last; None where it is no such question.

    "What" asks to be told about it, "which" asks which one it is.
    """
    first = RELATIONS.at(reader.texts, 0)
    at = first[0] if first is not None else 0
    if reader.text(at) not in _ASKED:
        return None
    task = "describe" if reader.text(at) == "what" else "find"
    kind, at = _kind(reader, at + 1)
    if reader.text(at) not in _AUXILIARIES:
        return None
    read = reader.phrase(at + 1, SHORT)
    if read is None:
        return None
    thing, end = read
    end += reader.text(end) in POSTURES
    if first is None:
        first = RELATIONS.at(reader.texts, end)
        end += first[0] if first is not None else 0
    if first is None or first[1] not in INVERSES or end < len(reader.texts):
        return None
    relation = Relation(INVERSES[first[1]], (thing,))
    target = replace(kind, text=reader.said(0, end), relations=(*kind.relations, relation))
    return Sentence(end, task, target)


def _kind(reader: Reader, at: int) -> tuple[Phrase, int]:
    """Read "box" of "which box"; an object where no kind is named."""
    read = None if reader.text(at) in _AUXILIARIES else reader.phrase(at, SHORT)
    return read if read is not None else (Phrase("", "object"), at)
