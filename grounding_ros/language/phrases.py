"""A derived noun phrase to a `Phrase`: head, attributes and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lark import Token

from grounding_ros.language import lexicon
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.nouns import is_plural, singular

Tokens = tuple[Token, ...]
_DETERMINERS = frozenset({"THE", "A", "QUANTIFIER", "NUMBER", "OF"})


def target_phrase(noun_phrases: Sequence[Sequence[Token]], sentence: str) -> Phrase:
    """Make one phrase of noun phrases joined by "or"; all but the first are its alternatives."""
    parts = [_parts(tokens) for tokens in noun_phrases]
    phrases = [_phrase(determiner, content, sentence) for determiner, content in parts]
    for at in range(len(parts) - 2, -1, -1):
        if _shares_noun(*parts[at], *parts[at + 1]):  # "red or blue box"
            phrases[at] = _with_noun_of(phrases[at], phrases[at + 1])
    first, *others = phrases
    others = [_with_head_of(other, first) for other in others]
    return replace(first, alternatives=tuple(others))


def _phrase(determiner: Tokens, content: Tokens, sentence: str) -> Phrase:
    modifiers, last = content[:-1], content[-1]
    said = last.value
    if _is_bare_attribute(last):
        modifiers, head = content, "object"  # "the red"
    elif said in lexicon.ANYTHING:
        head = "object"
    elif any(token.value in lexicon.SINGULAR_DETERMINERS for token in determiner):
        head = said
    else:
        head = singular(said)
    words = (*determiner, *content)
    return Phrase(
        text=sentence[words[0].start_pos : words[-1].end_pos],
        head=head,
        attributes=tuple(token.value for token in modifiers),
        number=_number(determiner, said),
    )


def _parts(noun_phrase: Sequence[Token]) -> tuple[Tokens, Tokens]:
    """Split into the determiner's tokens and the others."""
    size = sum(token.type in _DETERMINERS for token in noun_phrase)
    return tuple(noun_phrase[:size]), tuple(noun_phrase[size:])


def _is_bare_attribute(token: Token) -> bool:
    return token.type == "ADJECTIVE" and token.value not in lexicon.ALSO_NOUNS


def _number(determiner: Tokens, noun: str) -> str | int:
    """Tell how many are meant: "one", "any", "all" or a number from two."""
    words = {token.type: token.value for token in determiner}
    if "NUMBER" in words:
        heard = words["NUMBER"]
        number = lexicon.NUMBERS.get(heard) or int(heard)
        definite = "THE" in words and "OF" not in words  # "one of the boxes" is any box
        return number if number > 1 else "one" if definite else "any"
    if "QUANTIFIER" in words:
        return lexicon.QUANTIFIERS[words["QUANTIFIER"]]
    if "A" in words:
        return "any"
    return "all" if is_plural(noun) else "one"


def _shares_noun(_: Tokens, content: Tokens, next_determiner: Tokens, following: Tokens) -> bool:
    """Tell whether an attribute alone waits for the noun of the next phrase."""
    is_alone = len(content) == 1 and content[0].type == "ADJECTIVE"
    return is_alone and not next_determiner and len(following) > 1


def _with_noun_of(phrase: Phrase, noun: Phrase) -> Phrase:
    attributes = phrase.attributes or (phrase.head,)
    said = noun.text.split()[-1]
    text = f"{phrase.text} {said}"
    number = "all" if phrase.number == "one" and noun.number == "all" else phrase.number
    return replace(phrase, text=text, head=noun.head, attributes=attributes, number=number)


def _with_head_of(phrase: Phrase, first: Phrase) -> Phrase:
    """Read "the red box or the blue one" as asking for a blue box."""
    is_one = phrase.text.lower().split()[-1] in {"one", "ones"}
    return replace(phrase, head=first.head) if is_one else phrase
