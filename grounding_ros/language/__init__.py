"""Sentences to programs."""

from grounding_ros.language.instruction import (
    WHAT_IS_THIS,
    Instruction,
    Ordinal,
    Phrase,
    Relation,
)
from grounding_ros.language.parser import parse
from grounding_ros.language.program import phrases_of, to_dict, to_json

__all__ = [
    "WHAT_IS_THIS",
    "Instruction",
    "Ordinal",
    "Phrase",
    "Relation",
    "parse",
    "phrases_of",
    "to_dict",
    "to_json",
]
