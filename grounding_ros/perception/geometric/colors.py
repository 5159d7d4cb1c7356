"""Colour words: which of a dozen names a person would give to how much of an object."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_PALE = 0.3

COLORS = (
    "black", "gray", "white", "red", "orange", "yellow",
    "green", "blue", "purple", "pink", "brown", "beige",
)  # fmt: skip
"""The eleven basic colour terms (Berlin and Kay, 1969) and beige, common among packagings."""

_HUES = (
    ("red", 15.0, 44.0),
    ("orange", 44.0, 72.0),
    ("yellow", 72.0, 108.0),
    ("green", 108.0, 200.0),
    ("blue", 200.0, 300.0),
    ("purple", 300.0, 335.0),
    ("pink", 335.0, 375.0),
)
"""Hue angles of CIELCh in degrees at full chroma, about the focal colours of Sturges and
Whitfield (Color Research and Application, 1995)."""


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
    small = cv2.resize(rgb, (80, 60), interpolation=cv2.INTER_AREA).reshape(-1, 3) / 255.0
    brightness, chroma = small.mean(axis=1), np.ptp(small, axis=1)
    pale = small[(chroma < _PALE * brightness) & (small.max(axis=1) < 0.99)]
    if len(pale) < 0.02 * len(small):
        return np.ones(3, np.float32)
    brightness = pale.mean(axis=1)
    light = pale[brightness >= np.percentile(brightness, 95)].mean(axis=0)
    cast = np.clip(light.mean() / light, 0.8, 1.25)
    level = np.clip(0.92 / light.mean(), 0.9, 1.4)
    gains: NDArray[np.float32] = (cast * level).astype(np.float32)
    return gains


def color_indices(lab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the index into COLORS for CIELAB colours (..., 3)."""
    lightness = lab[..., 0]
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    hue = np.rad2deg(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    hue = np.where(hue < _HUES[0][1], hue + 360, hue)
    names = np.full(lightness.shape, COLORS.index("red"), np.uint8)
    for name, low, high in _HUES:
        names[(hue >= low) & (hue < high)] = COLORS.index(name)

    def rename(to: str, where: NDArray[np.bool_]) -> None:
        names[where] = COLORS.index(to)

    warm = (hue >= 30) & (hue < 108)
    rename("pink", (hue >= 15) & (hue < 40) & (lightness > 65) & (chroma < 45))
    rename("purple", (hue >= 335) & (lightness < 35))
    # Dark or dull orange and yellow have names of their own.
    rename("brown", warm & (hue < 72) & (lightness < 58) & (chroma < 55))
    rename("brown", warm & (lightness < 45) & (chroma < 45))
    rename("beige", warm & (hue >= 50) & (chroma < 28) & (lightness >= 60))
    gray = chroma < np.where(warm, 11, 9)
    rename("gray", gray)
    rename("white", gray & (lightness > 68))
    rename("black", (lightness < 22) | (gray & (lightness < 28)))
    return names


def color_shares(indices: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return (len(COLORS),) the share of each colour among an object's pixels (M,)."""
    counts = np.bincount(indices.ravel(), minlength=len(COLORS))
    shares: NDArray[np.float64] = counts / max(counts.sum(), 1)
    return shares
