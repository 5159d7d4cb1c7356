"""What happens when a picture does not fit into memory: a smaller one is tried, and kept to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.device import Device

T = TypeVar("T")
SCALES = (1.0, 0.75, 0.5)
"""Of the model's own input size, in the order in which they are tried."""


class Shrinking:
    """Runs at the largest scale that fits; what did not fit once is not tried again."""

    def __init__(
        self,
        device: Device,
        scales: tuple[float, ...] = SCALES,
        whole: str = "a picture of the model's size",
    ) -> None:
        """Start with the first of `scales` of the `whole`; one scale only: no second try."""
        self._device = device
        self._scales = scales
        self._whole = whole
        self._at = 0

    @property
    def scale(self) -> float:
        """The scale in use."""
        return self._scales[self._at]

    def run(self, attempt: Callable[[float], T]) -> T:
        """Return `attempt(scale)`, at a smaller scale where memory runs out.

        Raises
        ------
        BackendError
            When memory runs out at the smallest scale too.
        """
        while True:
            try:
                return attempt(self.scale)
            except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
                if not _is_memory(error):
                    raise
                reason = str(error).splitlines()[0] if str(error) else "out of memory"
            # Outside the handler, whose traceback keeps the tensors of the failed try alive.
            self._device.trim()
            if self._at + 1 == len(self._scales):
                raise BackendError(
                    f"{self._device.name}: expected enough memory for {self.scale:g} of "
                    f"{self._whole}, got: {reason}; choose a smaller model, "
                    "perception.image_size or another device"
                )
            self._at += 1


def _is_memory(error: Exception) -> bool:
    """On a CPU torch says that memory ran out with a plain RuntimeError."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return "can't allocate memory" in str(error) or "not enough memory" in str(error)
