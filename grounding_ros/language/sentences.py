"""The forms of sentences, and which of them a sentence has."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import command_words
from grounding_ros.language.actions import read_action
from grounding_ros.language.claims import SHORT, asking, claimed, doing, existing, stating
from grounding_ros.language.clauses import COPULAS, read_having
from grounding_ros.language.commands import read_order
from grounding_ros.language.descriptions import counting, describing
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.predicates import read_claim
from grounding_ros.language.reader import Reader, Scope, Sentence
from grounding_ros.language.supports import supporting
from grounding_ros.language.tables import rows

_WHERE = rows(
    "where did i leave, where did i put, where have i put, where is, where are, where can i find, "
    "where do you see, where did you see, where was"
)
_WAYS = rows("across, to, past, through, forward, around, towards, toward, over, straight, between")
_WHICH = rows("which, which one, which ones, who, which of, whichever, whichever one")


def read_sentence(reader: Reader) -> Sentence | None:
    """Read the form that explains most of the sentence; None where no form fits at all."""
    best: Sentence | None = None
    for form in _FORMS:
        found = form(reader)
        if found is not None and (best is None or found.end > best.end):
            best = found
        if best is not None and best.end >= len(reader.texts):
            break
    return best


def _where(reader: Reader) -> Sentence | None:
    """Read "where is the mug?" as asking for the mug."""
    size = reader.row(0, _WHERE, 4)
    told = not size and reader.text(0) == "where"  # "where the mug is" of "tell me where ..."
    read = reader.phrase(size or 1, Scope()) if size or told else None
    if read is None or (told and reader.text(read[1]) not in COPULAS):
        return None
    return Sentence(read[1] + told, "find", read[0])


def _which(reader: Reader) -> Sentence | None:
    """Read "which box is left of the mug?" as asking for that box."""
    size = reader.row(0, _WHICH, 2)
    if not size:
        return None
    phrase, end = Phrase("", "object"), size
    if reader.text(size) in COPULAS:
        many = reader.text(size) in {"are", "were"} or reader.text(1) == "ones"
        head = "person" if reader.text(0) == "who" else "object"
        phrase = Phrase("", head, number="all" if many else "one")
    elif (read := reader.phrase(size, SHORT)) is not None:
        phrase, end = read
        if reader.text(1) == "of" and reader.text(end) in {"is", "was", "has"}:
            phrase = replace(phrase, number="one", bound="exactly")  # "which of the boxes is red?"
    else:
        return None
    at = end + (reader.text(end) in COPULAS | {"has", "have"})
    if reader.text(end) in COPULAS:
        claim = read_claim(reader, at, Scope(), phrase.head)
    elif at > end:
        claim = read_having(reader, at, Scope())
    else:
        claim = read_action(reader, at, Scope(), phrase.head, finite=True)
    if claim is None:
        return None
    return Sentence(claim.end, "find", claimed(reader, phrase, claim, at))


def _of_them(reader: Reader) -> Sentence | None:
    """Read "of the two boxes, the taller one" as the taller box."""
    if reader.text(0) not in {"of", "from", "among"}:
        return None
    group = reader.phrase(1, Scope(1, lists=False))
    if group is None or reader.text(group[1]) != ",":
        return None
    members, at = group[0], group[1] + 1
    chosen = read_sentence(reader.after(at))
    if chosen is None or chosen.target.head != "object":
        return None
    target = replace(
        chosen.target,
        head=members.head,
        attributes=chosen.target.attributes + members.attributes,
        relations=chosen.target.relations + members.relations,
    )
    return replace(chosen, end=chosen.end + at, target=target)


def _naming(reader: Reader) -> Sentence | None:
    """Read a phrase alone: "the red mug", "second from the left"."""
    first = reader.text(0)
    moves = reader.starts_phrase(1) or reader.text(1) in _WAYS
    if first in command_words.OTHER_COMMANDS and moves:
        return None
    if (read := reader.phrase(0, Scope())) is not None:
        unfinished = read[1] < len(reader.texts) and first in command_words.COMMANDS.starts
        return None if unfinished else Sentence(read[1], "find", read[0])  # "pick up the"
    claim = read_claim(reader, 0, Scope(), "object")
    if claim is None or claim.end < len(reader.texts):
        return None
    target = replace(claim.of(Phrase("", "object")), text=reader.said(0, claim.end))
    return Sentence(claim.end, "find", target)


_FORMS = (
    _of_them,
    supporting,
    counting,
    describing,
    existing,
    asking,
    doing,
    _where,
    _which,
    read_order,
    stating,
    _naming,
)
"""The first of those that explain as much is taken."""
