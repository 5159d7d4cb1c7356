"""Reads rosbag2 recordings without ROS: mcap or sqlite3, split or not, zstd or not."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rosbags.interfaces import Connection, MessageDefinitionFormat
from rosbags.typesys import (
    Stores,
    TypesysError,
    get_types_from_idl,
    get_types_from_msg,
    get_typestore,
)
from rosbags.typesys.store import Typestore

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.parts import BagPart, open_parts, readable

_IDL_SEPARATOR = "=" * 80 + "\n"


@dataclass(frozen=True)
class Topic:
    """A topic of a bag."""

    name: str
    type: str
    """As "sensor_msgs/msg/Image"."""
    count: int
    """How many messages there are."""


class RawMessage(NamedTuple):
    """A message as it was recorded."""

    topic: str
    type: str
    """As "sensor_msgs/msg/Image"."""
    cdr: bytes
    """Serialised, ready for rclpy's `deserialize_message`."""
    log_time_ns: int
    """When it was received."""


class BagReader:
    """A rosbag2 recording that is open for reading; close it, or use it in a `with`."""

    def __init__(self, path: Path | str) -> None:
        """Open a bag's folder, or a bare .mcap or .db3 file.

        An .mcap file that was cut off is opened as far as it is whole; it costs one more pass.

        Raises
        ------
        InputError
            When there is no bag at `path`, or it is of another kind, or damaged from the beginning.
        """
        self.path = Path(path)
        self._own_types: Typestore = get_typestore(Stores.EMPTY)
        self._common_types: Typestore = get_typestore(Stores.ROS2_JAZZY)
        with ExitStack() as opened:
            self._parts = open_parts(self.path, opened)
            with readable(self.path):
                self._own_types.register(_definitions(self._connections()))
            self._stack = opened.pop_all()

    def __enter__(self) -> BagReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._stack.close()

    @property
    def topics(self) -> dict[str, Topic]:
        """The topics by name."""
        found: dict[str, Topic] = {}
        for connection in sorted(self._connections(), key=lambda entry: str(entry.topic)):
            before = found[connection.topic].count if connection.topic in found else 0
            found[connection.topic] = Topic(
                connection.topic, _full_name(connection.msgtype), before + connection.msgcount
            )
        return found

    def raw_messages(self, topics: Collection[str] | None = None) -> Iterator[RawMessage]:
        """Yield what was recorded on `topics` (None: on all), in order of time, undecoded.

        Raises
        ------
        InputError
            When a topic is not in the bag, or where the bag is damaged further on.
        """
        self._check(topics)
        streams = [self._stream(part, topics) for part in self._parts]
        yield from heapq.merge(*streams, key=lambda message: message.log_time_ns)
        self.check_whole()

    def check_whole(self) -> None:
        """Look whether the bag was opened with its end.

        Raises
        ------
        InputError
            When its end is missing.
        """
        for part in self._parts:
            if part.damage:
                raise InputError(
                    f"{part.path}: expected a whole rosbag2 recording, got {part.damage}; what is "
                    "whole of it was read; `mcap recover` makes a new file of that"
                )

    def messages(self, topics: Collection[str] | None = None) -> Iterator[tuple[str, Any, int]]:
        """Yield (topic, message, log_time_ns) of `topics` (None: of all), in order of time.

        A message has the fields of its ROS type; sequences of numbers are numpy arrays.

        Raises
        ------
        InputError
            As `raw_messages`, or when a message does not decode.
        """
        for raw in self.raw_messages(topics):
            yield raw.topic, self.decode(raw), raw.log_time_ns

    def decode(self, raw: RawMessage) -> Any:
        """Return the message that `raw` holds.

        Raises
        ------
        InputError
            When its type is neither described in the bag nor a common one, or it does not decode.
        """
        # The bag's own description is the truth about what was recorded; older bags have none.
        for types in (self._own_types, self._common_types):
            if raw.type in types.fielddefs:
                try:
                    return types.deserialize_cdr(raw.cdr, raw.type)
                except Exception as error:  # a damaged message fails in as many ways as there are
                    raise InputError(
                        f"{self.path} {raw.topic}: expected a {raw.type}, got {len(raw.cdr)} bytes "
                        f"that do not decode ({error}); record the bag anew"
                    ) from error
        raise InputError(
            f"{self.path} {raw.topic}: expected a type described in the bag or a common one of "
            f"ROS 2, got {raw.type}; record as mcap, which keeps descriptions, or leave it out"
        )

    def _connections(self) -> list[Connection]:
        return [connection for part in self._parts for connection in part.connections]

    def _stream(self, part: BagPart, topics: Collection[str] | None) -> Iterator[RawMessage]:
        wanted = [
            connection
            for connection in part.connections
            if topics is None or connection.topic in topics
        ]
        if not wanted:
            return  # rosbags takes an empty choice for all
        with readable(self.path):
            for connection, time_ns, cdr in part.messages(wanted):
                kind = _full_name(connection.msgtype)
                yield RawMessage(connection.topic, kind, bytes(cdr), time_ns)

    def _check(self, topics: Collection[str] | None) -> None:
        known = self.topics
        for topic in topics or ():
            if topic not in known:
                raise InputError(
                    f"{self.path}: expected a topic of the bag ({', '.join(known)}), got {topic!r}"
                )


def _definitions(connections: list[Connection]) -> dict[str, Any]:
    types: dict[str, Any] = {}
    for connection in connections:
        # Most topics are never decoded: one that is described badly is told when it is.
        with suppress(TypesysError):
            types.update(_described(connection))
    return types


def _described(connection: Connection) -> dict[str, Any]:
    text = connection.msgdef.data
    if connection.msgdef.format == MessageDefinitionFormat.MSG:
        return get_types_from_msg(text, _full_name(connection.msgtype))
    types: dict[str, Any] = {}
    if connection.msgdef.format == MessageDefinitionFormat.IDL:
        for part in text.split(_IDL_SEPARATOR):
            idl = part.partition("\n")[2] if part.startswith("IDL: ") else part
            if idl.strip():
                types.update(get_types_from_idl(idl))
    return types


def _full_name(kind: str | None) -> str:
    """Return a type's name of three parts; the first ROS 2 bags had "sensor_msgs/Image"."""
    package, _, name = (kind or "").rpartition("/")  # None: in a damaged database
    return f"{package}/{name}" if "/msg" in package else f"{package}/msg/{name}"
