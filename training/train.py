"""Trains the tabletop network: python -m training.train DATA OUT --steps N.

DATA holds train/ and validation/ as training.render writes them. OUT/last.pt is written every few
minutes and training goes on from it; the order of the samples follows from the seed and the step.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from training.course import Course, Shown
from training.kinds import KINDS, vocabulary
from training.losses import Truth, losses, roughened
from training.network import TabletopNetwork
from training.samples import Batch, batch_of
from training.shards import Shards
from training.things import renewed

_SAVED_EVERY = 100
_CROWD = 5  # so many objects more, and a frame is shown once more often


def main() -> None:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bf16", action="store_true", help="where the processor is faster so")
    parser.add_argument("--start", type=Path, help="begin with the weights of this checkpoint")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare pictures")
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    train(arguments)


class Steps(Dataset[tuple[Tensor, Truth]]):
    """The batch of every step, which follows from the seed and the step."""

    def __init__(self, shards: Shards, arguments: argparse.Namespace) -> None:
        self._shards, self._arguments, self._words = shards, arguments, vocabulary()
        # A frame with much in it is shown more often: it teaches more for what it costs.
        self._offered = np.repeat(np.arange(len(shards)), 1 + shards.objects() // _CROWD)

    def __len__(self) -> int:
        return int(self._arguments.steps)

    def __getitem__(self, step: int) -> tuple[Tensor, Truth]:
        """Return pictures and objects."""
        cv2.setNumThreads(1)
        arguments = self._arguments
        rng = np.random.default_rng((arguments.seed, step))
        places = _indices(len(self._offered), step, arguments)
        batch = batch_of(self._shards, self._offered[places], rng)
        batch = replace(batch, words=renewed(batch.words, self._words))
        return torch.from_numpy(batch.pictures), truth_of(batch)


def train(arguments: argparse.Namespace) -> None:
    """Run the steps that are missing."""
    words = vocabulary()
    shards = Shards(arguments.data / "train", words)
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(arguments.seed)
    network = TabletopNetwork(len(words)).to(arguments.device, memory_format=torch.channels_last)
    if arguments.start is not None:
        begin_with(network, arguments.start)
    course = Course.of(
        network, words, arguments.out / "last.pt",
        rate=arguments.rate, steps=arguments.steps, decay=0.02,
    )  # fmt: skip
    step = course.resume()
    print(f"from step {step}: {len(shards)} frames, {_parameters(network)} parameters", flush=True)
    # Other processes prepare the pictures, a few steps ahead and in order.
    todo = DataLoader(
        Steps(shards, arguments),
        batch_size=None,
        sampler=range(step, arguments.steps),
        num_workers=arguments.workers,
        prefetch_factor=4,
    )
    seen, start, shown = 0, time.perf_counter(), Shown()
    for pictures, truth in todo:
        torch.manual_seed(arguments.seed * 1_000_003 + step)
        parts = _losses(network, pictures, truth, arguments)
        course.learn(torch.stack(list(parts.values())).sum(), step, most=10.0)
        shown.add(parts)
        step, seen = step + 1, seen + len(pictures)
        if step % 50 == 0:
            speed = seen / (time.perf_counter() - start)
            print(f"step {step}  {shown}  {speed:.1f} pictures/s", flush=True)
        if step % _SAVED_EVERY == 0 or step == arguments.steps:
            course.save(step)


def _indices(count: int, step: int, arguments: argparse.Namespace) -> np.ndarray:
    """The samples of a step: every epoch is a permutation of its own."""
    first = step * arguments.batch
    places = np.arange(first, first + arguments.batch)
    epochs = {
        epoch: np.random.default_rng((arguments.seed, 7, epoch)).permutation(count)
        for epoch in np.unique(places // count).tolist()
    }
    return np.array([epochs[place // count][place % count] for place in places.tolist()])


def _losses(
    network: TabletopNetwork, pictures: Tensor, truth: Truth, arguments: argparse.Namespace
) -> dict[str, Tensor]:
    device = arguments.device
    pictures = pictures.to(device, memory_format=torch.channels_last)
    truth = Truth(*(getattr(truth, field.name).to(device) for field in fields(Truth)))
    nouns = torch.tensor([vocabulary().index(kind.name) for kind in KINDS if kind.builders])
    with torch.autocast(device, torch.bfloat16, enabled=arguments.bf16):
        return losses(network, pictures, truth, roughened(truth.masks), nouns)


@torch.no_grad()
def begin_with(network: TabletopNetwork, checkpoint: Path) -> None:
    """Take over the averaged weights of an earlier network, where there are such.

    What the earlier network lacked adds nothing at first, so that training goes on where it was.
    """
    earlier = torch.load(checkpoint, map_location="cpu", weights_only=True)["average"]
    new = set(network.load_state_dict(earlier, strict=False).missing_keys)
    for block in (network.to16[3], network.to32[2]):
        if any(name.startswith(_name_of(network, block)) for name in new):
            nn.init.zeros_(block.second[1].weight)
    if any(name.startswith("embed_details") for name in new):
        nn.init.zeros_(network.embed_details[2].weight)
        nn.init.zeros_(network.embed_details[2].bias)


def _name_of(network: nn.Module, part: nn.Module) -> str:
    return next(name for name, module in network.named_modules() if module is part)


def _parameters(network: nn.Module) -> int:
    return sum(part.numel() for part in network.parameters())


def truth_of(batch: Batch) -> Truth:
    """Return the batch's objects as tensors."""
    names = ("owner", "masks", "boxes", "middles", "words")
    return Truth(**{name: torch.from_numpy(getattr(batch, name)) for name in names})


if __name__ == "__main__":
    main()
