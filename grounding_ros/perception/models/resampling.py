"""Resizing as the models' authors did it, in torch, so that it runs where the model runs."""

from __future__ import annotations

import torch
from torch.nn.functional import conv2d, grid_sample, interpolate, pad

_REACH = 4.0  # standard deviations, as in scipy.ndimage.gaussian_filter


def resampled(
    picture: torch.Tensor, size: tuple[int, int], interpolation: str, antialias: str
) -> torch.Tensor:
    """Return a picture (1, C, H, W) of grey levels 0 to 255 at `size` (height, width).

    Parameters
    ----------
    picture
        float32.
    size
        (height, width), pixels.
    interpolation
        "bilinear" or "bicubic".
    antialias
        "pil": as Pillow, the kernel widened by the factor, rounded to whole grey levels.
        "scipy": as skimage.transform.resize, a Gaussian first, nothing rounded; OWLv2 was trained
        so. "none": as torchvision without antialias.
    """
    if tuple(picture.shape[-2:]) == size:
        return picture
    if antialias == "scipy":
        return _like_scipy(picture, size)
    if antialias == "none":
        return interpolate(picture, size, mode=interpolation, align_corners=False)
    # Pillow goes across, then down, and keeps whole grey levels in between.
    for one_way in ((picture.shape[-2], size[1]), size):
        if tuple(picture.shape[-2:]) != one_way:
            picture = interpolate(
                picture, one_way, mode=interpolation, align_corners=False, antialias=True
            )
            picture = picture.round().clamp(0, 255)
    return picture


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
    shape = (channels, 1, -1, 1) if down else (channels, 1, 1, -1)
    weights = kernel.view(shape[1:]).expand(channels, *kernel.view(shape[1:]).shape)
    margin = (0, 0, reach, reach) if down else (reach, reach, 0, 0)
    return conv2d(pad(picture, margin, mode="reflect"), weights, groups=channels)
