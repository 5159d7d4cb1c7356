"""The course of a training: its rate, its averaged weights, and its checkpoint."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

_EMA = 0.998
_LEAST_RATE = 0.01


@dataclass(frozen=True, eq=False)
class Course:
    """A network on its way through a number of steps."""

    network: nn.Module
    average: nn.Module
    """Its weights, averaged over the last some hundred steps; this is what is exported."""
    optimiser: torch.optim.Optimizer
    words: tuple[str, ...]
    path: Path
    """Of the checkpoint."""
    rate: float
    steps: int
    warm_up: int

    @classmethod
    def of(
        cls,
        network: nn.Module,
        words: tuple[str, ...],
        path: Path,
        *,
        rate: float,
        steps: int,
        decay: float,
        warm_up: int = 100,
    ) -> Course:
        """Begin with a network as it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay)
        average = copy.deepcopy(network).eval()
        return cls(network, average, optimiser, words, path, rate, steps, warm_up)

    def resume(self) -> int:
        """Take over the checkpoint where there is one; return how many steps were made.

        Raises
        ------
        ValueError
            When it was trained with other words.
        """
        if not self.path.exists():
            return 0
        state = torch.load(self.path, map_location="cpu", weights_only=True)
        if tuple(state["words"]) != self.words:
            raise ValueError(f"{self.path}: expected the words of training/kinds.py; train anew")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        return int(state["step"])

    def learn(self, loss: Tensor, step: int, most: float) -> None:
        """Make one step, along a gradient no longer than `most`."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * self._share(step)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), most)
        self.optimiser.step()
        self._follow(min(_EMA, (step + 2) / (step + 21)))

    def save(self, step: int) -> None:
        """Write the checkpoint at once: an interrupted one leaves the earlier."""
        state = {
            "step": step,
            "words": self.words,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        draft = self.path.with_suffix(".part")
        torch.save(state, draft)
        draft.rename(self.path)

    def _share(self, step: int) -> float:
        """Warm up, then fall along a cosine to a hundredth."""
        if step < self.warm_up:
            return (step + 1) / self.warm_up
        done = (step - self.warm_up) / max(self.steps - self.warm_up, 1)
        falling = (1 + math.cos(math.pi * min(done, 1.0))) / 2
        return _LEAST_RATE + (1 - _LEAST_RATE) * falling

    @torch.no_grad()
    def _follow(self, decay: float) -> None:
        own, new = self.average.state_dict(), self.network.state_dict()
        for name, value in own.items():
            if value.dtype.is_floating_point:
                value.lerp_(new[name], 1 - decay)
            else:
                value.copy_(new[name])


class Shown:
    """Losses as they are printed: smoothed."""

    def __init__(self) -> None:
        self._means: dict[str, float] = {}

    def add(self, parts: dict[str, Tensor]) -> None:
        """Take in a step's losses."""
        for name, value in parts.items():
            own = value.item()
            self._means[name] = 0.98 * self._means.get(name, own) + 0.02 * own

    def __str__(self) -> str:
        return "  ".join(f"{name} {value:.3f}" for name, value in self._means.items())
