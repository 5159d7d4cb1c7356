"""The name of a thing and what stands right before it: "small red and white cereal box"."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.language import lexicon, relation_words, things, verb_words
from grounding_ros.language.instruction import Relation
from grounding_ros.language.nouns import is_plural, singular
from grounding_ros.language.reader import Reader
from grounding_ros.language.verbs import PRESENT, is_past, is_present, starts_clause


@dataclass(frozen=True)
class Name:
    """The words of a name."""

    end: int
    attributes: tuple[str, ...] = ()
    head: str = "object"
    said: str = ""
    """The head as it was said; "" where none was."""
    owner_end: int = 0
    """Where "the man's" of "the man's hat" ends; 0 where nobody owns it."""
    relations: tuple[Relation, ...] = ()
    superlative: str | None = None
    choices: tuple[tuple[str, ...], ...] = ()
    """The attributes of the other ways to be right: "red or blue box"."""


@dataclass
class _Words:
    """What was read of a name so far."""

    at: int
    attributes: list[str]
    noun: str = ""
    """The last noun, as it was said."""
    relations: tuple[Relation, ...] = ()
    superlative: str | None = None
    choices: list[str] | None = None
    """Attributes joined by "or"; the last ones of `attributes` are the first choice."""


def read_name(reader: Reader, at: int, *, determined: bool, singular_only: bool) -> Name | None:
    """Read a name; None where there is none.

    Parameters
    ----------
    reader, at
        Where to read.
    determined
        Whether a determiner stands before it, so that "the red" is a name, too.
    singular_only
        Whether the noun is one thing whatever it ends in: "a Pringles".
    """
    words = _Words(at, [])
    while (
        _side(reader, words, determined=determined)
        or _compared(reader, words)
        or _joined(reader, words)
        or _content(reader, words, determined=determined)
    ):
        pass
    return _named(reader, words, singular_only=singular_only)


def _side(reader: Reader, words: _Words, *, determined: bool) -> bool:
    """Read "left" of "the left box"."""
    side = relation_words.SIDES.at(reader.texts, words.at)
    if side is None or words.noun:
        return False
    size, name = side
    after = words.at + size
    after += reader.text(after) == "side" and reader.is_content(after + 1)
    names_more = reader.is_content(after) or relation_words.SIDES.at(reader.texts, after)
    if reader.row(words.at, _ALL_SUPERLATIVES):
        return False
    last = not names_more and determined and not words.attributes
    bare = not names_more and not determined and reader.text(after) == "of"
    if (
        (last or bare)
        and reader.text(words.at) in _REGIONS
        and reader.text(after) in {"of", ",", "."}
    ):
        words.attributes.append(reader.text(words.at))  # "the top of the box": a name itself
        words.noun, words.at = reader.text(words.at), words.at + size
        return True
    if words.attributes and not names_more and determined:
        words.attributes.append(reader.text(words.at))  # "the green top"
        words.noun, words.at = reader.text(words.at), words.at + size
        return True
    if not (names_more or last):
        return False
    if name in {"top", "bottom"}:
        words.superlative = f"{name}most"
    else:
        words.relations += (Relation(relation_words.SIDE_PREDICATES[name], ()),)
    words.at = after
    return True


def _compared(reader: Reader, words: _Words) -> bool:
    """Read "largest" or "taller"."""
    if words.noun:
        return False
    if reader.text(words.at) in lexicon.NOT_SUPERLATIVES:
        return False
    if (most := relation_words.SUPERLATIVES.at(reader.texts, words.at)) is not None:
        words.at, words.superlative = words.at + most[0], most[1]
        return True
    if (more := relation_words.COMPARATIVES.at(reader.texts, words.at)) is not None:
        words.at += more[0]
        words.relations += (Relation(more[1], ()),)
        return True
    if reader.text(words.at) in {"far", "near"} and reader.is_content(words.at + 1):
        words.superlative = {"far": "farthest", "near": "closest"}[reader.text(words.at)]
        words.at += 1
        return True
    if reader.text(words.at) == "most" and reader.is_content(words.at + 1):
        words.superlative = f"most {reader.text(words.at + 1)}"
        words.at += 2
        return True
    return False


def _joined(reader: Reader, words: _Words) -> bool:
    """Read "and white" of "red and white box", "or blue" of "red or blue box"."""
    word = reader.text(words.at)
    if word == "," and words.attributes and (not words.noun or words.noun in things.ALSO_NOUNS):
        after = words.at + 1
        if reader.text(after) in {"and", "or"}:
            after += 1
        if reader.is_content(after) and (_is_attribute(reader, after) or after == words.at + 1):
            words.at += 1
            return reader.is_content(after + 1)
        return False
    if word not in {"and", "or", "/", "&"} or not words.attributes:
        return False
    if words.noun and words.noun not in things.ALSO_NOUNS:
        return _joined_nouns(reader, words)
    after = words.at + 1
    if not (_is_attribute(reader, after) or word == "/"):
        return False
    ends = after + 1
    while _is_attribute(reader, ends) or reader.text(ends) in {"and", ","}:
        ends += 1
    if not reader.is_content(ends) and reader.text(after) not in lexicon.ADJECTIVES:
        return False
    if word == "or" or (
        word == "and" and _several(reader, ends) and not _one_pattern(words, reader, after)
    ):
        words.choices = [*(words.choices or []), reader.text(after)]
        words.at = after + 1
        words.noun = ""
        return True
    words.at, words.noun = after, ""
    return True


def _joined_nouns(reader: Reader, words: _Words) -> bool:
    """Read "and birdhouse" of "the bird and birdhouse patterns"."""
    after = words.at + 1
    ends = after
    while reader.is_content(ends) and not starts_clause(reader, ends, "thing"):
        ends += 1
    plural = ends - after > 1 and is_plural(reader.text(ends - 1))
    if reader.text(words.at) != "and" or not plural or is_plural(words.noun):
        return False
    words.at = after
    return True


def _several(reader: Reader, at: int) -> bool:
    ends = at
    while reader.is_content(ends):
        ends += 1
    return ends > at and is_plural(reader.text(ends - 1))


def _one_pattern(words: _Words, reader: Reader, after: int) -> bool:
    """Tell whether two colours of several things are on each: "black and white cards"."""
    pair = {words.attributes[-1], reader.text(after)}
    return not pair <= lexicon.COLOURS or pair == {"black", "white"}


def _is_attribute(reader: Reader, at: int) -> bool:
    word = reader.text(at)
    if word in verb_words.ADVERBS and word not in {"all", "both", "about"}:
        return _is_attribute(reader, at + 1)
    plain = word.rpartition("-")[2]
    return (
        word in lexicon.ADJECTIVES
        or plain in lexicon.ADJECTIVES
        or ("-" in word and reader.is_content(at) and reader.is_content(at + 1))
        or ((is_present(word) or is_past(word)) and reader.is_content(at + 1))
    )


def _content(reader: Reader, words: _Words, *, determined: bool) -> bool:
    word, following = reader.text(words.at), reader.text(words.at + 1)
    if words.attributes and singular(f"{words.attributes[-1]} {word}") in things.COMPOUNDS:
        words.attributes.append(word)
        words.noun, words.at = word, words.at + 1
        return True
    if word == "one":
        return _one(reader, words, determined=determined)
    named = words.noun or (words.attributes and words.attributes[-1] in things.ALSO_NOUNS)
    if word in verb_words.ADVERBS and not words.noun and reader.is_content(words.at + 1):
        if (
            determined
            or words.attributes
            or _is_attribute(reader, words.at + 1)
            or is_past(following)
        ):
            words.at += 1  # "a very small box"
            return True
    if not reader.is_content(words.at) or word in lexicon.NUMBERS or word in verb_words.ADVERBS:
        return False
    if words.noun and word in relation_words.HEDGES.meanings:
        return False
    if words.noun and starts_clause(reader, words.at, words.noun):
        return False
    if (
        words.attributes
        and not words.noun
        and is_present(word)
        and not reader.is_content(words.at + 1)
    ):
        acts = word in PRESENT or following in lexicon.DEFINITE or following in lexicon.INDEFINITE
        if word not in verb_words.NOT_VERBS and acts:
            return False  # "in green looking up"
    if not words.attributes and not determined and is_present(word) and _is_verb(reader, words.at):
        return False
    if words.noun and (words.noun in things.ANYTHING or _ranks(reader, words.at)):
        return False
    adjective = word in lexicon.ADJECTIVES or word.rpartition("-")[2] in lexicon.COLOURS
    if adjective and named and word not in things.ALSO_NOUNS and not _goes_on(reader, words.at + 1):
        return False  # "the box red": said of the box
    if word in lexicon.FILLERS and words.attributes and reader.is_content(words.at + 1):
        words.at += 1  # "the tan coloured cat"
        return True
    words.attributes.append(word)
    words.at += 1
    if word.isdecimal() and words.noun:
        return True
    words.noun = "" if adjective and word not in things.ALSO_NOUNS else word
    if adjective and word in things.ALSO_NOUNS and reader.is_content(words.at):
        words.noun = ""
    return not word.endswith(("'s", "s'"))


def _goes_on(reader: Reader, at: int) -> bool:
    """Tell whether more of the name follows an adjective: "blue and white beds"."""
    joins = reader.text(at) in {"and", "or", ",", "/"} and _is_attribute(reader, at + 1)
    return reader.is_content(at) or (joins and reader.is_content(at + 2))


def _ranks(reader: Reader, at: int) -> bool:
    return (
        relation_words.SUPERLATIVES.at(reader.texts, at) is not None
        and reader.text(at) not in lexicon.NOT_SUPERLATIVES
    )


def _is_verb(reader: Reader, at: int) -> bool:
    """Tell whether a bare word in -ing is what somebody does, not what a thing is like."""
    word = reader.text(at)
    if word in verb_words.NOT_VERBS:
        return False
    if word not in PRESENT:
        return reader.text(at + 1) in lexicon.DEFINITE or reader.text(at + 1) in lexicon.INDEFINITE
    return not reader.is_content(at + 1) or word not in verb_words.INTRANSITIVE


def _one(reader: Reader, words: _Words, *, determined: bool) -> bool:
    """Read "one" as a noun: "the red one", but not "one red box"."""
    before = determined or words.attributes or words.relations or words.superlative
    if not before or words.noun:
        return False
    words.attributes.append("one")
    words.noun = "one"
    words.at += 1
    return True


def _named(reader: Reader, words: _Words, *, singular_only: bool) -> Name | None:
    """Tell head and attributes of the words."""
    described = words.relations or words.superlative
    if not words.attributes:
        if not described:
            return None
        return Name(words.at, relations=words.relations, superlative=words.superlative)
    *modifiers, last = words.attributes
    owner_end = words.at if last.endswith(("'s", "s'")) and len(last) > 2 else 0
    if owner_end:
        last = last.removesuffix("'s").removesuffix("'")
    while last.isdecimal() and modifiers and words.noun:
        *modifiers, last = *modifiers[:-1], last, modifiers[-1]
        if modifiers[-1].isdecimal() and last.isdecimal():
            break
    if last == "number" and modifiers and words.attributes[-1].isdecimal():
        *modifiers, last = (
            (*modifiers[:-2], modifiers[-1], modifiers[-2])
            if len(modifiers) > 1
            else (modifiers[-1], last)
        )  # "the bus number 12"
    pair = f"{modifiers[-1]} {last}" if modifiers else ""
    if singular(pair) in things.COMPOUNDS:
        modifiers, last = modifiers[:-1], pair
    if words.noun == "" and last in lexicon.ADJECTIVES and last not in things.ALSO_NOUNS:
        head, said, modifiers = "object", "", [*modifiers, last]
    elif last in things.ANYTHING:
        head, said = "object", last
    else:
        head, said = last if singular_only else singular(last), last
    shared = tuple(modifiers)
    choices = (
        tuple(tuple(_without_last(shared) + (choice,)) for choice in words.choices or ())
        if shared
        else ()
    )
    return Name(
        words.at, shared, head, said, owner_end, words.relations, words.superlative, choices
    )


def _without_last(attributes: tuple[str, ...]) -> tuple[str, ...]:
    return attributes[:-1]


_REGIONS = frozenset(
    "left right top bottom front back middle center centre rear base background foreground".split()
)
_ALL_SUPERLATIVES = frozenset(relation_words.SUPERLATIVES.meanings)
