"""What follows "of": "a bottle of water", "a set of keys", "the largest of the boxes"."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, things
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.reader import Reader, Reading, Scope


def read_of(reader: Reader, phrase: Phrase, said: str, end: int, scope: Scope) -> Reading:
    """Read "of" and what follows it, where they follow a phrase whose noun was `said`."""
    nameless = said in {"", "one", "ones"}
    at = end + (2 if nameless and reader.texts[end : end + 2] == ("out", "of") else 1)
    if reader.text(at - 1) != "of":
        return phrase, end
    bare = reader.text(at) not in lexicon.DEFINITE
    inner = scope.inner(clauses=scope.clauses, lists=False)
    if phrase.head in things.CONTAINERS and bare and not nameless:
        return _filled(reader, phrase, at, inner) or (phrase, end)
    portion = phrase.head in things.PIECES and bare and not nameless
    # what follows is said of the portion: "the second slice of bread from the left"
    read = reader.phrase(at, replace(inner, bare=portion))
    if read is None:
        return phrase, end
    whole, after = read
    if nameless:
        return _one_of(phrase, whole), after
    if phrase.head in things.GROUPS:
        return _grouped(phrase, whole), after
    if portion:
        return _portion(phrase, whole), after
    predicate = "part_of" if phrase.head in things.PARTS else "of"
    return replace(phrase, relations=(*phrase.relations, Relation(predicate, (whole,)))), after


def _filled(reader: Reader, phrase: Phrase, at: int, inner: Scope) -> Reading | None:
    """Read "red wine" of "a glass of red wine on the table": the glass is on the table."""
    read = reader.phrase(at, replace(inner, bare=True))
    if read is None:
        return None
    contents = Relation("with", (read[0],))
    return replace(phrase, relations=(*phrase.relations, contents)), read[1]


def _portion(piece: Phrase, whole: Phrase) -> Phrase:
    """Read "a slice of bread" as bread."""
    return replace(
        piece,
        head=whole.head,
        attributes=(*piece.attributes, piece.head, *whole.attributes),
        relations=piece.relations + whole.relations,
        excluded=piece.excluded + whole.excluded,
        ordinal=piece.ordinal or whole.ordinal,
        superlative=piece.superlative or whole.superlative,
    )


def _one_of(phrase: Phrase, group: Phrase) -> Phrase:
    """Read "the taller of the two boxes" as the taller box."""
    return replace(
        phrase,
        head=group.head,
        attributes=phrase.attributes + group.attributes,
        relations=phrase.relations + group.relations,
        excluded=phrase.excluded + group.excluded,
        alternatives=phrase.alternatives + group.alternatives,
        superlative=phrase.superlative or group.superlative,
    )


def _grouped(group: Phrase, members: Phrase) -> Phrase:
    """Read "a group of three dogs" as three dogs, "two sets of keys" as two of keys."""
    number, bound = members.number, members.bound
    if not isinstance(number, int):
        counted = isinstance(group.number, int)
        number = group.number if counted else ("all" if number == "all" else group.number)
        bound = group.bound
    return replace(
        members,
        attributes=group.attributes + members.attributes,
        number=number,
        bound=bound,
        relations=members.relations + group.relations,
        superlative=group.superlative or members.superlative,
        ordinal=group.ordinal or members.ordinal,
        reference=group.reference,
    )
