"""Pictures to compare providers on: the user's own, or those of the sample bag."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError

_SUFFIXES = {".png", ".jpg", ".jpeg"}


def pictures_of(folder: Path | None, most: int) -> list[NDArray[np.uint8]]:
    """Return up to `most` pictures (H, W, 3) RGB of a folder; of the sample bag when it is None.

    Raises
    ------
    InputError
        When the folder has no picture that can be read.
    """
    found = _of_sample() if folder is None else _of_folder(folder, most)
    pictures = list(islice(found, most))
    if not pictures:
        raise InputError(f"--pictures: expected png or jpg files in {folder}, got none")
    return pictures


def _of_folder(folder: Path, most: int) -> Iterator[NDArray[np.uint8]]:
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in _SUFFIXES)
    for path in files[:: max(1, len(files) // most)]:  # neighbours show the same
        picture: Any = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            raise InputError(f"--pictures: expected a picture, got {path}, which cannot be read")
        yield np.ascontiguousarray(picture[..., ::-1])


def _of_sample() -> Iterator[NDArray[np.uint8]]:
    from grounding_ros.adapters.image import compressed_to_rgb, to_rgb
    from grounding_ros.evaluation.bags.reader import BagReader
    from grounding_ros.evaluation.bags.topics import find_topics
    from grounding_ros.evaluation.sample import sample_bag_path

    with BagReader(sample_bag_path()) as bag:
        topic = find_topics({name: one.type for name, one in bag.topics.items()}).image
        is_compressed = bag.topics[topic].type.endswith("CompressedImage")
        for _, message, _ in bag.messages([topic]):
            yield compressed_to_rgb(message) if is_compressed else to_rgb(message)
