"""Trains the network of close-ups: python -m training.train_names DATA OUT --steps N.

DATA holds train/ and validation/ as training.closeups writes them. OUT/names.pt is written every
few minutes and training goes on from it; the order of the samples follows from the seed and the
step.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.closeup_samples import CloseUps, Samples, varied
from training.course import Course, Shown
from training.kinds import KINDS, vocabulary
from training.losses import mask_loss, noun_loss, word_loss
from training.names_network import NameNetwork

SAVED = "names.pt"
_SAVED_EVERY = 500
_NAMED, _SEEN = 0.5, 0.3  # fits from which an object is learned to be named, and cut out


def main() -> None:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--start", type=Path, help="begin with the weights of this checkpoint")
    train(parser.parse_args())


def train(arguments: argparse.Namespace) -> None:
    """Run the steps that are missing."""
    words = vocabulary()
    data, held = (CloseUps(arguments.data / part, words) for part in ("train", "validation"))
    torch.manual_seed(arguments.seed)
    network = NameNetwork(len(words)).to(memory_format=torch.channels_last)
    if arguments.start is not None:
        begin_with(network, arguments.start)
    course = Course.of(
        network, words, arguments.out / SAVED,
        rate=arguments.rate, steps=arguments.steps, decay=0.05, warm_up=200,
    )  # fmt: skip
    done = course.resume()
    size = sum(parameter.numel() for parameter in network.parameters())
    print(f"from step {done}: {len(data)} close-ups, {size} parameters", flush=True)
    start, shown = time.perf_counter(), Shown()
    for step in range(done, arguments.steps):
        parts = _losses(network, _batch(data, step, arguments), arguments.bf16)
        course.learn(torch.stack(list(parts.values())).sum(), step, most=5.0)
        shown.add(parts)
        if (step + 1) % 100 == 0:
            speed = (step + 1 - done) * arguments.batch / (time.perf_counter() - start)
            print(f"step {step + 1}  {shown}  {speed:.0f} close-ups/s", flush=True)
        if (step + 1) % _SAVED_EVERY == 0 or step + 1 == arguments.steps:
            course.save(step + 1)
            right = validated(course.average, held)
            told = "  ".join(f"{name} {value:.3f}" for name, value in right.items())
            print(f"step {step + 1}  validation: {told}", flush=True)


def begin_with(network: NameNetwork, checkpoint: Path) -> None:
    """Take over the averaged weights of an earlier network, where there are such.

    A channel that it did not see adds nothing at first.
    """
    earlier = torch.load(checkpoint, map_location="cpu", weights_only=True)["average"]
    own = network.state_dict()
    for name in ("to2.0.0.weight", "mask.0.0.weight"):  # those that see the picture
        seen = earlier[name].shape[1]
        earlier[name] = torch.cat([earlier[name], torch.zeros_like(own[name][:, seen:])], dim=1)
    network.load_state_dict(earlier, strict=False)


def _batch(data: CloseUps, step: int, arguments: argparse.Namespace) -> Samples:
    """What a step learns from, which follows from the seed and the step."""
    indices = np.random.default_rng((arguments.seed, step)).integers(
        len(data), size=arguments.batch
    )
    generator = torch.Generator().manual_seed(arguments.seed * 1_000_003 + step)
    return varied(data[indices], generator)


def _losses(network: NameNetwork, samples: Samples, bf16: bool) -> dict[str, Tensor]:
    nouns = _columns(general=True)
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        told = network(samples.pictures.to(memory_format=torch.channels_last), samples.measures)
    named, seen = samples.fits >= _NAMED, samples.fits >= _SEEN
    words = samples.words[named]
    return {
        "word": 10 * word_loss(told.words[named], words),
        "noun": noun_loss(told.words[named][:, nouns], words[:, nouns]),
        "color": 4 * word_loss(told.colors[named], samples.colors[named]),
        "mask": mask_loss(told.masks[seen], samples.wholes[seen]),
        "quality": word_loss(told.quality, refined_ious(told.masks, samples)),
    }


def refined_ious(logits: Tensor, samples: Samples) -> Tensor:
    """Return (N,) how far masks with these logits overlap with their whole objects."""
    masks = (logits > 0).float()
    shared = (masks * samples.wholes).sum(dim=(1, 2))
    size = samples.wholes.sum(dim=(1, 2)) / samples.inside.clamp(min=0.05)
    ious = shared / (masks.sum(dim=(1, 2)) + size - shared).clamp(min=1)
    return torch.where(samples.fits < _SEEN, torch.minimum(ious, samples.ious), ious)


def _columns(*, general: bool) -> list[int]:
    """Columns of the words that name a kind."""
    kinds = [kind for kind in KINDS if kind.builders and (general or not kind.general)]
    return [vocabulary().index(kind.name) for kind in kinds]


@torch.no_grad()
def validated(network: NameNetwork, data: CloseUps) -> dict[str, float]:
    """Return how often the most probable noun is true, and what else is told of close-ups.

    Nouns, and F1 of colours, of the objects that are well cut out; IoU of the given and of the
    finer masks of those that are cut out badly; how often it is known whether there is an object.
    """
    nouns, rows = _columns(general=False), []
    for first in range(0, len(data), 256):
        true = varied(data[np.arange(first, min(first + 256, len(data)))], None)
        told = network(true.pictures, true.measures)
        best = told.words[:, nouns].argmax(dim=1, keepdim=True)
        named = true.words[:, nouns].gather(1, best)[:, 0] == 1
        refined = refined_ious(told.masks, true)
        fit = true.fits >= _SEEN
        rows.append((true.ious, fit, true.colors, named, told.colors, refined, told.quality > 0))
    given, fit, colors, named, colored, refined, found = map(torch.cat, zip(*rows, strict=True))
    well, badly = given > 0.7, fit & (given < 0.7)
    sure = well[:, None] & ((colors >= 0.75) | (colors < 0.2)) & (colors >= 0)
    has, said = colors[sure] > 0.5, colored[sure] > 0
    return {
        "noun": float(named[well].float().mean()),
        "color": float(2 * (has & said).sum() / (has.sum() + said.sum())),
        "given": float(given[badly].mean()),
        "refined": float(refined[badly].mean()),
        "object": float((found == (refined > 0.5)).float().mean()),
    }


if __name__ == "__main__":
    main()
