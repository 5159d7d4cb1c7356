"""What is said about a resolution, in words a person would use."""

from __future__ import annotations

from collections.abc import Sequence

from grounding_ros.language.describer import (
    Fact,
    counted,
    distinctions,
    enumeration,
    joined,
    widest_side,
    with_article,
)
from grounding_ros.language.instruction import Phrase
from grounding_ros.reasoning.wording import name
from grounding_ros.scene import Detections, Objects3D

_EXAMPLES = '"pick up the red mug", "find all boxes" or "how many cans are there"'


def not_understood(why: str) -> str:
    """Say what was not understood and what would be."""
    return f"{why}; try {_EXAMPLES}"


def found(phrase: Phrase, number: int) -> str:
    """Say that it is there."""
    return f"I found {counted(number, name(phrase))}"


def not_found(phrase: Phrase, missing: str, detections: Detections) -> str:
    """Say what is not there, and what is; `missing` is the part of the phrase that nothing fits."""
    if missing:
        return f"I see {with_article(name(phrase))}, but {missing}"
    return f"there is no {name(phrase)}; I see {enumeration(detections)}"


def too_few(phrase: Phrase, wanted: int, number: int) -> str:
    """Say how many of those asked for are there."""
    return f"I see only {counted(number, name(phrase))}, not {wanted}"


def cannot_judge(words: Sequence[str]) -> str:
    """Say which words the model does not know."""
    return f"I cannot judge {quoted(words)}"


def partly(phrase: Phrase, words: Sequence[str]) -> str:
    """Say that one candidate is left although words were not judged."""
    return f"I found what may be {with_article(name(phrase))}, but I cannot judge {quoted(words)}"


def ambiguous(phrase: Phrase, number: int) -> str:
    """Say that several fit one "the"."""
    return f'{number} objects fit "{name(phrase)}" about equally well'


def question(
    detections: Detections, objects: Objects3D, rows: Sequence[int], facts: Sequence[Fact]
) -> str:
    """Ask the one question that tells the candidates apart."""
    described = distinctions(detections, objects, rows, facts)
    if described:
        return f"Which one: {joined(described, 'or')}?"
    return f"Which one of the {len(rows)}, counted from the {widest_side(detections, rows)}?"


def quoted(words: Sequence[str]) -> str:
    """Put words in quotation marks and join them with "and"."""
    return joined([f'"{word}"' for word in words], "and")
