"""The words of a name as they are read, and what "and" and "or" join among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import lexicon, things, verb_words
from grounding_ros.language.instruction import Relation
from grounding_ros.language.nouns import is_plural
from grounding_ros.language.reader import Reader
from grounding_ros.language.verbs import is_past, is_present, starts_clause


@dataclass(frozen=True)
class NameWords:
    """What was read of a name so far."""

    at: int
    """Where the next word is."""
    words: tuple[str, ...] = ()
    """Attributes, then the noun."""
    noun: str = ""
    """The last word when it is a noun."""
    relations: tuple[Relation, ...] = ()
    superlative: str | None = None
    choices: tuple[str, ...] = ()
    """What would do in place of the last attribute: "blue" of "red or blue box"."""

    def named(self, noun: str, size: int = 1) -> NameWords:
        """Return these words and a noun."""
        return replace(self, at=self.at + size, words=(*self.words, noun), noun=noun)


def read_joint(reader: Reader, words: NameWords) -> NameWords | None:
    """Read "and white" of "red and white box", "or blue" of "red or blue box"."""
    word = reader.text(words.at)
    if not words.words:
        return None
    open_noun = bool(words.noun) and words.noun not in things.ALSO_NOUNS
    if word == ",":
        return None if open_noun else _after_comma(reader, words)
    if word not in {"and", "or", "/", "&"}:
        return None
    if open_noun:
        return _joined_nouns(reader, words)
    after = words.at + 1
    if not (is_attribute(reader, after) or word == "/"):
        return None
    ends = after + 1
    while is_attribute(reader, ends) or reader.text(ends) in {"and", ","}:
        ends += 1
    if not reader.is_content(ends) and reader.text(after) not in lexicon.ADJECTIVES:
        return None
    several = word == "and" and _is_several(reader, ends) and not _one_pattern(reader, words)
    if word == "or" or several:
        choices = (*words.choices, reader.text(after))
        return replace(words, at=after + 1, choices=choices, noun="")
    return replace(words, at=after, noun="")


def _after_comma(reader: Reader, words: NameWords) -> NameWords | None:
    """Read the comma of "large, red box"."""
    after = words.at + 1 + (reader.text(words.at + 1) in {"and", "or"})
    attribute = is_attribute(reader, after)
    if not reader.is_content(after) or not (attribute or after == words.at + 1):
        return None
    listed = attribute and reader.text(after + 1) in {",", "and", "or"}
    return replace(words, at=words.at + 1) if listed or reader.is_content(after + 1) else None


def _joined_nouns(reader: Reader, words: NameWords) -> NameWords | None:
    """Read "and birdhouse" of "the bird and birdhouse patterns"."""
    after = ends = words.at + 1
    while reader.is_content(ends) and not starts_clause(reader, ends, "thing"):
        ends += 1
    plural = ends - after > 1 and is_plural(reader.text(ends - 1))
    joins = reader.text(words.at) == "and" and plural and not is_plural(words.noun)
    joins = joins and reader.text(after) not in lexicon.ADJECTIVES
    return replace(words, at=after) if joins else None


def goes_on(reader: Reader, at: int) -> bool:
    """Tell whether more of the name follows an adjective: "blue and white beds"."""
    joins = reader.text(at) in {"and", "or", ",", "/"} and is_attribute(reader, at + 1)
    return reader.is_content(at) or (joins and reader.is_content(at + 2))


def is_attribute(reader: Reader, at: int) -> bool:
    """Tell whether a word is a property and no thing."""
    word = reader.text(at)
    if word in verb_words.ADVERBS - {"all", "both", "about"}:
        return is_attribute(reader, at + 1)
    if word in lexicon.ADJECTIVES or word.rpartition("-")[2] in lexicon.ADJECTIVES:
        return True
    shaped = ("-" in word and reader.is_content(at)) or is_present(word) or is_past(word)
    return shaped and reader.is_content(at + 1)


def _is_several(reader: Reader, at: int) -> bool:
    ends = at
    while reader.is_content(ends):
        ends += 1
    return ends > at and is_plural(reader.text(ends - 1))


def _one_pattern(reader: Reader, words: NameWords) -> bool:
    """Tell whether two colours of several things are on each: "black and white cards"."""
    pair = {words.words[-1], reader.text(words.at + 1)}
    return not pair <= lexicon.COLOURS or pair == {"black", "white"}
