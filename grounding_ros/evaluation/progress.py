"""A progress bar on stderr for whatever lasts longer than two seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm  # type: ignore[import-untyped]

T = TypeVar("T")


def progress(items: Iterable[T], title: str, total: int | None = None) -> Iterator[T]:
    """Yield `items` unchanged; after two seconds a bar called `title` shows how many are done."""
    yield from tqdm(items, desc=title, total=total, delay=2.0, leave=False, dynamic_ncols=True)
