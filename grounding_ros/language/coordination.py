"""Noun phrases joined by "and" and "or"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import lexicon, things
from grounding_ros.language.command_words import COMMANDS
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.reader import Reader, Reading, Scope
from grounding_ros.language.relation_words import HEDGES, RELATIONS, SUPERLATIVES
from grounding_ros.language.verb_words import INTRANSITIVE
from grounding_ros.language.verbs import is_present, starts_clause

_AND = frozenset({"and", "&", "plus", "as well as", "along with", "and also"})
_OR = frozenset({"or", "or else", "nor", "and / or"})
_OBJECTS = (
    lexicon.DEFINITE | lexicon.INDEFINITE | lexicon.PRONOUNS | {"on", "off", "up", "in", "down"}
)


@dataclass(frozen=True)
class Listing:
    """Phrases in a row."""

    phrases: tuple[Phrase, ...]
    end: int
    either: bool
    """Whether "or" joins them."""


def read_list(reader: Reader, at: int, scope: Scope) -> Listing | None:
    """Read a noun phrase and those that "and" or "or" join to it; None where there is none."""
    alone = replace(scope, lists=False)
    first = reader.phrase(at, alone)
    if first is None:
        return None
    phrases, end, either = [first[0]], first[1], False
    while scope.lists and (junction := _junction(reader, end)) is not None:
        size, is_or = junction
        following = reader.phrase(end + size, alone) if _opens(reader, end + size) else None
        if following is None or (phrases[0].relations and _is_clause(reader, following[1])):
            break
        phrases.append(following[0])
        end, either = following[1], either or is_or
    return Listing(tuple(phrases), end, either)


def joined(listing: Listing) -> Phrase:
    """Make one phrase of a list: after "or" either will do, after "and" all are meant."""
    first, *others = listing.phrases
    if not others:
        return first
    others = [_with_head_of(other, first) for other in others]
    said = first.text.lower().split()
    if first.head == "object" and first.attributes and not set(said) & things.ANYTHING:
        first = replace(first, head=others[0].head)  # "the red or the blue box"
    if not listing.either:
        first = replace(first, number="all", bound="exactly")
    return replace(first, alternatives=(*first.alternatives, *others))


def read_anchors(reader: Reader, at: int, scope: Scope) -> tuple[tuple[Phrase, ...], int] | None:
    """Read what a relation is to: each of several that "and" joins, one that "or" joins."""
    listing = read_list(reader, at, scope)
    if listing is None:
        return None
    return ((joined(listing),) if listing.either else listing.phrases), listing.end


def read_joined(reader: Reader, at: int, scope: Scope) -> Reading | None:
    """Read a list of noun phrases as one."""
    listing = read_list(reader, at, scope)
    return None if listing is None else (joined(listing), listing.end)


def _junction(reader: Reader, at: int) -> tuple[int, bool] | None:
    """Return how many words join two phrases here, and whether they mean "or"."""
    comma = int(reader.text(at) == ",")
    for rows, is_or in ((_OR, True), (_AND, False)):
        if size := reader.row(at + comma, rows, 3):
            return comma + size, is_or
    return (1, False) if comma and _list_goes_on(reader, at + 1) else None


def _with_head_of(phrase: Phrase, first: Phrase) -> Phrase:
    """Read "the red box or the blue one" as asking for a blue box."""
    is_one = phrase.text.lower().split()[-1:] in (["one"], ["ones"])
    return replace(phrase, head=first.head) if is_one and phrase.head == "object" else phrase


def _opens(reader: Reader, at: int) -> bool:
    """Tell whether a noun phrase can start here, not a command or a clause."""
    word, follows = reader.text(at), reader.text(at + 1)
    if COMMANDS.at(reader.texts, at) and (follows in _OBJECTS or not follows):
        return False  # "take the cup and put it on the tray"
    if lexicon.QUANTIFIERS.at(reader.texts, at) or lexicon.BOUNDS.at(reader.texts, at):
        return True
    if relates(reader, at):
        return False
    described = is_present(word) and reader.is_content(at + 1) and word in INTRANSITIVE
    if starts_clause(reader, at, "man") and not described:
        return False
    if word in {"it", "them"} or (is_present(word) and not reader.is_content(at + 1)):
        return False
    return reader.opens_name(at)


def starts_command(reader: Reader, at: int) -> bool:
    """Tell whether a command with its object starts here: "put it" of "... and put it"."""
    found = COMMANDS.at(reader.texts, at)
    return found is not None and reader.text(at + 1) in _OBJECTS


def relates(reader: Reader, at: int) -> bool:
    """Tell whether another relation stands here: "... and parallel to the edge"."""
    if reader.text(at) in lexicon.DEFINITE or reader.text(at) in lexicon.INDEFINITE:
        return False
    most = SUPERLATIVES.at(reader.texts, at)
    ranks = most is not None and reader.text(at + most[0]) in {"to", "from"}
    related = RELATIONS.at(reader.texts, at)
    relates = related is not None and related[0] > 1
    return ranks or relates or HEDGES.at(reader.texts, at) is not None


def _list_goes_on(reader: Reader, at: int) -> bool:
    """Tell whether a comma separates the phrases of a list: an "and" is still to come."""
    if not _opens(reader, at):
        return False
    for ahead in range(at, min(at + 8, len(reader.texts))):
        word = reader.text(ahead)
        if word in {"and", "or"} and ahead > at:
            return reader.text(ahead - 1) == "," or ahead - at <= 4
        if not (reader.starts_phrase(ahead) or word == ","):
            return False
    return False


def _is_clause(reader: Reader, at: int) -> bool:
    """Tell whether a new clause starts with the phrase before: "... and the man is sitting"."""
    return reader.text(at) in {"is", "are", "was", "were", "has", "have"}
