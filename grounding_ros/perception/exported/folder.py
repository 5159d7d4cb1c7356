"""What `grounding-ros models export` wrote: graphs, and samples of what torch made of pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError

MANIFEST = "export.json"
SAMPLES = "samples.npz"
SCHEMA = 1

Arrays = Mapping[str, NDArray[Any]]
"""Input or output name to array."""


@dataclass(frozen=True)
class Graph:
    """One ONNX file of fixed shapes."""

    file: str
    sha256: str
    outputs: dict[str, str]
    """Output name to its kind, a key of parity.LIMITS."""


@dataclass(frozen=True)
class Manifest:
    """An exported model."""

    model: str
    """A key of CARDS."""
    size: tuple[int, int]
    """(height, width) of the input, pixels."""
    text_length: int
    """Word pieces of a text, padding included; 0 for a model without text."""
    graphs: dict[str, Graph]
    """By what they do: "detect", or "image" and "text", or "encode" and "decode"."""
    parting: tuple[int, ...]
    """Tokens at which the model parts phrases, of models that read several phrases in one text."""
    made_with: dict[str, str]
    """Library to version, and the commit of the weights where it is known."""
    schema: int = SCHEMA

    def write(self, folder: Path) -> None:
        """Write it into the folder."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def read(folder: Path) -> Manifest:
    """Return what is said of an exported model.

    Raises
    ------
    BackendError
        When the folder was not written by `grounding-ros models export`, or by another version.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
        if said["schema"] != SCHEMA:
            raise ValueError(f"schema {said['schema']}, this version reads {SCHEMA}")
        said["graphs"] = {name: Graph(**graph) for name, graph in said["graphs"].items()}
        said["size"], said["parting"] = tuple(said["size"]), tuple(said["parting"])
        return Manifest(**said)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackendError(
            f"{folder}: expected what `grounding-ros models export NAME` writes, got {error}; "
            "export the model and give its folder"
        ) from error


@dataclass(frozen=True)
class Sample:
    """One run of a graph: what went in, and what torch in float32 made of it."""

    inputs: Arrays
    outputs: Arrays


def write_samples(folder: Path, samples: Mapping[str, list[Sample]]) -> None:
    """Write the samples of every graph into one file."""
    arrays = {
        f"{graph}/{number}/{side}/{name}": array
        for graph, several in samples.items()
        for number, sample in enumerate(several)
        for side, named in (("in", sample.inputs), ("out", sample.outputs))
        for name, array in named.items()
    }
    np.savez_compressed(folder / SAMPLES, **arrays)  # type: ignore[arg-type]


def read_samples(folder: Path, graph: str) -> Iterator[Sample]:
    """Yield the samples of one graph, one at a time.

    Raises
    ------
    BackendError
        When there are none: without them no provider can be checked.
    """
    try:
        file = np.load(folder / SAMPLES)
    except (OSError, ValueError) as error:
        raise BackendError(
            f"{folder / SAMPLES}: expected the samples that export wrote, got {error}; export again"
        ) from error
    with file:
        numbers = sorted({name.split("/")[1] for name in file if name.startswith(f"{graph}/")})
        for number in numbers:
            yield Sample(*(_side(file, f"{graph}/{number}/{side}/") for side in ("in", "out")))
    if not numbers:
        raise BackendError(
            f"{folder / SAMPLES}: expected samples of {graph!r}, got none; export again"
        )


def _side(file: Any, prefix: str) -> Arrays:
    return {name.removeprefix(prefix): file[name] for name in file if name.startswith(prefix)}
