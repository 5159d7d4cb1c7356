"""The network that names close-ups: one object at a time, larger and sharper than in its frame."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from grounding_ros.perception.geometric.colors import COLORS
from grounding_ros.perception.grounders.tabletop_closeups import CHANNELS, MEASURES
from training.network import EMBEDDING, Residual, step, twice


class Told(NamedTuple):
    """Logits of what a close-up shows."""

    words: Tensor
    """(N, V)."""
    colors: Tensor
    """(N, len(COLORS)) of the paint, whatever the light."""
    masks: Tensor
    """(N, SIDE, SIDE) the object, finer than the mask that was given."""
    quality: Tensor
    """(N,) how far `masks` overlap with an object: half or less is none."""


class NameNetwork(nn.Module):
    """A small residual network with what its object's mask covers pooled at three scales."""

    def __init__(self, words: int) -> None:
        super().__init__()
        self.to2 = nn.Sequential(step(CHANNELS, 24, 2), Residual(24))
        self.to4 = nn.Sequential(step(24, 48, 2), Residual(48))
        self.to8 = nn.Sequential(step(48, 96, 2), Residual(96), Residual(96))
        self.to16 = nn.Sequential(step(96, 128, 2), Residual(128))
        self.embed = nn.Sequential(
            nn.Linear(48 + 2 * 96 + 128 + MEASURES, 256), nn.ReLU(inplace=True),
            nn.Linear(256, EMBEDDING), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.words = nn.Linear(EMBEDDING, words)
        self.paint = Paint()
        self.quality = nn.Sequential(
            nn.Linear(EMBEDDING + 96, 64), nn.ReLU(inplace=True), nn.Linear(64, 1)
        )
        self.lateral16, self.lateral8 = nn.Conv2d(128, 32, 1), nn.Conv2d(96, 32, 1)
        self.lateral4, self.lateral2 = nn.Conv2d(48, 32, 1), nn.Conv2d(24, 24, 1)
        self.join4, self.join2 = step(32, 24), step(24, 16)
        self.mask = nn.Sequential(step(16 + CHANNELS, 12), nn.Conv2d(12, 1, 1))
        nn.init.constant_(self.words.bias, -3.0)

    def forward(self, pictures: Tensor, measures: Tensor) -> Told:
        """Tell of (N, CHANNELS, SIDE, SIDE) and (N, MEASURES)."""
        finest = self.to2(pictures)
        fine = self.to4(finest)
        middle = self.to8(fine)
        top = self.to16(middle)
        mask = pictures[:, 3:4]
        highest = middle.float().amax(dim=(2, 3))
        pooled = [
            _under(fine, functional.avg_pool2d(mask, 4)),
            _under(middle, functional.avg_pool2d(mask, 8)),
            highest,
            top.float().mean(dim=(2, 3)),
            measures,
        ]
        embedded = self.embed(torch.cat(pooled, dim=1))
        joined = self.lateral8(middle) + twice(self.lateral16(top))
        joined = self.join4(self.lateral4(fine) + twice(joined))
        joined = self.join2(self.lateral2(finest) + twice(joined))
        return Told(
            words=self.words(embedded).float(),
            colors=self.paint(pictures[:, :4, ::3, ::3].float(), embedded.float(), measures),
            masks=self.mask(torch.cat([twice(joined), pictures], dim=1))[:, 0].float(),
            quality=self.quality(torch.cat([embedded.float(), highest], dim=1))[:, 0].float(),
        )


class Paint(nn.Module):
    """What colours an object's paint has: a learned histogram of its pixels, whatever the light."""

    def __init__(self) -> None:
        super().__init__()
        self.light = nn.Sequential(
            nn.Linear(5 * 3 + EMBEDDING + MEASURES, 64), nn.ReLU(inplace=True),
            nn.Linear(64, 24), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.lit = nn.Linear(24, 48)
        self.pixel, self.bins = nn.Conv2d(7, 48, 1), nn.Conv2d(48, 64, 1)
        self.named = nn.Sequential(
            nn.Linear(2 * 64 + 24, 96), nn.ReLU(inplace=True), nn.Linear(96, len(COLORS))
        )
        nn.init.constant_(self.named[2].bias, -2.0)

    def forward(self, pictures: Tensor, embedded: Tensor, measures: Tensor) -> Tensor:
        """Return logits (N, len(COLORS)) of colours and masks (N, 4, h, w)."""
        colors = torch.log((pictures[:, :3] + 2).clamp(min=0) / 4 + 0.02)
        mask = pictures[:, 3:]
        mean, spread = _under(colors, mask), _under(colors**2, mask)
        spread = (spread - mean**2).clamp(min=1e-6).sqrt()
        whole = colors.mean(dim=(2, 3))
        contrast = ((colors**2).mean(dim=(2, 3)) - whole**2).clamp(min=1e-6).sqrt()
        brightest = colors.amax(dim=(2, 3))
        light = [mean, spread, whole, contrast, brightest, embedded, measures]
        light = self.light(torch.cat(light, dim=1))
        white = colors + measures[:, 6:, None, None]  # what whitens the frame's light
        pixels = self.pixel(torch.cat([colors, white, mask], dim=1))
        bins = torch.sigmoid(self.bins(torch.relu(pixels + self.lit(light)[:, :, None, None])))
        own, others = _under(bins, mask), _under(bins, 1 - mask)
        # Small shares count too: of a striped cup each colour is one of its colours.
        told = [(own + 1e-4).sqrt().float(), others.float(), light.float()]
        return self.named(torch.cat(told, dim=1)).float()


def _under(features: Tensor, mask: Tensor) -> Tensor:
    """Mean (N, C) of features under soft masks (N, 1, h, w)."""
    total = mask.sum(dim=(2, 3)).clamp(min=1e-3)
    return (features.float() * mask).sum(dim=(2, 3)) / total
