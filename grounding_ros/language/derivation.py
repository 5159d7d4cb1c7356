"""Tokens to a derivation: the grammar at work, and what it could not use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree, UnexpectedToken
from lark.lexer import Lexer

from grounding_ros.language.tags import CONTENT


class _NoLexer(Lexer):
    """The tokens are fed by hand; lark only asks for a lexer to exist."""

    def __init__(self, conf: Any) -> None: ...

    def lex(self, *_: Any) -> Any:
        return iter(())


_GRAMMAR = Lark(
    files(__package__).joinpath("grammar.lark").read_text("utf-8"), parser="lalr", lexer=_NoLexer
)


@dataclass(frozen=True)
class Derivation:
    """What the grammar made of some tokens."""

    tree: Tree[Token] | None
    """"find", "pick" or "count" at its root; None when the used tokens are no sentence."""
    unused: tuple[Token, ...]
    """The tokens that no rule accepts, in order; () for a sentence."""


def derive(tokens: Sequence[Token]) -> Derivation:
    """Derive a sentence, leaving out as few tokens as possible where there is none."""
    parser = _GRAMMAR.parse_interactive("")
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
                return Derivation(later.tree, (*tokens[:at], *later.unused))
            unused.extend(tokens[at:])  # "the box behind the mug": the thing is complete
            break
        used.append(token)
    try:
        return Derivation(parser.feed_eof(), tuple(unused))
    except UnexpectedToken:
        return Derivation(None, tuple(unused))
