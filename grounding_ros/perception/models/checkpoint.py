"""A model of transformers, loaded from a folder: safetensors only, every weight from the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers.utils import logging

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.store import default_root, find


def folder_of(name: str, given: str) -> Path:
    """Return the folder of a model: the one given, or the store's.

    Raises
    ------
    BackendError
        When files are missing or are not those that were pulled.
    """
    if not given:
        return find(name, default_root())
    folder = Path(given).expanduser()
    if not (folder / "config.json").is_file():
        raise BackendError(f"{name}: expected the files of its model in {folder}, got none")
    return folder


def load(model: type[Any], folder: Path, device: Device, **options: Any) -> Any:
    """Return a model of transformers from `folder`, ready to run on `device`.

    Raises
    ------
    BackendError
        When the files are not those of this model; a weight that is not there is never made up.
    """
    bar = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        loaded, told = model.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise BackendError(f"{folder}: expected a {model.__name__}, got: {error}") from error
    finally:
        if bar:
            logging.enable_progress_bar()
    if gone := sorted(str(key) for key in (*told["missing_keys"], *told["mismatched_keys"])):
        raise BackendError(
            f"{folder}: expected all weights of a {model.__name__}, got none that fit "
            f"{len(gone)} of them, first {gone[0]}; pull the model again"
        )
    return device.prepare(loaded)
