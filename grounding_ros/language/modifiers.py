"""What is said of a thing after its noun, piece by piece."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import command_words, lexicon, relation_words, things, verb_words
from grounding_ros.language.actions import past_adverbs, read_action
from grounding_ros.language.clauses import COPULAS, read_having, read_relative
from grounding_ros.language.comparisons import read_comparison, read_ordinal_side
from grounding_ros.language.exclusions import read_exclusion
from grounding_ros.language.instruction import Ordinal, Phrase, Relation
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.relations import read_relation
from grounding_ros.language.tables import rows
from grounding_ros.language.verbs import FINITE, is_past, is_present

_JOINS = rows("and, but, &, while, as") | {","}
_ORDINAL_SIDES = {"leftmost": "left", "rightmost": "right", "closest": "camera"}


def modified(reader: Reader, phrase: Phrase, end: int, scope: Scope) -> tuple[Phrase, int]:
    """Read everything that is said of a phrase after its noun."""
    while True:
        found = _after_noun(reader, phrase, end, scope) or _after_joint(reader, phrase, end, scope)
        if found is None or found.end <= end:
            break
        phrase, end = found.of(phrase), found.end
    return _settled(phrase), end


def _settled(phrase: Phrase) -> Phrase:
    """Give "the second box" the side where counting starts: reading goes from the left."""
    if phrase.ordinal is None or phrase.ordinal.side:
        return phrase
    if phrase.ordinal.index == -1 and phrase.superlative:
        return replace(phrase, ordinal=None)
    ranked = phrase.superlative or "leftmost"
    side = _ORDINAL_SIDES.get(ranked, ranked)
    return replace(phrase, ordinal=Ordinal(phrase.ordinal.index, side), superlative=None)


def _after_noun(reader: Reader, phrase: Phrase, at: int, scope: Scope) -> Modifier | None:
    if at >= len(reader.texts):
        return None
    noun, found = phrase.head, None
    if phrase.ordinal is not None and not phrase.ordinal.side:
        found = read_ordinal_side(reader, at, phrase.ordinal)
    if found is None and scope.clauses:
        found = read_exclusion(reader, at, scope) or read_relative(reader, at, scope, noun)
    if found is None and not scope.depth:
        found = _source(reader, at, scope)
    if found is None and (scope.places or reader.text(at) in {"with", "without"}):
        found = read_comparison(reader, at, scope) or read_relation(reader, at, scope, noun)
    if found is not None:
        return found
    related = relation_words.RELATIONS.at(reader.texts, at)
    goal = not scope.places and related is not None and related[1] != "contains"
    goal = goal or (not scope.places and reader.texts[at:] == ("left",))
    if scope.clauses and not goal and _acts(reader, at, phrase):
        return read_action(reader, at, scope, noun, finite=True)
    return _attribute(reader, at, scope)


def _after_joint(reader: Reader, phrase: Phrase, at: int, scope: Scope) -> Modifier | None:
    """Read what a comma or "and" joins: "the man in black, holding a cup"."""
    joint = reader.text(at)
    if scope.depth or joint not in _JOINS:
        return None  # "and" goes on with what is asked for, not with its anchor
    at += 1
    if joint in {"while", "as"} and not (
        is_present(reader.text(at)) and phrase.head in things.PEOPLE
    ):
        return None
    at += reader.text(at) in {"and", "but", "while"}
    word = reader.text(at)
    one = phrase.number in {"one", "any"} and phrase.head in things.PEOPLE
    acts = is_present(word) or (
        word in FINITE and (one or word in COPULAS or reader.is_article(at + 1))
    )
    if joint != "," and not acts and word not in lexicon.OTHER_CLOSED_WORDS:
        return None
    if word in command_words.COMMANDS.meanings:
        return None  # "take the cup and put it ..."
    if scope.places and (found := _place_after(reader, phrase, at, scope)) is not None:
        return found
    if reader.text(at - 1) == "," and (same := _apposition(reader, at)) is not None:
        return same
    if reader.starts_phrase(at) and not (acts or is_past(word)):
        return None
    if scope.clauses and word in COPULAS and phrase.relations:
        return read_claim(reader, at + 1, scope, phrase.head)
    if scope.clauses and word in {"has", "have"}:
        return read_having(reader, at + 1, scope)
    return _after_noun(reader, phrase, at, scope)


def _place_after(reader: Reader, phrase: Phrase, at: int, scope: Scope) -> Modifier | None:
    """Read ", closest to the box", ", directly behind the box"."""
    if (found := read_comparison(reader, at, scope)) is not None:
        return found
    hedged = relation_words.HEDGES.at(reader.texts, at) is not None
    return read_relation(reader, at, scope, phrase.head) if hedged else None


def _apposition(reader: Reader, at: int) -> Modifier | None:
    """Read "the one on the left" of "the box, the one on the left"."""
    read = reader.phrase(at, Scope(lists=False)) if reader.opens_name(at) else None
    if read is None or read[0].head != "object" or read[0].alternatives or read[0].reference:
        return None
    same = read[0]
    said = same.attributes or same.relations or same.superlative or same.ordinal
    if not said or (same.attributes and not same.text.lower().endswith(("one", "ones"))):
        return None
    return Modifier(
        read[1], same.attributes, same.relations, same.excluded, same.ordinal, same.superlative
    )


def _acts(reader: Reader, at: int, phrase: Phrase) -> bool:
    """Tell whether a verb stands here."""
    here = past_adverbs(reader, at)
    word = reader.text(here)
    if is_present(word) or is_past(word) or word == "being":
        return True
    by_ending = word.endswith("s") and reader.is_article(here + 1) and phrase.head in things.PEOPLE
    return word in FINITE or word in verb_words.VERBS or by_ending


def _source(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "from the desk" of "move the cup from the desk to the bed": where it is now."""
    source = relation_words.SOURCES.at(reader.texts, at)
    if source is None:
        return None
    size, predicate = source
    read = reader.phrase(at + size, scope.inner(lists=False))
    if read is None:
        return None
    carries = read[0].head in things.CARRYING and not {"trash", "garbage"} & set(read[0].attributes)
    inside = "in" if read[0].head in things.HOLLOW and not carries else "on"
    return Modifier(read[1], relations=(Relation(predicate or inside, (read[0],)),))


def _attribute(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read an adjective after its noun: "the box red", "with its mouth open"."""
    if not scope.adjectives or (scope.depth and scope.clauses):
        return None
    ends = not reader.is_content(at + 1) or is_present(reader.text(at + 1))
    said = reader.text(at) in lexicon.ADJECTIVES and ends
    return Modifier(at + 1, attributes=(reader.text(at),)) if said else None
