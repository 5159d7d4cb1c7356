"""Noun phrases joined by "and" and "or"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from grounding_ros.language import lexicon
from grounding_ros.language.command_words import COMMANDS
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.reader import Reader, Scope
from grounding_ros.language.verb_words import INTRANSITIVE
from grounding_ros.language.verbs import is_present, starts_clause

_OBJECTS = (
    lexicon.DEFINITE | lexicon.INDEFINITE | lexicon.PRONOUNS | {"on", "off", "up", "in", "down"}
)
ReadOne = Callable[[Reader, int, Scope], "tuple[Phrase, int] | None"]
_JOINING = frozenset(
    {"and", "or", "&", "plus", "and / or", "as well as", "or else", "nor", "along with", "and also"}
)


def with_others(
    reader: Reader, start: int, phrase: Phrase, end: int, scope: Scope, read_one: ReadOne
) -> tuple[Phrase, int]:
    """Read the phrases that "and" or "or" join to the first.

    Either will do after "or". After "and" all are meant: the number of the first becomes "all".
    """
    phrases, junction = [phrase], ""
    while True:
        size = reader.row(end, _JOINING, 3)
        listed = not size and reader.text(end) == "," and _list_goes_on(reader, end + 1)
        if reader.text(end) == "," and reader.row(end + 1, _JOINING, 3):
            size = 1 + reader.row(end + 1, _JOINING, 3)
        if not size and not listed:
            break
        said = "" if listed else reader.text(end + (reader.text(end) == ","))
        at = end + (1 if listed else size)
        if not _starts_phrase(reader, at):
            break
        following = read_one(reader, at, scope)
        if following is None or (phrase.relations and _is_clause(reader, following[1])):
            break
        phrases.append(following[0])
        end, junction = following[1], said or junction
    if len(phrases) == 1:
        return phrase, end
    return _joined(phrases, junction or "and", reader.said(start, end)), end


def _joined(phrases: list[Phrase], junction: str, text: str) -> Phrase:
    first, *others = phrases
    others = [_with_head_of(other, first) for other in others]
    if first.head == "object" and first.attributes and others[0].head != "object":
        first = replace(first, head=others[0].head)  # "the red and the blue box"
    number = first.number if junction in {"or", "nor", "or else"} else _total(phrases)
    bound = "exactly" if number == "all" else first.bound
    alternatives = (*first.alternatives, *others)
    return replace(first, number=number, bound=bound, alternatives=alternatives, text=text)


def _total(phrases: list[Phrase]) -> str | int:
    return "all"


def _with_head_of(phrase: Phrase, first: Phrase) -> Phrase:
    """Read "the red box or the blue one" as asking for a blue box."""
    is_one = phrase.text.lower().split()[-1:] in (["one"], ["ones"])
    return replace(phrase, head=first.head) if is_one and phrase.head == "object" else phrase


def _starts_phrase(reader: Reader, at: int) -> bool:
    word = reader.text(at)
    follows = reader.text(at + 1)
    if COMMANDS.at(reader.texts, at) and (follows in _OBJECTS or not follows):
        return False  # "take the cup and put it on the tray"
    if starts_clause(reader, at, "man") and not (
        is_present(word) and reader.is_content(at + 1) and word in INTRANSITIVE
    ):
        return False
    if word in {"it", "them"} or (is_present(word) and not reader.is_content(at + 1)):
        return False
    return (
        reader.opens_name(at)
        or lexicon.QUANTIFIERS.at(reader.texts, at) is not None
        or lexicon.BOUNDS.at(reader.texts, at) is not None
        or word in lexicon.ORDINALS
    )


def _list_goes_on(reader: Reader, at: int) -> bool:
    """Tell whether a comma separates the phrases of a list: an "and" is still to come."""
    if not _starts_phrase(reader, at):
        return False
    for ahead in range(at, min(at + 8, len(reader.texts))):
        word = reader.text(ahead)
        if word in {"and", "or"} and ahead > at:
            return reader.text(ahead - 1) == "," or ahead - at <= 4
        if not (reader.starts_phrase(ahead) or word == ","):
            return False
    return False


def _is_clause(reader: Reader, at: int) -> bool:
    """Tell whether the phrase before is what a new clause is about: "... and the man is sitting"."""
    return reader.text(at) in {"is", "are", "was", "were", "has", "have"}
