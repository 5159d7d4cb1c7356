"""Parts of a model that do not compute again what they know, put in the place of their forwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

_TEXTS = 64
"""Texts whose encoding is kept."""


class KeptFeatures:
    """A backbone's forward that knows the features of the newest picture."""

    def __init__(self, forward: Callable[..., Any]) -> None:
        """Take the forward it stands for."""
        self._forward = forward
        self._pixels: torch.Tensor | None = None
        self._kept: Any = None
        self.runs = 0
        """How often the backbone had to run."""

    def __call__(self, pixel_values: torch.Tensor, pixel_mask: torch.Tensor) -> Any:
        """Return the feature maps and their position codes; the mask is all ones here."""
        if pixel_values is not self._pixels:
            self._pixels = self._kept = None
            self._kept = self._forward(pixel_values, pixel_mask)
            self._pixels = pixel_values
            self.runs += 1
        features, positions = self._kept
        return features, list(positions)  # the model adds to the list


class KeptTexts:
    """A text encoder's forward that knows the newest texts."""

    def __init__(self, forward: Callable[..., Any]) -> None:
        """Take the forward it stands for."""
        self._forward = forward
        self._kept: dict[int, tuple[torch.Tensor, Any]] = {}
        self.runs = 0
        """How often the encoder had to run."""

    def __call__(self, input_ids: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        """Return the encoding of ids (1, L), known by the tensor: a look inside waits for a GPU.

        Masks and positions follow from the ids.
        """
        key = id(input_ids)  # no other tensor's while this one is kept
        if key not in self._kept:
            if len(self._kept) == _TEXTS:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = input_ids, self._forward(input_ids, *args, **kwargs)
            self.runs += 1
        return self._kept[key][1]
