"""A sentence to an instruction. Never raises; what is not understood is said, not guessed."""

from __future__ import annotations

from grounding_ros.language.courtesy import without_courtesy, without_viewer
from grounding_ros.language.instruction import Instruction
from grounding_ros.language.lexicon import MAX_CHARACTERS, MAX_RAW_CHARACTERS, NOT_ENGLISH
from grounding_ros.language.noun_phrases import read_phrase
from grounding_ros.language.reader import Reader, Sentence
from grounding_ros.language.sentences import read_sentence
from grounding_ros.language.spelling import corrected
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
    seen, viewer = without_viewer(without_courtesy(corrected(words)))
    reader = Reader(sentence, tuple(without_courtesy(seen)), read_phrase)
    found = read_sentence(reader)
    if found is None:
        return _not_understood(text, sentence, "I hear nothing to look for")
    leftover = reader.said(found.end, len(reader.texts))
    if leftover:
        return _program(text, found, viewer, leftover, f'I do not understand "{leftover}"')
    if found.task == "place" and found.destination is None:
        return _program(text, found, viewer, "", "I do not hear where to put it")
    return _program(text, found, viewer)


def _program(
    text: str, found: Sentence, viewer: str, leftover: str = "", reason: str = ""
) -> Instruction:
    return Instruction(
        text,
        found.task,
        found.target,
        found.destination,
        not reason,
        leftover,
        reason,
        found.subject,
        viewer,
    )


def _is_foreign(words: tuple[Word, ...]) -> bool:
    """Tell whether a word is of another script or of a language we recognise."""
    return any(
        word.text in NOT_ENGLISH or any(c.isalpha() and not c.isascii() for c in word.text)
        for word in words
    )


def _not_understood(text: str, leftover: str, reason: str) -> Instruction:
    return Instruction(text, "find", None, None, False, leftover, reason)
