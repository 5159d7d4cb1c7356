"""What stands before the name: articles, numbers, "all", "the other", "the second"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import lexicon, relation_words
from grounding_ros.language.instruction import Ordinal
from grounding_ros.language.reader import Reader
from grounding_ros.language.tables import rows


@dataclass(frozen=True)
class Determiner:
    """The words before the name."""

    end: int
    number: str | int | None = None
    """None: the noun tells."""
    bound: str = "exactly"
    definite: bool = False
    singular: bool = False
    """Whether the noun is singular whatever it ends in."""
    reference: str = ""
    ordinal: Ordinal | None = None
    superlative: str | None = None

    @property
    def known(self) -> bool:
        """Whether there was any such word."""
        return self.definite or self.number is not None or self.ordinal is not None


def read_determiner(reader: Reader, at: int) -> Determiner:
    """Read every word before the name that says which and how many."""
    found = Determiner(at)
    while (longer := _longer(reader, found)) is not None:
        found = longer
    return found


def _longer(reader: Reader, found: Determiner) -> Determiner | None:
    at = found.end
    word = reader.text(at)
    if word in {"of", "out"} and found.number is not None:
        return _of_them(reader, found)
    if (quantifier := lexicon.QUANTIFIERS.at(reader.texts, at)) and not found.definite:
        size, (number, bound) = quantifier
        single = " ".join(reader.texts[at : at + size]) in lexicon.SINGULAR_DETERMINERS
        return replace(found, end=at + size, number=number, bound=bound, singular=single)
    if (limit := lexicon.BOUNDS.at(reader.texts, at)) is not None:
        size, (bound, more) = limit
        if (limited := number_at(reader, at + size)) is not None:
            end = at + size + 1
            return replace(found, end=end, number=max(limited + more, 0), bound=bound)
        return replace(found, end=at + 1) if word == "only" and found.definite else None
    if word in lexicon.DEFINITE:
        return _definite(reader, found)
    if word in {"other", "others", "remaining"} or (word == "rest" and found.definite):
        many = word in {"others", "rest"} and found.number is None
        return replace(found, end=at + 1, reference="other", number="all" if many else found.number)
    if word in lexicon.INDEFINITE and not found.definite:
        reference = "other" if word == "another" else ""
        return replace(found, end=at + 1, number="any", singular=True, reference=reference)
    if (last := lexicon.FROM_LAST.at(reader.texts, at)) is not None and found.ordinal is None:
        return replace(found, end=at + last[0], ordinal=Ordinal(last[1], ""))
    if (most := _most(reader, found)) is not None:
        return most
    if word in lexicon.ORDINALS and found.ordinal is None and reader.text(at + 1) != "hand":
        return replace(found, end=at + 1, ordinal=Ordinal(lexicon.ORDINALS[word], ""))
    return _numbered(reader, found)


def _most(reader: Reader, found: Determiner) -> Determiner | None:
    """Read "top two" of "the top two boxes"."""
    at = found.end
    side = relation_words.SIDES.at(reader.texts, at)
    most = relation_words.SUPERLATIVES.at(reader.texts, at)
    size, name = most or (
        side[0] if side else 0,
        relation_words.FARTHEST_AT.get(side[1] if side else ""),
    )
    number = number_at(reader, at + size) if size else None
    if name is None or number is None or number < 2 or found.number is not None:
        return None
    return replace(found, end=at + size + 1, number=number, superlative=name)


def number_at(reader: Reader, at: int) -> int | None:
    """Return the number that stands here."""
    word = reader.text(at)
    if word in lexicon.NUMBERS:
        return lexicon.NUMBERS[word]
    is_small = word.isascii() and word.isdecimal() and len(word) < 4
    return int(word) if is_small else None


def _numbered(reader: Reader, found: Determiner) -> Determiner | None:
    at = found.end
    number = number_at(reader, at)
    if number is None or isinstance(found.number, int):
        return None
    if found.number == "any":
        if reader.text(at - 1) in {"any", "some"} and number > 1:
            return replace(found, end=at + 1, number=number)  # "any two forks"
        return replace(found, end=at + 1) if found.definite and number > 1 else None
    follows = reader.text(at + 1)
    if reader.text(at) == "one" and not reader.is_content(at + 1) and follows != "of":
        return None  # "the one on the left": a noun
    most = relation_words.SUPERLATIVES.at(reader.texts, at + 1)
    if reader.text(at) == "one" and most and not reader.is_content(at + 1 + most[0]):
        return None  # "the one closest to the box"
    if number == 1:
        if found.definite and (found.ordinal or follows == "of"):
            return replace(found, end=at + 1)
        return replace(found, end=at + 1, number="one" if found.definite else "any")
    return replace(found, end=at + 1, number=number)


def _definite(reader: Reader, found: Determiner) -> Determiner | None:
    at = found.end
    names = reader.starts_phrase(at + 1) or reader.text(at + 1) in _BEFORE_NAME
    if reader.text(at) in _POINTING and not names:
        return None
    return replace(found, end=at + 1, definite=True)


def _of_them(reader: Reader, found: Determiner) -> Determiner | None:
    """Read "two of the", "one out of the"."""
    at = found.end + (2 if reader.text(found.end) == "out" else 1)
    if reader.text(at) not in lexicon.DEFINITE and reader.text(at) != "all":
        return None
    more = read_determiner(reader, at)
    return replace(found, end=more.end, definite=True, ordinal=found.ordinal or more.ordinal)


_POINTING = frozenset({"this", "that", "these", "those", "its", "his", "her", "it's"})
_BEFORE_NAME = rows(
    "left, right, top, bottom, front, back, middle, center, upper, lower, far, near, other, last, "
    "rear"
)
