"""The words around a request that are said to be polite, and whose view is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from grounding_ros.language import command_words, relation_words
from grounding_ros.language.words import PAUSES, Word, rows_at_end, rows_at_start


def without_courtesy(words: Sequence[Word]) -> Sequence[Word]:
    """Return the request itself: "hey robot, grab the mug, please" to "grab the mug"."""
    words = without_pauses(words)
    while size := _before(words):
        words = without_pauses(words[size:])
    while size := rows_at_end(words, command_words.COURTESY_AFTER):
        words = without_pauses(words[:-size])
    return words


def _before(words: Sequence[Word]) -> int:
    """Count the polite words at the beginning: not "go" of "go to the sink"."""
    size = rows_at_start(words, command_words.COURTESY_BEFORE)
    commands = rows_at_start(words, command_words.COMMANDS.meanings) > size
    exists = rows_at_start(words, command_words.EXISTS)
    asks = exists and [word.text for word in words[exists : exists + 1]] != ["me"]
    return 0 if commands or asks else size  # "can you find me the mug?" is no question


def without_pauses(words: Sequence[Word]) -> Sequence[Word]:
    """Remove punctuation from both ends."""
    start = sum(1 for _ in takewhile(_is_pause, words))
    end = len(words) - sum(1 for _ in takewhile(_is_pause, reversed(words[start:])))
    return words[start:end]


def without_viewer(words: Sequence[Word]) -> tuple[Sequence[Word], str]:
    """Take "from your point of view" and the "your" of "on your left" out of the words.

    Returns
    -------
    words
        The others.
    viewer
        "robot" where the robot's left and right are meant, else "".
    """
    texts = [word.text for word in words]
    viewer, kept, at = "", list[Word](), 0
    while at < len(words):
        if (said := relation_words.VIEWERS.at(texts, at)) is not None:
            viewer, at = said[1], at + said[0]
            continue
        own = texts[at] == "robot's"
        side = at + 1 < len(texts) and texts[at + 1] in _SIDES and texts[at] in relation_words.WHOSE
        if side and (own or at == 0 or texts[at - 1] in {"on", "to", "at", "from"}):
            viewer = relation_words.WHOSE[texts[at]]
            if not (own and kept and kept[-1].text == "the"):
                kept.append(replace(words[at], text="the"))
        else:
            kept.append(words[at])
        at += 1
    return kept, viewer


def _is_pause(word: Word) -> bool:
    return word.text in PAUSES


_SIDES = frozenset({"left", "right", "left-hand", "right-hand", "lefthand", "righthand"})
