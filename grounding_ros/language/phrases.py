"""A derived noun phrase to a `Phrase`: head, attributes and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lark import Token, Tree

from grounding_ros.language import lexicon
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.nouns import is_plural, singular


def target_phrase(tree: Tree[Token], sentence: str) -> Phrase:
    """The phrase of a `target` tree; what follows an "or" are its alternatives."""
    trees = [child for child in tree.children if isinstance(child, Tree)]
    phrases = [_phrase(noun_phrase, sentence) for noun_phrase in trees]
    for at in range(len(trees) - 2, -1, -1):
        if _shares_noun(trees[at], trees[at + 1]):  # "red or blue box"
            phrases[at] = _with_noun_of(phrases[at], phrases[at + 1])
    first, *others = phrases
    others = [_with_head_of(other, first) for other in others]
    return replace(first, alternatives=tuple(others))


def _phrase(tree: Tree[Token], sentence: str) -> Phrase:
    determiner, content = _parts(tree)
    *modifiers, last = content
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


def _parts(tree: Tree[Token]) -> tuple[list[Token], list[Token]]:
    """The determiner's tokens and the others."""
    determiner: list[Token] = []
    content: list[Token] = []
    for child in tree.children:
        if isinstance(child, Tree):
            determiner = [token for token in child.children if isinstance(token, Token)]
        else:
            content.append(child)
    return determiner, content


def _is_bare_attribute(token: Token) -> bool:
    return token.type == "ADJECTIVE" and token.value not in lexicon.ALSO_NOUNS


def _number(determiner: Sequence[Token], noun: str) -> str | int:
    """How many are meant: "one", "any", "all" or a number from two."""
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


def _shares_noun(tree: Tree[Token], following: Tree[Token]) -> bool:
    """Whether an attribute alone waits for the noun of the next phrase."""
    _, (*others, only) = _parts(tree)
    determiner, content = _parts(following)
    return not others and only.type == "ADJECTIVE" and not determiner and len(content) > 1


def _with_noun_of(phrase: Phrase, noun: Phrase) -> Phrase:
    attributes = phrase.attributes or (phrase.head,)
    said = noun.text.split()[-1]
    text = f"{phrase.text} {said}"
    number = "all" if phrase.number == "one" and noun.number == "all" else phrase.number
    return replace(phrase, text=text, head=noun.head, attributes=attributes, number=number)


def _with_head_of(phrase: Phrase, first: Phrase) -> Phrase:
    """ "the red box or the blue one" asks for a blue box."""
    is_one = phrase.text.lower().split()[-1] in {"one", "ones"}
    return replace(phrase, head=first.head) if is_one else phrase
