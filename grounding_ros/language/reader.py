"""A sentence as it is read: its words, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from grounding_ros.language import lexicon
from grounding_ros.language.instruction import Ordinal, Phrase, Relation
from grounding_ros.language.relation_words import SIDE_WORDS
from grounding_ros.language.words import PAUSES, Word

Reading = tuple[Phrase, int]
"""A phrase and where it ends."""

DEEPEST = 12
"""How many noun phrases may be nested in one another."""


@dataclass(frozen=True)
class Scope:
    """What a noun phrase may take in where it stands."""

    depth: int = 0
    """0 for what is asked for, 1 for its anchors..."""
    places: bool = True
    """Whether relations in space belong to it: not so in "put the mug on the tray"."""
    clauses: bool = True
    """Whether clauses belong to it: not to the shirt of "a man in a shirt holding a bat"."""
    lists: bool = True
    """Whether "and" may join another phrase to it."""
    adjectives: bool = True
    """Whether an adjective after the noun belongs to it: not so in "is the box red?"."""
    bare: bool = False
    """Whether it ends at its noun."""

    def inner(self, *, clauses: bool = True, lists: bool = True) -> Scope:
        """Return the scope of an anchor."""
        return Scope(self.depth + 1, self.places, clauses, lists)


@dataclass(frozen=True)
class Reader:
    """The words of a sentence; positions are indices into them."""

    sentence: str
    words: tuple[Word, ...]
    reading: Callable[[Reader, int, Scope], Reading | None] = field(repr=False)
    """Reads a whole noun phrase: here the modules meet that read phrases and relations."""
    texts: tuple[str, ...] = field(init=False)
    """The words' texts, lower case."""
    known: dict[tuple[int, Scope], Reading | None] = field(init=False, repr=False, compare=False)
    """The phrases that were read, so that no form of sentence reads them again."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", tuple(word.text for word in self.words))
        object.__setattr__(self, "known", {})

    def phrase(self, at: int, scope: Scope) -> Reading | None:
        """Read a noun phrase: what it is and where it ends; None where there is none."""
        if (at, scope) not in self.known:
            self.known[at, scope] = self.reading(self, at, scope)
        return self.known[at, scope]

    def text(self, at: int) -> str:
        """Return a word, "" beyond the end."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def is_article(self, at: int) -> bool:
        """Tell whether "the", "a", "my" or the like stands here."""
        return self.text(at) in lexicon.DEFINITE or self.text(at) in lexicon.INDEFINITE

    def after(self, at: int) -> Reader:
        """Return the sentence from a word on."""
        return Reader(self.sentence, self.words[at:], self.reading)

    def saying(self, at: int, word: str) -> Reader:
        """Return the sentence with another form of a word."""
        words = (*self.words[:at], replace(self.words[at], text=word), *self.words[at + 1 :])
        return Reader(self.sentence, words, self.reading)

    def row(self, at: int, rows: Collection[str], longest: int = 4) -> int:
        """Count the words that the longest row takes from `at` on; 0 for none."""
        for size in range(min(longest, len(self.texts) - at), 0, -1):
            if " ".join(self.texts[at : at + size]) in rows:
                return size
        return 0

    def said(self, start: int, end: int) -> str:
        """Return words as they were said."""
        while end > start and self.texts[end - 1] in PAUSES:
            end -= 1
        if end <= start:
            return ""
        return self.sentence[self.words[start].start : self.words[end - 1].end]

    def is_content(self, at: int) -> bool:
        """Tell whether the word can name a thing or a property of it."""
        return is_content(self.text(at))

    def opens_name(self, at: int) -> bool:
        """Tell whether what stands here can go before a noun: "right" of "her right hand"."""
        side = self.text(at) in SIDE_WORDS
        return (
            self.starts_phrase(at)
            or self.text(at) in lexicon.ORDINALS
            or (side and self.is_content(at + 1))
        )

    def starts_phrase(self, at: int) -> bool:
        """Tell whether a determiner or a content word stands here."""
        word = self.text(at)
        closed = word in lexicon.DEFINITE or word in lexicon.INDEFINITE or word in lexicon.NUMBERS
        return closed or is_content(word)


@dataclass(frozen=True)
class Modifier:
    """What was said of a thing, apart from its name."""

    end: int
    """Where it ends."""
    attributes: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    ordinal: Ordinal | None = None
    superlative: str | None = None
    either: tuple[Modifier, ...] = ()
    """What else would do: "red or blue"."""
    head: str = "object"
    """What kind it is said to be: "is it a mug?"."""

    def merged(self, other: Modifier) -> Modifier:
        """Return both, ending where the other ends."""
        return Modifier(
            other.end,
            self.attributes + other.attributes,
            self.relations + other.relations,
            self.excluded + other.excluded,
            other.ordinal or self.ordinal,
            other.superlative or self.superlative,
            self.either + other.either,
            self.head if other.head == "object" else other.head,
        )

    def of(self, phrase: Phrase) -> Phrase:
        """Return the phrase with this said of it."""
        others = tuple(replace(other.of(phrase), text="") for other in self.either)
        if self.head not in {"object", phrase.head} and phrase.head != "object":
            phrase = replace(phrase, attributes=(*phrase.attributes, self.head))
        elif self.head != "object":
            phrase = replace(phrase, head=self.head)
        return replace(
            phrase,
            attributes=phrase.attributes + self.attributes,
            relations=phrase.relations + self.relations,
            excluded=phrase.excluded + self.excluded,
            ordinal=self.ordinal or phrase.ordinal,
            superlative=self.superlative or phrase.superlative,
            alternatives=phrase.alternatives + others,
        )


@dataclass(frozen=True)
class Sentence:
    """What a sentence asks for."""

    end: int
    """Where understanding ends; the number of words when all was understood."""
    task: str
    target: Phrase
    destination: Relation | None = None
    subject: Phrase | None = None


def is_content(word: str) -> bool:
    """Tell whether the word can name a thing or a property of it."""
    plain = word.replace("-", "").replace("'", "").replace("&", "").replace(".", "")
    closed = plain in lexicon.OTHER_CLOSED_WORDS or word in _NEVER
    return plain.isalnum() and not closed


_NEVER = (
    lexicon.OTHER_CLOSED_WORDS
    | lexicon.PRONOUNS
    | lexicon.DEFINITE
    | lexicon.INDEFINITE
    | {"and", "or", "&"}
)
