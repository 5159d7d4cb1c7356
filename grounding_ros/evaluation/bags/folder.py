"""Finds the bags that a user means by a path."""

from __future__ import annotations

import re
from pathlib import Path

_STORAGE = (".mcap", ".db3")
_PART = re.compile(r"_\d+$")


def is_bag(path: Path) -> bool:
    """Tell a bag, or a file that may be one, from a folder of scenes or of bags."""
    return path.is_file() or (path / "metadata.yaml").is_file() or bool(_storage_files(path))


def bags_of(path: Path) -> tuple[Path, ...]:
    """Return the bags at `path`, sorted: the bag itself, or all that are in this folder.

    Storage files that lie there without a metadata.yaml are the parts of one bag if they are called
    so (NAME_0.mcap, NAME_1.mcap), else a bag each. Folders in the folder are looked at, those in
    them are not. () when there is none.
    """
    if path.is_file() or (path / "metadata.yaml").is_file():
        return (path,)
    files = _storage_files(path)
    inner = [folder for folder in path.glob("*") if folder.is_dir() and is_bag(folder)]
    recordings = {_PART.sub("", file.stem) for file in files}
    if len(recordings) == 1 and not inner:
        return (path,)
    return tuple(sorted([*files, *inner]))


def _storage_files(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*") if file.suffix in _STORAGE and file.is_file()]
