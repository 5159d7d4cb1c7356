"""Rendered frames on disk: one folder a world, plain numpy files that can be mapped into memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_OBJECTS = 32
GEOMETRY_SCALE = 40.0
"""Geometry channels are stored as int8: value times this."""
_ARRAYS = ("rgb", "geometry", "instances", "words")


@dataclass(frozen=True, eq=False)
class Sample:
    """One training frame."""

    rgb: NDArray[np.uint8]
    """(h, w, 3) RGB."""
    geometry: NDArray[np.int8]
    """(8, h, w), see `tabletop_inputs.geometry`, times GEOMETRY_SCALE."""
    instances: NDArray[np.uint8]
    """(h, w) 1 + row of the object seen; 0 = none."""
    words: NDArray[np.int8]
    """(MOST_OBJECTS, V) truth of each word: 1, 0 or -1 (neither); -2 in unused rows."""


def write_shard(folder: Path, samples: Sequence[Sample], words: tuple[str, ...]) -> None:
    """Write a shard at once: an interrupted one leaves no folder of its name."""
    draft = folder.with_name(folder.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name in _ARRAYS:
        np.save(draft / f"{name}.npy", np.stack([getattr(sample, name) for sample in samples]))
    (draft / "words.json").write_text(json.dumps(words), "utf-8")
    draft.rename(folder)


class Shards:
    """The samples of all shards of a folder."""

    def __init__(self, folder: Path, words: tuple[str, ...]) -> None:
        """Map the shards that are there.

        Raises
        ------
        ValueError
            When there is none, or one was rendered with another vocabulary.
        """
        paths = sorted(path for path in folder.glob("world_*") if not path.suffix)
        if not paths:
            raise ValueError(f"{folder}: expected rendered worlds, got none; run training.render")
        for path in paths:
            if tuple(json.loads((path / "words.json").read_text("utf-8"))) != words:
                raise ValueError(f"{path}: expected the words of training/kinds.py; render anew")
        self._maps = [
            {name: np.load(path / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
            for path in paths
        ]
        self._ends = np.cumsum([len(maps["rgb"]) for maps in self._maps])

    def __len__(self) -> int:
        return int(self._ends[-1])

    def objects(self) -> NDArray[np.intp]:
        """Return (F,) how many objects each sample has."""
        used = [(maps["words"][:, :, 0] > -2).sum(axis=1) for maps in self._maps]
        return np.asarray(np.concatenate(used), np.intp)

    def __getitem__(self, index: int) -> Sample:
        """Read one sample."""
        shard = int(np.searchsorted(self._ends, index, side="right"))
        row = index - (int(self._ends[shard - 1]) if shard else 0)
        return Sample(**{name: np.array(array[row]) for name, array in self._maps[shard].items()})
