"""Words to the terminals of the grammar, by the lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lark import Token

from grounding_ros.language import lexicon
from grounding_ros.language.conjunctions import CONTENT, settled
from grounding_ros.language.courtesy import command_size, without_courtesy, without_pauses
from grounding_ros.language.nouns import singular
from grounding_ros.language.words import PAUSES, Word, rows_at_end, rows_at_start


def tag(words: Sequence[Word]) -> list[Token]:
    """Make the tokens of a sentence: the command, then what it is about; courtesy is left out.

    A word whose meaning the grammar does not have becomes a token that no rule accepts.
    """
    request = without_courtesy(words)
    size = command_size(request)
    command = _command(request[:size])
    rest = without_pauses(request[size:])
    end = _end_size(command, rest)
    ending = [_token("UP" if rest[-1].text == "up" else "THERE", rest[-end:])] if end else []
    noun_phrases = _without_commas(list(_tagged(rest[: len(rest) - end])))
    return settled([*command, *noun_phrases, *ending])


def _command(words: Sequence[Word]) -> list[Token]:
    said = " ".join(word.text for word in words)
    return [_token(terminal, words) for terminal, rows in lexicon.COMMANDS.items() if said in rows]


def _end_size(command: Sequence[Token], rest: Sequence[Word]) -> int:
    """Count the words at the end that belong to the command: "pick it up", "how many are there"."""
    if command and command[0].type == "COUNT":
        return rows_at_end(rest, lexicon.THERE)
    return rows_at_end(rest, {"up"}) if command and command[0].value == "pick" else 0


def _tagged(words: Sequence[Word]) -> Iterable[Token]:
    """Tag noun phrases, several words at once where the lexicon has a row for them."""
    at, before = 0, ""
    while at < len(words):
        ahead = words[at:]
        if size := rows_at_start(ahead, lexicon.QUANTIFIERS):
            terminal = "QUANTIFIER"
        elif size := _compound_size(ahead):
            terminal = "NOUN"
        else:
            size, terminal = 1, _terminal(ahead, before)
        if not _is_filler(ahead, before):
            yield _token(terminal, ahead[:size])
        at, before = at + size, terminal


def _compound_size(words: Sequence[Word]) -> int:
    pair = " ".join(word.text for word in words[:2])
    return 2 if len(words) > 1 and singular(pair) in lexicon.COMPOUNDS else 0


def _terminal(ahead: Sequence[Word], before: str) -> str:
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
        and plain not in {"and", "or"}
        and not plain.endswith("most")
        and not (plain.endswith("est") and plain not in lexicon.NOT_SUPERLATIVES)
    )


def _is_filler(ahead: Sequence[Word], before: str) -> bool:
    """Tell whether the first word adds nothing: "the tan coloured cat"."""
    is_last = len(ahead) < 2 or not _is_content(ahead[1].text)
    return before == "ADJECTIVE" and ahead[0].text in lexicon.FILLERS and not is_last


def _is_participle(word: str) -> bool:
    """Tell whether a word after a noun starts a clause: "the man holding", "the cat seated"."""
    is_short = len(word) < 5  # "bed", "king"
    return word.endswith(("ing", "ed")) and not is_short and word not in lexicon.NO_PARTICIPLES


def _without_commas(tokens: list[Token]) -> list[Token]:
    """Drop the comma in "large, red box"; any other pause stays and no rule accepts it."""
    kept = []
    for at, token in enumerate(tokens):
        between = tokens[at - 1 : at + 2]
        if token.type == "PAUSE" and [t.type for t in between[::2]] == ["ADJECTIVE", "ADJECTIVE"]:
            continue
        kept.append(token)
    return kept


def _token(terminal: str, words: Sequence[Word]) -> Token:
    value = " ".join(word.text for word in words)
    return Token(terminal, value, start_pos=words[0].start, end_pos=words[-1].end)
