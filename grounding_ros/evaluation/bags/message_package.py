"""ROS messages without ROS: a bag's types in the place of modules such as `sensor_msgs.msg`.

The adapters get such a module and make messages of it; with these the very same adapters write a
recording where no ROS is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rosbags.interfaces import Nodetype
from rosbags.typesys.store import Typestore

_NUMBERS = ("int", "uint", "float", "byte", "octet", "char")
# The only default of all these messages that is not zero.
_DEFAULTS = {"geometry_msgs/msg/Quaternion": {"w": 1.0}}


class MessagePackage:
    """The messages of one ROS package by name, like its module `msg`."""

    def __init__(self, name: str, types: Typestore) -> None:
        self._name, self._types = name, types

    def __getattr__(self, name: str) -> MessageType:
        kind = f"{self._name}/msg/{name}"
        if kind not in self._types.types:
            raise AttributeError(f"{self._name}.msg: expected one of its messages, got {name!r}")
        return MessageType(kind, self._types)


class MessageType:
    """Makes messages of one type, whose constants are its attributes."""

    def __init__(self, kind: str, types: Typestore) -> None:
        self._kind, self._types = kind, types

    def __call__(self, **fields: Any) -> Any:
        """Return a message; fields that are not given are zero or empty, as in rclpy."""
        _, described = self._types.fielddefs[self._kind]
        given = {**_DEFAULTS.get(self._kind, {}), **fields}
        missing = {
            name: self._zero(described_as) for name, described_as in described if name not in given
        }
        return self._types.types[self._kind](**missing, **given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._types.types[self._kind], name)

    def _zero(self, described: Any) -> Any:
        node, what = described
        if node == Nodetype.BASE:
            return _zero_of(what[0])
        if node == Nodetype.NAME:
            return MessageType(what, self._types)()
        element, count = what
        if element[0] == Nodetype.BASE and element[1][0].startswith(_NUMBERS):
            length = count if node == Nodetype.ARRAY else 0
            return np.zeros(length, _dtype(element[1][0]))
        return [self._zero(element) for _ in range(count if node == Nodetype.ARRAY else 0)]


def _zero_of(base: str) -> Any:
    if base == "string":
        return ""
    if base == "bool":
        return False
    return 0.0 if base.startswith("float") else 0


def _dtype(base: str) -> str:
    return {"byte": "uint8", "octet": "uint8", "char": "uint8"}.get(base, base)
