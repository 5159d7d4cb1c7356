"""Tables of rows of one or several words, and how to look them up in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


def rows(text: str) -> frozenset[str]:
    """Cut "red, dark blue, green" into its rows."""
    return frozenset(row.strip() for row in text.split(",") if row.strip())


@dataclass(frozen=True)
class Table(Generic[V]):
    """Rows of words with what they mean; the longest row that fits is taken."""

    meanings: Mapping[str, V]
    """What every row means."""
    starts: Mapping[str, tuple[tuple[str, ...], ...]]
    """The rows by their first word, the longest first."""

    @classmethod
    def of(cls, meanings: Mapping[str, V]) -> Table[V]:
        """Make a table of a dict."""
        starts: dict[str, list[tuple[str, ...]]] = {}
        for row in meanings:
            words = tuple(row.split())
            starts.setdefault(words[0], []).append(words)
        ordered = {
            first: tuple(sorted(some, key=len, reverse=True)) for first, some in starts.items()
        }
        return cls(dict(meanings), ordered)

    @classmethod
    def grouped(cls, groups: Mapping[V, str]) -> Table[V]:
        """Make a table of a dict from meaning to its rows, as one text.

        Raises
        ------
        ValueError
            When a row has two meanings: only one of them would ever be found.
        """
        meanings: dict[str, V] = {}
        for meaning, text in groups.items():
            for row in rows(text):
                if row in meanings:
                    found = f'"{row}" for "{meanings[row]}" and "{meaning}"'
                    raise ValueError(f"expected each row once, got {found}; remove one")
                meanings[row] = meaning
        return cls.of(meanings)

    def at(self, words: Sequence[str], at: int) -> tuple[int, V] | None:
        """Return how many words the longest row takes from `at` on, and its meaning."""
        if at >= len(words):
            return None
        for row in self.starts.get(words[at], ()):
            if row == tuple(words[at : at + len(row)]):
                return len(row), self.meanings[" ".join(row)]
        return None

    def sizes(self, words: Sequence[str], at: int) -> Iterable[tuple[int, V]]:
        """Yield every row that fits, the longest first."""
        if at < len(words):
            for row in self.starts.get(words[at], ()):
                if row == tuple(words[at : at + len(row)]):
                    yield len(row), self.meanings[" ".join(row)]
