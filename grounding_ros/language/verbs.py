"""The forms of verbs, and whether a word after a noun starts a clause."""

from __future__ import annotations

from types import MappingProxyType

from grounding_ros.language import verb_words
from grounding_ros.language.lexicon import ADJECTIVES, BOUNDS, NUMBERS, PRONOUNS, QUANTIFIERS
from grounding_ros.language.nouns import singular
from grounding_ros.language.reader import Reader
from grounding_ros.language.tables import rows
from grounding_ros.language.things import CLOTHES, KNOWN, PEOPLE

_VOWELS = frozenset("aeiou")


def present_participle(base: str) -> str:
    """Return "holding" of "hold"."""
    if base in verb_words.DOUBLED:
        return base + base[-1] + "ing"
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe")):
        return base[:-1] + "ing"
    return base + "ing"


def third_person(base: str) -> str:
    """Return "holds" of "hold"."""
    if base == "have":
        return "has"
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


def past_participle(base: str) -> str:
    """Return "held" of "hold"."""
    if base in verb_words.PARTICIPLES:
        return verb_words.PARTICIPLES[base]
    if base in verb_words.DOUBLED:
        return base + base[-1] + "ed"
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    return base + "ed"


PRESENT = MappingProxyType({present_participle(base): base for base in verb_words.VERBS})
"""From "holding" to "hold"."""
FINITE = MappingProxyType({third_person(base): base for base in verb_words.VERBS})
PAST = MappingProxyType({past_participle(base): base for base in verb_words.VERBS})
_AFTER_PARTICIPLE = rows(
    "in, on, at, by, with, to, from, of, into, onto, under, behind, near, next, against, up, down, "
    "over, above, below, beneath, inside, between, together, around, across, along, as, out, off, "
    "for, through, and, ."
) | {","}


def is_present(word: str) -> bool:
    """Tell whether the word may be a participle in -ing."""
    return word in PRESENT or (
        word.endswith("ing") and len(word) > 5 and word not in verb_words.NOT_VERBS
    )


def is_past(word: str) -> bool:
    """Tell whether the word may be a participle in -ed."""
    regular = word.endswith("ed") and len(word) > 5 and word not in verb_words.NOT_VERBS
    return (word in PAST and word not in verb_words.NOT_VERBS) or regular


def is_manner(reader: Reader, at: int) -> bool:
    """Tell whether a word says how something is done: "quietly" of "dog quietly sleeping"."""
    word, following = reader.text(at), reader.text(at + 1)
    ends = is_present(following) or is_past(following) or not reader.is_content(at + 1)
    return word.endswith("ly") and len(word) > 5 and ends and word not in KNOWN


def starts_clause(reader: Reader, at: int, noun: str) -> bool:
    """Tell whether the word after a noun is what the noun does, not a part of its name."""
    word, following = reader.text(at), reader.text(at + 1)
    worn = noun in CLOTHES or singular(noun) in CLOTHES
    acts, named = worn or singular(noun) in PEOPLE, reader.is_content(at + 1)
    takes = reader.is_article(at + 1) or following in PRONOUNS or following in NUMBERS
    if is_present(word):
        if word in verb_words.NOT_VERBS and not takes:
            return False
        poses = word in verb_words.POSTURES and following in ADJECTIVES
        poses = poses and not reader.is_content(at + 2)  # "the box lying flat"
        return not named or acts or poses or word in _TRANSITIVE
    if is_past(word):
        poses = word in verb_words.POSTURES and (not named or following in ADJECTIVES)
        adverb = following in verb_words.ADVERBS or is_manner(reader, at + 1)
        return poses or adverb or following in _AFTER_PARTICIPLE
    counts = following in QUANTIFIERS.starts or following in BOUNDS.starts or following == "of"
    if FINITE.get(word) in _THINGS_DO and (named or takes or counts):
        return True
    of_which = not following and "which" in reader.texts[max(0, at - 5) : at]
    if word in _RESTS and (of_which or following in _AFTER_PARTICIPLE - {"and", ".", ","}):
        return True
    one = worn or noun == singular(noun)
    if one and word.endswith("s") and (word in FINITE or acts):
        if reader.is_article(at + 1):
            return True
        follows = takes or named or following in _AFTER_PARTICIPLE - {"and", ".", ","}
        return acts and word in FINITE and follows
    return word in verb_words.VERBS and takes


_TRANSITIVE = frozenset(
    present_participle(base)
    for base in rows(
        "hold, wear, carry, ride, eat, contain, touch, face, cover, surround, show, read, drink, "
        "watch, play, display, support, enclose, throw, catch, hit, kick, use, look, feed, bite, "
        "block, hide, cross, approach, include, sport, overlap, chase, follow, depict, push, pull"
    )
)
"""After a noun these are what it does even where a noun follows: "boy wearing glasses"."""
_RESTS = rows("stands, sits, lies, rests, hangs, leans")
"""What any thing does somewhere: "the box the carton stands on"."""
_THINGS_DO = rows("contain, include, consist, surround, enclose, touch, support")
"""What things do, too, and what no plural is called."""
