"""One thing of a training world: its kind, its shape and what its surface looks like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training import prints
from training.kinds import KINDS, PATTERNS, POSE_WORDS, Kind
from training.prints import Picture
from training.shapes import Piece

_PATTERNED = {"atlas": (0.8, 0.15, 0.05), "print": (0.7, 0.15, 0.15), "outside": (0.2, 0.65, 0.15)}
"""How often a finish is printed, plain or striped."""


@dataclass(frozen=True, eq=False)
class Thing:
    """A thing that can be put anywhere in a world."""

    kind: Kind
    pieces: tuple[Piece, ...]
    """Its parts, in its own frame."""
    pictures: dict[str, Picture]
    """The texture of each finish among its pieces."""
    pattern: str
    """One of PATTERNS."""

    @property
    def points(self) -> NDArray[np.float64]:
        """(V, 3) metres, every corner of it."""
        return np.vstack([piece.mesh.vertices for piece in self.pieces])


def sample_thing(rng: np.random.Generator, shifted: bool = False) -> Thing:
    """Draw a thing; the shifted scenes also have the kinds and shapes that are kept aside."""
    offered = [kind for kind in KINDS if kind.builders or shifted]
    shares = np.array([kind.share for kind in offered])
    kind = offered[int(rng.choice(len(offered), p=shares / shares.sum()))]
    builders = kind.builders
    if shifted and kind.kept_aside:
        builders = kind.kept_aside
    pieces = builders[int(rng.integers(len(builders)))](rng)
    finishes = {piece.finish for piece in pieces}
    odds = next((odds for finish, odds in _PATTERNED.items() if finish in finishes), (0, 1, 0))
    pattern = PATTERNS[int(rng.choice(3, p=odds))]
    ground = prints.any_color(rng)
    pictures = {
        finish: _surface(finish, pattern, ground, shifted, rng) for finish in sorted(finishes)
    }
    return Thing(kind, pieces, pictures, pattern)


def truth(thing: Thing, pose: str, words: tuple[str, ...]) -> NDArray[np.int8]:
    """Return (V,) for each word 1 true, 0 false, -1 neither, of a thing put down in a pose."""
    kind = thing.kind
    own = {kind.name, *kind.words.split(), thing.pattern}
    open_words = set(kind.perhaps.split())
    posed = set(POSE_WORDS[pose].split()) if pose in POSE_WORDS else set()
    if pose == "side" or not {"standing", "lying"} <= set(kind.poses.split()):
        open_words |= {"standing", "upright", "lying"}
    values = np.zeros(len(words), np.int8)
    for column, word in enumerate(words):
        if word in open_words:
            values[column] = -1
        elif word in own or word in posed:
            values[column] = 1
    return values


def renewed(values: NDArray[np.int8], words: tuple[str, ...]) -> NDArray[np.int8]:
    """Return truths (N, V) as stored at rendering, their nouns by today's table of kinds.

    The kind is told by the nouns that were true; poses and patterns stay. Rows of which nothing is
    known stay too.
    """
    kinds = [kind for kind in KINDS if kind.name in words]
    columns = [words.index(kind.name) for kind in kinds]
    detail = np.array([1 + len(kind.words.split()) for kind in kinds])
    fitting = (values[:, columns] == 1) * detail  # a mug is a cup too, but "mug" says more
    posed = {*PATTERNS, *" ".join(POSE_WORDS.values()).split()}
    free = np.array([word not in posed for word in words])
    table = np.array([_nouns_of(kind, words) for kind in kinds])
    known = fitting.any(axis=1)
    result = values.copy()
    result[np.ix_(known, free)] = table[fitting[known].argmax(axis=1)][:, free]
    return result


def _nouns_of(kind: Kind, words: tuple[str, ...]) -> list[int]:
    own, open_words = {kind.name, *kind.words.split()}, set(kind.perhaps.split())
    return [-1 if word in open_words else int(word in own) for word in words]


def _surface(
    finish: str,
    pattern: str,
    ground: tuple[float, float, float],
    shifted: bool,
    rng: np.random.Generator,
) -> Picture:
    if finish in ("atlas", "print", "print2", "outside"):
        if pattern == "plain":
            return prints.plain(rng, ground)
        if pattern == "striped":
            return prints.striped(rng)
        if shifted:  # a family of prints that things are never trained with
            return prints.cloth(rng, 128) if rng.random() < 0.5 else prints.noise_picture(rng, 128)
        return prints.atlas(rng) if finish == "atlas" else prints.printed(rng)
    if finish == "pages":
        return prints.pages(rng)
    if finish == "wood":
        return prints.textures.table_top(rng, 64)
    return prints.plain(rng, _color(finish, ground, rng))


def _color(
    finish: str, ground: tuple[float, float, float], rng: np.random.Generator
) -> tuple[float, float, float]:
    named = {
        "main": ground,
        "metal": (0.66, 0.67, 0.69),
        "white": (0.9, 0.9, 0.88),
        "dark": (0.08, 0.08, 0.09),
        "dark2": (0.12, 0.1, 0.09),
        "card": (0.72, 0.6, 0.44),
        "yellow": (0.92, 0.78, 0.12),
        "orange": (0.93, 0.5, 0.06),
        "apple": ((0.75, 0.1, 0.1), (0.5, 0.7, 0.15), (0.85, 0.75, 0.2))[int(rng.integers(3))],
    }
    color = np.array(named.get(finish) or prints.any_color(rng))
    red, green, blue = np.clip(color + rng.uniform(-0.06, 0.06, 3), 0, 1)
    return float(red), float(green), float(blue)
