"""What "and" and "or" join: attributes, or noun phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import dropwhile, takewhile

from lark import Token

from grounding_ros.language.nouns import is_plural

CONTENT = frozenset({"ADJECTIVE", "NOUN"})
"""The terminals that name things and their properties."""
_DETERMINERS = frozenset({"THE", "QUANTIFIER", "OF"})


def settled(tokens: Sequence[Token]) -> list[Token]:
    """Give every AND and OR the terminal that tells what it joins.

    AND and OR join noun phrases of which either will do, _JOIN joins attributes of one thing. What
    could mean either, or asks for two different things, becomes UNKNOWN.
    """
    return [
        _retagged(token, _terminal(tokens, at)) if token.type in {"AND", "OR"} else token
        for at, token in enumerate(tokens)
    ]


def _terminal(tokens: Sequence[Token], at: int) -> str:
    before, after = _content(reversed(tokens[:at])), _content(tokens[at + 1 :])
    only_attributes = all(token.type == "ADJECTIVE" for token in before)
    if tokens[at].type == "OR":
        # "small red or blue box": is the blue one small too?
        return "UNKNOWN" if only_attributes and len(before) > 1 and after else "OR"
    noun = _content(dropwhile(lambda token: token.type in _DETERMINERS, tokens[at + 1 :]))
    if not before or not noun:
        return "UNKNOWN"
    several = is_plural(noun[-1].value)
    if only_attributes:  # "red and white box"; of several boxes each might have one colour
        joins = len(after) > 1 and after[0].type == "ADJECTIVE" and not several
        return "_JOIN" if joins else "UNKNOWN"
    # "the books and jars"; "the book and the jar" or "two books and jars" ask for both
    numbered = any(token.type == "NUMBER" for token in tokens)
    return "AND" if several and is_plural(before[0].value) and not numbered else "UNKNOWN"


def _content(tokens: Iterable[Token]) -> list[Token]:
    return list(takewhile(lambda token: token.type in CONTENT, tokens))


def _retagged(token: Token, terminal: str) -> Token:
    return Token(terminal, str(token), start_pos=token.start_pos, end_pos=token.end_pos)
