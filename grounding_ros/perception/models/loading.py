"""A model from its folder: safetensors only, no remote code, no network, no weight left random."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch
from transformers.utils import logging as transformers_logging

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.store import card_of, find, models_root
from grounding_ros.perception.parameters import PerceptionParameters

_logger = logging.getLogger(__name__)


def folder_of(name: str, parameters: PerceptionParameters) -> Path:
    """Return the folder of a model's files, and say what its licence asks for.

    Raises
    ------
    BackendError
        When files are missing or are not what was pulled.
    """
    folder = find(name, models_root(parameters))
    if notice := card_of(name).notice:
        _logger.warning("%s: %s", name, notice)
    return folder


def load(architecture: Any, folder: Path, device: Device, **options: Any) -> Any:
    """Return a model of transformers, ready to run on the device.

    Parameters
    ----------
    architecture
        A model class or an auto class of transformers.
    folder
        Holds `config.json` and safetensors.
    device
        Where it will run.
    options
        Passed on to `from_pretrained`; with a `state_dict` of their own the folder's are not read.

    Raises
    ------
    BackendError
        When the files are of another architecture, or a weight is missing from them.
    """
    bar = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        model, told = architecture.from_pretrained(
            None if "state_dict" in options else folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise BackendError(
            f"{folder}: expected a model that {architecture.__name__} loads, got: {reason}"
        ) from error
    finally:
        if bar:
            transformers_logging.enable_progress_bar()
    if missing := sorted(told["missing_keys"]):
        raise BackendError(
            f"{folder}: expected every weight of {type(model).__name__}, got none of "
            f"{', '.join(missing[:3])}{' and others' if missing[3:] else ''}; pull the model again"
        )
    return device.prepare(model)


def load_tokenizer(folder: Path, kind: str = "AutoTokenizer") -> Any:
    """Return the tokenizer of a model's folder.

    Parameters
    ----------
    folder
        Holds the tokenizer's files.
    kind
        A tokenizer class of transformers; AutoTokenizer also reads the model's settings.

    Raises
    ------
    BackendError
        When it cannot be read.
    """
    import transformers

    try:
        return getattr(transformers, kind).from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().splitlines()[0]
        raise BackendError(f"{folder}: expected a tokenizer's files, got: {reason}") from error
