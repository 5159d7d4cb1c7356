"""Whole noun phrases: what stands before the name, the name, and what is said after it."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import lexicon, things
from grounding_ros.language.coordination import read_joined
from grounding_ros.language.determiners import Determiner, read_determiner
from grounding_ros.language.instruction import Ordinal, Phrase, Relation
from grounding_ros.language.modifiers import modified
from grounding_ros.language.names import Name, read_name
from grounding_ros.language.nouns import is_plural
from grounding_ros.language.reader import DEEPEST, Reader, Reading, Scope

_REFERENCES = {
    "it": "one", "that one": "one", "this one": "one", "that": "one", "this": "one",
    "them": "all", "those": "all", "these": "all", "those ones": "all", "these ones": "all",
    "him": "one", "her": "one", "that thing": "one", "this thing": "one",
}  # fmt: skip
_ANYTHING = {"anything": "any", "everything": "all", "something": "any", "nothing": 0,
             "someone": "any", "anyone": "any", "somebody": "any", "everyone": "all"}  # fmt: skip


def read_phrase(reader: Reader, at: int, scope: Scope) -> Reading | None:
    """Read a whole noun phrase at a position; None where there is none."""
    if scope.depth > DEEPEST:
        return None
    if scope.lists:
        return read_joined(reader, at, scope)
    return read_one(reader, at, scope)


def read_one(reader: Reader, at: int, scope: Scope) -> Reading | None:
    """Read a noun phrase without those that "and" and "or" join to it."""
    core = read_core(reader, at, scope)
    if core is None:
        return None
    phrase, end = core
    phrase, end = modified(reader, phrase, end, scope)
    text = reader.said(at, end)
    if phrase.alternatives and phrase.alternatives[0].text == "":
        others = tuple(replace(other, text=text) for other in phrase.alternatives)
        phrase = replace(phrase, alternatives=others)
    return replace(phrase, text=text), end


def read_core(reader: Reader, at: int, scope: Scope) -> Reading | None:
    """Read a noun phrase up to its noun."""
    if reference := _reference(reader, at, scope):
        return reference
    if reader.text(at) in _ANYTHING:
        number = _ANYTHING[reader.text(at)]
        head = "person" if reader.text(at).endswith(("one", "body")) else "object"
        return Phrase(reader.text(at), head, number=number), at + 1
    determiner = read_determiner(reader, at)
    name = read_name(
        reader, determiner.end, determined=determiner.known or determiner.end > at,
        singular_only=determiner.singular,
    )  # fmt: skip
    if name is None:
        name = _unnamed(reader, determiner, at)
        if name is None:
            return None
    if name.owner_end:
        return _owned(reader, at, determiner, name, scope)
    phrase = _phrase(determiner, name)
    return _of(reader, phrase, name, determiner, scope)


def _reference(reader: Reader, at: int, scope: Scope) -> Reading | None:
    for size in (2, 1):
        said = " ".join(reader.texts[at : at + size])
        ends = not reader.opens_name(at + size) and reader.text(at + size) != "of"
        pointing = size == 1 and said in {"this", "that", "these", "those"}
        if (
            size == 2
            or said in {"it", "them", "him"}
            or (pointing and reader.text(at + 1) in lexicon.INDEFINITE)
        ):
            ends = True
        if said in _REFERENCES and ends and len(reader.texts) >= at + size:
            phrase = Phrase(said, "object", number=_REFERENCES[said], reference="last")
            return phrase, at + size
    return None


def _unnamed(reader: Reader, determiner: Determiner, at: int) -> Name | None:
    """Read "the two", "the second", "the other" as names of objects."""
    if determiner.end == at:
        return None
    counted = isinstance(determiner.number, int) and determiner.number > 1
    referring = determiner.reference or determiner.ordinal
    of_them = reader.text(determiner.end - 1) != "the" and determiner.number == "all"
    if counted or referring or of_them:
        return Name(determiner.end)
    return None


def _phrase(determiner: Determiner, name: Name) -> Phrase:
    number = determiner.number
    if number is None:
        many = is_plural(name.said) or name.said == "ones"
        number = "all" if many and not (determiner.ordinal and determiner.ordinal.side) else "one"
    ordinal = determiner.ordinal
    superlative = name.superlative
    if ordinal is not None and ordinal.side == "" and superlative is not None:
        ordinal, superlative = Ordinal(ordinal.index, superlative), None  # "the second largest"
    others = tuple(
        Phrase("", name.head, attributes, number=number, bound=determiner.bound)
        for attributes in name.choices
    )
    lacking = [word for word in name.attributes if word.startswith("non-")]
    excluded = tuple(
        Phrase(word, "object", (word.removeprefix("non-"),), number="any") for word in lacking
    )
    return Phrase(
        "",
        name.head,
        tuple(word for word in name.attributes if word not in lacking),
        excluded,
        number=number,
        bound=determiner.bound,
        reference=determiner.reference,
        ordinal=ordinal,
        superlative=superlative,
        relations=name.relations,
        alternatives=others,
    )


def _owned(
    reader: Reader, at: int, determiner: Determiner, name: Name, scope: Scope
) -> Reading | None:
    """Read "the man's red hat"."""
    text = reader.said(at, name.owner_end).removesuffix("'s").removesuffix("'")
    owner = replace(_phrase(determiner, name), text=text)
    possession = read_core(reader, name.owner_end, scope)
    if possession is None:
        return replace(owner, number="one"), name.owner_end
    phrase, end = possession
    predicate = "part_of" if phrase.head in things.PARTS else "of"
    return replace(phrase, relations=(*phrase.relations, Relation(predicate, (owner,)))), end


def _of(
    reader: Reader, phrase: Phrase, name: Name, determiner: Determiner, scope: Scope
) -> Reading:
    """Read "of" and what follows it."""
    end = name.end
    nameless = name.said in {"", "one", "ones"}
    at = end + (2 if nameless and reader.texts[end : end + 2] == ("out", "of") else 1)
    if reader.text(at - 1) != "of":
        return phrase, end
    whole = reader.phrase(at, scope.inner(clauses=scope.clauses, lists=False))
    if whole is None:
        return phrase, end
    inner, after = whole
    bare = reader.text(at) not in lexicon.DEFINITE
    if nameless:  # "the largest of the boxes"
        return _one_of(phrase, inner), after
    if phrase.head in things.GROUPS and name.said:
        return _grouped(phrase, inner), after
    if (
        phrase.head in things.PIECES
        and bare
        and inner.number not in {"one"}
        or (phrase.head in things.PIECES and bare)
    ):
        attributes = (*phrase.attributes, phrase.head, *inner.attributes)
        number = phrase.number
        merged = replace(phrase, head=inner.head, attributes=attributes, number=number)
        return replace(merged, relations=phrase.relations + inner.relations), after
    if phrase.head in things.CONTAINERS and bare:
        # what follows the contents was said of the container
        contents = read_core(reader, at, scope.inner(lists=False))
        if contents is not None:
            content, after = contents
            content = replace(content, text=reader.said(at, after))
            return replace(
                phrase, relations=(*phrase.relations, Relation("with", (content,)))
            ), after
    predicate = "part_of" if phrase.head in things.PARTS else "of"
    return replace(phrase, relations=(*phrase.relations, Relation(predicate, (inner,)))), after


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
