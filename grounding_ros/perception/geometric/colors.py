"""Colour words: which of a dozen names a person would give to how much of an object."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.statistics import percentiles

_PALE = 0.35
_WHITE = 68.0
_NEUTRAL = 9.0
_BLUISH = 24.0
_OVERLAP = 10.0

COLORS = (
    "black", "gray", "white", "red", "orange", "yellow",
    "green", "blue", "purple", "pink", "brown", "beige",
)  # fmt: skip
"""The eleven basic colour terms (Berlin and Kay, 1969) and beige, common among packagings."""

_HUES = (
    ("red", 0.0, 47.0),
    ("orange", 47.0, 82.0),
    ("yellow", 82.0, 112.0),
    ("green", 112.0, 192.0),
    ("blue", 192.0, 312.0),
    ("purple", 312.0, 352.0),
    ("red", 352.0, 360.0),
)
"""Hue angles of CIELCh, degrees, of strong colours. The borders lie between the focal colours of
Sturges and Whitfield (Color Research and Application, 1995), blue reaching as far as sRGB's."""


def balanced_lab(rgb: NDArray[np.uint8], gains: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (h, w, 3) CIELAB (D65) of a picture (h, w, 3) after white balance."""
    table = np.minimum(np.outer(np.arange(256), gains) + 0.5, 255).astype(np.uint8)
    lab = cv2.cvtColor(cv2.LUT(rgb, table[None]), cv2.COLOR_RGB2Lab).astype(np.float32)
    lab -= np.array((0, 128, 128), np.float32)
    lab *= np.array((100 / 255, 1, 1), np.float32)
    return lab


def white_gains(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (3,) gains that make the light of a picture white and bright.

    Bright pixels tell the light (Joze et al., "The role of bright pixels in illumination
    estimation", CIC 2012), those of strong colour excepted: a red wall is no red light.
    """
    small = cv2.resize(rgb, (80, 60), interpolation=cv2.INTER_AREA).reshape(-1, 3).T / 255.0
    highest, brightness = small.max(axis=0), small.mean(axis=0)
    chroma = highest - small.min(axis=0)
    is_pale = (chroma < _PALE * brightness) & (highest < 0.99)
    if np.count_nonzero(is_pale) < 0.02 * len(is_pale):
        return np.ones(3, np.float32)
    pale, brightness = small[:, is_pale], brightness[is_pale]
    light = pale[:, brightness >= percentiles(brightness, 95)[0]].mean(axis=1)
    cast = np.clip(light.mean() / light, 0.8, 1.25)
    level = np.clip(0.92 / light.mean(), 0.9, 1.4)
    gains: NDArray[np.float32] = (cast * level).astype(np.float32)
    return gains


def color_indices(lab: NDArray[np.float32], turn: float = 0.0) -> NDArray[np.uint8]:
    """Return the index into COLORS for CIELAB colours (..., 3), their hue turned by degrees."""
    lightness, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    chroma = np.hypot(a, b)
    hue = (np.rad2deg(np.arctan2(b, a)) + turn) % 360
    names = np.zeros(lightness.shape, np.uint8)

    def name(color: str, where: NDArray[np.bool_]) -> None:
        names[where] = COLORS.index(color)

    for color, low, high in _HUES:
        name(color, (hue >= low) & (hue < high))
    reddish = (hue < 47) | (hue >= 325)
    name("pink", reddish & (lightness > 62) & (chroma < 75))
    # Dark or dull orange is brown, dark yellow too; pale, it is beige.
    name("brown", (hue >= 10) & (hue < 47) & (chroma < 25) & (lightness <= 62))
    name("brown", (hue >= 47) & (hue < 82) & ((lightness < 48) | (chroma < 32)))
    name("brown", (hue >= 82) & (hue < 100) & (lightness < 45))
    name("beige", (hue >= 47) & (hue < 100) & (chroma < 28) & (lightness > 62))
    # Light is rarely quite white: it drifts towards blue, where eyes forgive it most.
    along_b = np.where(b < 0, _BLUISH * np.clip(lightness / 60 - 0.2, 0.5, 1.0), _NEUTRAL)
    gray = (a / _NEUTRAL) ** 2 + (b / along_b) ** 2 < 1
    name("gray", gray)
    name("white", gray & (lightness > _WHITE))
    name("black", (gray & (lightness < 28)) | ((lightness < 18) & (chroma < 22)))
    return names


def color_shares(lab: NDArray[np.float32], turn: float = 0.0) -> NDArray[np.float64]:
    """Return (len(COLORS),) the share of each colour among an object's pixels, CIELAB (M, 3).

    A white thing is gray in its own shade: where the brightest of its gray is white, the lighter
    gray is white too.
    """
    cells = _cells(lab)
    indices = _table(turn)[cells[:, 0], cells[:, 1], cells[:, 2]]
    white, gray = COLORS.index("white"), COLORS.index("gray")
    pale = (indices == gray) | (indices == white)
    if pale.any() and percentiles(lab[pale, 0], 75)[0] > _WHITE:
        indices[pale & (lab[:, 0] > _WHITE - 20)] = white
    counts = np.bincount(indices, minlength=len(COLORS))
    shares: NDArray[np.float64] = counts / max(counts.sum(), 1)
    return shares


def _cells(lab: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the cells (M, 3) of `_table` that hold CIELAB colours (M, 3)."""
    scale, start = np.array([(0.64, 0.5, 0.5), (0, 64, 64)], np.float32)
    cells: NDArray[np.intp] = np.clip(lab * scale + start, 0, (63, 127, 127)).astype(np.intp)
    return cells


@lru_cache(maxsize=8)
def _table(turn: float) -> NDArray[np.uint8]:
    """Return `color_indices` of the middles of all cells (64, 128, 128), to be looked up."""
    lightness = (np.arange(64, dtype=np.float32) + 0.5) / np.float32(0.64)
    across = (np.arange(128, dtype=np.float32) - 63.5) * 2
    return color_indices(np.stack(np.meshgrid(lightness, across, across, indexing="ij"), -1), turn)


def color_truths(lab: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return (len(COLORS),) how true each colour is of an object with pixels (M, 3), 0 to 1.

    Half true is a colour that a fifth of the object has, wholly that of about a half: "the white
    one" is rather the white one than the one with white print. Near the border of two names either
    may be said, so neighbouring hues count too, with less weight.
    """
    turned = np.max([color_shares(lab, turn) for turn in (-_OVERLAP, _OVERLAP)], axis=0)
    share = np.maximum(color_shares(lab), 0.7 * turned)
    truths: NDArray[np.float64] = np.interp(share, (0.1, 0.2, 0.45), (0.0, 0.5, 1.0))
    return truths
