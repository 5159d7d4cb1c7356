"""The words around a request that are said to be polite."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from grounding_ros.language import lexicon
from grounding_ros.language.words import PAUSES, Word, rows_at_end, rows_at_start


def without_courtesy(words: Sequence[Word]) -> Sequence[Word]:
    """Return the request itself: "hey robot, grab the mug, please" to "grab the mug"."""
    words = without_pauses(words)
    while size := rows_at_start(words, lexicon.COURTESY_BEFORE):
        words = without_pauses(words[size:])
    while size := rows_at_end(words, lexicon.COURTESY_AFTER):
        words = without_pauses(words[:-size])
    return words


def command_size(words: Sequence[Word]) -> int:
    """Count the words of the command at the beginning; 0 for none."""
    return max(rows_at_start(words, rows) for rows in lexicon.COMMANDS.values())


def without_pauses(words: Sequence[Word]) -> Sequence[Word]:
    """Remove punctuation from both ends."""
    start = sum(1 for _ in takewhile(_is_pause, words))
    end = len(words) - sum(1 for _ in takewhile(_is_pause, reversed(words[start:])))
    return words[start:end]


def _is_pause(word: Word) -> bool:
    return word.text in PAUSES
