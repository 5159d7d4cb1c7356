"""Tokens to a derivation: the grammar at work, and what it could not use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from lark import Lark, Token, UnexpectedToken

from grounding_ros.language.conjunctions import CONTENT

_GRAMMAR = Lark(files(__package__).joinpath("grammar.lark").read_text("utf-8"), parser="lalr")


@dataclass(frozen=True)
class Derivation:
    """What the grammar made of some tokens."""

    task: str
    """The rule of the whole sentence: "find", "pick" or "count"; "" when there is none."""
    noun_phrases: tuple[tuple[Token, ...], ...]
    """The tokens of each noun phrase, determiners first; the second is an alternative."""
    unused: tuple[Token, ...]
    """The tokens that no rule accepts, in order; () for a sentence."""


def derive(tokens: Sequence[Token]) -> Derivation:
    """Derive a sentence, leaving out as few tokens as possible where there is none."""
    parser: Any = _GRAMMAR.parse_interactive("")
    used: list[Token] = []
    unused: list[Token] = []
    for at, token in enumerate(tokens):
        try:
            parser.feed_token(token)
        except UnexpectedToken:
            if not any(earlier.type in CONTENT for earlier in used):
                unused.append(token)  # "the leftmost box": the thing is still to come
                continue
            if used[0].type in CONTENT and token.type in {"THE", "A"}:
                later = derive(tokens[at:])  # "open the door": an unknown verb
                return replace(later, unused=(*tokens[:at], *later.unused))
            unused.extend(tokens[at:])  # "the box behind the mug": the thing is complete
            break
        used.append(token)
    try:
        tree = parser.feed_eof()
    except UnexpectedToken:
        return Derivation("", (), tuple(unused))
    noun_phrases = (tuple(found.scan_values(_is_token)) for found in tree.find_data("noun_phrase"))
    in_order = sorted(noun_phrases, key=lambda tokens: tokens[0].start_pos or 0)
    return Derivation(str(tree.data), tuple(in_order), tuple(unused))


def _is_token(leaf: object) -> bool:
    return isinstance(leaf, Token)
