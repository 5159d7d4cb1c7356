"""The network that names close-ups: one object at a time, larger and sharper than in its frame."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from grounding_ros.perception.grounders.tabletop_closeups import CHANNELS, MEASURES
from training.network import EMBEDDING, Residual, step


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
        nn.init.constant_(self.words.bias, -3.0)

    def forward(self, pictures: Tensor, measures: Tensor) -> Tensor:
        """Return embeddings (N, EMBEDDING) of (N, CHANNELS, SIDE, SIDE) and (N, MEASURES)."""
        fine = self.to4(self.to2(pictures))
        middle = self.to8(fine)
        top = self.to16(middle)
        mask = functional.avg_pool2d(pictures[:, 3:4], 4)
        pooled = [
            _under(fine, mask),
            _under(middle, functional.avg_pool2d(mask, 2)),
            middle.float().amax(dim=(2, 3)),
            top.float().mean(dim=(2, 3)),
            measures,
        ]
        return self.embed(torch.cat(pooled, dim=1))


def _under(features: Tensor, mask: Tensor) -> Tensor:
    """Mean (N, C) of features under soft masks (N, 1, h, w)."""
    total = mask.sum(dim=(2, 3)).clamp(min=1e-3)
    return (features.float() * mask).sum(dim=(2, 3)) / total
