"""Whole noun phrases: what stands before the name, the name, and what is said after it."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, things
from grounding_ros.language.coordination import read_joined
from grounding_ros.language.determiners import Determiner, number_at, read_determiner
from grounding_ros.language.genitives import read_of
from grounding_ros.language.instruction import Ordinal, Phrase, Relation
from grounding_ros.language.modifiers import modified
from grounding_ros.language.names import Name, read_name
from grounding_ros.language.nouns import is_plural
from grounding_ros.language.reader import DEEPEST, Reader, Reading, Scope

_REFERENCES = {
    "it": "one", "that one": "one", "this one": "one", "that": "one", "this": "one",
    "them": "all", "those": "all", "these": "all", "those ones": "all", "these ones": "all",
    "him": "one", "her": "one", "that thing": "one", "this thing": "one",
}  # fmt: skip
_PERSONAL = frozenset({"my", "your", "his", "her"})
_ANYTHING: dict[str, str | int] = {
    "anything": "any", "everything": "all", "something": "any", "nothing": 0,
    "whatever": "all", "someone": "any", "anyone": "any", "somebody": "any", "everyone": "all",
}  # fmt: skip


def read_phrase(reader: Reader, at: int, scope: Scope) -> Reading | None:
    """Read a whole noun phrase at a position; None where there is none."""
    if scope.depth > DEEPEST:
        return None
    if scope.lists:
        return read_joined(reader, at, scope)
    return read_one(reader, at, scope)


def read_one(reader: Reader, at: int, scope: Scope) -> Reading | None:
    """Read a noun phrase without those that "and" and "or" join to it."""
    core = read_core(reader, at, scope)
    if core is None:
        return None
    if scope.depth and reader.text(at) != "the":  # "behind another": than what is asked for
        core = replace(core[0], reference=core[0].reference.replace("other", "")), core[1]
    phrase, end = core if scope.bare else modified(reader, *core, scope)
    text = reader.said(at, end)
    if phrase.alternatives and phrase.alternatives[0].text == "":
        others = tuple(replace(other, text=text) for other in phrase.alternatives)
        phrase = replace(phrase, alternatives=others)
    return replace(phrase, text=text), end


def read_core(reader: Reader, at: int, scope: Scope) -> Reading | None:
    """Read a noun phrase up to its noun, and "of" what it is."""
    word = reader.text(at)
    if (reference := _reference(reader, at)) is not None:
        return reference
    if word in _ANYTHING:
        head = "person" if word.endswith(("one", "body")) else "object"
        return Phrase(word, head, number=_ANYTHING[word]), at + 1
    determiner = read_determiner(reader, at)
    determined = determiner.end > at
    name = read_name(
        reader, determiner.end, determined=determined, singular_only=determiner.singular
    )
    if name is None and determined:
        name = _unnamed(reader, determiner)
    if name is None:
        return None
    if (counted := _counted_off(reader, determiner, name)) is not None:
        return counted
    if name.said == "glasses" and _are_worn(reader, at):
        name = replace(name, head="glasses")
    if name.owner_end:
        return _owned(reader, at, determiner, name, scope)
    return read_of(reader, _phrase(determiner, name), name.said, name.end, scope)


def _counted_off(reader: Reader, determiner: Determiner, name: Name) -> Reading | None:
    """Read "book number two from the left" as the second; "bus number 12" has 12 written on it."""
    at = name.end if reader.text(name.end - 1) == "number" else name.end - 1
    index = number_at(reader, at)
    if index is None or reader.text(at - 1) != "number" or reader.text(at + 1) != "from":
        return None
    words = [word for word in (*name.attributes, name.head) if word not in {"number", str(index)}]
    *before, head = words or ["object"]
    named = replace(name, head=head, attributes=tuple(before))
    counted = replace(determiner, number="one", ordinal=Ordinal(index, ""))
    return _phrase(counted, named), at + 1


def _are_worn(reader: Reader, at: int) -> bool:
    """Tell whether "glasses" are to see with: "my glasses", "a pair of glasses"."""
    before = reader.text(at - 1)
    pair = before == "of" and reader.text(at - 2) == "pair"
    return pair or reader.text(at) in _PERSONAL or before in {"wearing", "wears", "wear"}


def _reference(reader: Reader, at: int) -> Reading | None:
    """Read "it" and "that one" as what the last answer chose."""
    pair = " ".join(reader.texts[at : at + 2])
    if pair in _REFERENCES and " " in pair:
        return Phrase(pair, "object", number=_REFERENCES[pair], reference="last"), at + 2
    word = reader.text(at)
    if word not in _REFERENCES:
        return None
    follows = reader.text(at + 1)
    pointing = word in {"this", "that", "these", "those"} and follows in lexicon.INDEFINITE
    names = reader.opens_name(at + 1) or follows == "of"
    if names and not pointing and word not in {"it", "them", "him"}:
        return None
    return Phrase(word, "object", number=_REFERENCES[word], reference="last"), at + 1


def _unnamed(reader: Reader, determiner: Determiner) -> Name | None:
    """Read "the two", "the second", "the other" as names of objects."""
    counted = isinstance(determiner.number, int) and determiner.number > 1
    all_of = determiner.number == "all" and reader.text(determiner.end - 1) != "the"
    known = counted or all_of or determiner.reference or determiner.ordinal
    return Name(determiner.end) if known else None


def _phrase(determiner: Determiner, name: Name) -> Phrase:
    """Make a phrase of what was read."""
    number, ordinal = determiner.number, determiner.ordinal
    superlative = name.superlative or determiner.superlative
    if number is None:
        number = "all" if is_plural(name.said) or name.said == "ones" else "one"
    if ordinal is not None and superlative is not None:
        ordinal, superlative = Ordinal(ordinal.index, superlative), None  # "the second largest"
    lacking = [word for word in name.attributes if word.startswith("non-")]
    excluded = [
        Phrase(word, "object", (word.removeprefix("non-"),), number="any") for word in lacking
    ]
    first = Phrase(
        "",
        name.head,
        tuple(word for word in name.attributes if word not in lacking),
        tuple(excluded),
        number,
        determiner.bound,
        determiner.reference,
        ordinal,
        superlative,
        name.relations,
    )
    others = [replace(first, attributes=attributes) for attributes in name.choices]
    return replace(first, alternatives=tuple(others))


def _owned(
    reader: Reader, at: int, determiner: Determiner, name: Name, scope: Scope
) -> Reading | None:
    """Read "the man's red hat"."""
    text = reader.said(at, name.owner_end).removesuffix("'s").removesuffix("'")
    owner = replace(_phrase(determiner, name), text=text)
    possession = read_core(reader, name.owner_end, scope)
    if possession is None:
        return replace(owner, number="one"), name.owner_end
    phrase, end = possession
    predicate = "part_of" if phrase.head in things.PARTS else "of"
    return replace(phrase, relations=(*phrase.relations, Relation(predicate, (owner,)))), end
