"""Fetches a model's files from the hub: one commit, safetensors, no code."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.card import ModelCard
from grounding_ros.perception.models.store import (
    SHARDS,
    SINGLE,
    Record,
    card_of,
    check,
    missing,
    record,
    recorded,
)

_SHARDS = "model-*.safetensors"


def pull(name: str, root: Path, endpoint: str | None = None) -> Record:
    """Fetch the files of a model that are not there yet, and record their checksums.

    What was pulled before is pulled again at the recorded commit only, and must be what it was.

    Parameters
    ----------
    name
        A key of CARDS.
    root
        The folder that holds a folder a model.
    endpoint
        The hub's address; None: huggingface_hub's own.

    Raises
    ------
    BackendError
        When the hub cannot be reached or refuses, when files are missing there, or when what came
        is not what was recorded.
    """
    card, folder = card_of(name), root / name
    before = recorded(folder)
    if before is not None and not list(missing(card, folder)):
        check(name, folder)
        return before
    hub = _hub(name)
    try:
        api = hub.HfApi(endpoint=endpoint)
        revision = card.revision if before is None else before.commit
        # Asked first: without a network snapshot_download would take a half filled folder for good.
        commit = api.model_info(card.hub_id, revision=revision).sha
        hub.snapshot_download(
            card.hub_id,
            revision=commit,
            local_dir=folder,
            allow_patterns=[*card.files, SHARDS, _SHARDS],
            endpoint=endpoint,
        )
    except Exception as error:  # of the hub, of the network, of the disk: no common base
        raise BackendError(_refusal(card, folder, error)) from error
    shutil.rmtree(folder / ".cache", ignore_errors=True)  # the download's own notes
    if gone := list(missing(card, folder)):
        raise BackendError(
            f"{name}: expected {', '.join(gone)} in {card.hub_id} at {commit}, got none; choose a "
            "repository that has weights as safetensors"
        )
    return check(name, folder) or record(folder, card.hub_id, str(commit))


def _hub(name: str) -> Any:
    try:
        return import_module("huggingface_hub")
    except ImportError as error:
        raise BackendError(
            f"{name}: expected the huggingface_hub package, got none; pip install "
            "'grounding_ros[models]'"
        ) from error


def _refusal(card: ModelCard, folder: Path, error: Exception) -> str:
    kind = type(error).__name__
    wanted = ", ".join(missing(card, folder)) or SINGLE
    if kind == "GatedRepoError":
        remedy = f"accept its terms on the hub's page of {card.hub_id}, then `hf auth login`"
    else:
        remedy = "connect, and do not set HF_HUB_OFFLINE"
    first = str(error).strip().partition("\n")[0]
    return (
        f"{card.name}: expected {wanted} of {card.hub_id} from the hub, got {kind}: {first}; "
        f"{remedy}, or copy the files from a machine that has them into {folder}"
    )
