"""An instruction as data: its JSON and the phrases it needs grounded."""

from __future__ import annotations

import json
from typing import Any

from grounding_ros.language.instruction import Instruction, Phrase, Relation

PARTS = frozenset({"with"})
"""Relations to what is part of the thing itself: "the can with the red lid"."""


def to_dict(instruction: Instruction) -> dict[str, Any]:
    """Return the program as plain data: the JSON that `grounding-ros parse` prints."""
    place = instruction.destination
    return {
        "task": instruction.task,
        "target": None if instruction.target is None else _phrase(instruction.target),
        "destination": None if place is None else _relation(place),
        "subject": None if instruction.subject is None else _phrase(instruction.subject),
        "viewer": instruction.viewer,
        "understood": instruction.understood,
        "leftover": instruction.leftover,
    }


def to_json(instruction: Instruction) -> str:
    """Return the program as JSON on one line."""
    return json.dumps(to_dict(instruction), allow_nan=False)


def phrases_of(instruction: Instruction) -> tuple[Phrase, ...]:
    """List every phrase to be grounded, each once, the target first.

    What a thing is "with" is a part of it, which the grounder judges on the thing: it is not
    listed.
    """
    found: dict[Phrase, None] = {}
    waiting = [one for one in (instruction.target, instruction.subject) if one is not None]
    if instruction.destination is not None:
        waiting.extend(instruction.destination.anchors)
    for phrase in waiting:  # grows while it is walked
        found.setdefault(phrase)
        waiting.extend((*phrase.alternatives, *phrase.excluded))
        apart = [relation for relation in phrase.relations if relation.predicate not in PARTS]
        waiting.extend(anchor for relation in apart for anchor in relation.anchors)
    return tuple(found)


def _phrase(phrase: Phrase) -> dict[str, Any]:
    ordinal = phrase.ordinal
    return {
        "text": phrase.text,
        "head": phrase.head,
        "attributes": list(phrase.attributes),
        "excluded": [_phrase(excluded) for excluded in phrase.excluded],
        "number": phrase.number,
        "bound": phrase.bound,
        "reference": phrase.reference,
        "ordinal": None if ordinal is None else {"index": ordinal.index, "from": ordinal.side},
        "superlative": phrase.superlative,
        "relations": [_relation(relation) for relation in phrase.relations],
        "alternatives": [_phrase(other) for other in phrase.alternatives],
    }


def _relation(relation: Relation) -> dict[str, Any]:
    anchors = [_phrase(anchor) for anchor in relation.anchors]
    return {
        "predicate": relation.predicate,
        "anchors": anchors,
        "immediate": relation.immediate,
    }
