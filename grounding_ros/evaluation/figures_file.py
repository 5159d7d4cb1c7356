"""The figures of an evaluation, read back from the file that --json wrote."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grounding_ros.errors import InputError

_SECTIONS = ("overall", "instances", "boxes3d", "latency_ms")
_LIVE = "live"  # only where a node was running


@dataclass(frozen=True)
class Told:
    """One answer as the file tells it; None: an older file, or the truth is not known."""

    id: str
    status: str
    exact: bool | None
    returned_ids: tuple[int | None, ...] | None
    scene: str | None
    kind: str | None
    text: str | None


@dataclass(frozen=True)
class Figures:
    """A whole file."""

    path: Path
    answers: Mapping[str, Told]
    """By the id of the expression, in the file's order."""
    exact: Mapping[str, float | None]
    """By kind: share of answers that are entirely right."""
    numbers: Mapping[str, float | None]
    """Every other figure, as "latency_ms total p50"; None: the file has null."""


def read_figures(path: Path) -> Figures:
    """Read what `grounding-ros evaluate --json` wrote.

    Raises
    ------
    InputError
        When the file is missing or anything else.
    """
    content = _content(path)
    for key in (*_SECTIONS, "by_kind", "expressions"):
        if key not in content:
            raise _unexpected(path, f"an entry {key!r}", f"{sorted(content)}")
    answers: dict[str, Told] = {}
    for position, entry in enumerate(_of(path, "expressions", content["expressions"], list)):
        told = _told(path, f"expressions[{position}]", entry)
        if told.id in answers:
            raise InputError(
                f"{path}: expected every id once, got {told.id!r} twice; evaluate sources of the "
                "same name one by one"
            )
        answers[told.id] = told
    kinds = _of(path, "by_kind", content["by_kind"], dict)
    return Figures(
        path=path,
        answers=answers,
        exact={kind: _share(path, f"by_kind {kind}", group) for kind, group in kinds.items()},
        numbers={
            name: number
            for section in (*_SECTIONS, _LIVE)
            if content.get(section) is not None  # not asked for, or no truth
            for name, number in _numbers(path, section, content[section])
        },
    )


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unexpected(path, "a readable file", str(error.strerror)) from error
    except (ValueError, RecursionError) as error:
        raise _unexpected(path, "JSON", str(error)) from error
    return dict(_of(path, "the file", content, dict))


def _told(path: Path, where: str, entry: Any) -> Told:
    entry = _of(path, where, entry, dict)
    optional = {key: entry.get(key) for key in ("exact", "returned_ids", "scene", "kind", "text")}
    kinds = {"exact": bool, "returned_ids": list, "scene": str, "kind": str, "text": str}
    for key, value in optional.items():
        if value is not None:
            _of(path, f"{key} of {where}", value, kinds[key])
    returned = optional.pop("returned_ids")
    return Told(
        id=_of(path, f"id of {where}", entry.get("id"), str),
        status=_of(path, f"status of {where}", entry.get("status"), str),
        returned_ids=None if returned is None else tuple(returned),
        **optional,
    )


def _share(path: Path, name: str, group: Any) -> float | None:
    return _number(path, f"exact of {name}", _of(path, name, group, dict).get("exact"))


def _numbers(path: Path, name: str, section: Any) -> Iterator[tuple[str, float | None]]:
    """Yield the figures of a section and of those in it but the share and its interval."""
    for key, value in _of(path, name, section, dict).items():
        if isinstance(value, dict):
            yield from _numbers(path, f"{name} {key}", value)
        elif key not in ("exact", "ci95"):
            yield f"{name} {key}", _number(path, f"{name} {key}", value)


def _number(path: Path, name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _unexpected(path, f"a number as {name}", repr(value))
    return float(value)


def _of(path: Path, name: str, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise _unexpected(path, f"{name} to be a {kind.__name__}", type(value).__name__)
    return value


def _unexpected(path: Path, expected: str, got: str) -> InputError:
    return InputError(
        f"{path}: expected {expected}, got {got}; give files that `evaluate --json` wrote"
    )
