"""The words that geometry and colour can judge, and what each of them asks for.

What is not in these tables is not judged, never guessed. "mug", "cup" and "bottle" are not: a cup
is an open can, a bottle a can with a neck, and neither handle nor neck is seen reliably. "book" is
not: it cannot be told from a flat box; nor "container", which may have any form. "tin", "tube" and
"jar" are forms of a can. "teal" and "turquoise" are not: people part between green and blue.
Materials, brands, contents and purposes are not seen.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """What a word asks of an object."""

    aspect: str
    """"any", "shape", "color", "size", "form" or "shade"."""
    value: str
    """The canonical word of that aspect: "box", "red", "small", "tall", "dark"."""


_TABLE: dict[str, dict[str, str]] = {
    "any": {
        "object": "object thing item one stuff something anything",
    },
    "shape": {
        "box": "box packet carton cube block package parcel cuboid",
        "cylinder": "cylinder can tin tube canister jar cylindrical",
        "ball": "ball sphere orb spherical",
        "bowl": "bowl",
    },
    "color": {
        "black": "black",
        "gray": "gray grey silver",
        "white": "white",
        "red": "red reddish crimson scarlet maroon",
        "orange": "orange",
        "yellow": "yellow yellowish gold golden",
        "green": "green greenish olive lime",
        "blue": "blue bluish navy azure cyan",
        "purple": "purple violet lilac indigo",
        "pink": "pink magenta rose",
        "brown": "brown brownish",
        "beige": "beige cream tan ivory",
    },
    "shade": {
        "dark": "dark",
        "light": "light bright pale",
        "multicolored": "multicolored multicoloured multicolor colorful colourful",
    },
    "size": {
        "small": "small little tiny",
        "medium": "medium medium-sized mid-sized",
        "large": "large big huge",
    },
    "form": {
        "tall": "tall high",
        "flat": "flat thin low",
        "short": "short",
        "standing": "standing upright",
        "lying": "lying",
        "long": "long elongated",
        "round": "round rounded circular",
        "rectangular": "rectangular boxy",
    },
}

QUESTIONS: dict[str, Question] = {
    word: Question(aspect, value)
    for aspect, values in _TABLE.items()
    for value, words in values.items()
    for word in words.split()
}
"""Every word that can be judged."""


_IMPOSSIBLE: dict[str, tuple[str, ...]] = {
    "mug cup teacup glass bottle jug": ("box", "ball"),
    "book catalogue catalog magazine notebook": ("cylinder", "ball", "bowl"),
}
"""What cannot be told from its form, but has a form it never has: a cup is no box."""

IMPOSSIBLE_SHAPES: dict[str, tuple[Question, ...]] = {
    word: tuple(Question("shape", shape) for shape in shapes)
    for words, shapes in _IMPOSSIBLE.items()
    for word in words.split()
}
"""The shapes that rule out a word which is not judged otherwise."""


def impossible_shapes(word: str) -> tuple[Question, ...]:
    """Return the shapes that something called `word` never has."""
    return IMPOSSIBLE_SHAPES.get(word.strip().lower(), ())


def question_of(word: str) -> Question | None:
    """Return what `word` asks for; None when it cannot be judged."""
    return QUESTIONS.get(word.strip().lower())
