"""How true a word is of each instance, and which words a person would use for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grounding_ros.perception.geometric.colors import COLORS
from grounding_ros.perception.geometric.measures import Measures
from grounding_ros.perception.geometric.shapes import SHAPES
from grounding_ros.perception.geometric.words import Question

_FORMS = ("tall", "flat", "standing", "lying", "long", "round")


@dataclass(frozen=True, eq=False)
class Look:
    """What was seen of one instance."""

    measures: Measures
    certainty: float
    """0 to 1, that this is an object: few pixels say little."""
    main_color: str
    """The one of COLORS that most of it has."""
    colors: dict[str, float]
    """How true each of COLORS is of it, 0 to 1."""
    lightness: float
    """Mean CIELAB lightness, 0 to 100."""
    shapes: dict[str, float]
    """How well each shape fits, 0 to 1."""
    uprightness: float
    """The share of its surface that looks up or sideways, 0 to 1."""
    typical_size: float
    """Metres, the median girth of the scene's instances: what "small" is relative to."""
    upright_known: bool
    """Whether a support plane told where up is."""


def truth(look: Look, question: Question) -> float | None:
    """Return how true the answer is, 0 to 1; None when this frame does not tell."""
    if question.aspect == "any":
        return 1.0
    if question.aspect == "shape":
        return _shape(look, question.value)
    if question.aspect == "color":
        return look.colors[question.value]
    if question.aspect == "shade":
        return _shade(look, question.value)
    if question.aspect == "size":
        return _size(look, question.value)
    return _form(look, question.value)


def words(look: Look) -> tuple[str, ...]:
    """Return the words that are more true than not, the surest colour first, shape last."""
    colors = sorted(
        (color for color in COLORS if _true(look, "color", color)),
        key=lambda color: (color != look.main_color, -look.colors[color]),
    )
    sizes = [name for name in ("small", "medium", "large") if _true(look, "size", name)]
    forms = [name for name in _FORMS if _true(look, "form", name)]
    shapes = [name for name in SHAPES if _true(look, "shape", name)]
    return tuple(colors + sizes + forms + shapes)


def name(look: Look) -> str:
    """Return what to call it: its main colour and its shape, "object" when none is clear."""
    best = max(SHAPES, key=lambda shape: _shape(look, shape))
    noun = best if _shape(look, best) >= 0.5 else "object"
    noun = {"cylinder": "can"}.get(noun, noun)
    return f"{look.main_color} {noun}"


def _true(look: Look, aspect: str, value: str) -> bool:
    degree = truth(look, Question(aspect, value))
    return degree is not None and degree >= 0.5


def _shape(look: Look, value: str) -> float:
    """A shape is judged against the others: the best one is true as far as it is ahead."""
    own = look.shapes[value]
    rival = max(score for other, score in look.shapes.items() if other != value)
    return _ramp(own - rival, -0.2, 0.2) if own >= 0.2 else 0.0


def _shade(look: Look, value: str) -> float:
    if value == "dark":
        return _ramp(look.lightness, 55, 40)
    if value == "light":
        return _ramp(look.lightness, 55, 70)
    return _ramp(sum(degree > 0.2 for degree in look.colors.values()), 2, 4)


def _size(look: Look, value: str) -> float:
    """Absolute for a hand, relative to what else is there."""
    girth = look.measures.girth
    ratio = girth / look.typical_size
    small = max(_ramp(ratio, 1.0, 0.75), _ramp(girth, 0.10, 0.06))
    large = max(_ramp(ratio, 1.0, 1.3), _ramp(girth, 0.18, 0.28))
    if value == "small":
        return small
    if value == "large":
        return large
    return 1.0 - max(_ramp(small, 0.5, 1.0), _ramp(large, 0.5, 1.0))


def _form(look: Look, value: str) -> float | None:
    measures = look.measures
    if value == "round":
        return max(_shape(look, shape) for shape in ("cylinder", "ball", "bowl"))
    if value == "rectangular":
        return _shape(look, "box")
    if value == "long":
        sides = sorted((measures.height, measures.length, measures.width))
        return _ramp(sides[2] / max(sides[1], 1e-3), 1.4, 2.0)
    if not look.upright_known:
        return None
    slimness = measures.height / max(measures.length, 1e-3)
    if value == "tall":
        return _ramp(slimness, 0.8, 1.2)
    if value == "short":
        return _ramp(slimness, 1.2, 0.8)
    if value == "flat":
        return _ramp(slimness, 0.5, 0.3)
    # A ball neither stands nor lies, a bowl one looks into stands, a box goes by its longest side,
    # what is round by its axis.
    if _shape(look, "ball") >= 0.5:
        return 0.0
    if _shape(look, "bowl") >= 0.5:
        return float(value == "standing")
    stands = (
        _ramp(slimness, 0.7, 1.1)
        if _shape(look, "box") >= 0.5
        else _ramp(look.uprightness, 0.6, 0.8)
    )
    return stands if value == "standing" else 1.0 - stands


def _ramp(value: float, zero: float, one: float) -> float:
    """0 at `zero` and beyond, 1 at `one` and beyond, straight between; either may be larger."""
    return float(np.clip((value - zero) / (one - zero), 0.0, 1.0))
