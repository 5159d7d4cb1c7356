"""What things do, and relative clauses: "holding a cup", "that is not red", "which the man holds"."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, relation_words, verb_words
from grounding_ros.language.actions import participle, read_action
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import DEEPEST, Modifier, Reader, Scope
from grounding_ros.language.relations import read_parts
from grounding_ros.language.verbs import FINITE, PRESENT, past_participle

COPULAS = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "'s",
        "am",
        "be",
        "appears",
        "looks",
        "seems",
        "'re",
        "appear",
        "look",
        "seem",
        "has been",
    }
)
_RELATIVES = frozenset(
    {
        "that",
        "which",
        "who",
        "whom",
        "whos",
        "thats",
        "than",
        "wich",
        "whose",
        "where",
        "who's",
        "that's",
    }
)
_AUXILIARIES = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "does",
        "do",
        "did",
        "can",
        "will",
        "would",
        "not",
        "been",
        "being",
        "also",
        "just",
        "currently",
        "being",
    }
)
_INVERSES = {
    "on": "under",
    "in": "contains",
    "under": "on",
    "behind": "in_front_of",
    "above": "below",
    "in_front_of": "behind",
    "next_to": "next_to",
    "near": "near",
    "against": "touching",
    "left_of": "right_of",
    "right_of": "left_of",
    "below": "above",
}


def read_relative(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read a relative clause; None where there is none."""
    word = reader.text(at)
    if word in {"whose", "who's"}:
        claim = read_claim(reader, at + 1, scope, noun) if word == "who's" else None
        return claim or _possessive(reader, at + 1, scope)
    if word == "that's":
        return read_claim(reader, at + 1, scope, noun)
    if word in {"on", "in", "at", "of", "to", "with"} and reader.text(at + 1) in {"which", "whom"}:
        return _object_clause(reader, at + 2, scope, word)
    if word not in _RELATIVES:
        return _object_clause(reader, at, scope, "") if _is_subject(reader, at) else None
    here = at + 1
    if word == "that" and reader.text(here) in {"not"}:
        here += 0
    if reader.text(here) in COPULAS:
        return read_claim(reader, here + 1, scope, noun)
    if reader.text(here) in {"has", "have", "had"}:
        if reader.text(here + 1) in {"been"}:
            return read_claim(reader, here + 2, scope, noun)
        return read_having(reader, here + 1, scope, noun)
    if reader.text(here) in {"does", "do", "did"} and reader.text(here + 1) == "not":
        return read_negated(reader, at, here + 2, scope, noun)
    if reader.text(here) == "not":
        after = here + 1 + (reader.text(here + 1) in COPULAS)
        return read_claim(reader, after, scope, noun, negative=True, start=at)
    for words in (("can", "be", "seen"), ("you", "can", "see"), ("you", "see"), ("we", "see")):
        if reader.texts[here : here + len(words)] == words:
            return Modifier(here + len(words))
    if reader.text(here) in {"can", "will", "would"}:
        here += 1
    acted = read_action(reader, here, scope, noun, finite=True)
    if acted is not None:
        return acted
    if word in {"that", "which", "whom", "who", "where"}:
        return _object_clause(reader, here, scope, "")
    return None


def read_having(reader: Reader, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read what a thing has."""
    if reader.texts[at : at + 3] == ("as", "a", "part"):
        whole = reader.phrase(at + 3, scope.inner())
        if whole is None:
            return None
        return Modifier(whole[1], relations=(Relation("has_part", (whole[0],)),))
    if reader.text(at) in {"no", "none", "not"}:
        parts = read_parts(reader, at + 1, scope)
        if parts is None:
            return None
        lacking = Phrase(
            reader.said(at, parts.end), "object", number="any", relations=parts.relations
        )
        return Modifier(parts.end, excluded=(lacking,))
    return read_parts(reader, at, scope)


def _is_subject(reader: Reader, at: int) -> bool:
    word = reader.text(at)
    if word in {"he", "she", "they", "i", "you", "we"}:
        return True
    return word in lexicon.DEFINITE or word in lexicon.INDEFINITE


def _object_clause(reader: Reader, at: int, scope: Scope, before: str) -> Modifier | None:
    """Read "the man is sitting on" of "the chair the man is sitting on"."""
    if reader.text(at) in {"he", "she", "they", "i", "you", "we", "it"}:
        actor, here = Phrase(reader.text(at), "person"), at + 1
        known = False
    else:
        inner = replace(scope.inner(clauses=False, lists=False), places=True)
        read = reader.phrase(at, inner)
        if read is None:
            return None
        actor, here = read
        known = True
    start = here
    while reader.text(here) in _AUXILIARIES or reader.row(here, verb_words.ADVERBS, 3):
        here += reader.row(here, verb_words.ADVERBS, 3) or 1
    anchors = (actor,) if known else ()
    inverse, size = _inverse(reader, here, before)
    if size and here > start:
        return Modifier(here + size, relations=(Relation(inverse, anchors),) if anchors else ())
    word = reader.text(here)
    named = participle(word, finite=True)
    if named is None or not word:
        return None
    if here == start and not (word in FINITE or word in verb_words.VERBS):
        return None
    end = here + 1
    base = PRESENT.get(named[1], "")
    inverse, size = _inverse(reader, end, before)
    if size and anchors:
        return Modifier(end + size, relations=(Relation(inverse, anchors),))
    if before:
        return Modifier(
            end, relations=(Relation(_INVERSES.get(before, "near"), anchors),) if anchors else ()
        )
    end += size or _stranded(reader, end)
    verb = past_participle(base) if base else named[1]
    return Modifier(end, relations=(Relation(f"{verb}_by", anchors),))


def _stranded(reader: Reader, at: int) -> int:
    """Count the words of "their hands on" of "the table they are resting their hands on"."""
    end = at
    if reader.text(at) in lexicon.POSSESSIVES and (read := reader.phrase(at, Scope(DEEPEST))):
        end = read[1]
    left = reader.text(end) in verb_words.PARTICLES | {"with", "at", "for", "to"}
    return end - at + (left and not reader.starts_phrase(end + 1))


def _inverse(reader: Reader, at: int, before: str) -> tuple[str, int]:
    for size, predicate in relation_words.RELATIONS.sizes(reader.texts, at):
        if predicate in _INVERSES and not reader.starts_phrase(at + size):
            return _INVERSES[predicate], size
    return "", 0


def _possessive(reader: Reader, at: int, scope: Scope) -> Modifier | None:
    """Read "whose lid is red" as having a red lid."""
    read = reader.phrase(at, replace(scope.inner(lists=False), clauses=False))
    if read is None:
        return None
    part, end = read
    if reader.text(end) in COPULAS:
        claim = read_claim(reader, end + 1, scope.inner(), part.head)
        if claim is None:
            return None
        end = claim.end
        text = f"{part.text} {reader.said(read[1] + 1, end)}"
        part = replace(claim.of(part), text=text)
    elif (claim := read_action(reader, end, scope.inner(), part.head, finite=True)) is not None:
        end, part = claim.end, claim.of(part)
    return Modifier(end, relations=(Relation("with", (part,)),))


def read_negated(reader: Reader, start: int, at: int, scope: Scope, noun: str) -> Modifier | None:
    """Read "that does not have a lid"."""
    if reader.text(at) in {"have", "contain"}:
        found = read_having(reader, at + 1, scope, noun) if reader.text(at) == "have" else None
    else:
        found = None
    found = found or read_action(reader, at, scope, noun, finite=True)
    if found is None:
        return None
    lacking = found.of(Phrase(reader.said(start, found.end), "object", number="any"))
    return Modifier(found.end, excluded=(lacking,))
