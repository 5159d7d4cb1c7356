"""Relative clauses: "that is not red", "which has a lid", "the man is holding"."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, relation_words, verb_words
from grounding_ros.language.actions import participle, past_adverbs, read_action
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.parts import read_lacking, read_parts
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import DEEPEST, Modifier, Reader, Scope
from grounding_ros.language.tables import rows
from grounding_ros.language.verbs import FINITE, PRESENT, past_participle, present_participle

COPULAS = rows("is, are, was, were, am, be, appears, looks, seems, appear, look, seem")
_RELATIVES = rows("that, which, who, whom, than, where")
_PREPOSED = rows("on, in, at, of, to, with")
_SEEN = rows("can be seen, you can see, you see, we see, we can see, is visible, are visible")
_AUXILIARIES = rows(
    "is, are, was, were, has, have, had, does, do, did, can, will, would, been, being"
)
INVERSES = {
    "on": "under", "in": "contains", "under": "on", "behind": "in_front_of", "above": "below",
    "in_front_of": "behind", "next_to": "next_to", "near": "near", "against": "touching",
    "left_of": "right_of", "right_of": "left_of", "below": "above",
}  # fmt: skip
"""What the chair is to the man who is "on" it."""
_ACTORS = rows("he, she, they, i, you, we")


def read_relative(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read a relative clause, with or without its pronoun; None where there is none."""
    word = reader.text(at)
    if reader.text(at - 1) == "whatever":
        return _after_pronoun(reader, at - 1, scope, noun)
    if word == "that's":
        return read_claim(reader, at + 1, scope, noun)
    if word in {"whose", "who's"}:
        claim = read_claim(reader, at + 1, scope, noun) if word == "who's" else None
        return claim or _possessive(reader, at + 1, scope)
    if word in _PREPOSED and reader.text(at + 1) in {"which", "whom"}:
        return _object_clause(reader, at + 2, scope, word)
    if word in _RELATIVES:
        return _after_pronoun(reader, at, scope, noun)
    opens = word in _ACTORS or reader.is_article(at)
    return _object_clause(reader, at, scope, "") if opens else None


def _after_pronoun(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    here = at + 1
    word, following = reader.text(here), reader.text(here + 1)
    if word in COPULAS:
        return read_claim(reader, here + 1, scope, noun)
    if word in {"has", "have", "had"}:
        if following == "been":
            return read_claim(reader, here + 2, scope, noun)
        return read_having(reader, here + 1, scope)
    if word in {"does", "do", "did"} and following == "not":
        return read_negated(reader, at, here + 2, scope, noun)
    if word == "not":
        return read_claim(reader, here + 1 + (following in COPULAS), scope, noun, negative=True)
    if size := reader.row(here, _SEEN):
        return Modifier(here + size)
    here += word in {"can", "will", "would"}
    acted = read_action(reader, here, scope, noun, finite=True)
    return _object_clause(reader, here, scope, "") if acted is None else acted


def read_having(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read what a thing has."""
    if reader.texts[at : at + 3] == ("as", "a", "part"):
        whole = reader.phrase(at + 3, scope.inner())
        if whole is None:
            return None
        return Modifier(whole[1], relations=(Relation("has_part", (whole[0],)),))
    if reader.text(at) in {"no", "none", "not"}:
        return read_lacking(reader, at, at + 1, scope)
    return read_parts(reader, at, scope)


def read_negated(reader: Reader, start: int, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read "have a lid" of "that does not have a lid"."""
    having = reader.text(at) == "have"
    found = read_having(reader, at + 1, scope) if having else None
    found = found or read_action(reader, at, scope, noun, finite=True)
    if found is None:
        return None
    lacking = found.of(Phrase(reader.said(start, found.end), "object", number="any"))
    return Modifier(found.end, excluded=(lacking,))


def _possessive(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "whose lid is red" as having a red lid."""
    read = reader.phrase(at, replace(scope.inner(lists=False), clauses=False))
    if read is None:
        return None
    part, end = read
    copula = reader.text(end) in COPULAS
    if copula:
        claim = read_claim(reader, end + 1, scope.inner(), part.head)
    else:
        claim = read_action(reader, end, scope.inner(), part.head, finite=True)
    if claim is not None:
        text = f"{part.text} {reader.said(end + copula, claim.end)}"
        part, end = replace(claim.of(part), text=text), claim.end
    return Modifier(end, relations=(Relation("with", (part,)),))


def _object_clause(reader: Reader, at: int, scope: Scope, before: str) -> Modifier | None:
    """Read "the man is sitting on" of "the chair the man is sitting on".

    Parameters
    ----------
    reader, at, scope
        Where to read, and what may be taken in.
    before
        The preposition that was said first: "on" of "on which the man is sitting".
    """
    if reader.text(at) in _ACTORS | {"it"}:
        anchors: tuple[Phrase, ...] = ()
        start = at + 1
    else:
        read = reader.phrase(at, scope.inner(clauses=False, lists=False))
        if read is None:
            return None
        anchors, start = (read[0],), read[1]
    here = past_adverbs(reader, start)
    while reader.text(here) in _AUXILIARIES:
        here = past_adverbs(reader, here + 1)
    if before and here > start and here == len(reader.texts):  # "on which the cup is"
        return Modifier(here, relations=_relations(INVERSES.get(before, "near"), anchors))
    inverse, size = _inverse(reader, here)
    if size and here > start:  # "the table the cup is on"
        return Modifier(here + size, relations=_relations(inverse, anchors))
    return _acted_on(reader, here, anchors, before, finite=here == start)


def _acted_on(
    reader: Reader, at: int, anchors: tuple[Phrase, ...], before: str, *, finite: bool
) -> Modifier | None:
    """Read the verb of a clause, and what is left at its end."""
    word, end = reader.text(at), at + 1
    if before and word in verb_words.POSTURES and word not in PRESENT:
        return Modifier(end, relations=_relations(INVERSES.get(before, "near"), anchors))
    named = participle(word, finite=True)
    if named is None or (finite and word not in FINITE and word not in verb_words.VERBS):
        return None
    inverse, size = _inverse(reader, end)
    if (
        named[1] == "using"
        and reader.text(end) == "to"
        and reader.text(end + 1) in verb_words.VERBS
    ):
        doing = present_participle(reader.text(end + 1))  # "the knife I use to cut bread"
        return read_action(reader.saying(end + 1, doing), end + 1, Scope(1), "object")
    if size and anchors:
        return Modifier(end + size, relations=_relations(inverse, anchors))
    if before:
        return Modifier(end, relations=_relations(INVERSES.get(before, "near"), anchors))
    verb = past_participle(PRESENT[named[1]]) if named[1] in PRESENT else named[1]
    return Modifier(
        end + (size or _stranded(reader, end)), relations=(Relation(f"{verb}_by", anchors),)
    )


def _relations(predicate: str, anchors: tuple[Phrase, ...]) -> tuple[Relation, ...]:
    return (Relation(predicate, anchors),) if anchors else ()


def _stranded(reader: Reader, at: int) -> int:
    """Count the words of "their hands on" of "the table they are resting their hands on"."""
    end = at
    if reader.text(at) in lexicon.POSSESSIVES and (read := reader.phrase(at, Scope(DEEPEST))):
        end = read[1]
    left = reader.text(end) in verb_words.PARTICLES | {"with", "at", "for", "to"}
    return end - at + (left and not reader.starts_phrase(end + 1))


def _inverse(reader: Reader, at: int) -> tuple[str, int]:
    """Read a preposition that stands alone: the inverse relation and the number of words."""
    for size, predicate in relation_words.RELATIONS.sizes(reader.texts, at):
        if predicate in INVERSES and not reader.starts_phrase(at + size):
            return INVERSES[predicate], size
    return "", 0
