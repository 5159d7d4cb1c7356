"""A sentence to an instruction. Never raises; what is not understood is said, not guessed."""

from __future__ import annotations

from dataclasses import replace

from lark import Token

from grounding_ros.language.derivation import derive
from grounding_ros.language.instruction import Instruction
from grounding_ros.language.lexicon import MAX_CHARACTERS, MAX_RAW_CHARACTERS, NOT_ENGLISH
from grounding_ros.language.phrases import target_phrase
from grounding_ros.language.tags import tag
from grounding_ros.language.words import Word, clean, split

_EXCERPT = 60  # characters of a sentence that is not even read


def parse(text: str) -> Instruction:
    """Turn a sentence into a program.

    Parameters
    ----------
    text
        Anything: an instruction ("could you pick up the red mug, please?"), a bare phrase ("red
        mug"), or noise.

    Returns
    -------
    Instruction
        With `understood` False, `leftover` and `reason` where any word was not understood; the rest
        is then only what could be read, for a message, and must not be acted on.
    """
    sentence = clean(text[:MAX_RAW_CHARACTERS])
    if len(sentence) > MAX_CHARACTERS or len(text) > MAX_RAW_CHARACTERS:
        reason = f"the sentence is longer than {MAX_CHARACTERS} characters"
        return _not_understood(text, sentence[:_EXCERPT] + "…", reason)
    words = split(sentence)
    if _is_foreign(words):
        return _not_understood(text, sentence, "I only understand English")
    return _instruction(text, sentence, words)


def _instruction(text: str, sentence: str, words: tuple[Word, ...]) -> Instruction:
    derivation = derive(tag(words))
    leftover = _spelled(derivation.unused, sentence)
    if not derivation.task:
        return _not_understood(text, leftover or sentence, "I hear nothing to look for")
    task, phrase = derivation.task, target_phrase(derivation.noun_phrases, sentence)
    if task == "count":
        phrase = replace(phrase, number="all")
    if leftover:
        reason = f'I do not understand "{leftover}"'
        return Instruction(text, task, phrase, None, False, leftover, reason)
    return Instruction(text, task, phrase)


def _is_foreign(words: tuple[Word, ...]) -> bool:
    """Tell whether a word is of another script or of a language we recognise."""
    return any(
        word.text in NOT_ENGLISH or any(c.isalpha() and not c.isascii() for c in word.text)
        for word in words
    )


def _spelled(tokens: tuple[Token, ...], sentence: str) -> str:
    """Return the tokens as they were said, each run of neighbours in one piece."""
    pieces: list[list[int]] = []
    for token in tokens:
        start, end = token.start_pos or 0, token.end_pos or 0
        if pieces and sentence[pieces[-1][1] : start].strip() == "":
            pieces[-1][1] = end
        else:
            pieces.append([start, end])
    return " ... ".join(sentence[start:end] for start, end in pieces)


def _not_understood(text: str, leftover: str, reason: str) -> Instruction:
    return Instruction(text, "find", None, None, False, leftover, reason)
