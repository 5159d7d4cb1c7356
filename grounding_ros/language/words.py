"""Text to words: what arrives from outside is cleaned and cut, whatever it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grounding_ros.language.lexicon import (
    CONTRACTIONS,
    DEFINITE,
    INDEFINITE,
    MAX_CHARACTERS,
    OTHER_CLOSED_WORDS,
    RUN_TOGETHER,
    SLIPS,
    SOUNDS,
    WITHOUT_APOSTROPHE,
    WRITTEN_APART,
)

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "`": "'", "\u201c": '"', "\u201d": '"'})
_WORD = re.compile(r"(?<!\S)[wW]/(?:[oO]\b)?|[^\W_]+(?:['-][^\W_]+)*|[^\w\s\"']|_")
_CLITIC = re.compile(r" ?' ?s\b")
_HYPHEN = re.compile(r"(?<![\w-])(\w+) - (?=(\w+))")
PAUSES = frozenset(",.;:!?-")
"""Punctuation between or after parts of a sentence."""

LONGEST_ROW = 7
"""Words in the longest row of a table of the lexicon."""


@dataclass(frozen=True)
class Word:
    """A word or a punctuation mark of a clean sentence."""

    text: str
    """Lower case."""
    start: int
    """Where it starts in the sentence, characters."""
    end: int
    """Where it ends, exclusive."""


def clean(text: str) -> str:
    """Remove control characters, odd spaces and typographic variants from a sentence."""
    spaced = " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", text)).split())
    plain = unicodedata.normalize("NFKC", spaced).translate(_QUOTES).strip()
    return plain if len(plain) > MAX_CHARACTERS else _HYPHEN.sub(_joined, _CLITIC.sub("'s", plain))


def _joined(match: re.Match[str]) -> str:
    """Join "t - shirt"; leave "the red box - the small one"."""
    before, after = match.group(1).lower(), match.group(2).lower()
    separate = {before, after} & (OTHER_CLOSED_WORDS | DEFINITE | INDEFINITE) and after != "hand"
    return match.group() if separate else f"{match.group(1)}-"


def split(sentence: str) -> tuple[Word, ...]:
    """Cut a clean sentence into words and punctuation marks; quotation marks are dropped."""
    words: list[Word] = []
    for match in _WORD.finditer(sentence):
        heard = match.group().lower()
        heard = SLIPS.get(heard, heard)
        heard = WITHOUT_APOSTROPHE.get(heard, RUN_TOGETHER.get(heard, heard))
        parts = heard if heard == "it's" and words else CONTRACTIONS.get(heard, heard)
        for part in parts.split():  # "it's" for "its", but at the beginning
            words.append(Word(part, match.start(), match.end()))
    return _one_words(_without_sounds(words))


def _without_sounds(words: Sequence[Word]) -> list[Word]:
    """Leave out "uh" and the commas around it: "the, uh, red mug"."""
    kept: list[Word] = []
    after_sound = False
    for word in words:
        if word.text in SOUNDS:
            if kept and kept[-1].text == ",":
                kept.pop()
            after_sound = True
        elif not (after_sound and word.text == ","):
            kept.append(word)
            after_sound = False
    return kept


def _one_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """Join "upside down" and "non red": each is one property."""
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        pair = f"{before.text} {word.text}" if before else ""
        if before and (pair in WRITTEN_APART or (before.text == "non" and word.text.isalpha())):
            joined[-1] = Word(pair.replace(" ", "-"), before.start, word.end)
        else:
            joined.append(word)
    return tuple(joined)


def rows_at_start(words: Sequence[Word], rows: Collection[str]) -> int:
    """Count the words that the longest row of a table takes at the beginning; 0 for none."""
    heard = [word.text for word in words[:LONGEST_ROW]]
    sizes = range(len(heard), 0, -1)
    return next((size for size in sizes if " ".join(heard[:size]) in rows), 0)


def rows_at_end(words: Sequence[Word], rows: Collection[str]) -> int:
    """Count the words that the longest row of a table takes at the end; 0 for none."""
    heard = [word.text for word in words[-LONGEST_ROW:]]
    sizes = range(len(heard), 0, -1)
    return next((size for size in sizes if " ".join(heard[-size:]) in rows), 0)
