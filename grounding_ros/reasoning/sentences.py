"""What is said about a resolution, in words a person would use."""

from __future__ import annotations

from collections.abc import Sequence

from grounding_ros.language.describer import (
    counted,
    distinctions,
    enumeration,
    joined,
    widest_side,
    with_article,
)
from grounding_ros.language.instruction import Phrase
from grounding_ros.reasoning.fit import Fit
from grounding_ros.scene import Detections, Objects3D

_EXAMPLES = '"pick up the red mug", "find all boxes" or "how many cans are there"'


def not_understood(why: str) -> str:
    """Say what was not understood and what would be."""
    return f"{why}; try {_EXAMPLES}"


def name(phrase: Phrase) -> str:
    """Name the phrase without determiners, singular: "red box or mug"."""
    ways = (phrase, *phrase.alternatives)
    return joined([" ".join((*way.attributes, way.head)) for way in ways], "or")


def step(phrase: Phrase, fit: Fit) -> str:
    """Write one line of the trace."""
    alone = " ".join((*phrase.attributes, phrase.head))
    ids = [row + 1 for row in fit.rows]  # as in the messages
    line = f"{alone}: {len(fit.rows)} of {len(fit.match)} objects fit, ids {ids}"
    return f"{line}; not judged: {', '.join(fit.unjudged)}" if fit.unjudged else line


def found(phrase: Phrase, number: int) -> str:
    """Say that it is there."""
    return f"I found {counted(number, name(phrase))}"


def not_found(phrase: Phrase, detections: Detections) -> str:
    """Say what is not there, and what is."""
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


def question(detections: Detections, objects: Objects3D, rows: Sequence[int]) -> str:
    """Ask the one question that tells the candidates apart."""
    described = distinctions(detections, objects, rows)
    if described:
        return f"Which one: {joined(described, 'or')}?"
    return f"Which one of the {len(rows)}, counted from the {widest_side(detections, rows)}?"


def quoted(words: Sequence[str]) -> str:
    """Put words in quotation marks and join them with "and"."""
    return joined([f'"{word}"' for word in words], "and")
