"""How true words are of objects: the network's nouns, the geometric grounder's other words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.geometric.colors import COLORS
from grounding_ros.perception.geometric.looks import Look, truth
from grounding_ros.perception.geometric.words import Question, question_of
from grounding_ros.perception.grounders.geometric import unseen_parts
from grounding_ros.perception.grounders.tabletop_network import Network

_SAME: Mapping[str, str] = {
    "packet": "box", "parcel": "box", "teacup": "cup", "beaker": "cup", "catalog": "catalogue",
    "saucepan": "pan", "frying pan": "pan", "felt-tip": "marker", "pot": "tub", "notebook": "book",
    "cube": "block",
}  # fmt: skip
"""Words that mean nearly what a taught word means."""
_ALSO: Mapping[str, str] = {"can": "tin", "tin": "can"}
"""Taught words that many people use for one another."""

_IMPROBABLE = 0.1
"""A noun less probable than this is no name; a label is a name, not a proof."""


@dataclass(frozen=True, eq=False)
class Witnesses:
    """What is known of N objects: each row may have less than another."""

    truths: NDArray[np.float32]
    """(N, V) how probable each taught word is."""
    looks: tuple[Look | None, ...]
    """What geometry saw of each; None of those that only the network found."""
    colors: NDArray[np.float32]
    """(N, len(COLORS)) how true each colour is."""


def judge(
    witnesses: Witnesses, network: Network, phrase: Phrase
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Return how true a phrase is of each object (N,), and which of its words were not judged."""
    match = np.ones(len(witnesses.truths), np.float32)
    unjudged = []
    for place, word in enumerate((*phrase.attributes, phrase.head)):
        is_head = place == len(phrase.attributes)
        degrees = degrees_of(witnesses, network, word.strip().lower(), is_head)
        if degrees is None:
            unjudged.append(word)
        else:
            match = np.minimum(match, degrees)
    return match, (*unjudged, *unseen_parts(phrase))


def degrees_of(
    witnesses: Witnesses, network: Network, word: str, is_head: bool
) -> NDArray[np.float32] | None:
    """Return how true one word is of each object (N,); None when it cannot be judged here.

    "orange" before a noun is a colour, as a noun it is the fruit.
    """
    question = question_of(word)
    taught = _SAME.get(word, word)
    is_fruit = is_head and taught in network.nouns
    if question is not None and question.aspect == "color" and not is_fruit:
        return witnesses.colors[:, COLORS.index(question.value)]
    seen = None if question is None else _seen(witnesses.looks, question)
    measured = question is not None and question.aspect not in ("shape", "color")
    if taught in network.words and not (measured and seen is not None):
        names = [name for name in (taught, _ALSO.get(taught)) if name in network.words]
        columns = [network.words.index(name) for name in names]
        return np.asarray(witnesses.truths[:, columns].max(axis=1))
    return seen


def _seen(looks: Sequence[Look | None], question: Question) -> NDArray[np.float32] | None:
    """What geometry says, where it saw every object."""
    if question.aspect == "any":
        return np.ones(len(looks), np.float32)
    degrees = [None if look is None else truth(look, question) for look in looks]
    known = [degree for degree in degrees if degree is not None]
    return np.array(known, np.float32) if len(known) == len(looks) else None


def best_noun(truths: NDArray[np.float32], network: Network) -> str:
    """Return the most probable noun of one object with truths (V,); "object" when none is."""
    nouns = [network.words.index(noun) for noun in network.nouns]
    best = max(nouns, key=lambda column: float(truths[column]))
    return network.words[best] if truths[best] >= _IMPROBABLE else "object"
