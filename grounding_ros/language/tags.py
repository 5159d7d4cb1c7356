"""Words to the terminals of the grammar, by the lexicon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import dropwhile, takewhile

from lark import Token

from grounding_ros.language import lexicon
from grounding_ros.language.nouns import is_plural, singular
from grounding_ros.language.words import PAUSES, Word

CONTENT = frozenset({"ADJECTIVE", "NOUN"})
LONGEST_ROW = 5
"""Words in the longest row of a table that is matched as a whole."""


def tag(words: Sequence[Word]) -> list[Token]:
    """Make the tokens of a sentence: the command, then what it is about; courtesy is left out.

    A word whose meaning the grammar does not have becomes a token that no rule accepts.
    """
    rest = _without_courtesy(list(words))
    tokens: list[Token] = []
    for terminal, rows in lexicon.COMMANDS.items():
        size = _match_start(rest, rows)
        if size > (len(tokens[0].value.split()) if tokens else 0):
            tokens = [_token(terminal, rest[:size])]
    size = len(tokens[0].value.split()) if tokens else 0
    rest = _without_pauses_before(rest[size:])
    tail = []
    if tokens and tokens[0].type == "COUNT" and (size := _match_end(rest, lexicon.THERE)):
        rest, tail = rest[:-size], [_token("THERE", rest[-size:])]
    elif tokens and tokens[0].value == "pick" and rest and rest[-1].text == "up":
        rest, tail = rest[:-1], [_token("UP", rest[-1:])]
    return _conjunctions(_pauses(tokens + list(_tagged(rest)) + tail))


def _without_courtesy(words: list[Word]) -> list[Word]:
    words = _without_pauses_after(_without_pauses_before(words))
    commands: frozenset[str] = frozenset().union(*lexicon.COMMANDS.values())
    while (size := _match_start(words, lexicon.COURTESY_BEFORE)) > _match_start(words, commands):
        words = _without_pauses_before(words[size:])
    while size := _match_end(words, lexicon.COURTESY_AFTER):
        words = _without_pauses_after(words[:-size])
    return words


def _without_pauses_before(words: list[Word]) -> list[Word]:
    return words[len(list(takewhile(_is_pause, words))) :]


def _without_pauses_after(words: list[Word]) -> list[Word]:
    return words[: len(words) - len(list(takewhile(_is_pause, reversed(words))))]


def _is_pause(word: Word) -> bool:
    return word.text in PAUSES


def _match_start(words: Sequence[Word], rows: Collection[str]) -> int:
    """Count the words that the longest row takes at the beginning; 0 for none."""
    heard = [word.text for word in words[:LONGEST_ROW]]
    sizes = range(len(heard), 0, -1)
    return next((size for size in sizes if " ".join(heard[:size]) in rows), 0)


def _match_end(words: Sequence[Word], rows: Collection[str]) -> int:
    """Count the words that the longest row takes at the end; 0 for none."""
    heard = [word.text for word in words[-LONGEST_ROW:]]
    sizes = range(len(heard), 0, -1)
    return next((size for size in sizes if " ".join(heard[-size:]) in rows), 0)


def _tagged(words: list[Word]) -> Iterable[Token]:
    """Tag noun phrases, several words at once where the lexicon has a row for them."""
    at, before = 0, ""
    while at < len(words):
        ahead = words[at:]
        if size := _match_start(ahead, lexicon.QUANTIFIERS):
            terminal = "QUANTIFIER"
        elif size := _match_compound(ahead):
            terminal = "NOUN"
        else:
            size, terminal = 1, _terminal(ahead, before)
        if not _is_filler(ahead, before):
            yield _token(terminal, ahead[:size])
        at, before = at + size, terminal


def _match_compound(words: list[Word]) -> int:
    pair = " ".join(word.text for word in words[:2])
    return 2 if len(words) > 1 and singular(pair) in lexicon.COMPOUNDS else 0


def _terminal(ahead: list[Word], before: str) -> str:
    """Return the terminal of the first word, given what came before and what follows."""
    word, following = ahead[0].text, ahead[1].text if len(ahead) > 1 else ""
    if word in lexicon.DEFINITE:
        return "THE"
    if word in lexicon.INDEFINITE:
        return "A"
    if word == "one" and (
        before in CONTENT or (before in {"THE", "A"} and not _is_content(following))
    ):
        return "NOUN"  # "the red one", not "one red box"
    if word in lexicon.NUMBERS or _is_count(word):
        return "NUMBER"
    if not before and following and word in lexicon.OTHER_COMMANDS:
        return "UNKNOWN"
    if word in {"or", "and", "of"}:
        return word.upper()
    if word in PAUSES:
        return "PAUSE"
    if not _is_content(word) or word.isdecimal() or (before == "NOUN" and _is_participle(word)):
        return "UNKNOWN"
    return "ADJECTIVE" if word in lexicon.ADJECTIVES else "NOUN"


def _is_count(word: str) -> bool:
    return word.isdecimal() and len(word) < 4 and int(word) > 0


def _is_content(word: str) -> bool:
    """Tell whether the word can name a thing or a property of it."""
    plain = word.replace("-", "")
    return (
        plain.isalnum()
        and plain not in lexicon.OTHER_CLOSED_WORDS
        and word not in {"and", "or"}
        and not plain.endswith("most")
        and not (plain.endswith("est") and plain not in lexicon.NOT_SUPERLATIVES)
    ) or word in lexicon.COMPOUNDS


def _is_filler(ahead: list[Word], before: str) -> bool:
    """Tell whether the first word adds nothing: "the tan coloured cat"."""
    is_last = len(ahead) < 2 or not _is_content(ahead[1].text)
    return before == "ADJECTIVE" and ahead[0].text in lexicon.FILLERS and not is_last


def _is_participle(word: str) -> bool:
    """Tell whether a word after a noun starts a clause: "the man holding", "the cat seated"."""
    is_short = len(word) < 5  # "bed", "king"
    return word.endswith(("ing", "ed")) and not is_short and word not in lexicon.NO_PARTICIPLES


def _pauses(tokens: list[Token]) -> list[Token]:
    """Drop the comma in "large, red box"; any other pause stays and no rule accepts it."""
    kept = []
    for at, token in enumerate(tokens):
        between = tokens[at - 1 : at + 2]
        if token.type == "PAUSE" and [t.type for t in between[::2]] == ["ADJECTIVE", "ADJECTIVE"]:
            continue
        kept.append(token)
    return kept


def _conjunctions(tokens: list[Token]) -> list[Token]:
    """Settle what "and" and "or" join, or leave a token that no rule accepts."""
    return [
        _retagged(token, _conjunction(tokens, at)) if token.type in {"AND", "OR"} else token
        for at, token in enumerate(tokens)
    ]


def _conjunction(tokens: list[Token], at: int) -> str:
    before, after = _run(reversed(tokens[:at])), _run(tokens[at + 1 :])
    adjectives_first = all(token.type == "ADJECTIVE" for token in before)
    if tokens[at].type == "OR":
        # "small red or blue box": is the blue one small too?
        return "UNKNOWN" if adjectives_first and len(before) > 1 and after else "OR"
    follows = dropwhile(lambda token: token.type in {"THE", "QUANTIFIER", "OF"}, tokens[at + 1 :])
    noun = _run(follows)
    if not before or not noun:
        return "UNKNOWN"
    many = is_plural(noun[-1].value)
    if adjectives_first and after and after[0].type == "ADJECTIVE" and len(after) > 1 and not many:
        return "_JOIN"  # "red and white box"; of several boxes each might have one colour
    numbered = any(token.type == "NUMBER" for token in tokens)
    if is_plural(before[0].value) and many and not adjectives_first and not numbered:
        return "AND"  # "the books and jars", not "the book and the jar": that asks for both
    return "UNKNOWN"


def _run(tokens: Iterable[Token]) -> list[Token]:
    return list(takewhile(lambda token: token.type in CONTENT, tokens))


def _token(terminal: str, words: Sequence[Word]) -> Token:
    value = " ".join(word.text for word in words)
    return Token(terminal, value, start_pos=words[0].start, end_pos=words[-1].end)


def _retagged(token: Token, terminal: str) -> Token:
    return Token(terminal, str(token), start_pos=token.start_pos, end_pos=token.end_pos)
