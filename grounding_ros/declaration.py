"""Parameters declared once: a dataclass field with its default, range and description.

The node's ROS parameters, `config/grounding.yaml` and the README's table are made from them.
"""

from __future__ import annotations

import math
from dataclasses import Field, field, fields
from typing import Any

from grounding_ros.errors import InputError


def parameter(
    default: Any,
    description: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    read_only: bool = False,
) -> Any:
    """Return a dataclass field that knows its description and its bounds.

    Parameters
    ----------
    default
        The one place where the default stands; bool, int, float or str.
    description
        A sentence with the unit.
    minimum, maximum
        Inclusive bounds of a number.
    choices
        The allowed words of a string.
    read_only
        Whether it is fixed once the node has started.
    """
    metadata = {
        "description": description,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "read_only": read_only,
    }
    return field(default=default, metadata=metadata)


def validate(declared: Any) -> None:
    """Check every field of a dataclass of parameters; call it in `__post_init__`.

    Raises
    ------
    InputError
        Naming the parameter, what was expected and what came.
    """
    for entry in fields(declared):
        if "description" in entry.metadata:
            _check(entry, getattr(declared, entry.name))


def _check(entry: Field[Any], value: Any) -> None:
    low, high = entry.metadata["minimum"], entry.metadata["maximum"]
    choices = entry.metadata["choices"]
    if isinstance(entry.default, float) and type(value) in (int, float):
        if not math.isfinite(value):
            raise InputError(f"{entry.name}: expected a finite number, got {value}")
    elif type(value) is not type(entry.default):
        expected, got = type(entry.default).__name__, type(value).__name__
        raise InputError(f"{entry.name}: expected {expected}, got {value!r} ({got})")
    if low is not None and value < low:
        raise InputError(f"{entry.name}: expected at least {low}, got {value}")
    if high is not None and value > high:
        raise InputError(f"{entry.name}: expected at most {high}, got {value}")
    if choices and value not in choices:
        raise InputError(f"{entry.name}: expected one of {', '.join(choices)}; got {value!r}")
