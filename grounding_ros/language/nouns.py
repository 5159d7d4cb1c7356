"""Singular and plural."""

from __future__ import annotations

from grounding_ros.language.things import IRREGULAR_PLURALS, PLURAL_ONLY, SINGULAR_IN_S


def singular(noun: str) -> str:
    """Return the singular of an English noun: "boxes" to "box"; a singular stays as it is."""
    first, space, last = noun.rpartition(" ")
    return first + space + _singular(last)


def plural(noun: str) -> str:
    """Return the plural of a singular English noun: "box" to "boxes"."""
    first, space, last = noun.rpartition(" ")
    return first + space + _plural(last)


def is_plural(noun: str) -> bool:
    """Tell whether the noun, as it was said, means several things."""
    return singular(noun) != noun


def _singular(word: str) -> str:
    if word in IRREGULAR_PLURALS:
        return IRREGULAR_PLURALS[word]
    if word in PLURAL_ONLY or word in SINGULAR_IN_S or len(word) < 3:
        return word
    if word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def _plural(word: str) -> str:
    for many, one in IRREGULAR_PLURALS.items():
        if one == word:
            return many
    if word in PLURAL_ONLY:
        return word
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"
