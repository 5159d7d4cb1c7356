"""Stored close-ups to training batches, varied anew each time they are seen."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from grounding_ros.perception.grounders.tabletop_closeups import SIDE
from training.closeups import SCALE, STORED_SIDE
from training.things import renewed

_TURN, _ZOOM, _SHIFT = 0.25, 0.15, 0.07  # radians, logarithm, share of half the side
_NO_DEPTH, _NO_COLOR, _NO_LIGHT, _BLURRED = 0.12, 0.1, 0.15, 0.2
_MASK, _KNOWN, _SIDEWAYS, _RELIEF, _BOX = 3, 4, 6, 9, 10  # channels
_LIGHT = 6  # from this measure on
_LEAST_SHARE = 0.35  # of a mask that is left when it is cut
_ROUGHNESS = (0.45, 0.6, 0.72, 0.88)  # from which draw on a mask is grown, shrunk, coarse, cut


class Samples(NamedTuple):
    """N close-ups with what is true of their objects."""

    pictures: Tensor
    """(N, CHANNELS, side, side)."""
    measures: Tensor
    """(N, MEASURES)."""
    wholes: Tensor
    """(N, side, side) 1 where the object is, whatever mask the picture has of it."""
    inside: Tensor
    """(N,) share of the object that the close-up shows."""
    ious: Tensor
    """(N,) of the mask and the object."""
    box_ious: Tensor
    """(N,) of the box that was given and the object's."""
    words: Tensor
    """(N, V) 1 true, 0 false, -1 neither."""
    colors: Tensor
    """(N, len(COLORS)) how true each is, 0 to 1; below 0: not known."""

    @property
    def fits(self) -> Tensor:
        """(N,) how far what was given is the object: a bad mask may have a good box."""
        return torch.maximum(self.ious, (self.ious + self.box_ious) / 2)


class CloseUps:
    """All close-ups of a folder, in memory."""

    def __init__(self, folder: Path, words: tuple[str, ...]) -> None:
        paths = sorted(folder.glob("world_*.npz"))
        if not paths:
            raise ValueError(f"{folder}: expected close-ups, got none; run training.closeups")
        self._worlds = []
        for path in paths:
            with np.load(path) as file:
                self._worlds.append({name: file[name] for name in file.files})
        self._ends = np.cumsum([len(world["rgb"]) for world in self._worlds])
        self._truths = renewed(np.concatenate([world["words"] for world in self._worlds]), words)

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __getitem__(self, indices: NDArray[np.intp]) -> Samples:
        which = np.searchsorted(self._ends, indices, side="right")
        rows = indices - np.where(which > 0, self._ends[which - 1], 0)
        places = list(zip(which.tolist(), rows.tolist(), strict=True))

        def stored(name: str) -> Tensor:
            return torch.from_numpy(
                np.array([self._worlds[world][name][row] for world, row in places], np.float32)
            )

        return Samples(
            torch.cat([stored("rgb") / 64 - 2, stored("rest") / SCALE], dim=1),
            stored("measures"),
            stored("whole") / 255,
            stored("inside"),
            stored("iou"),
            stored("box_iou"),
            torch.from_numpy(self._truths[indices]),
            stored("colors") / 100,
        )


class Draws:
    """Random numbers for N close-ups; without a generator the middle of every range."""

    def __init__(self, count: int, generator: torch.Generator | None) -> None:
        self._count, self._generator = count, generator

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        """Return (N, *shape)."""
        if self._generator is None:
            return torch.full((self._count, *shape), (low + high) / 2)
        return low + (high - low) * torch.rand((self._count, *shape), generator=self._generator)

    def chance(self, share: float) -> Tensor:
        """Return (N,) True for about such a share; never without a generator."""
        if self._generator is None:
            return torch.zeros(self._count, dtype=torch.bool)
        return torch.rand(self._count, generator=self._generator) < share


def varied(samples: Samples, generator: torch.Generator | None) -> Samples:
    """Return close-ups as the grounder cuts them out, SIDE wide.

    With a generator they are turned, moved, mirrored, lit and masked anew, and some have no depth.
    """
    draws = Draws(len(samples.pictures), generator)
    pictures, measures, wholes = _moved(samples, draws)
    ious, colors = samples.ious, samples.colors
    if generator is not None:
        pictures[:, _MASK] = masks = _roughened(pictures[:, _MASK], draws)
        shared = (masks * wholes).sum(dim=(1, 2))
        both = masks.sum(dim=(1, 2)) + wholes.sum(dim=(1, 2)) - shared
        ious = torch.minimum(ious, shared / both.clamp(min=1))
        pictures[:, :3], measures[:, _LIGHT:], scrambled = _recolored(
            pictures[:, :3], measures[:, _LIGHT:], draws
        )
        colors = torch.where(scrambled[:, None], -1.0, colors)
        measures[:, :2] += draws.uniform(-0.05, 0.05, 2) * (measures[:, :2] != 0)
        blind = draws.chance(_NO_DEPTH)
        pictures[blind, _KNOWN:_BOX] = 0
        measures[blind, 1] = 0
        measures[blind, 3:_LIGHT] = 0
    measures[:, 2] = pictures[:, _MASK].mean(dim=(1, 2))
    return samples._replace(
        pictures=pictures, measures=measures, wholes=wholes, ious=ious, colors=colors
    )


def _moved(samples: Samples, draws: Draws) -> tuple[Tensor, Tensor, Tensor]:
    """Cut the smaller square out of the stored one, somewhere near its middle."""
    mirror = torch.where(draws.chance(0.5), -1.0, 1.0)
    angle = draws.uniform(-_TURN, _TURN)
    share = SIDE / STORED_SIDE / torch.exp(draws.uniform(-_ZOOM, _ZOOM))
    shift = draws.uniform(-_SHIFT, _SHIFT, 2)
    c, s = share * angle.cos(), share * angle.sin()
    rows = [c * mirror, -s, shift[:, 0], s * mirror, c, shift[:, 1]]
    matrix = torch.stack(rows, dim=1).view(-1, 2, 3)
    stored = torch.cat([samples.pictures, samples.wholes[:, None]], dim=1)
    grid = functional.affine_grid(matrix, [*stored.shape[:2], SIDE, SIDE], align_corners=False)
    moved = functional.grid_sample(stored, grid, align_corners=False)
    pictures, wholes = moved[:, :-1], moved[:, -1]
    pictures[:, _SIDEWAYS] *= mirror[:, None, None]
    pictures[:, _RELIEF] /= share[:, None, None]  # it is told in sides of the square
    measures = samples.measures.clone()
    measures[:, 0] += share.log()
    measures[:, 1] += share.log() * (measures[:, 3] > 0)
    return pictures, measures, wholes


def _recolored(colors: Tensor, light: Tensor, draws: Draws) -> tuple[Tensor, Tensor, Tensor]:
    """Light anew; some have colours that mean nothing, some are out of focus.

    Returns the colours, what whitens them (N, 3), and which mean nothing (N,).
    """
    colors = colors + 2
    gains = draws.uniform(0.75, 1.25, 1) * draws.uniform(0.92, 1.08, 3)
    colors = (colors * gains[:, :, None, None]).clamp(0, 4)
    light = torch.where(draws.chance(_NO_LIGHT)[:, None], 0.0, light - gains.log())
    mixed = torch.einsum("ncij,nkc->nkij", colors, draws.uniform(-0.6, 0.9, 3, 3))
    mixed = (mixed + draws.uniform(0, 2.5, 3)[:, :, None, None]).clamp(0, 4)
    scrambled = draws.chance(_NO_COLOR)
    colors = torch.where(scrambled[:, None, None, None], mixed, colors)
    halved = functional.avg_pool2d(colors, 2)
    soft = functional.interpolate(halved, scale_factor=2.0, mode="bilinear")
    colors = torch.where(draws.chance(_BLURRED)[:, None, None, None], soft, colors)
    return colors - 2, light, scrambled


def _roughened(masks: Tensor, draws: Draws) -> Tensor:
    """Masks (N, h, w) as a segmenter might give them: grown, shrunk, coarse or partly missing."""
    near, kind, line = masks[:, None], draws.uniform(0, 1), draws.uniform(-1, 1, 3)
    cells = functional.avg_pool2d(near, 4)
    coarse = functional.interpolate(cells, scale_factor=4.0, mode="bilinear") > 0.5
    at = torch.linspace(-1, 1, masks.shape[1])
    x, y, beyond = (part[:, None, None] for part in line.unbind(dim=1))
    variants = (
        functional.max_pool2d(near, 3, 1, 1)[:, 0],
        -functional.max_pool2d(-near, 3, 1, 1)[:, 0],
        coarse[:, 0].float(),
        masks * (x * at[:, None] + y * at + 0.35 * beyond.abs() > 0),
    )
    result = masks
    for low, variant in zip(_ROUGHNESS, variants, strict=True):
        enough = variant.sum(dim=(1, 2)) > _LEAST_SHARE * masks.sum(dim=(1, 2))
        result = torch.where(((kind > low) & enough)[:, None, None], variant, result)
    return result
