"""Phrases as parts of one text, and the score of each over its own tokens.

Labels are never found again by comparing strings: those of transformers' processor merge, break
apart and lose words (huggingface/transformers#26087). Where a phrase lies in the text is known,
because the text is put together here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Marks:
    """The tokens that surround phrases, as the model was trained: [CLS] a . b . [SEP]."""

    begin: int
    stop: int
    end: int
    forbidden: frozenset[int]
    """Tokens at which the model parts phrases; inside one they would tear it apart."""


@dataclass(frozen=True)
class Sentence:
    """One text that asks for several phrases."""

    ids: tuple[int, ...]
    """Token ids."""
    spans: tuple[tuple[int, slice], ...]
    """Of each phrase its number among all phrases, and its place in `ids`."""


def sentences(phrases: Sequence[Sequence[int]], marks: Marks, limit: int) -> tuple[Sentence, ...]:
    """Put phrases of token ids into as few texts of at most `limit` tokens as their order allows.

    A phrase that is too long for a text of its own is cut; one without tokens is left out.
    """
    made: list[Sentence] = []
    ids: list[int] = [marks.begin]
    spans: list[tuple[int, slice]] = []
    for number, phrase in enumerate(phrases):
        tokens = [token for token in phrase if token not in marks.forbidden][: limit - 3]
        if not tokens:
            continue
        if len(ids) + len(tokens) + 2 > limit:
            made.append(Sentence((*ids, marks.end), tuple(spans)))
            ids, spans = [marks.begin], []
        spans.append((number, slice(len(ids), len(ids) + len(tokens))))
        ids += [*tokens, marks.stop]
    if spans:
        made.append(Sentence((*ids, marks.end), tuple(spans)))
    return tuple(made)


def span_scores(logits: torch.Tensor, sentence: Sentence, count: int) -> torch.Tensor:
    """Return how each of Q boxes answers each of `count` phrases (Q, count), 0 to 1.

    The mean of the sigmoids over a phrase's tokens, as Grounding DINO's authors evaluate it: a blue
    cup answers "cup" of "red cup", but not "red". Phrases that the text does not ask score 0.

    Parameters
    ----------
    logits
        (Q, L) of the model, minus infinity beyond the text.
    sentence
        The text of L or fewer tokens.
    count
        Of all phrases.
    """
    probabilities = logits.float().sigmoid()
    scores = probabilities.new_zeros((len(logits), count))
    for number, span in sentence.spans:
        scores[:, number] = probabilities[:, span].mean(dim=1)
    return scores
