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

from training.closeup_samples import CloseUps, varied
from training.course import Course, Shown
from training.kinds import KINDS, vocabulary
from training.losses import noun_loss, word_loss
from training.names_network import NameNetwork

SAVED = "names.pt"
_SAVED_EVERY = 500
_WORDS = 10.0  # weight of the words' loss


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
    train(parser.parse_args())


def train(arguments: argparse.Namespace) -> None:
    """Run the steps that are missing."""
    words = vocabulary()
    data, held = (CloseUps(arguments.data / part, words) for part in ("train", "validation"))
    torch.manual_seed(arguments.seed)
    network = NameNetwork(len(words)).to(memory_format=torch.channels_last)
    course = Course.of(
        network, words, arguments.out / SAVED,
        rate=arguments.rate, steps=arguments.steps, decay=0.05, warm_up=200,
    )  # fmt: skip
    done = course.resume()
    size = sum(parameter.numel() for parameter in network.parameters())
    print(f"from step {done}: {len(data)} close-ups, {size} parameters", flush=True)
    start, shown = time.perf_counter(), Shown()
    for step in range(done, arguments.steps):
        parts = _losses(network, *_batch(data, step, arguments), arguments.bf16)
        course.learn(parts["word"] + parts["noun"], step, most=5.0)
        shown.add(parts)
        if (step + 1) % 100 == 0:
            speed = (step + 1 - done) * arguments.batch / (time.perf_counter() - start)
            print(f"step {step + 1}  {shown}  {speed:.0f} close-ups/s", flush=True)
        if (step + 1) % _SAVED_EVERY == 0 or step + 1 == arguments.steps:
            course.save(step + 1)
            right = validated(course.average, held)
            print(f"step {step + 1}  validation: best noun right {right:.3f}", flush=True)


def _batch(
    data: CloseUps, step: int, arguments: argparse.Namespace
) -> tuple[Tensor, Tensor, Tensor]:
    """Pictures, measures and truths of a step, which follow from the seed and the step."""
    indices = np.random.default_rng((arguments.seed, step)).integers(
        len(data), size=arguments.batch
    )
    pictures, measures, truths = data[indices]
    generator = torch.Generator().manual_seed(arguments.seed * 1_000_003 + step)
    return (*varied(pictures, measures, generator), truths)


def _losses(
    network: NameNetwork, pictures: Tensor, measures: Tensor, truths: Tensor, bf16: bool
) -> dict[str, Tensor]:
    nouns = _columns(general=True)
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        embedded = network(pictures.to(memory_format=torch.channels_last), measures)
    logits = network.words(embedded.float())
    return {
        "word": _WORDS * word_loss(logits, truths),
        "noun": noun_loss(logits[:, nouns], truths[:, nouns]),
    }


def _columns(*, general: bool) -> list[int]:
    """Columns of the words that name a kind."""
    kinds = [kind for kind in KINDS if kind.builders and (general or not kind.general)]
    return [vocabulary().index(kind.name) for kind in kinds]


@torch.no_grad()
def validated(network: NameNetwork, data: CloseUps) -> float:
    """Return how often the most probable noun is true."""
    nouns, right = _columns(general=False), []
    for first in range(0, len(data), 256):
        pictures, measures, truths = data[np.arange(first, min(first + 256, len(data)))]
        logits = network.words(network(*varied(pictures, measures, None)))[:, nouns]
        right.append(truths[:, nouns].gather(1, logits.argmax(dim=1, keepdim=True)) == 1)
    return float(torch.cat(right).float().mean())


if __name__ == "__main__":
    main()
