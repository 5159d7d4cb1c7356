"""The ways to run a graph, best first: an execution provider of ONNX Runtime and its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.errors import BackendError
from grounding_ros.perception.parameters import PerceptionParameters

TENSORRT, CUDA, CPU = "TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"
PROVIDERS = (TENSORRT, CUDA, CPU)
_SHORT = {TENSORRT: "TensorRT", CUDA: "CUDA", CPU: "CPU"}


@dataclass(frozen=True)
class Route:
    """One way to run a graph."""

    provider: str
    """One of PROVIDERS."""
    precision: str
    """"fp32" or "fp16"."""

    def __str__(self) -> str:
        return f"{_SHORT[self.provider]} {self.precision}"


def routes_of(parameters: PerceptionParameters) -> tuple[Route, ...]:
    """Return the ways to try, in this order.

    Half precision is TensorRT's own; "auto" asks it of TensorRT only, where it pays most.

    Raises
    ------
    BackendError
        For an unknown provider, or a precision that the graphs are not run in.
    """
    if parameters.precision == "bf16":
        raise BackendError(
            "precision: expected auto, fp32 or fp16 for an ONNX model, got bf16; choose auto"
        )
    named = [name.strip() for name in parameters.providers.split(",") if name.strip()]
    if unknown := [name for name in named if name not in PROVIDERS]:
        raise BackendError(
            f"providers: expected some of {', '.join(PROVIDERS)}; got {', '.join(unknown)}"
        )
    return tuple(Route(name, _precision(name, parameters.precision)) for name in named or PROVIDERS)


def _precision(provider: str, asked: str) -> str:
    if asked != "auto":
        return asked
    return "fp16" if provider == TENSORRT else "fp32"
