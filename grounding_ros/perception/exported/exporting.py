"""Writes a model as ONNX graphs of fixed shapes, with samples to check providers by."""

from __future__ import annotations

import io
import logging
import shutil
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.folder import (
    Arrays,
    Graph,
    Manifest,
    Sample,
    write_samples,
)
from grounding_ros.perception.exported.plans import Part, Plan, plan_of
from grounding_ros.perception.models.store import digest, find, recorded

_COPIED = (
    "config.json", "preprocessor_config.json", "processor_config.json", "tokenizer.json",
    "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "vocab.json", "merges.txt",
)  # fmt: skip
"""What the graphs need beside themselves: the picture's settings and the tokenizer."""


def export(
    name: str, root: Path, size: tuple[int, int] | None, pictures: Sequence[NDArray[np.uint8]]
) -> Path:
    """Write a model's graphs into a folder beside it, `<name>-<width>x<height>`, and return it.

    transformers' own exporter is used: torch's alone fails on Grounding DINO, whose masks it cannot
    translate.

    Parameters
    ----------
    name
        A key of CARDS.
    root
        Holds the model's folder.
    size
        (height, width) of the input, pixels; None: the model's own.
    pictures
        (H, W, 3) uint8 RGB; what torch makes of them is written beside the graphs.

    Raises
    ------
    BackendError
        When files are missing, or when this model or size cannot be exported.
    """
    source = find(name, root)
    plan = plan_of(name, source, size)
    height, width = plan.size
    target = root / f"{name}-{width}x{height}"
    unfinished = target.with_name(f".{target.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    graphs, samples = {}, samples_of(plan, pictures)
    for part in plan.parts:
        file = unfinished / f"{part.name}.onnx"
        _write(part, samples[part.name][0].inputs, file)
        graphs[part.name] = Graph(file.name, digest(file), dict(part.kinds))
    write_samples(unfinished, samples)
    for copied in _COPIED:
        if (source / copied).is_file():
            shutil.copy2(source / copied, unfinished)
    made_with = {
        library: metadata.version(library) for library in ("torch", "transformers", "onnx")
    }
    if known := recorded(source):
        made_with["commit"] = known.commit
    Manifest(name, plan.size, plan.text_length, graphs, plan.parting, made_with).write(unfinished)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)  # a folder that is there is whole
    return target


def samples_of(plan: Plan, pictures: Iterable[NDArray[np.uint8]]) -> dict[str, list[Sample]]:
    """Return what torch in float32 makes of pictures, by graph."""
    samples: dict[str, list[Sample]] = {part.name: [] for part in plan.parts}
    for number, picture in enumerate(pictures):
        made: dict[str, NDArray[Any]] = {}
        for part in plan.parts:
            inputs = part.inputs(picture, number, made)
            outputs = _run(part, inputs)
            made |= outputs
            samples[part.name].append(Sample(inputs, outputs))
    return samples


def _run(part: Part, inputs: Arrays) -> dict[str, NDArray[Any]]:
    with torch.inference_mode():
        out = part.module(**_tensors(inputs))
    return {name: tensor.numpy().copy() for name, tensor in out.items()}


def _tensors(inputs: Arrays) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.array(array)) for name, array in inputs.items()}


def _write(part: Part, inputs: Arrays, file: Path) -> None:
    from transformers.exporters.exporter_onnx import OnnxConfig, OnnxExporter

    try:
        with _quiet():
            program, _ = OnnxExporter().export_program(part.module, _tensors(inputs), OnnxConfig())
        import_module("onnx_ir").save(program, str(file))
    except Exception as error:  # whatever torch's or transformers' exporter raises
        first = str(error).strip().partition("\n")[0]
        raise BackendError(
            f"export: expected {part.name} as an ONNX graph, got {type(error).__name__}: {first}; "
            "the exporter is young: use the versions in requirements/weights.txt"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what the exporter tells its developers: versions, torchvision, its own steps."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
