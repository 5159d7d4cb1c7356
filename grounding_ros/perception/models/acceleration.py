"""Fewer and larger GPU calls: CUDA graphs or torch.compile around a part of a model.

Written for GPUs and not yet run on one; on a CPU every part runs as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import torch
from torch.utils import _pytree as pytree

from grounding_ros.perception.models.device import Device

_logger = logging.getLogger(__name__)
_MOST = 4  # input shapes a part is kept recorded for; each holds its buffers
_ROUNDS = 2  # before recording: libraries choose and load their kernels


def accelerated(part: Callable[..., Any], how: str, device: Device) -> Callable[..., Any]:
    """Return a faster function for `part`, a function of tensors; `how` is `perception.compile`."""
    if how == "none" or not device.is_cuda:
        return part
    if how == "compile":
        compiled: Callable[..., Any] = torch.compile(part, dynamic=False)
        return compiled
    return Replayed(part)


def accelerate(module: Any, how: str, device: Device) -> None:
    """Make a module's forward faster in place."""
    module.forward = accelerated(module.forward, how, device)


class Replayed:
    """Records the GPU work of a function once for each kind of input, then replays it."""

    def __init__(self, part: Callable[..., Any]) -> None:
        """Take a function of tensors, in any nesting; other arguments are constants."""
        self._part = part
        self._recorded: dict[Any, tuple[Any, list[Any], Any]] = {}
        self._refused = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the function returns, in tensors of its own."""
        leaves, layout = pytree.tree_flatten((args, kwargs))
        if self._refused:
            return self._part(*args, **kwargs)
        key = (layout, tuple(_kind(leaf) for leaf in leaves))
        if key not in self._recorded:
            if len(self._recorded) == _MOST:
                del self._recorded[next(iter(self._recorded))]
            try:
                self._recorded[key] = self._record(leaves, layout)
            except RuntimeError as error:  # the part waits for the CPU somewhere
                self._refused = True
                _logger.warning("CUDA graph refused, running without: %s", error)
                return self._part(*args, **kwargs)
        graph, inputs, outputs = self._recorded[key]
        for place, leaf in zip(inputs, leaves, strict=True):
            if isinstance(leaf, torch.Tensor):
                place.copy_(leaf)
        graph.replay()
        return pytree.tree_map(_copied, outputs)

    def _record(self, leaves: list[Any], layout: Any) -> tuple[Any, list[Any], Any]:
        inputs = [_copied(leaf) for leaf in leaves]
        args, kwargs = pytree.tree_unflatten(inputs, layout)
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(_ROUNDS):
                self._part(*args, **kwargs)
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            outputs = self._part(*args, **kwargs)
        return graph, inputs, outputs


def _copied(leaf: Any) -> Any:
    return leaf.clone() if isinstance(leaf, torch.Tensor) else leaf


def _kind(leaf: Any) -> Any:
    """What two inputs have to share so that one recording serves both."""
    return (leaf.shape, leaf.dtype, leaf.stride()) if isinstance(leaf, torch.Tensor) else leaf
