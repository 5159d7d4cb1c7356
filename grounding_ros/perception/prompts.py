"""What an open-vocabulary model is asked of a phrase, and what its scores mean for the phrase.

Asked are head and attributes. Relations, ordinals and superlatives are the program's work, and so
are exclusions and alternatives, which are phrases of their own: "the mug that is not red" comes as
"mug" and as "red", of which the second is asked as "red mug".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language.instruction import Phrase

ANYTHING = "object"
"""The head of a phrase that names no kind: "thing", "one"."""
MEASURED = frozenset(
    ("big", "large", "huge", "giant", "small", "little", "tiny", "mini", "medium", "medium-sized",
     "mid-sized", "tall", "short", "long", "wide", "narrow", "thick", "thin", "high", "low",
     "deep", "shallow", "fat", "slim")
)  # fmt: skip
"""Sizes. A detector sees pixels: a near cup and a far barrel look alike to it."""
LEAST_MATCH = 0.35
"""The match of an object whose score is just at the threshold, over `match_threshold`'s default."""

NEARLY = 0.7
"""How near a property's text must come to the text without it; a judgement, not tuned on weights:
detectors score an adjective lower than its noun, and much lower where it is wrong."""


@dataclass(frozen=True)
class Prompt:
    """What to ask of one phrase."""

    texts: tuple[str, ...]
    """Lower case, without article and full stop; the phrase fits what any of them fits."""
    unjudged: tuple[str, ...] = ()
    """The phrase's words that are not asked, because no answer could be trusted."""
    than: tuple[str, ...] = ()
    """For an exclusion: the same without the property, one for each of `texts`."""


def prompts_of(phrases: Sequence[Phrase]) -> tuple[Prompt, ...]:
    """Return what to ask of each phrase; one that says "not the red one" needs the others."""
    return tuple(_prompt(phrase, _heads(phrase, phrases)) for phrase in phrases)


def texts_of(prompts: Sequence[Prompt]) -> tuple[str, ...]:
    """Return every text to be asked, each once, in the order of the phrases."""
    return tuple(dict.fromkeys(text for one in prompts for text in (*one.texts, *one.than)))


def matches_of(
    prompts: Sequence[Prompt],
    texts: Sequence[str],
    scores: NDArray[np.floating],
    threshold: float,
) -> NDArray[np.float32]:
    """Return how well N objects fit P phrases (N, P), from their scores (N, T) for T texts.

    0 below the threshold, `LEAST_MATCH` at it and 1 for a score of 1, straight between: so that one
    `match_threshold` serves models whose thresholds differ. An excluded property fits only where
    its text scores nearly as high as the one without it: "red mug" may be over the threshold on
    blue mugs too, but far below "mug".
    """
    column = {text: index for index, text in enumerate(texts)}
    out = np.zeros((len(scores), len(prompts)), np.float32)
    for number, prompt in enumerate(prompts):
        for place, text in enumerate(prompt.texts):
            score = scores[:, column[text]]
            fits = score >= threshold
            if prompt.than:
                fits &= score >= NEARLY * scores[:, column[prompt.than[place]]]
            match = LEAST_MATCH + (1 - LEAST_MATCH) * (score - threshold) / (1 - threshold)
            out[:, number] = np.maximum(out[:, number], np.where(fits, match, 0.0))
    return np.clip(out, 0.0, 1.0)


def _heads(phrase: Phrase, phrases: Sequence[Phrase]) -> tuple[str, ...]:
    """Return what "the red one" is one of: the heads of the phrases that exclude it."""
    if phrase.head != ANYTHING:
        return ()
    heads = (other.head for other in phrases if phrase in other.excluded)
    return tuple(dict.fromkeys(head for head in heads if head != ANYTHING))


def _prompt(phrase: Phrase, heads: tuple[str, ...]) -> Prompt:
    asked = [word.strip().lower() for word in phrase.attributes]
    unjudged = [word for word in asked if word in MEASURED]
    kept = [word for word in asked if word not in MEASURED]
    parts = (
        " ".join((*part.attributes, part.head))
        for relation in phrase.relations
        if relation.predicate == "with"
        for part in relation.anchors
    )
    named = heads or (phrase.head.strip().lower(),)
    return Prompt(
        texts=tuple(" ".join((*kept, head)) for head in named),
        unjudged=(*unjudged, *parts),
        than=heads if kept else (),
    )
