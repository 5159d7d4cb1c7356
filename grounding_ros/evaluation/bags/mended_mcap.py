"""An .mcap file that was cut off, as if it had been finished where it is still whole.

A recorder that is killed writes no index and no end (https://mcap.dev/spec). With an empty end put
behind the last whole record, in memory, the rest can be read from the beginning.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO

_MAGIC = b"\x89MCAP0\r\n"
_RECORD = struct.Struct("<BQ")  # opcode, length of what follows
_HEADER, _FOOTER, _DATA_END = 0x01, 0x02, 0x0F
_END = _RECORD.pack(_FOOTER, 20) + bytes(20) + _MAGIC  # a footer that knows of no index


class MendedMcap:
    """Stands for the path of a file where rosbags wants one (its RPath)."""

    def __init__(self, path: Path) -> None:
        """Find out how far the file is whole.

        Raises
        ------
        ValueError
            When not even its header is, or it is of another kind.
        """
        self._path = path
        self._size = path.stat().st_size
        self._whole, self._has_all_data = _whole_bytes(path, self._size)

    @property
    def damage(self) -> str:
        """What is wrong with the file, in words."""
        if self._has_all_data:
            return "one whose index is damaged"
        return f"one that is cut off after {self._whole} of {self._size} bytes"

    @property
    def stem(self) -> str:
        """As of a path."""
        return self._path.stem

    @property
    def suffix(self) -> str:
        """As of a path."""
        return self._path.suffix

    def exists(self) -> bool:
        """As of a path."""
        return True

    def is_dir(self) -> bool:
        """As of a path."""
        return False

    def open(self, *_: Any) -> Any:
        """Open it for reading, with its new end."""
        return _MendedFile(self._path.open("rb"), self._whole)


class _MendedFile:
    """The first bytes of a file and then `_END`; what rosbags uses of a BinaryIO."""

    def __init__(self, file: BinaryIO, whole: int) -> None:
        self._file, self._whole, self._at = file, whole, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._whole + len(_END))[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, count: int = -1) -> bytes:
        left = max(self._whole + len(_END) - self._at, 0)
        count = left if count < 0 else min(count, left)
        self._file.seek(self._at)
        data = self._file.read(max(min(count, self._whole - self._at), 0))
        begin = max(self._at - self._whole, 0)
        data += _END[begin : begin + count - len(data)]
        self._at += len(data)
        return data

    def close(self) -> None:
        self._file.close()


def _whole_bytes(path: Path, size: int) -> tuple[int, bool]:
    """Return how many bytes are whole records of data, and whether their end is reached."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("the first bytes are not those of an .mcap file")
        at = len(_MAGIC)
        while at + _RECORD.size <= size:
            file.seek(at)
            opcode, length = _RECORD.unpack(file.read(_RECORD.size))
            if opcode in (_DATA_END, _FOOTER):
                return at, True
            end = at + _RECORD.size + length
            # Nothing has the opcode 0 but the zeros that a crash leaves behind.
            if opcode == 0 or end > size or (at == len(_MAGIC) and opcode != _HEADER):
                break
            at = end
    if at == len(_MAGIC):
        raise ValueError("not even its header is whole")
    return at, False
