"""The forms of sentences: commands, counting, claims and questions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding_ros.language import command_words, lexicon
from grounding_ros.language.actions import read_action
from grounding_ros.language.clauses import COPULAS, read_having, read_negated
from grounding_ros.language.commands import read_order
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import Modifier, Reader, Scope
from grounding_ros.language.verb_words import VERBS
from grounding_ros.language.verbs import FINITE, PAST

_ASKING = frozenset({"is", "are", "was", "were"})
_WHERE = frozenset(
    {
        "where is",
        "where are",
        "where can i find",
        "where do you see",
        "where did you see",
        "where was",
    }
)
_WHICH = frozenset({"which", "which one", "which ones", "who", "which of"})
_SHORT = Scope(places=False, clauses=False, adjectives=False)
_SUBJECTS = (_SHORT, Scope(lists=False, adjectives=False), Scope(adjectives=False))
"""How much may belong to what a claim is about, the least first."""


@dataclass(frozen=True)
class Sentence:
    """What a sentence asks for."""

    end: int
    """Where understanding ends; the number of words when all was understood."""
    task: str
    target: Phrase
    destination: Relation | None = None
    subject: Phrase | None = None


def read_sentence(reader: Reader) -> Sentence | None:
    """Read the form that explains most of the sentence; None where no form fits at all."""
    best: Sentence | None = None
    for form in (
        _of_them,
        _describing,
        _counting,
        _existing,
        _asking,
        _where,
        _which,
        _ordering,
        _stating,
        _naming,
    ):
        found = form(reader)
        if found is not None and found.end >= len(reader.texts):
            return found
        if found is not None and (best is None or found.end > best.end):
            best = found
    return best


def _describing(reader: Reader) -> Sentence | None:
    if size := reader.row(0, command_words.DESCRIBE, 6):
        if reader.row(size, command_words.WHAT, 6):
            inner = _describing(_rest(reader, size))
            return None if inner is None else replace(inner, end=inner.end + size)
        if scene := reader.row(size, command_words.SCENE, 5):
            if size + scene == len(reader.texts):
                return Sentence(size + scene, "describe", _everything(reader))
        read = reader.phrase(size, Scope())
        return None if read is None else Sentence(read[1], "describe", read[0])
    if size := reader.row(0, command_words.WHAT_PROPERTY, 6):
        read = reader.phrase(size, Scope())
        return None if read is None else Sentence(read[1], "describe", read[0])
    if size := reader.row(0, command_words.WHAT, 6):
        there = reader.text(size) in {"there", "here", "visible"}
        at = size + there
        if at == len(reader.texts):
            return Sentence(at, "describe", _everything(reader))
        if (claim := read_claim(reader, at, Scope(), "object")) is not None:
            thing = Phrase(reader.said(at, claim.end), "object", number="all")
            if reader.text(at) in lexicon.DEFINITE or reader.text(at) in lexicon.INDEFINITE:
                read = reader.phrase(at, Scope())
                if read is not None and read[1] >= claim.end:
                    return Sentence(read[1], "describe", read[0])
            return Sentence(claim.end, "describe", claim.of(thing))
        if reader.text(at) in {"this", "that", "it", "these", "those"} and at + 1 == len(
            reader.texts
        ):
            read = reader.phrase(at, Scope())
            return None if read is None else Sentence(read[1], "describe", read[0])
    if reader.text(0) == "what":
        return _what_kind(reader)
    return None


def _what_kind(reader: Reader) -> Sentence | None:
    """Read "what boxes are on the table"."""
    read = reader.phrase(1, _SHORT)
    if read is None:
        return None
    phrase, at = read
    if size := reader.row(at, command_words.THERE, 3):
        claim = read_claim(reader, at + size, Scope(), phrase.head)
        end = at + size if claim is None else claim.end
        return Sentence(end, "describe", _claimed(reader, phrase, claim, at + size))
    return None


def _everything(reader: Reader) -> Phrase:
    return Phrase(reader.said(0, len(reader.texts)), "object", number="all")


def _counting(reader: Reader) -> Sentence | None:
    size = reader.row(0, command_words.COUNTS, 6)
    if not size:
        return None
    size += reader.text(size) == "of" and reader.text(size + 1) in lexicon.DEFINITE
    read = reader.phrase(size, Scope())
    if read is None:
        return None
    phrase, end = read
    phrase = _all_of(phrase)
    there = reader.row(end, command_words.THERE, 3)
    if not there:
        return Sentence(end, "count", phrase)
    at = end + there
    if reader.text(at) == "there":
        at += 1
    claim = read_claim(reader, at, Scope(), phrase.head)
    if claim is None:
        at += reader.row(at, command_words.COURTESY_AFTER)
        return Sentence(at, "count", phrase)
    return Sentence(claim.end, "count", _all_of(_claimed(reader, phrase, claim, at)))


def _all_of(phrase: Phrase) -> Phrase:
    return replace(phrase, number="all", bound="exactly")


def _claimed(reader: Reader, phrase: Phrase, claim: Modifier | None, at: int) -> Phrase:
    """Return the phrase with what is claimed of it."""
    if claim is None:
        return phrase
    said = f"{phrase.text} {reader.said(at, claim.end)}"
    return replace(claim.of(phrase), text=said)


def _existing(reader: Reader) -> Sentence | None:
    """Read "there are two mugs on the table", "is there a mug?"."""
    size = reader.row(0, command_words.EXISTS, 4)
    if not size:
        return None
    at = size + (reader.row(size, {"any"}, 1) if reader.text(size + 1) in {"of"} else 0)
    read = reader.phrase(at, Scope())
    if read is None:
        return None
    phrase, end = read
    if size < len(reader.texts) and reader.text(at) == "one" and phrase.number == "any":
        phrase = replace(phrase, number=1)
    if (claim := read_claim(reader, end, Scope(), phrase.head)) is not None:
        phrase, end = _claimed(reader, phrase, claim, end), claim.end
    return Sentence(end, "verify", phrase)


def _asking(reader: Reader) -> Sentence | None:
    """Read "is the red box left of the mug?", "does the box contain a mug?"."""
    if reader.text(0) in {"does", "do", "did", "can"}:
        return _doing(reader)
    if reader.text(0) not in _ASKING:
        return None
    best: Sentence | None = None
    for scope in _SUBJECTS:
        read = reader.phrase(1 + (reader.text(1) == "not"), scope)
        if read is None:
            continue
        claim = read_claim(reader, read[1], Scope(), read[0].head)
        subject, end = read
        if claim is None:
            split = _last_word(reader, subject, end)
            if split is None:
                continue
            subject, claim = split
            found = _verified(reader, subject, claim, read[1] - 1)
        else:
            found = _verified(reader, subject, claim, end)
        if found.end == len(reader.texts):
            return found
        if best is None or found.end > best.end:
            best = found
    return best


def _last_word(reader: Reader, subject: Phrase, end: int) -> tuple[Phrase, Modifier] | None:
    """Read "is the box cardboard?" as a claim of cardboard."""
    if len(subject.attributes) == 0 or subject.relations or end != len(reader.texts):
        return None
    word = reader.text(end - 1)
    named = replace(
        subject,
        head=subject.attributes[-1],
        attributes=subject.attributes[:-1],
        text=reader.said(1, end - 1),
    )
    return named, Modifier(end, attributes=(word,))


def _verified(reader: Reader, subject: Phrase, claim: Modifier, at: int) -> Sentence:
    target = _claimed(reader, subject, claim, at)
    if subject.number == 0 or (subject.reference and target.text == ""):
        return Sentence(claim.end, "verify", target, subject=replace(subject, number="all"))
    if isinstance(subject.number, int) and not _is_definite(subject):
        subject = replace(subject, number="all", bound="exactly")  # "exactly two boxes are red"
    return Sentence(claim.end, "verify", target, subject=subject)


def _is_definite(phrase: Phrase) -> bool:
    return phrase.text.lower().split()[:1] not in ([], ["exactly"]) and (
        phrase.text.lower().split()[0] in lexicon.DEFINITE
    )


def _doing(reader: Reader) -> Sentence | None:
    """Read "does the box contain a mug?"."""
    for scope in (_SHORT, Scope(lists=False)):
        read = reader.phrase(1, scope)
        if read is None:
            continue
        at = read[1]
        negative = reader.text(at) == "not"
        if reader.text(at + negative) == "have":
            done = read_having(reader, at + negative + 1, Scope())
        else:
            done = read_action(reader, at + negative, Scope(), read[0].head, finite=True)
        if done is not None:
            return _verified(reader, read[0], done, at)
    return None


def _where(reader: Reader) -> Sentence | None:
    size = reader.row(0, _WHERE, 4)
    read = reader.phrase(size, Scope()) if size else None
    return None if read is None else Sentence(read[1], "find", read[0])


def _which(reader: Reader) -> Sentence | None:
    """Read "which box is left of the mug?" as asking for that box."""
    size = reader.row(0, _WHICH, 2)
    if not size:
        return None
    if reader.text(size) in COPULAS:
        number = (
            "all" if reader.text(size) in {"are", "were"} or reader.text(1) == "ones" else "one"
        )
        head = "person" if reader.text(0) == "who" else "object"
        phrase, end = Phrase("", head, number=number), size
    else:
        read = reader.phrase(size, _SHORT)
        if read is None:
            return None
        phrase, end = read
    if reader.text(end) in COPULAS:
        claim = read_claim(reader, end + 1, Scope(), phrase.head)
        at = end + 1
    elif reader.text(end) in {"has", "have"}:
        claim, at = read_having(reader, end + 1, Scope()), end + 1
    else:
        claim, at = read_action(reader, end, Scope(), phrase.head, finite=True), end
    if claim is None:
        return None
    target = _claimed(reader, phrase, claim, at)
    return Sentence(claim.end, "find", replace(target, text=target.text.strip()))


def _ordering(reader: Reader) -> Sentence | None:
    order = read_order(reader, 0)
    if order is None:
        return None
    return Sentence(order.end, order.task, order.target, order.destination)


def _stating(reader: Reader) -> Sentence | None:
    """Read "the cat is under the table", "the bowl contains an apple"."""
    best: Sentence | None = None
    for scope in _SUBJECTS:
        read = reader.phrase(0, scope)
        if read is None:
            continue
        subject, at = read
        claim = _statement(reader, subject, at)
        if claim is None:
            continue
        start = at + (reader.text(at) in COPULAS)
        found = _verified(reader, subject, claim, start)
        if found.end == len(reader.texts):
            return found
        if best is None or found.end > best.end:
            best = found
    return best


def _statement(reader: Reader, subject: Phrase, at: int) -> Modifier | None:
    if reader.text(at) in COPULAS:
        return read_claim(reader, at + 1, Scope(), subject.head)
    if reader.text(at) in {"has", "have"}:
        return read_having(reader, at + 1, Scope())
    if reader.text(at) in {"does", "do"} and reader.text(at + 1) == "not":
        return read_negated(reader, at, at + 2, Scope(), subject.head)

    word = reader.text(at)
    if word in FINITE or (word in VERBS and word not in PAST and subject.number != "one"):
        return read_action(reader, at, Scope(), subject.head, finite=True)
    return None


def _of_them(reader: Reader) -> Sentence | None:
    """Read "of the two boxes, the taller one"."""
    if reader.text(0) not in {"of", "from", "among"}:
        return None
    group = reader.phrase(1, Scope(1, lists=False))
    if group is None or reader.text(group[1]) != ",":
        return None
    at = group[1] + 1
    sentence = read_sentence(_rest(reader, at))
    if sentence is None or sentence.target is None:
        return None
    target = sentence.target
    if target.head != "object":
        return None
    members = group[0]
    target = replace(
        target,
        head=members.head,
        attributes=target.attributes + members.attributes,
        relations=target.relations + members.relations,
    )
    return replace(sentence, end=sentence.end + at, target=target)


def _rest(reader: Reader, at: int) -> Reader:
    return Reader(reader.sentence, reader.words[at:], reader.reading)


def _naming(reader: Reader) -> Sentence | None:
    """Read a phrase alone: "the red mug"."""
    if reader.text(0) in command_words.OTHER_COMMANDS and reader.starts_phrase(1):
        return None
    read = reader.phrase(0, Scope())
    if read is not None:
        if read[1] < len(reader.texts) and reader.text(0) in command_words.COMMANDS.starts:
            return None  # "pick up the"
        return Sentence(read[1], "find", read[0])
    claim = read_claim(reader, 0, Scope(), "object")
    if claim is None or (claim.end < len(reader.texts)):
        return None
    return Sentence(
        claim.end, "find", replace(claim.of(Phrase("", "object")), text=reader.said(0, claim.end))
    )
