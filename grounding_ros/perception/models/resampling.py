"""Resizing as the models' authors did it, in torch, so that it runs where the model runs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import conv2d, grid_sample, interpolate, pad

_REACH = 4.0  # standard deviations, as in scipy.ndimage.gaussian_filter
_BITS = 22
"""Pillow's fixed point: a weight of 1 is 2^22, so that 255 times the weights fits 32 bits."""
_SUPPORT = {"bilinear": 1.0, "bicubic": 2.0}


def resampled(
    picture: torch.Tensor, size: tuple[int, int], interpolation: str, antialias: str
) -> torch.Tensor:
    """Return a picture (1, C, H, W) of grey levels 0 to 255 at `size` (height, width).

    Parameters
    ----------
    picture
        float32, whole grey levels.
    size
        (height, width), pixels.
    interpolation
        "bilinear" or "bicubic".
    antialias
        "pil": the very grey levels that Pillow gives. "scipy": as skimage.transform.resize, a
        Gaussian first, nothing rounded; OWLv2 was trained so. "none": as torchvision without
        antialias.
    """
    if tuple(picture.shape[-2:]) == size:
        return picture
    if antialias == "scipy":
        return _like_scipy(picture, size)
    if antialias == "none":
        return interpolate(picture, size, mode=interpolation, align_corners=False)
    # Rows are gathered, which lie together in memory: across, the picture is turned.
    levels = picture.int().transpose(2, 3).contiguous()
    levels = _like_pillow(levels, size[1], interpolation).transpose(2, 3).contiguous()
    return _like_pillow(levels, size[0], interpolation).float()


def _like_pillow(levels: torch.Tensor, height: int, interpolation: str) -> torch.Tensor:
    """Resize (1, C, H, W) int32 down, as Pillow's ImagingResample with 8 bits a channel."""
    if levels.shape[2] == height:
        return levels
    total = levels.new_full((*levels.shape[:2], height, levels.shape[3]), 1 << (_BITS - 1))
    for rows, weights in _taps(levels.shape[2], height, interpolation, str(levels.device)):
        total.addcmul_(levels.index_select(2, rows), weights)
    return (total >> _BITS).clamp_(0, 255)


@lru_cache(maxsize=16)
def _taps(
    before: int, after: int, interpolation: str, device: str
) -> tuple[tuple[torch.Tensor, torch.Tensor], ...]:
    """Return the rows (after,) that are summed up, and their weights (after, 1) int32."""
    rows, weights = pillow_weights(before, after, interpolation)
    return tuple(
        (torch.from_numpy(row.copy()).to(device), torch.from_numpy(weight[:, None]).to(device))
        for row, weight in zip(rows.T, weights.T.copy(), strict=True)
        if weight.any()
    )


def pillow_weights(
    before: int, after: int, interpolation: str
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return what each of `after` pixels is made of: places (after, K) and weights (after, K).

    Pillow's precompute_coeffs and normalize_coeffs_8bpc (libImaging/Resample.c): the kernel is
    widened by the factor, cut off at the border, and rounded to 22 bits.
    """
    scale = before / after
    widened = max(scale, 1.0)
    support = _SUPPORT[interpolation] * widened
    centers = (np.arange(after) + 0.5) * scale
    first = np.maximum((centers - support + 0.5).astype(int), 0)
    last = np.minimum((centers + support + 0.5).astype(int), before)
    places = first[:, None] + np.arange(int(np.ceil(support)) * 2 + 1)
    weights = _kernel((places - centers[:, None] + 0.5) / widened, interpolation)
    weights[places >= last[:, None]] = 0.0
    weights /= weights.sum(axis=1, keepdims=True)
    rounded = np.trunc(weights * (1 << _BITS) + np.copysign(0.5, weights)).astype(np.int32)
    return np.minimum(places, before - 1), rounded


def _kernel(at: NDArray[np.float64], interpolation: str) -> NDArray[np.float64]:
    """Triangle, or Keys' cubic with a = -0.5."""
    x = np.abs(at)
    if interpolation == "bilinear":
        return np.maximum(1.0 - x, 0.0)
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def _like_scipy(picture: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """scipy.ndimage's gaussian_filter, then zoom of order 1 with grid_mode, both mode "mirror"."""
    low, high = picture.amin(), picture.amax()
    for axis in (2, 3):
        factor = picture.shape[axis] / size[axis - 2]
        if factor > 1:
            picture = _blurred(picture, (factor - 1) / 2, axis)
    rows, columns = (
        _centres(picture.shape[axis], size[axis - 2], picture.device) for axis in (2, 3)
    )
    grid = torch.stack(torch.meshgrid(columns, rows, indexing="xy"), dim=-1)[None]
    # With align_corners a reflection is about the centre of the last pixel, as in "mirror".
    out = grid_sample(picture, grid, mode="bilinear", padding_mode="reflection", align_corners=True)
    return out.clamp(low, high)


def _centres(before: int, after: int, device: torch.device) -> torch.Tensor:
    """Where the centres of the new pixels lie; -1 and 1 are the centres of the outermost old."""
    at = (torch.arange(after, device=device) + 0.5) * (before / after) - 0.5
    return at / max(before - 1, 1) * 2 - 1


def _blurred(picture: torch.Tensor, sigma: float, axis: int) -> torch.Tensor:
    reach = int(_REACH * sigma + 0.5)
    if reach == 0:
        return picture
    steps = torch.arange(-reach, reach + 1, device=picture.device)
    kernel = torch.exp(-0.5 * (steps / sigma) ** 2)
    kernel = kernel / kernel.sum()
    channels = picture.shape[1]
    down = axis == 2
    weights = kernel.view((1, 1, -1, 1) if down else (1, 1, 1, -1))
    margin = (0, 0, reach, reach) if down else (reach, reach, 0, 0)
    # "reflect" leaves the border pixel out, which scipy calls "mirror"
    return conv2d(
        pad(picture, margin, mode="reflect"), weights.expand(channels, -1, -1, -1), groups=channels
    )
