"""Programs back to English, so that parsing what was printed gives the same program."""

from __future__ import annotations

from grounding_ros.language.instruction import Instruction, Phrase, Relation
from grounding_ros.language.lexicon import NUMBERS, ORDINALS
from grounding_ros.language.nouns import plural
from grounding_ros.language.relation_words import COMPARATIVES

_SAID = {
    "contains": "containing",
    "at_edge_of": "at the edge of",
    "at_corner_of": "at the corner of",
    "at_top_of": "at the top of",
    "at_bottom_of": "at the bottom of",
    "has_part": "consisting of",
}
"""Predicates that are not said as they are written."""
_SCENE = {
    "left_of": "on the left of the picture",
    "right_of": "on the right of the picture",
    "above": "at the top of the picture",
    "below": "at the bottom of the picture",
    "in_front_of": "at the front of the picture",
    "behind": "at the back of the picture",
    "in_the_middle_of": "in the middle of the picture",
    "at_edge_of": "at the edge of the picture",
    "at_corner_of": "in the corner of the picture",
    "stacked": "stacked",
}
"""Relations to the picture or the scene; "on the left and behind the box" could be to the box."""
_NUMBERS = {number: word for word, number in NUMBERS.items()}
_ORDINALS = {number: word for word, number in list(ORDINALS.items())[::-1] if word.isalpha()}
_BOUNDS = {"at_least": "at least ", "at_most": "at most ", "exactly": ""}


def instruction_text(instruction: Instruction) -> str:
    """Say an instruction to find, pick, count or place; others are said by their target alone."""
    if instruction.target is None:
        return instruction.text
    said = phrase_text(instruction.target)
    if instruction.task == "pick":
        return f"pick up {said}"
    if instruction.task == "count":
        return f"count {said}"
    if instruction.task == "place" and instruction.destination is not None:
        return f"put {said} {relation_text(instruction.destination)}"
    return said


def phrase_text(phrase: Phrase) -> str:
    """Say a phrase: "the second red box from the left that is behind the mug"."""
    said = " or ".join(_one(part) for part in (phrase, *phrase.alternatives))
    return " ".join(said.split())


def relation_text(relation: Relation) -> str:
    """Say a relation with what it is to: "directly behind the mug"."""
    immediate = "directly " if relation.immediate else ""
    if not relation.anchors:
        word = relation.predicate.removesuffix("_than")
        return immediate + _SCENE.get(relation.predicate, word.replace("_", " "))
    predicate = _SAID.get(relation.predicate, relation.predicate.replace("_", " "))
    anchors = " and ".join(phrase_text(anchor) for anchor in relation.anchors)
    return f"{immediate}{predicate} {anchors}"


def _one(phrase: Phrase) -> str:
    """Say a phrase without its alternatives."""
    if phrase.reference == "last" and phrase.head == "object" and not phrase.attributes:
        return "them" if phrase.number == "all" else "it"
    many = phrase.number == "all" or (isinstance(phrase.number, int) and phrase.number != 1)
    before = [part.predicate for part in phrase.relations if _goes_before(part)]
    words = [
        _determiner(phrase),
        _ordinal(phrase),
        phrase.superlative or "",
        *(predicate.removesuffix("_than") for predicate in before),
        *phrase.attributes,
        plural(phrase.head) if many else phrase.head,
        f"from the {phrase.ordinal.side}" if phrase.ordinal is not None else "",
        _claims(phrase),
    ]
    return " ".join(word for word in words if word)


def _determiner(phrase: Phrase) -> str:
    if phrase.reference == "other":
        return "all the other" if phrase.number == "all" else "the other"
    if isinstance(phrase.number, int):
        definite = "the " if phrase.ordinal is not None or phrase.superlative is not None else ""
        count = "" if phrase.ordinal is not None else _number(phrase.number)
        return f"{definite}{_BOUNDS[phrase.bound]}{count}"
    return {"one": "the", "any": "a", "all": "all the"}.get(phrase.number, "the")


def _number(number: int) -> str:
    return _NUMBERS.get(number, str(number))


def _ordinal(phrase: Phrase) -> str:
    if phrase.ordinal is None:
        return ""
    index = phrase.ordinal.index
    said = _ORDINALS.get(index, f"{index}th")
    return f"{said} {_number(phrase.number)}" if isinstance(phrase.number, int) else said


def _goes_before(relation: Relation) -> bool:
    return not relation.anchors and relation.predicate in set(COMPARATIVES.meanings.values())


def _claims(phrase: Phrase) -> str:
    """Say relations and what is excluded as one relative clause; parts come first."""
    parts = [relation_text(part) for part in phrase.relations if part.predicate == "with"]
    said = [
        relation_text(relation)
        for relation in phrase.relations
        if relation.predicate != "with" and not _goes_before(relation)
    ]
    said += [f"not {_excluded(excluded)}" for excluded in phrase.excluded]
    clause = f"that is {' and '.join(said)}" if said else ""
    return " ".join((*parts, clause))


def _excluded(phrase: Phrase) -> str:
    """Say what it is not: "red", "on the table", "a mug"."""
    if phrase.head == "object" and phrase.number == "any":
        if phrase.relations and not phrase.attributes:
            return relation_text(phrase.relations[0])
        return " and ".join(phrase.attributes)
    return phrase_text(phrase)
