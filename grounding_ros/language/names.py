"""The name of a thing and what stands right before it: "small red and white cereal box"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import lexicon, relation_words, things, verb_words
from grounding_ros.language.instruction import Relation
from grounding_ros.language.name_words import NameWords, goes_on, is_attribute, read_joint
from grounding_ros.language.nouns import singular
from grounding_ros.language.reader import Reader
from grounding_ros.language.verbs import PRESENT, is_manner, is_past, is_present, starts_clause


@dataclass(frozen=True)
class Name:
    """What a thing is called."""

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
    words = NameWords(at)
    while not _is_owner(words.noun) or _is_compound(words.noun, reader.text(words.at)):
        longer = (
            _side(reader, words, determined=determined)
            or _compared(reader, words)
            or read_joint(reader, words)
            or _content(reader, words, determined=determined)
        )
        if longer is None:
            break
        words = longer
    return _name(words, singular_only=singular_only)


def _side(reader: Reader, words: NameWords, *, determined: bool) -> NameWords | None:
    """Read "left" of "the left box", "top" of "the top of the box"."""
    side = relation_words.SIDES.at(reader.texts, words.at)
    if side is None or words.noun or relation_words.SUPERLATIVES.at(reader.texts, words.at):
        return None
    size, name = side
    said, after = reader.text(words.at), words.at + size
    after += reader.text(after) == "side" and reader.is_content(after + 1)
    noun = reader.is_content(after) and not is_present(reader.text(after))
    names_more = noun or relation_words.SIDES.at(reader.texts, after)
    if not names_more and words.words:
        return words.named(said, size)  # "the green top"
    if not names_more and said in _REGIONS and not words.words:
        follows = reader.text(after)
        if follows == "of" or (determined and follows in {",", "."}):
            return words.named(said, size)  # "the top of the box"
    if not (names_more or (determined and not words.words)):
        return None
    if name in {"top", "bottom"}:
        return replace(words, at=after, superlative=f"{name}most")
    relation = Relation(relation_words.SIDE_PREDICATES[name], ())
    return replace(words, at=after, relations=(*words.relations, relation))


def _compared(reader: Reader, words: NameWords) -> NameWords | None:
    """Read "largest" or "taller"."""
    at, word = words.at, reader.text(words.at)
    if words.noun or word in lexicon.NOT_SUPERLATIVES:
        return None
    if (most := relation_words.SUPERLATIVES.at(reader.texts, at)) is not None:
        return replace(words, at=at + most[0], superlative=most[1])
    if (more := relation_words.COMPARATIVES.at(reader.texts, at)) is not None:
        relations = (*words.relations, Relation(more[1], ()))
        return replace(words, at=at + more[0], relations=relations)
    if not reader.is_content(at + 1):
        return None
    if word in _REACH:
        return replace(words, at=at + 1, superlative=_REACH[word])
    if word == "most":
        return replace(words, at=at + 2, superlative=f"most {reader.text(at + 1)}")
    return None


def _content(reader: Reader, words: NameWords, *, determined: bool) -> NameWords | None:
    """Read an attribute or a noun."""
    at, word = words.at, reader.text(words.at)
    if words.words and _is_compound(words.words[-1], word):
        return words.named(word)
    if word == "one":
        before = determined or words.words or words.relations or words.superlative
        return words.named(word) if before and not words.noun else None  # not "one red box"
    if word in verb_words.ADVERBS:
        return _past_adverb(reader, words, determined=determined)
    if not reader.is_content(at) or word in lexicon.NUMBERS:
        return None
    if _is_over(reader, words) or _is_action(reader, words, determined=determined):
        return None
    adjective = word in lexicon.ADJECTIVES or word.rpartition("-")[2] in lexicon.COLOURS
    pure = adjective and word not in things.ALSO_NOUNS
    named = words.noun or (words.words and words.words[-1] in things.ALSO_NOUNS)
    if pure and named and not goes_on(reader, at + 1):
        return None  # "the box red": said of the box
    if word in lexicon.FILLERS and words.words and reader.is_content(at + 1):
        return replace(words, at=at + 1)  # "the tan coloured cat"
    if word.isdecimal() and words.noun:
        return replace(words, at=at + 1, words=(*words.words, word))
    longer = words.named(word)
    return replace(longer, noun="") if pure or (adjective and reader.is_content(at + 1)) else longer


def _past_adverb(reader: Reader, words: NameWords, *, determined: bool) -> NameWords | None:
    """Skip "very" of "a very small box"."""
    at = words.at + 1
    if words.noun or not reader.is_content(at):
        return None
    inside = determined or words.words or is_attribute(reader, at) or is_past(reader.text(at))
    return replace(words, at=at) if inside else None


def _is_over(reader: Reader, words: NameWords) -> bool:
    """Tell whether the name ended before a word: "box directly ...", "mug closest ..."."""
    if not words.noun:
        return False
    word = reader.text(words.at)
    ranks = relation_words.SUPERLATIVES.at(reader.texts, words.at) is not None
    compares = word in relation_words.COMPARATIVES.meanings
    return (
        words.noun in things.ANYTHING
        or word in relation_words.HEDGES.meanings
        or (ranks and word not in lexicon.NOT_SUPERLATIVES)
        or (compares and reader.text(words.at + 1) in {"than", "then", "to", "from"})
        or is_manner(reader, words.at)
        or starts_clause(reader, words.at, words.noun)
    )


def _is_action(reader: Reader, words: NameWords, *, determined: bool) -> bool:
    """Tell whether a word in -ing is what somebody does, not what a thing is like."""
    word, named = reader.text(words.at), reader.is_content(words.at + 1)
    if words.noun or not is_present(word) or word in verb_words.NOT_VERBS:
        return False
    acts = word in PRESENT or reader.is_article(words.at + 1)
    if words.words:
        return acts and not named  # "in green looking up"
    if determined:
        return False
    return acts and (not named or (word in PRESENT and word not in verb_words.INTRANSITIVE))


def _name(words: NameWords, *, singular_only: bool) -> Name | None:
    """Tell head and attributes of the words."""
    known = Name(words.at, relations=words.relations, superlative=words.superlative)
    if not words.words:
        return known if words.relations or words.superlative else None
    *modifiers, last = _head_last(words)
    owner_end = words.at if _is_owner(last) else 0
    last = last.removesuffix("'s").removesuffix("'") if owner_end else last
    if modifiers and _is_compound(modifiers[-1], last):
        last = f"{modifiers.pop()} {last}"
    if not words.noun and last in lexicon.ADJECTIVES and last not in things.ALSO_NOUNS:
        head, said = "object", ""
        modifiers.append(last)
    else:
        head = last if singular_only else singular(last)
        head, said = "object" if last in things.ANYTHING else head, last
    choices = [(*modifiers[:-1], choice) for choice in words.choices if modifiers]
    return replace(
        known,
        attributes=tuple(modifiers),
        head=head,
        said=said,
        owner_end=owner_end,
        choices=tuple(choices),
    )


def _head_last(words: NameWords) -> list[str]:
    """Put the noun last: "bus number 12" is a bus."""
    parts = list(words.words)
    numbers = [parts.pop() for _ in range(len(parts)) if words.noun and parts[-1].isdecimal()]
    if not parts:
        return numbers
    if numbers and parts[-1] == "number" and len(parts) > 1:
        parts.pop()
    noun = parts.pop()
    return [*parts, *reversed(numbers), noun]


def _is_compound(first: str, second: str) -> bool:
    return singular(f"{first} {second}") in things.COMPOUNDS


def _is_owner(word: str) -> bool:
    return word.endswith(("'s", "s'")) and len(word) > 2


_REACH = {"far": "farthest", "near": "closest"}
_REGIONS = frozenset(relation_words.SIDES.meanings)
