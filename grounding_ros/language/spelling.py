"""Slips of spelling: an unknown word that is one slip away from one word of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from grounding_ros.language import command_words, lexicon, relation_words, things, verb_words
from grounding_ros.language.nouns import singular
from grounding_ros.language.verbs import FINITE, PAST, PRESENT
from grounding_ros.language.words import Word

_SHORTEST = 5
"""Shorter words are one slip away from too many others."""


def corrected(words: Sequence[Word]) -> tuple[Word, ...]:
    """Repair words that are no words of ours, where only one repair is possible.

    One letter too many, too few or wrong, or two letters swapped; the first letter is right. A
    word is only ever turned into one of the grammar's words or an attribute, never into a thing.
    """
    return tuple(_corrected(word) for word in words)


def _corrected(word: Word) -> Word:
    if not word.text.isalpha() or _is_known(word.text):
        return word
    if len(word.text) < _SHORTEST:
        return _coloured(word)
    repaired = _repair(word.text)
    return word if repaired is None else replace(word, text=repaired)


def _coloured(word: Word) -> Word:
    """Repair a colour that lost a letter: "gren"."""
    longer = len(word.text) + 1
    near = [
        colour
        for colour in lexicon.COLOURS
        if len(colour) == longer >= _SHORTEST
        and colour[0] == word.text[0]
        and _is_slip(word.text, colour)
    ]
    return replace(word, text=near[0]) if len(near) == 1 else word


def _is_known(text: str) -> bool:
    stems = [text.removesuffix(ending) for ending in ("ed", "d", "ing", "er", "r")]
    return singular(text) in _KNOWN or any(form in _KNOWN for form in (text, *stems))


@lru_cache(maxsize=4096)
def _repair(text: str) -> str | None:
    """Return the only word of ours that is one slip away; None for none or several."""
    near = [word for word in _BY_START.get(text[0], ()) if _is_slip(text, word)]
    return near[0] if len(near) == 1 else None


def _is_slip(heard: str, meant: str) -> bool:
    """Tell whether one slip makes `heard` of `meant`."""
    if abs(len(heard) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(heard), len(meant)) and heard[start] == meant[start]:
        start += 1
    rest_heard, rest_meant = heard[start:], meant[start:]
    swapped = rest_meant[1::-1] + rest_meant[2:] if len(rest_meant) > 1 else rest_meant
    return (
        rest_heard[1:] == rest_meant
        or rest_heard == rest_meant[1:]
        or (len(heard) == len(meant) and rest_heard[1:] == rest_meant[1:])
        or rest_heard == swapped
    )


def _words_of(*tables: frozenset[str]) -> frozenset[str]:
    return frozenset(word for table in tables for row in table for word in row.split())


_GRAMMAR = _words_of(
    frozenset(relation_words.RELATIONS.meanings),
    frozenset(relation_words.SIDES.meanings),
    frozenset(relation_words.SUPERLATIVES.meanings),
    frozenset(relation_words.COMPARATIVES.meanings),
    frozenset(command_words.COMMANDS.meanings),
    lexicon.ADJECTIVES,
    lexicon.OTHER_CLOSED_WORDS,
    frozenset(lexicon.ORDINALS),
    frozenset(lexicon.NUMBERS),
    verb_words.POSTURES,
)
_TARGETS = frozenset(
    word for word in _GRAMMAR | frozenset(PRESENT) if len(word) >= _SHORTEST and word.isalpha()
)
_BY_START = {
    first: tuple(sorted(word for word in _TARGETS if word[0] == first))
    for first in {word[0] for word in _TARGETS}
}
_KNOWN = (
    _GRAMMAR
    | frozenset(PRESENT)
    | frozenset(FINITE)
    | frozenset(PAST)
    | verb_words.VERBS
    | verb_words.NOT_VERBS
    | verb_words.ADVERBS
    | lexicon.DEFINITE
    | lexicon.INDEFINITE
    | lexicon.PRONOUNS
    | lexicon.NOT_SUPERLATIVES
    | frozenset(things.IRREGULAR_PLURALS)
    | frozenset(things.IRREGULAR_PLURALS.values())
    | _words_of(command_words.COURTESY_BEFORE, command_words.COURTESY_AFTER, command_words.WHAT)
    | _words_of(command_words.EXISTS, command_words.COUNTS, command_words.DESCRIBE)
    | _words_of(frozenset(lexicon.QUANTIFIERS.meanings), frozenset(lexicon.BOUNDS.meanings))
    | _words_of(things.COMPOUNDS, things.PLURAL_ONLY, things.SINGULAR_IN_S, things.KNOWN)
    | _words_of(things.GROUPS, things.PIECES, things.CONTAINERS, things.HOLLOW, things.PARTS)
    | _words_of(things.PEOPLE, things.CLOTHES, relation_words.PICTURES, things.ANYTHING)
)
