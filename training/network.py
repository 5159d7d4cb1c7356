"""The network: one look at a frame finds its objects, and embeds these and any proposed regions."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from grounding_ros.perception.grounders.tabletop_network import STRIDE

MOST_FOUND = 40
EMBEDDING = 96
_SEEN_CHANNELS = 9  # the last two, positions on the plane, are only measured
_FPN = 48
_MASK_FEATURES, _MASK_HIDDEN = 12, 8
_POOLED = 48 + 64 + 112
_MEASURES = 6
_GROUPS, _DETAILS = 8, 96


class Maps(NamedTuple):
    """What is computed once a picture."""

    heat: Tensor
    """(B, h, w) logits: how much each cell is the middle of an object."""
    sides: Tensor
    """(B, 4, h, w) pixels from the cell's middle to the object's left, top, right, bottom."""
    fine: Tensor
    """(B, 48, h, w) features at stride 4."""
    middle: Tensor
    """(B, 64, h/2, w/2) features at stride 8."""
    coarse: Tensor
    """(B, 112, h/4, w/4) features at stride 16."""
    mask_features: Tensor
    """(B, 12, h, w) what masks are made from."""
    metres: Tensor
    """(B, 4, h, w) known, height, x and y of the cell."""
    density: Tensor
    """(B, h, w) objects per cell; its sum is how many there are."""
    details: Tensor
    """(B, 96, h/2, w/2) features in eight groups, each times its group's `regard`."""
    regard: Tensor
    """(B, 8, h/2, w/2) how much each group of features looks at a cell."""


def step(inward: int, outward: int, stride: int = 1) -> nn.Sequential:
    """Return a convolution with what usually follows it."""
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outward),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two convolutions around which the input is led (He et al., 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = step(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the features with what the block adds."""
        return functional.relu(x + self.second(self.first(x)))


class TabletopNetwork(nn.Module):
    """Centre heat map (CenterNet, 2019), boxes (FCOS), masks by dynamic convolution (CondInst)."""

    def __init__(self, words: int) -> None:
        """Take the size of the vocabulary."""
        super().__init__()
        self.stem = nn.Sequential(step(_SEEN_CHANNELS, 16, 2), step(16, 32, 2), Residual(32))
        self.to8 = nn.Sequential(step(32, 64, 2), Residual(64), Residual(64))
        self.to16 = nn.Sequential(step(64, 112, 2), Residual(112), Residual(112), Residual(112))
        self.to32 = nn.Sequential(step(112, 160, 2), Residual(160), Residual(160))
        self.lateral4 = nn.Conv2d(32, _FPN, 1)
        self.lateral8 = nn.Conv2d(64, _FPN, 1)
        self.lateral16 = nn.Conv2d(112, _FPN, 1)
        self.lateral32 = nn.Conv2d(160, _FPN, 1)
        self.join8 = step(_FPN, _FPN)
        self.join4 = step(_FPN, _FPN)
        self.found = step(_FPN, _FPN)
        self.heat = nn.Conv2d(_FPN, 1, 1)
        self.sides = nn.Conv2d(_FPN, 4, 1)
        self.density = nn.Conv2d(_FPN, 1, 1)
        self.mask_features = nn.Conv2d(_FPN, _MASK_FEATURES, 1)
        inward, hidden = _MASK_FEATURES + 2, _MASK_HIDDEN
        self.sizes = (inward * hidden, hidden, hidden * hidden, hidden, hidden, 1)
        self.mask_weights = nn.Linear(_FPN, sum(self.sizes))
        self.embed = nn.Sequential(
            nn.Linear(_POOLED + _MEASURES, 192), nn.ReLU(inplace=True), nn.Linear(192, EMBEDDING)
        )
        self.detail = nn.Conv2d(64 + _FPN, _DETAILS, 1)
        self.regard = nn.Conv2d(64 + _FPN, _GROUPS, 1)
        self.embed_details = nn.Sequential(
            nn.Linear(_DETAILS + _POOLED + _MEASURES, 384), nn.ReLU(inplace=True),
            nn.Linear(384, EMBEDDING),
        )  # fmt: skip
        self.words = nn.Linear(EMBEDDING, words)
        nn.init.constant_(self.heat.bias, -4.0)  # almost every cell is no middle
        nn.init.constant_(self.sides.bias, 2.0)
        nn.init.constant_(self.words.bias, -3.0)
        nn.init.constant_(self.density.bias, -6.0)  # a few objects on thousands of cells

    def look(self, picture: Tensor) -> Maps:
        """Encode pictures (B, CHANNELS, H, W); see `tabletop_inputs`."""
        fine = self.stem(picture[:, :_SEEN_CHANNELS])
        middle = self.to8(fine)
        coarse = self.to16(middle)
        top = self.lateral16(coarse) + twice(self.lateral32(self.to32(coarse)))
        top = self.join8(self.lateral8(middle) + twice(top))
        joined = self.join4(self.lateral4(fine) + twice(top))
        both = torch.cat([middle, top], dim=1)
        # Bounded, so that one cell cannot drown the rest.
        regard = torch.exp(3 * torch.tanh(self.regard(both).float()))
        details = self.detail(both).float() * regard.repeat_interleave(_DETAILS // _GROUPS, dim=1)
        found = self.found(joined)
        metres = torch.cat([picture[:, 3:5], picture[:, 9:11]], dim=1)
        return Maps(
            heat=self.heat(found)[:, 0].float(),
            sides=functional.softplus(self.sides(found).float()) * STRIDE,
            fine=joined,
            middle=middle,
            coarse=coarse,
            mask_features=self.mask_features(joined),
            metres=functional.avg_pool2d(metres.float(), STRIDE),
            density=functional.softplus(self.density(found)[:, 0].float()),
            details=details,
            regard=regard,
        )

    def masks(self, maps: Maps, picture: Tensor, row: Tensor, column: Tensor) -> Tensor:
        """Return mask logits (N, h, w) of the objects whose middles are these cells (N,)."""
        features = maps.fine[picture, :, row, column].float()
        weights = self.mask_weights(features)
        w1, b1, w2, b2, w3, b3 = weights.split(self.sizes, dim=1)
        rows = torch.arange(maps.heat.shape[1], device=row.device, dtype=torch.float32)
        columns = torch.arange(maps.heat.shape[2], device=row.device, dtype=torch.float32)
        down = (rows[None, :, None] - row[:, None, None]) / 16
        across = (columns[None, None, :] - column[:, None, None]) / 16
        down, across = torch.broadcast_tensors(down, across)
        x = torch.cat(
            [maps.mask_features[picture].float(), torch.stack([down, across], dim=1)], dim=1
        )
        shape = x.shape[-2:]
        x = x.flatten(2)
        count, hidden = len(row), _MASK_HIDDEN
        x = functional.relu(w1.view(count, hidden, -1) @ x + b1[..., None])
        x = functional.relu(w2.view(count, hidden, hidden) @ x + b2[..., None])
        x = w3.view(count, 1, hidden) @ x + b3[..., None]
        return x.view(count, *shape)

    def embeddings(self, maps: Maps, picture: Tensor, masks: Tensor) -> Tensor:
        """Return (N, EMBEDDING) of regions: soft masks (N, h, w) in their pictures (N,)."""
        halved = functional.avg_pool2d(masks[:, None], 2)[:, 0]
        quartered = functional.avg_pool2d(masks[:, None], 4)[:, 0]
        pooled = [
            _mean(maps.fine, picture, masks),
            _mean(maps.middle, picture, halved),
            _mean(maps.coarse, picture, quartered),
            _measures(maps.metres, picture, masks),
        ]
        regard = _mean(maps.regard, picture, halved).clamp(min=1e-3)
        details = _mean(maps.details, picture, halved) / regard.repeat_interleave(
            _DETAILS // _GROUPS, dim=1
        )
        means = torch.cat(pooled, dim=1)
        return self.embed(means) + self.embed_details(torch.cat([details, means], dim=1))

    def forward(self, picture: Tensor, regions: Tensor) -> tuple[Tensor, ...]:
        """Find the objects of one picture, and embed these and the given regions.

        Parameters
        ----------
        picture
            (1, CHANNELS, H, W).
        regions
            (R, H/4, W/4) soft masks; R may be 0.

        Returns
        -------
        tuple
            boxes (K, 4) xyxy pixels of the picture, scores (K,), masks (K, H/4, W/4)
            probabilities, embeddings (K, EMBEDDING), those (R, EMBEDDING) of the regions, and
            objects per cell (1, H/4, W/4).
        """
        maps = self.look(picture)
        heat = torch.sigmoid(maps.heat)
        peaks = heat * (functional.max_pool2d(heat[:, None], 3, 1, 1)[:, 0] == heat)
        scores, places = peaks.flatten().topk(MOST_FOUND)
        width = heat.shape[2]
        row, column = places // width, places % width
        first = torch.zeros_like(places)
        masks = torch.sigmoid(self.masks(maps, first, row, column))
        boxes = _boxes(maps.sides[0][:, row, column].T, row, column)
        embedded = self.embeddings(maps, first, (masks > 0.5).float())
        others = torch.zeros_like(regions[:, 0, 0], dtype=torch.long)
        told = self.embeddings(maps, others, regions)
        return boxes, scores, masks, embedded, told, maps.density


def twice(x: Tensor) -> Tensor:
    """Return features (N, C, h, w) at twice the size."""
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


def _mean(features: Tensor, picture: Tensor, masks: Tensor) -> Tensor:
    """Mean features (N, C) under masks; every mask reads the features of its own picture."""
    flat = features.float().flatten(2)
    weights = masks.flatten(1)
    total = weights.sum(dim=1, keepdim=True).clamp(min=1e-3)
    if len(flat) == 1:
        return weights @ flat[0].T / total
    # A product per picture is cheaper than a copy of the features per mask.
    member = functional.one_hot(picture, len(flat)).float()
    sums = torch.einsum("bcp,np->bnc", flat, weights)
    return torch.einsum("bnc,nb->nc", sums, member) / total


def _measures(metres: Tensor, picture: Tensor, masks: Tensor) -> Tensor:
    """Measures (N, 6): two horizontal extents, height's mean and spread, known share, seen size."""
    known, height, x, y = metres.unbind(dim=1)
    stack = torch.stack([known, height, x, y, height * height, x * x, y * y, x * y], dim=1)
    share, h, mx, my, hh, xx, yy, xy = _mean(stack, picture, masks).unbind(dim=1)
    size = share.clamp(min=1e-3)
    h, mx, my, hh, xx, yy, xy = (part / size for part in (h, mx, my, hh, xx, yy, xy))
    xx, yy, xy = xx - mx * mx, yy - my * my, xy - mx * my
    middle, spread = (xx + yy) / 2, (((xx - yy) / 2) ** 2 + xy**2 + 1e-8).sqrt()
    extents = [(middle + spread).clamp(min=1e-6).sqrt(), (middle - spread).clamp(min=1e-6).sqrt()]
    heights = [h, (hh - h * h).clamp(min=1e-6).sqrt()]
    seen = masks.flatten(1).sum(dim=1).clamp(min=1e-3).log() / 5
    return torch.stack([*(4 * part for part in extents), *heights, share, seen], dim=1)


def _boxes(sides: Tensor, row: Tensor, column: Tensor) -> Tensor:
    """Boxes (N, 4) xyxy pixels from sides (N, 4) seen from the middles of cells."""
    x, y = (column + 0.5) * STRIDE, (row + 0.5) * STRIDE
    left, top, right, bottom = sides.unbind(dim=1)
    return torch.stack([x - left, y - top, x + right, y + bottom], dim=1)
