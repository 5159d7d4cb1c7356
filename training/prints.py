"""Procedural surfaces: printed packages, plain colours, cloth, wood, paper. Painted with OpenCV."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.simulation import textures

Picture = NDArray[np.uint8]
Color = tuple[float, float, float]

_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX)
_LETTERS = np.array(list("ABCDEFGHIKLMNOPRSTUVWaeiounrstl"))


def any_color(rng: np.random.Generator) -> Color:
    """A colour in [0, 1]; strong, dull, pale, dark and gray ones are all frequent."""
    hue = float(rng.random())
    manner = int(rng.integers(5))
    saturation = (0.9, 0.5, 0.25, 0.8, 0.05)[manner] * float(rng.uniform(0.7, 1.1))
    value = (0.85, 0.6, 0.92, 0.35, float(rng.random()))[manner] * float(rng.uniform(0.8, 1.08))
    return colorsys.hsv_to_rgb(hue, min(saturation, 1.0), min(value, 1.0))


def plain(rng: np.random.Generator, color: Color | None = None, size: int = 64) -> Picture:
    """One colour with a little grain, (size, size, 3) RGB."""
    grain = cv2.GaussianBlur(rng.standard_normal((size, size)), (0, 0), 1.5) * 0.03
    return _picture(np.array(color or any_color(rng)) + grain[..., None])


def striped(rng: np.random.Generator, size: int = 96) -> Picture:
    """Two or three colours in stripes of one direction."""
    colors = np.array([any_color(rng) for _ in range(int(rng.integers(2, 4)))])
    number = int(rng.integers(3, 12))
    axis = np.indices((size, size))[int(rng.integers(2))]
    return _picture(colors[(axis * number // size) % len(colors)])


def printed(rng: np.random.Generator, size: int = 128) -> Picture:
    """A packaging's print: ground, panels, a photograph, letters and small print."""
    picture = _ground(rng, size)
    for _ in range(int(rng.integers(1, 6))):
        _panel(picture, rng)
    for _ in range(int(rng.integers(0, 3))):
        _photograph(picture, rng)
    for _ in range(int(rng.integers(1, 5))):
        _letters(picture, rng)
    for _ in range(int(rng.integers(0, 3))):
        _small_print(picture, rng)
    return picture


def atlas(rng: np.random.Generator, cell: int = 96) -> Picture:
    """Six prints for the faces of a box that belong together, (2 cell, 3 cell, 3)."""
    front, side = printed(rng, cell), printed(rng, cell)
    if rng.random() < 0.5:  # the sides take up the front's ground
        side = cv2.addWeighted(side, 0.4, np.full_like(side, front.mean(axis=(0, 1))), 0.6, 0)
    top = plain(rng, tuple(front[4].mean(axis=0) / 255), cell) if rng.random() < 0.4 else side
    return np.vstack([np.hstack([front, front, side]), np.hstack([side, top, top])])


def pages(rng: np.random.Generator, size: int = 64) -> Picture:
    """The edges of a book's pages."""
    rows = np.clip(0.85 + 0.06 * rng.standard_normal((size, 1, 1)), 0.5, 1.0)
    tint = np.array((1.0, rng.uniform(0.94, 1.0), rng.uniform(0.82, 0.98)))
    return _picture(np.broadcast_to(rows * tint, (size, size, 3)))


def ground_cover(rng: np.random.Generator, size: int = 256) -> Picture:
    """What a table is covered with: wood, laminate, cloth, sheets of paper on it."""
    manner = rng.random()
    if manner < 0.45:
        picture = textures.table_top(rng, size)
    elif manner < 0.6:
        picture = plain(rng, None, size)
    else:
        picture = cloth(rng, size)
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 4))):
            sheet = printed(rng, 64) if rng.random() < 0.5 else plain(rng, (0.93, 0.93, 0.91), 64)
            _paste(picture, sheet, rng, 0.15, 0.3)
    return picture


def noise_picture(rng: np.random.Generator, size: int) -> Picture:
    """Coloured clouds of many sizes: as busy as a photograph, of nothing."""
    total = np.zeros((size, size, 3))
    for octave in (2, 4, 8, 16, 32):
        coarse = rng.random((min(octave, size), min(octave, size), 3)) - 0.5
        total += cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC) / octave**0.7
    total = total @ (np.eye(3) * 0.6 + rng.random((3, 3)) * 0.4)
    return _picture(np.array(any_color(rng)) + 0.7 * total)


def _ground(rng: np.random.Generator, size: int) -> Picture:
    manner, first, second = rng.random(), np.array(any_color(rng)), np.array(any_color(rng))
    if manner < 0.55:
        return plain(rng, tuple(first), size)
    if manner < 0.8:
        ramp = np.linspace(0, 1, size)[:, None, None]
        ramp = ramp if rng.random() < 0.5 else (ramp > rng.uniform(0.3, 0.7)).astype(float)
        sheet = first * (1 - ramp) + second * ramp
        return _picture(np.broadcast_to(sheet, (size, size, 3)))
    if manner < 0.9:
        return striped(rng, size)
    return noise_picture(rng, size)


def _panel(picture: Picture, rng: np.random.Generator) -> None:
    size = len(picture)
    color = tuple(int(255 * part) for part in any_color(rng))
    center = tuple(int(part) for part in rng.integers(0, size, 2))
    reach = tuple(int(part) for part in rng.integers(size // 12, size // 2, 2))
    if rng.random() < 0.5:
        cv2.ellipse(picture, center, reach, float(rng.uniform(0, 180)), 0, 360, color, -1)
    else:
        corner = (center[0] + reach[0], center[1] + reach[1])
        cv2.rectangle(picture, center, corner, color, -1)


def _photograph(picture: Picture, rng: np.random.Generator) -> None:
    _paste(picture, noise_picture(rng, 48), rng, 0.25, 0.7)


def _paste(
    picture: Picture, sheet: Picture, rng: np.random.Generator, least: float, most: float
) -> None:
    size = len(picture)
    width, height = (int(size * part) for part in rng.uniform(least, most, 2))
    x, y = int(rng.integers(0, size - width)), int(rng.integers(0, size - height))
    picture[y : y + height, x : x + width] = cv2.resize(sheet, (width, height))


def _letters(picture: Picture, rng: np.random.Generator) -> None:
    size = len(picture)
    text = "".join(rng.choice(_LETTERS, int(rng.integers(2, 8))))
    where = (int(rng.integers(0, size // 2)), int(rng.integers(size // 6, size)))
    color = tuple(int(255 * part) for part in any_color(rng))
    scale, width = float(rng.uniform(0.4, 1.4)) * size / 96, int(rng.integers(1, 4))
    font = _FONTS[int(rng.integers(len(_FONTS)))]
    cv2.putText(picture, text, where, font, scale, color, width, cv2.LINE_AA)


def _small_print(picture: Picture, rng: np.random.Generator) -> None:
    """Lines of dashes, or a bar code."""
    size = len(picture)
    height, width = (int(part) for part in rng.integers(size // 8, size // 3, 2))
    y, x = int(rng.integers(0, size - height)), int(rng.integers(0, size - width))
    bars = rng.random((height // 3 + 1, width // 2 + 1, 1)) < 0.6
    bars[:: 2 if rng.random() < 0.7 else 99] = False
    if rng.random() < 0.3:
        bars = np.broadcast_to(bars[1:2], bars.shape)
    ink = cv2.resize(bars.astype(np.float32), (width, height), interpolation=cv2.INTER_NEAREST)
    paper = picture[y : y + height, x : x + width]
    dark = 255.0 if paper.mean() < 100 else 20.0
    picture[y : y + height, x : x + width] = np.where(ink[..., None] > 0, dark, paper)


def cloth(rng: np.random.Generator, size: int) -> Picture:
    """A woven check, stripes, dots or a print, repeated."""
    tile = int(rng.choice((32, 64, 128)))
    manner = rng.random()
    if manner < 0.35:
        motif = striped(rng, tile).astype(float)
        motif = (motif + motif.transpose(1, 0, 2)) / 2
    elif manner < 0.6:
        motif = striped(rng, tile).astype(float)
    elif manner < 0.85:
        motif = plain(rng, None, tile)
        color = tuple(int(255 * part) for part in any_color(rng))
        cv2.circle(motif, (tile // 2, tile // 2), int(rng.integers(2, tile // 3)), color, -1)
        motif = motif.astype(float)
    else:
        motif = noise_picture(rng, tile).astype(float)
    sheet = np.tile(motif, (size // tile, size // tile, 1)) / 255
    return _picture(sheet + 0.03 * rng.standard_normal((size, size, 1)))


def _picture(values: NDArray[np.float64]) -> Picture:
    return np.ascontiguousarray(np.clip(values * 255, 0, 255).astype(np.uint8))
