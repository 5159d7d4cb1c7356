"""What training minimises; every part is a mean, so that batches of any number compare."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from grounding_ros.perception.grounders.tabletop_network import STRIDE
from training.network import TabletopNetwork

_MOST_MASKS = 64


@dataclass(frozen=True)
class Truth:
    """A `samples.Batch` as tensors; see there for the shapes."""

    owner: Tensor
    masks: Tensor
    boxes: Tensor
    middles: Tensor
    words: Tensor


def losses(
    network: TabletopNetwork, pictures: Tensor, truth: Truth, regions: Tensor, nouns: Tensor
) -> dict[str, Tensor]:
    """Return heat, density, box, mask, word and noun losses.

    `regions` (N, h, w) are the objects' rough masks, `nouns` the columns of words that name a kind.
    """
    maps = network.look(pictures)
    heat = heat_loss(maps.heat, truth)
    density = density_loss(maps.density, truth)
    if len(truth.owner) == 0:
        return {"heat": heat, "density": density}
    row, column = truth.middles.unbind(dim=1)
    sides = maps.sides[truth.owner, :, row, column]
    logged = network.words(network.embeddings(maps, truth.owner, regions))
    some = torch.randperm(len(row), device=row.device)[:_MOST_MASKS]
    logits = network.masks(maps, truth.owner[some], row[some], column[some])
    return {
        "heat": heat,
        "density": 0.3 * density,
        "box": box_loss(sides, truth),
        "mask": mask_loss(logits, truth.masks[some]),
        "word": 20 * word_loss(logged, truth.words),
        "noun": noun_loss(logged[:, nouns], truth.words[:, nouns]),
    }


def heat_loss(logits: Tensor, truth: Truth) -> Tensor:
    """Focal loss of the centre heat map with Gaussian surroundings (CenterNet, 2019)."""
    target = _heat(logits, truth)
    probability = torch.sigmoid(logits)
    middle = target == 1
    near = functional.logsigmoid(logits) * (1 - probability) ** 2
    far = functional.logsigmoid(-logits) * probability**2 * (1 - target) ** 4
    return -torch.where(middle, near, far).sum() / max(int(middle.sum()), 1)


def _heat(logits: Tensor, truth: Truth) -> Tensor:
    """Return (B, h, w): 1 at every middle, falling off by the object's size."""
    device = logits.device
    rows = torch.arange(logits.shape[1], device=device) - truth.middles[:, :1]
    columns = torch.arange(logits.shape[2], device=device) - truth.middles[:, 1:]
    size = (truth.boxes[:, 2:] - truth.boxes[:, :2]) / STRIDE
    spread = (0.12 * size).clamp(min=0.6)
    bumps = torch.exp(
        -((rows / spread[:, 1:]) ** 2)[:, :, None] / 2
        - ((columns / spread[:, :1]) ** 2)[:, None] / 2
    )
    heat = torch.zeros_like(logits)
    for number, bump in zip(truth.owner.tolist(), bumps, strict=True):
        heat[number] = torch.maximum(heat[number], bump)
    return heat


def density_loss(density: Tensor, truth: Truth) -> Tensor:
    """L1 of how many objects there are, in each picture and in each patch of 4 x 4 cells.

    Every object is one, spread over its mask (Lempitsky and Zisserman, 2010).
    """
    spread = truth.masks / truth.masks.sum(dim=(1, 2), keepdim=True).clamp(min=1e-3)
    true = torch.zeros_like(density).index_add_(0, truth.owner, spread)
    number = true.sum(dim=(1, 2))
    apart = (density.sum(dim=(1, 2)) - number).abs() / (1 + number).sqrt()
    patches = 16 * functional.avg_pool2d(density - true, 4).abs().sum(dim=(1, 2))
    return (apart + patches / (1 + number)).mean()


def box_loss(sides: Tensor, truth: Truth) -> Tensor:
    """L1 by the object's size, and generalised IoU (Rezatofighi et al., 2019)."""
    middle = (truth.middles.flip(1).float() + 0.5) * STRIDE
    true = torch.cat([middle - truth.boxes[:, :2], truth.boxes[:, 2:] - middle], dim=1)
    size = (truth.boxes[:, 2:] - truth.boxes[:, :2]).repeat(1, 2).clamp(min=8)
    apart = ((sides - true).abs() / size).mean()
    # Both boxes are seen from one point that lies in them, so that overlaps are minima of sides.
    true = true.clamp(min=0)
    shared = torch.minimum(sides, true)
    around = torch.maximum(sides, true)
    overlap, hull = _area(shared), _area(around)
    union = _area(sides) + _area(true) - overlap
    iou = overlap / union.clamp(min=1)
    return apart + (1 - iou + (hull - union) / hull.clamp(min=1)).mean()


def _area(sides: Tensor) -> Tensor:
    return (sides[:, 0] + sides[:, 2]) * (sides[:, 1] + sides[:, 3])


def mask_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Cross entropy near the object and dice."""
    probability = torch.sigmoid(logits)
    shared = (probability * masks).sum(dim=(1, 2))
    dice = 1 - 2 * shared / ((probability**2).sum(dim=(1, 2)) + (masks**2).sum(dim=(1, 2)) + 1e-3)
    entropy = functional.binary_cross_entropy_with_logits(logits, masks, reduction="none")
    size = masks.sum(dim=(1, 2)).clamp(min=20)
    return dice.mean() + 0.25 * (entropy.sum(dim=(1, 2)) / size).mean()


def word_loss(logits: Tensor, words: Tensor) -> Tensor:
    """Binary cross entropy of the words that are true or false."""
    known = (words >= 0).float()
    entropy = functional.binary_cross_entropy_with_logits(
        logits, words.clamp(min=0).float(), reduction="none"
    )
    return (entropy * known).sum() / known.sum().clamp(min=1)


def noun_loss(logits: Tensor, words: Tensor) -> Tensor:
    """Cross entropy among the nouns: the true ones are better names than all others.

    Also than those that some people would say: an apple may be called a ball, but it is an apple.
    """
    true = logits.masked_fill(words <= 0, -torch.inf)
    named = (words > 0).any(dim=1)
    if not named.any():
        return logits.sum() * 0
    return (logits[named].logsumexp(dim=1) - true[named].logsumexp(dim=1)).mean()


def roughened(masks: Tensor) -> Tensor:
    """Return regions as a segmenter might give them: grown, shrunk or cut in half."""
    regions = (masks > 0.5).float()
    small = regions.sum(dim=(1, 2)) < 3
    grown = functional.max_pool2d(regions[:, None], 3, 1, 1)[:, 0]
    shrunk = -functional.max_pool2d(-regions[:, None], 3, 1, 1)[:, 0]
    empty = shrunk.sum(dim=(1, 2)) < 3
    rows = torch.arange(masks.shape[1], device=masks.device)[None, :, None]
    columns = torch.arange(masks.shape[2], device=masks.device)[None, None]
    cut_at = (masks.sum(2) * rows[..., 0]).sum(1) / masks.sum((1, 2)).clamp(min=1e-3)
    cut_across = (masks.sum(1) * columns[:, 0]).sum(1) / masks.sum((1, 2)).clamp(min=1e-3)
    upper = regions * (rows <= cut_at[:, None, None] + 0.25)
    left = regions * (columns <= cut_across[:, None, None] + 0.25)
    chance = torch.rand(len(masks), device=masks.device)
    result = masks.clone()
    for low, high, variant, unless in (
        (0.4, 0.55, regions, small),
        (0.55, 0.7, grown, torch.zeros_like(small)),
        (0.7, 0.85, shrunk, empty),
        (0.85, 0.92, upper, small),
        (0.92, 1.0, left, small),
    ):
        where = (chance >= low) & (chance < high) & ~unless
        result[where] = variant[where]
    return result
