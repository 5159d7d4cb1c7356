"""A graph opened on one provider of ONNX Runtime."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.folder import Arrays
from grounding_ros.perception.exported.progress import telling
from grounding_ros.perception.exported.providers import CPU, CUDA, TENSORRT, Route

_THREADS = 2
"""Of the CPU provider: the rest of the robot needs cores too."""


class Session(Protocol):
    """A graph that can be run; tests put others in its place."""

    def run(self, inputs: Arrays) -> dict[str, NDArray[Any]]:
        """Return every output by its name."""
        ...


Opener = Callable[[Path, Route], Session]
"""Opens a graph file in one way, or raises BackendError."""


class AbsentProvider(BackendError):
    """A provider that this ONNX Runtime was built without."""


class OrtSession:
    """An ONNX Runtime session on one provider; nothing falls back to another unseen."""

    def __init__(self, session: Any) -> None:
        """Take an open session."""
        self._session = session
        self._inputs = {one.name: _dtype(one.type) for one in session.get_inputs()}
        self._outputs = [one.name for one in session.get_outputs()]

    def run(self, inputs: Arrays) -> dict[str, NDArray[Any]]:
        """Return every output by its name.

        Raises
        ------
        BackendError
            When the provider fails.
        """
        feed: dict[str, NDArray[Any]] = {
            name: np.ascontiguousarray(inputs[name], dtype) for name, dtype in self._inputs.items()
        }
        try:
            return dict(zip(self._outputs, self._session.run(None, feed), strict=True))
        except Exception as error:  # onnxruntime's errors share no base class of their own
            raise BackendError(f"ONNX Runtime: {_first_line(error)}") from error


def open_session(graph: Path, route: Route) -> OrtSession:
    """Open a graph; a TensorRT engine is built the first time, and kept for the next.

    Raises
    ------
    AbsentProvider
        When this onnxruntime was built without the provider.
    BackendError
        When the provider cannot be started or refuses the graph.
    """
    runtime = _runtime()
    there = runtime.get_available_providers()
    if route.provider not in there:
        raise AbsentProvider(
            f"expected {route.provider} in onnxruntime {runtime.__version__}, got "
            f"{', '.join(there)}; see the README, ONNX Runtime"
        )
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = _THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Nodes that the provider cannot run may run elsewhere, but never the whole graph.
    providers = [(route.provider, provider_options(graph, route))]
    if route.provider == TENSORRT:
        providers.append((CUDA, {}))
    if route.provider != CPU and hasattr(runtime, "preload_dlls"):
        runtime.preload_dlls()  # CUDA's libraries from wheels, which the linker does not find
    file = graph if route.precision == "fp32" or route.provider == TENSORRT else _halved(graph)
    try:
        with telling(f"{graph.parent.name}: opening {graph.name} on {route}"):
            session = runtime.InferenceSession(str(file), options, providers=providers)
    except Exception as error:  # onnxruntime's errors share no base class of their own
        raise BackendError(f"ONNX Runtime: {_first_line(error)}") from error
    if session.get_providers()[0] != route.provider:
        raise BackendError(
            f"expected the graph on {route.provider}, got it on {session.get_providers()[0]}; "
            "the provider's own libraries are missing or do not fit"
        )
    session.disable_fallback()
    return OrtSession(session)


def provider_options(graph: Path, route: Route) -> dict[str, str]:
    """Return what the provider is told; engines are kept by model, size, precision and GPU."""
    if route.provider == CUDA:
        return {"use_tf32": "0"} if route.precision == "fp32" else {}
    if route.provider != TENSORRT:
        return {}
    # The folder is named by model and size.
    cache = graph.parent / "engines" / f"{graph.stem}-{route.precision}-{gpu_name()}"
    cache.mkdir(parents=True, exist_ok=True)
    return {
        "trt_engine_cache_enable": "1",
        "trt_engine_cache_path": str(cache),
        "trt_timing_cache_enable": "1",
        "trt_timing_cache_path": str(cache),
        "trt_fp16_enable": "1" if route.precision == "fp16" else "0",
    }


def gpu_name() -> str:
    """Return the first GPU's name as part of a file name: an engine serves one kind of GPU only."""
    ask = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader", "--id=0"]
    try:
        told = subprocess.run(ask, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return "gpu"
    return "-".join(told.split()) or "gpu"


def _halved(graph: Path) -> Path:
    """Return the graph with half precision inside and float32 at its ends, made once."""
    target = graph.with_suffix(".fp16.onnx")
    if target.is_file() and target.stat().st_mtime >= graph.stat().st_mtime:
        return target
    try:
        onnx = import_module("onnx")
        float16 = import_module("onnxruntime.transformers.float16")
    except ImportError as error:
        raise BackendError(
            f"expected the package onnx, to make {target.name}, got none; pip install "
            "'grounding_ros[models]', or set perception.precision to fp32"
        ) from error
    halved = float16.convert_float_to_float16(onnx.load(str(graph)), keep_io_types=True)
    # A value that several nodes want in float32 is cast for each, under one name.
    nodes = list({tuple(node.output): node for node in reversed(halved.graph.node)}.values())
    del halved.graph.node[:]
    halved.graph.node.extend(reversed(nodes))
    onnx.save(halved, str(target))
    return target


def _runtime() -> Any:
    try:
        return import_module("onnxruntime")
    except ImportError as error:
        raise BackendError(
            "expected the package onnxruntime, got none; pip install 'grounding_ros[cpu]' or, "
            "with an NVIDIA GPU, 'grounding_ros[gpu]'"
        ) from error


def _dtype(kind: str) -> type:
    return {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(bool)": np.bool_}[kind]


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
