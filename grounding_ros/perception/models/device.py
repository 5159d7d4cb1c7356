"""Where a model runs and with which numbers. Imports torch: only backends that are built do."""

from __future__ import annotations

import gc
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.perception.parameters import PerceptionParameters

_DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


@dataclass(frozen=True)
class Device:
    """A CPU or one GPU, and the dtype of the matrix products on it."""

    name: str
    """As torch calls it: "cpu", "cuda:0"."""
    dtype: torch.dtype
    """float32, float16 or bfloat16."""

    @classmethod
    def of(cls, parameters: PerceptionParameters) -> Device:
        """Resolve `perception.device` and `perception.precision`.

        Raises
        ------
        BackendError
            For a device that is not there, or a precision that it has not.
        """
        name = _resolved(parameters.device)
        return cls(name, _precision(parameters.precision, name))

    @property
    def is_cuda(self) -> bool:
        """Whether it is a GPU."""
        return self.name.startswith("cuda")

    def autocast(self) -> AbstractContextManager[Any]:
        """Return the context in which models run: products in `dtype`, the rest in float32."""
        if self.dtype is torch.float32:
            return nullcontext()
        context: AbstractContextManager[Any] = torch.autocast(self.name.split(":")[0], self.dtype)
        return context

    def exactly(self) -> AbstractContextManager[Any]:
        """Return the context, inside `autocast`, of parts that were made `exact`."""
        context: AbstractContextManager[Any] = torch.autocast(
            self.name.split(":")[0], enabled=False
        )
        return context

    def upload(self, array: NDArray[Any]) -> torch.Tensor:
        """Return a tensor on the device; to a GPU from pinned memory, without waiting for it."""
        if not self.is_cuda:
            # Read-only arrays, which the values of this package are, cannot be shared with torch.
            return torch.from_numpy(array if array.flags.writeable else np.array(array))
        dtype = torch.from_numpy(np.empty(0, array.dtype)).dtype
        pinned = torch.empty(array.shape, dtype=dtype, pin_memory=True)
        pinned.numpy()[...] = array
        return pinned.to(self.name, non_blocking=True)

    def prepare(self, model: Any) -> Any:
        """Make a loaded model ready to run here and return it.

        Evaluation mode, channels last for convolutions on a GPU, and the weights of products in
        `dtype`: half the memory. Norms and embeddings stay in float32.
        """
        model = model.eval().requires_grad_(False)
        if self.dtype is not torch.float32:
            for module in model.modules():
                if isinstance(module, torch.nn.Linear | torch.nn.Conv2d):
                    module.to(self.dtype)
        if self.is_cuda:
            return model.to(self.name, memory_format=torch.channels_last)
        return model.to(self.name)

    def exact(self, part: Any) -> None:
        """Let a part of a prepared model compute in float32; it is run in `exactly`.

        In bfloat16 a coordinate from 0 to 1 has steps of 1/256: 4 pixels of 960.
        """
        part.float()

    def free(self) -> None:
        """Give the memory of dropped models back; the last step of a backend's `close()`."""
        gc.collect()  # transformers' models hold cycles
        self.trim()

    def trim(self) -> None:
        """Give back what torch keeps for later tensors."""
        if self.is_cuda:
            torch.cuda.empty_cache()


def _resolved(name: str) -> str:
    if name == "auto":
        return "cuda:0" if torch.cuda.is_available() else "cpu"
    kind, _, index = name.partition(":")
    if kind not in ("cpu", "cuda") or (index and (kind == "cpu" or not index.isdigit())):
        raise BackendError(f"device: expected auto, cpu, cuda or cuda:N; got {name!r}")
    if kind == "cpu":
        return "cpu"
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if int(index or 0) >= count:
        raise BackendError(
            f"device: expected one of {count} GPUs that torch {torch.__version__} sees, got "
            f"{name!r}; choose cpu, or install a torch built for this machine's CUDA"
        )
    return f"cuda:{index or 0}"


def _precision(name: str, device: str) -> torch.dtype:
    """bfloat16 keeps float32's range, so it is taken wherever the GPU has it (Ampere on)."""
    if name != "auto":
        if name != "fp32" and device == "cpu":
            raise BackendError(
                f"precision: expected fp32 on a CPU, where {name} is no faster and its boxes are "
                "coarse; choose auto or fp32"
            )
        return _DTYPES[name]
    if device == "cpu":
        return torch.float32
    major, _ = torch.cuda.get_device_capability(device)
    return torch.bfloat16 if major >= 8 else torch.float16 if major >= 7 else torch.float32
