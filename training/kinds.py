"""The household things of the training scenes, one row each: words, shape, surface, poses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training import shapes
from training.shapes import Piece

Builder = Callable[[np.random.Generator], tuple[Piece, ...]]


@dataclass(frozen=True)
class Kind:
    """A row of the table."""

    name: str
    """The plainest noun."""
    words: str
    """Other words that are true of it."""
    perhaps: str
    """Words that some people would say of it: neither true nor false."""
    builders: tuple[Builder, ...]
    """Families of shapes it is trained with."""
    kept_aside: tuple[Builder, ...] = ()
    """Families that only the shifted scenes have."""
    poses: str = "standing"
    """How it may be put down; a word listed twice is twice as likely."""
    flat_top: bool = False
    """Whether something can stand on it."""
    share: float = 1.0
    """How often it is there, next to the other kinds."""
    general: bool = False
    """Whether its noun is also said of better-named things: it is no good label."""


KINDS = (
    Kind(
        "box", "cardboard package", "packet carton container block cube",
        (shapes.cereal_box, shapes.small_box, shapes.flat_box), (shapes.hexagonal_box,),
        "standing standing lying lying side", True, 4.0,
    ),
    Kind(
        "carton", "cardboard", "box package packet container",
        (shapes.brick_carton,), (shapes.gable_carton,), "standing standing lying",
    ),
    Kind(
        "can", "metal cylinder", "tin container canister",
        (shapes.drink_can, shapes.food_can), (), "standing standing lying", True, 1.7,
    ),
    Kind(
        "tin", "metal cylinder", "can container canister box",
        (shapes.wide_tin,), (), "standing standing lying", True, 1.5,
    ),
    Kind(
        "canister", "cylinder container", "can tin tube jar",
        (shapes.tall_canister,), (), "standing lying", True, 1.2,
    ),
    Kind(
        "bottle", "", "container plastic glass flask",
        (shapes.shouldered_bottle, shapes.round_bottle), (shapes.bulb_bottle,),
        "standing standing lying", False, 1.2,
    ),
    Kind(
        "jar", "", "container can canister tub pot glass",
        (shapes.jar,), (), "standing standing lying", True,
    ),
    Kind(
        "tub", "container plastic", "jar pot bowl bucket box",
        (shapes.tub,), (), "standing standing over", True,
    ),
    Kind(
        "bowl", "ceramic dish", "container plate pot",
        (shapes.round_bowl, shapes.wide_bowl), (shapes.cone_bowl,),
        "standing standing standing over", False, 1.8,
    ),
    Kind(
        "mug", "cup ceramic", "",
        (shapes.mug, shapes.bulging_mug), (shapes.conical_mug,),
        "standing standing standing lying over", False, 1.8,
    ),
    Kind("cup", "", "mug glass plastic tumbler pot", (shapes.cup,), (), "standing standing over"),
    Kind("plate", "ceramic dish", "bowl saucer", (shapes.plate,), (), "standing standing over"),
    Kind(
        "book", "", "notebook magazine",
        (shapes.hardcover, shapes.paperback), (), "lying lying standing", True, 3.0,
    ),
    Kind(
        "magazine", "catalogue", "book paper notebook",
        (shapes.magazine,), (), "lying", True, 0.8,
    ),
    Kind("ball", "sphere", "", (shapes.ball,)),
    Kind("banana", "fruit", "", (shapes.banana,)),
    Kind("apple", "fruit", "ball", (shapes.apple,)),
    Kind("orange", "fruit", "ball", (shapes.orange,), share=0.6),
    Kind("lemon", "fruit", "ball", (), (shapes.lemon,), share=0.6),
    Kind("block", "wood", "cube box", (shapes.block,), (), "standing", True),
    Kind(
        "cylinder", "wood", "can block",
        (shapes.cylinder,), (), "standing lying", True, 0.6, True,
    ),
    Kind("pan", "metal", "pot", (shapes.pan,), share=0.8),
    Kind("spoon", "cutlery", "ladle wood metal", (shapes.spoon,), share=0.8),
    Kind("fork", "cutlery", "metal", (shapes.fork,), share=0.8),
    Kind("tape", "roll", "ring", (shapes.tape,), share=0.8),
    Kind("marker", "pen", "pencil highlighter", (shapes.marker,), share=0.8),
    Kind("jug", "pitcher", "container mug bottle", (shapes.jug,), share=0.8),
    Kind("remote", "plastic", "phone control", (shapes.remote,), (), share=0.7),
    Kind("sponge", "", "block box", (shapes.sponge,), (), "standing lying", True, 0.7),
)  # fmt: skip
"""Twenty-eight kinds to train with, and the lemon, which is only in the shifted scenes."""

POSE_WORDS = {"standing": "standing upright", "lying": "lying", "over": "overturned"}

PATTERNS = ("printed", "plain", "striped")
"""Of the surface; colours are no words here, see `names_network.Told`."""


def vocabulary() -> tuple[str, ...]:
    """Return every word that is trained, in a fixed order."""
    words: list[str] = [kind.name for kind in KINDS if kind.builders]
    for kind in KINDS:
        if kind.builders:
            words += kind.words.split()
    words += " ".join(POSE_WORDS.values()).split()
    words += PATTERNS
    return tuple(dict.fromkeys(words))
