"""What is said of a thing after its noun, piece by piece."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import command_words, lexicon, relation_words, things, verb_words
from grounding_ros.language.actions import read_action
from grounding_ros.language.clauses import COPULAS, read_having, read_relative
from grounding_ros.language.comparisons import read_comparison, read_ordinal_side
from grounding_ros.language.instruction import Ordinal, Phrase, Relation
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.relations import read_relation
from grounding_ros.language.verbs import FINITE, is_past, is_present

_EXCEPT = {"not": 1, "but not": 2, "and not": 2, "except": 1, "except for": 2, "but": 1, "other than": 2,
           "excluding": 1, "apart from": 2, "besides": 1, "aside from": 2, "rather than": 2,
           "instead of": 2, "without counting": 2}  # fmt: skip


def modified(reader: Reader, phrase: Phrase, end: int, scope: Scope) -> tuple[Phrase, int]:
    """Read everything that is said of a phrase after its noun."""
    while True:
        found = _next(reader, phrase, end, scope)
        if found is None or found.end <= end:
            break
        phrase, end = found.of(phrase), found.end
    return _settled(phrase), end


def _settled(phrase: Phrase) -> Phrase:
    """Give "the second box" the side where counting starts: reading goes from the left."""
    if phrase.ordinal is not None and phrase.ordinal.side == "":
        sided = {"leftmost": "left", "rightmost": "right", "closest": "camera"}
        if phrase.superlative is not None:
            side = sided.get(phrase.superlative, phrase.superlative)
            return replace(phrase, ordinal=Ordinal(phrase.ordinal.index, side), superlative=None)
        return replace(phrase, ordinal=Ordinal(phrase.ordinal.index, "left"))
    return phrase


def _next(reader: Reader, phrase: Phrase, end: int, scope: Scope) -> Modifier | None:
    at = end
    found = _after_noun(reader, phrase, at, scope)
    if found is not None:
        return found
    if scope.depth:
        return None  # "and" goes on with what is asked for, not with its anchor
    joined = reader.text(at) in {",", "and", "but", "&", "while", "as"}
    if not joined:
        return None
    at += 1
    if reader.text(at) in {"and", "but"}:
        at += 1
    if (
        reader.text(end) == ","
        or reader.text(at) in lexicon.OTHER_CLOSED_WORDS
        or (is_present(reader.text(at)) or reader.text(at) in FINITE)
    ):
        return _joined(reader, phrase, at, scope)
    return None


def _joined(reader: Reader, phrase: Phrase, at: int, scope: Scope) -> Modifier | None:
    """Read what a comma or "and" joins: "the man in black, holding a cup"."""
    if reader.text(at) in command_words.COMMANDS.meanings:
        return None  # "take the cup and put it ..."
    if (better := read_comparison(reader, at, scope)) is not None and scope.places:
        return better
    if reader.opens_name(at) and reader.text(at - 1) == "," and not scope.depth:
        if (same := _apposition(reader, at)) is not None:
            return same
    if relation_words.HEDGES.at(reader.texts, at) and scope.places:
        if (relation := read_relation(reader, at, scope, phrase.head)) is not None:
            return relation
    if reader.starts_phrase(at) and not (
        is_present(reader.text(at)) or is_past(reader.text(at)) or reader.text(at) in FINITE
    ):
        return None
    if reader.text(at) in COPULAS and scope.clauses and phrase.relations:
        return read_claim(reader, at + 1, scope, phrase.head)
    if reader.text(at) in {"has", "have"} and scope.clauses:
        return read_having(reader, at + 1, scope)
    return _after_noun(reader, phrase, at, scope)


def _apposition(reader: Reader, at: int) -> Modifier | None:
    """Read "the one on the left" of "the box, the one on the left"."""
    read = reader.phrase(at, Scope(lists=False))
    if read is None or read[0].head != "object" or read[0].alternatives or read[0].reference:
        return None
    same = read[0]
    said = same.attributes or same.relations or same.superlative or same.ordinal
    if not said or (same.attributes and not same.text.lower().endswith(("one", "ones"))):
        return None
    return Modifier(
        read[1], same.attributes, same.relations, same.excluded, same.ordinal, same.superlative
    )


def _after_noun(reader: Reader, phrase: Phrase, at: int, scope: Scope) -> Modifier | None:
    noun = phrase.head
    if at >= len(reader.texts):
        return None
    if phrase.ordinal is not None and phrase.ordinal.side == "":
        side = read_ordinal_side(reader, at, phrase.ordinal)
        if side is not None:
            return side
    if scope.clauses:
        excluded = _exclusion(reader, at, scope)
        if excluded is not None:
            return excluded
        if (clause := read_relative(reader, at, scope, noun)) is not None:
            return clause
    if not scope.depth and (source := _source(reader, at, scope)) is not None:
        return source
    if scope.places or reader.text(at) in {"with", "without"}:
        compared = read_comparison(reader, at, scope)
        if compared is not None:
            return compared
        if (relation := read_relation(reader, at, scope, noun)) is not None:
            return relation
    goal = not scope.places and relation_words.RELATIONS.at(reader.texts, at) is not None
    if scope.clauses and not goal and _acts(reader, at, phrase):
        return read_action(reader, at, scope, noun, finite=True)
    return _attribute(reader, at, scope)


def _acts(reader: Reader, at: int, phrase: Phrase) -> bool:
    word = reader.text(at)
    here = at
    while reader.row(here, verb_words.ADVERBS, 3):
        here += reader.row(here, verb_words.ADVERBS, 3)
    word = reader.text(here)
    follows = reader.text(here + 1)
    determined = follows in lexicon.DEFINITE or follows in lexicon.INDEFINITE
    verb = word in FINITE or word in verb_words.VERBS
    verb = verb or (word.endswith("s") and determined and phrase.head in things.PEOPLE)
    return is_present(word) or is_past(word) or word == "being" or verb


def _source(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "from the desk" of "move the cup from the desk to the bed": where it is now."""
    if reader.text(at) not in {"from", "off"} and reader.texts[at : at + 2] != ("out", "of"):
        return None
    at += 1 + (reader.text(at + 1) == "of")
    for extra in ({"on"}, {"top"}, {"of"}, {"inside", "in", "out", "under"}, {"of"}):
        at += reader.text(at) in extra
    read = reader.phrase(at, replace(scope.inner(), lists=False))
    if read is None:
        return None
    predicate = "in" if read[0].head in things.HOLLOW else "on"
    return Modifier(read[1], relations=(Relation(predicate, (read[0],)),))


def _exclusion(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "but not the green one", "except the mug"."""
    if scope.depth:
        return None
    here = at + (reader.text(at) == ",")
    for said, size in sorted(_EXCEPT.items(), key=lambda row: -row[1]):
        if " ".join(reader.texts[here : here + size]) != said:
            continue
        if reader.starts_phrase(here + size) or reader.text(here + size) in lexicon.PRONOUNS:
            read = reader.phrase(here + size, replace(scope.inner(), lists=True))
            if read is not None and (said != "not" or read[0].text):
                return Modifier(read[1], excluded=_each_excluded(read[0]))
        if said in {"not", "but not", "and not"}:
            claim = read_claim(reader, here + size, scope, "object", negative=True)
            if claim is not None:
                return claim
    return None


def _each_excluded(phrase: Phrase) -> tuple[Phrase, ...]:
    return (phrase,)


def _attribute(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read an adjective after its noun: "the box red", "with its mouth open"."""
    word = reader.text(at)
    following = reader.text(at + 1)
    ends = not reader.is_content(at + 1) or is_present(following)
    if word in lexicon.ADJECTIVES and scope.adjectives and ends:
        if scope.depth and scope.clauses:
            return None
        return Modifier(at + 1, attributes=(word,))
    return None
