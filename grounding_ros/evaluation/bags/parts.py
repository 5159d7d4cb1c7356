"""Opens the files of a bag, also those that are damaged, and says plainly what is no bag."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rosbags.interfaces import Connection
from rosbags.rosbag2 import Reader

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.mended_mcap import MendedMcap

_STORAGE = ("mcap", "db3")
_LONGEST = 300


@dataclass(frozen=True)
class BagPart:
    """A file of a bag, or a whole folder, that is open."""

    path: Path
    reader: Reader
    damage: str = ""
    """What is wrong with its end; "" when nothing is."""

    @property
    def connections(self) -> list[Connection]:
        """The topics, each with its type."""
        return self.reader.connections

    def messages(self, wanted: list[Connection]) -> Iterator[tuple[Connection, int, bytes]]:
        """Yield topic, log time in nanoseconds and serialised message, in order of time."""
        if self.damage:
            # Without an index they come as they were written, which is not quite in order.
            scanned: Any = self.reader.storage
            yield from scanned.messages_scan(wanted)
        else:
            yield from self.reader.messages(wanted)


def open_parts(path: Path, stack: ExitStack) -> list[BagPart]:
    """Open a bag's folder as a whole, or bare storage files; `stack` closes them.

    A bag that cannot be opened as a whole is opened file by file, as far as they are whole.

    Raises
    ------
    InputError
        When there is no bag at `path`, or nothing of it is whole.
    """
    parts: list[BagPart] = []
    for one in _paths(path):
        with readable(one):
            parts += _opened(one, stack)
    return parts


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say plainly that a bag is damaged: rosbags lets struct, zstd and yaml errors through."""
    try:
        yield
    except Exception as error:
        said = str(error)[:_LONGEST]  # some quote half the file
        raise InputError(
            f"{path}: expected a whole rosbag2 recording, got {type(error).__name__}: {said}; "
            "it may be cut off (try `ros2 bag reindex` or `mcap recover`) or of another kind"
        ) from error


def _opened(path: Path, stack: ExitStack) -> list[BagPart]:
    try:
        return [BagPart(path, stack.enter_context(Reader(path)))]
    except Exception:
        files = [path] if path.is_file() else sorted(path.glob("*.mcap"))
        parts = [_mended(file, stack) for file in files]
        if not any(part.damage for part in parts):
            raise  # something else is wrong
        return parts


def _mended(path: Path, stack: ExitStack) -> BagPart:
    try:
        return BagPart(path, stack.enter_context(Reader(path)))
    except Exception as error:
        try:
            mended: Any = MendedMcap(path)
        except ValueError:
            raise error from None
        return BagPart(path, stack.enter_context(Reader(mended)), mended.damage)


def _paths(path: Path) -> list[Path]:
    """Return what to open: the bag's folder as a whole, or bare storage files."""
    advice = "give a rosbag2 folder (with metadata.yaml), or a .mcap or .db3 file"
    if not path.exists():
        raise InputError(f"{path}: expected a bag, got nothing; {advice}")
    if path.is_file():
        if path.name == "metadata.yaml":
            return [path.parent]
        if path.suffix == ".bag":
            raise InputError(
                f"{path}: expected a ROS 2 bag, got a .bag file, which is of ROS 1; convert it: "
                f"rosbags-convert --src {path} --dst {path.stem}"
            )
        if path.suffix[1:] not in _STORAGE:
            raise InputError(f"{path}: expected a ROS 2 bag, got a {path.suffix} file; {advice}")
        return [path]
    if (path / "metadata.yaml").is_file():
        return [path]
    parts = [part for suffix in _STORAGE for part in sorted(path.glob(f"*.{suffix}"))]
    if not parts:
        raise InputError(f"{path}: expected a bag, got a folder without one; {advice}")
    return parts
