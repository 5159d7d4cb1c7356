"""Claims, stated or asked: "the cat is under the table", "are there two mugs?"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from grounding_ros.language import command_words, lexicon
from grounding_ros.language.actions import read_action
from grounding_ros.language.clauses import COPULAS, read_having, read_negated
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import Modifier, Reader, Scope, Sentence
from grounding_ros.language.tables import rows
from grounding_ros.language.verb_words import VERBS
from grounding_ros.language.verbs import FINITE, PAST

SHORT = Scope(places=False, clauses=False, adjectives=False)
"""A subject up to its noun."""
_SUBJECTS = (SHORT, Scope(lists=False, adjectives=False), Scope(adjectives=False))
"""How much may belong to what a claim is about, the least first."""
_ASKING = rows("is, are, was, were")
_DOING = rows("does, do, did, can")


def existing(reader: Reader) -> Sentence | None:
    """Read "there are two mugs on the table", "is there a mug?"."""
    at = reader.row(0, command_words.EXISTS, 4)
    read = reader.phrase(at, Scope()) if at else None
    if read is None:
        return None
    phrase, end = read
    if reader.text(at) == "one" and phrase.number == "any":
        phrase = replace(phrase, number=1)
    if (claim := read_claim(reader, end, Scope(), phrase.head)) is not None:
        phrase, end = claimed(reader, phrase, claim, end), claim.end
    return Sentence(end, "verify", phrase)


def asking(reader: Reader) -> Sentence | None:
    """Read "is the red box left of the mug?"."""
    if reader.text(0) not in _ASKING:
        return None
    start = 1 + (reader.text(1) == "not")
    return _longest(_asked(reader, start, scope) for scope in _SUBJECTS)


def _asked(reader: Reader, start: int, scope: Scope) -> Sentence | None:
    read = reader.phrase(start, scope)
    if read is None:
        return None
    subject, end = read
    claim = read_claim(reader, end, Scope(), subject.head)
    if claim is not None:
        return _verified(reader, subject, claim, end)
    if not subject.attributes or subject.relations or end < len(reader.texts):
        return None
    # "is the box cardboard?": the last word is the claim
    *attributes, head = subject.attributes
    text = reader.said(start, end - 1)
    named = replace(subject, head=head, attributes=tuple(attributes), text=text)
    claim = Modifier(end, attributes=(reader.text(end - 1),))
    return _verified(reader, named, claim, end - 1)


def doing(reader: Reader) -> Sentence | None:
    """Read "does the box contain a mug?"."""
    if reader.text(0) not in _DOING:
        return None
    for scope in _SUBJECTS[:2]:
        if (read := reader.phrase(1, scope)) is None:
            continue
        subject, at = read
        verb = at + (reader.text(at) == "not")
        if reader.text(verb) == "have":
            claim = read_having(reader, verb + 1, Scope())
        else:
            claim = read_action(reader, verb, Scope(), subject.head, finite=True)
        if claim is not None:
            return _verified(reader, subject, claim, at)
    return None


def stating(reader: Reader) -> Sentence | None:
    """Read "the cat is under the table", "the bowl contains an apple"."""
    return _longest(_stated(reader, scope) for scope in _SUBJECTS)


def _stated(reader: Reader, scope: Scope) -> Sentence | None:
    read = reader.phrase(0, scope) if reader.text(0) != "whatever" else None
    if read is None:
        return None
    subject, at = read
    claim = _statement(reader, subject, at)
    if claim is None:
        return None
    return _verified(reader, subject, claim, at + (reader.text(at) in COPULAS))


def _statement(reader: Reader, subject: Phrase, at: int) -> Modifier | None:
    word = reader.text(at)
    if word in COPULAS:
        return read_claim(reader, at + 1, Scope(), subject.head)
    if word in {"has", "have"}:
        return read_having(reader, at + 1, Scope())
    if word in {"does", "do"} and reader.text(at + 1) == "not":
        return read_negated(reader, at, at + 2, Scope(), subject.head)
    plural = word in VERBS and word not in PAST and subject.number != "one"
    if word in FINITE or plural:
        return read_action(reader, at, Scope(), subject.head, finite=True)
    return None


def claimed(reader: Reader, phrase: Phrase, claim: Modifier | None, at: int) -> Phrase:
    """Return the phrase with what is claimed of it from a position on."""
    if claim is None:
        return phrase
    said = f"{phrase.text} {reader.said(at, claim.end)}".strip()
    return replace(claim.of(phrase), text=said)


def _verified(reader: Reader, subject: Phrase, claim: Modifier, at: int) -> Sentence:
    target = claimed(reader, subject, claim, at)
    definite = subject.text.lower().split()[:1]
    if isinstance(subject.number, int) and not set(definite) & lexicon.DEFINITE:
        subject = replace(subject, number="all", bound="exactly")  # "exactly two boxes are red"
    return Sentence(claim.end, "verify", target, subject=subject)


def _longest(readings: Iterable[Sentence | None]) -> Sentence | None:
    """Return the reading that explains most, the first of several."""
    found = [reading for reading in readings if reading is not None]
    return max(found, key=lambda reading: reading.end, default=None)
