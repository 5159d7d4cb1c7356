"""Slips of spelling."""

from __future__ import annotations

from collections.abc import Sequence

from grounding_ros.language.words import Word


def corrected(words: Sequence[Word]) -> tuple[Word, ...]:
    return tuple(words)
