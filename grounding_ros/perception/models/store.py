"""Where weights lie: a folder a model, with the checksums that were recorded when it was pulled."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.card import ModelCard
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.parameters import PerceptionParameters

CHECKSUMS = "checksums.json"
SINGLE, SHARDS = "model.safetensors", "model.safetensors.index.json"
"""Weights in one file, or the list of the several that hold them."""


@dataclass(frozen=True)
class Record:
    """What `checksums.json` holds: where files came from, and what they were."""

    hub_id: str
    commit: str
    """The full commit that was pulled."""
    files: dict[str, str] = field(default_factory=dict)
    """Name to SHA-256."""


def models_root(parameters: PerceptionParameters) -> Path:
    """Return the folder that holds a folder a model: `perception.weights`, or the user's cache."""
    return Path(parameters.weights).expanduser() if parameters.weights else default_root()


def default_root() -> Path:
    """Return where models are kept when nobody says otherwise."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "grounding_ros" / "models"


def card_of(name: str) -> ModelCard:
    """Return the card of a model.

    Raises
    ------
    BackendError
        For an unknown name, listing the known ones.
    """
    if name not in CARDS:
        raise BackendError(f"model: expected one of {', '.join(sorted(CARDS))}; got {name!r}")
    return CARDS[name]


def find(name: str, root: Path) -> Path:
    """Return the folder of a model whose files are all there and are what was pulled.

    A folder without recorded checksums, such as one that was filled by hand, is taken as it is.

    Raises
    ------
    BackendError
        Naming the files that are missing or that changed, and where they belong.
    """
    card, folder = card_of(name), root / name
    if gone := list(missing(card, folder)):
        raise BackendError(
            f"{name}: expected {', '.join(gone)} of {card.hub_id} in {folder}, got none; run "
            f"`grounding-ros models pull {name}`, or copy them there from a machine that has them"
        )
    check(name, folder)
    return folder


def missing(card: ModelCard, folder: Path) -> Iterator[str]:
    """Yield the files that a model needs and that are not in its folder."""
    for file in card.files:
        if file == SINGLE and (folder / SHARDS).is_file():
            shards = json.loads((folder / SHARDS).read_text("utf-8"))["weight_map"].values()
            yield from (name for name in sorted(set(shards)) if not (folder / name).is_file())
        elif not (folder / file).is_file():
            yield file


def check(name: str, folder: Path) -> Record | None:
    """Compare the files with what was recorded; return the record, None when there is none.

    Raises
    ------
    BackendError
        When a file is not the one that was recorded.
    """
    record = recorded(folder)
    for file, expected in () if record is None else record.files.items():
        path = folder / file
        got = digest(path) if path.is_file() else "no file"
        if got != expected:
            raise BackendError(
                f"{name}: expected {path} with the SHA-256 {expected} that was recorded when it "
                f"was pulled, got {got}; remove {folder} and pull it again"
            )
    return record


def recorded(folder: Path) -> Record | None:
    """Return what was recorded of a folder.

    Raises
    ------
    BackendError
        When the record is there and cannot be read.
    """
    path = folder / CHECKSUMS
    try:
        return Record(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise BackendError(
            f"{path}: expected hub_id, commit and files as JSON, got {error}; pull the model again"
        ) from error


def record(folder: Path, hub_id: str, commit: str) -> Record:
    """Write down the checksums of every file of a folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != CHECKSUMS)
    made = Record(hub_id, commit, {path.name: digest(path) for path in files})
    (folder / CHECKSUMS).write_text(json.dumps(asdict(made), indent=2) + "\n", "utf-8")
    return made


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            sha.update(piece)
    return sha.hexdigest()
