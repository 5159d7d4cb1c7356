"""Turns a folder of scenes into a rosbag2 recording, as a RealSense driver would have made it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rosbags.interfaces import (
    Connection,
    Qos,
    QosDurability,
    QosHistory,
    QosLiveliness,
    QosReliability,
    QosTime,
)
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags import messages
from grounding_ros.evaluation.folder import SceneFolder, scene_stamp_ns
from grounding_ros.evaluation.progress import progress
from grounding_ros.simulation.truth import Expression, Scene

COLOR_TOPIC = "/camera/camera/color/image_raw"
DEPTH_TOPIC = "/camera/camera/aligned_depth_to_color/image_raw"
CAMERA_INFO_TOPIC = "/camera/camera/color/camera_info"
INSTRUCTION_TOPIC = "/instruction"

_STORAGE = {"mcap": StoragePlugin.MCAP, "sqlite3": StoragePlugin.SQLITE3}
METADATA_VERSION: Literal[8] = 8
"""Of rosbag2: the newest whose QoS is text, which Humble's player needs."""
_INSTRUCTION_DELAY = 0.25  # of a period, so that the frame has arrived by then
_STATIC_TF_LEAD_NS = 100_000_000


@dataclass(frozen=True, eq=False)
class Slot:
    """A period of the bag's time: perhaps a frame at its start, perhaps an instruction in it."""

    scene: Scene
    start_ns: int
    """Bag time, nanoseconds."""
    stamp_ns: int
    """Stamp of the newest frame, the one the instruction is about, nanoseconds."""
    expression: Expression | None
    instruction_ns: int
    """Bag time at which the instruction is heard, nanoseconds."""

    @property
    def has_frame(self) -> bool:
        """Whether the frame is sent in this slot; otherwise it was in an earlier one."""
        return self.stamp_ns == self.start_ns


def timeline(folder: SceneFolder, period_s: float, repeat_frames: bool) -> Iterator[Slot]:
    """Yield the bag's slots: one an instruction and at least one a scene, `period_s` apart."""
    period_ns = round(period_s * 1e9)
    start_ns = scene_stamp_ns(0)
    for scene in folder:
        stamp_ns = start_ns
        for expression in scene.expressions or (None,):
            stamp_ns = start_ns if repeat_frames else stamp_ns
            heard_ns = start_ns + round(_INSTRUCTION_DELAY * period_ns)
            yield Slot(scene, start_ns, stamp_ns, expression, heard_ns)
            start_ns += period_ns


def make_bag(
    folder: Path | str,
    out: Path | str,
    storage: str = "mcap",
    period_s: float = 1.0,
    repeat_frames: bool = False,
    compressed: bool = False,
    jpeg_quality: int | None = 92,
    zstd: bool = False,
) -> Path:
    """Write the scenes of `folder` as the new bag `out` and return its path.

    Each scene sends a frame (colour, depth and camera_info of one stamp, its tf before them) and
    then its instructions. A scene without a known camera pose sends no tf.

    Parameters
    ----------
    folder
        A folder of scenes, see `SceneFolder`.
    out
        Where the bag's folder will be.
    storage
        "mcap" or "sqlite3".
    period_s
        Seconds between instructions; the first is heard a quarter of that after the frame.
    repeat_frames
        Whether the frame is sent anew, with a new stamp, before each instruction.
    compressed
        Whether images go out on `<topic>/compressed` and `<topic>/compressedDepth` instead; depth
        stays exact.
    jpeg_quality
        Of compressed colour, 1 to 100; None for lossless PNG.
    zstd
        Whether the storage compresses: mcap its chunks, sqlite3 each message.

    Raises
    ------
    InputError
        When the folder is malformed, `out` exists, or a parameter is out of range.
    """
    scenes, out = SceneFolder(folder), Path(out)
    _check(out, storage, period_s, jpeg_quality)
    writer = Writer(out, version=METADATA_VERSION, storage_plugin=_STORAGE[storage])
    if zstd:
        mode = CompressionMode.STORAGE if storage == "mcap" else CompressionMode.MESSAGE
        writer.set_compression(mode, CompressionFormat.ZSTD)
    writer.set_custom_data("made_by", "grounding-ros make-bag")  # players choke on null here
    try:
        with writer:
            tracks = Tracks(writer)
            for slot in progress(timeline(scenes, period_s, repeat_frames), "writing the bag"):
                _send(tracks, slot, compressed, jpeg_quality)
    except BaseException:
        shutil.rmtree(out, ignore_errors=True)  # half a bag cannot be played
        raise
    return out


class Tracks:
    """The topics of a bag, each added to it with its first message."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._connections: dict[str, Connection] = {}

    def __contains__(self, topic: str) -> bool:
        return topic in self._connections

    def write(self, topic: str, message: Any, time_ns: int, latched: bool = False) -> None:
        """Write a message; `latched` counts with the first of its topic."""
        kind = message.__msgtype__
        if topic not in self:
            self._connections[topic] = self._writer.add_connection(
                topic,
                kind,
                typestore=messages.TYPES,
                offered_qos_profiles=[_qos(latched)],
            )
        cdr = messages.TYPES.serialize_cdr(message, kind)
        self._writer.write(self._connections[topic], time_ns, cdr)


def _send(tracks: Tracks, slot: Slot, compressed: bool, jpeg_quality: int | None) -> None:
    if slot.has_frame:
        _send_tf(tracks, slot.scene, slot.stamp_ns)
        _send_frame(tracks, slot, compressed, jpeg_quality)
    if slot.expression is not None:
        _send_tf(tracks, slot.scene, slot.instruction_ns)
        text = messages.string(slot.expression.text)
        tracks.write(INSTRUCTION_TOPIC, text, slot.instruction_ns)


def _send_tf(tracks: Tracks, scene: Scene, stamp_ns: int) -> None:
    if scene.base_from_camera is None:
        return
    if "/tf_static" not in tracks:
        time_ns = stamp_ns - _STATIC_TF_LEAD_NS
        tracks.write("/tf_static", messages.optical_tf(time_ns), time_ns, latched=True)
    tracks.write("/tf", messages.camera_tf(scene.base_from_camera, stamp_ns), stamp_ns)


def _send_frame(tracks: Tracks, slot: Slot, compressed: bool, jpeg_quality: int | None) -> None:
    frame, stamp_ns = slot.scene.frame, slot.stamp_ns
    info = messages.camera_info(frame, stamp_ns)
    tracks.write(CAMERA_INFO_TOPIC, info, stamp_ns)
    if compressed:
        color = messages.compressed_color(frame, stamp_ns, jpeg_quality)
        depth = messages.compressed_depth(frame, stamp_ns)
        tracks.write(f"{COLOR_TOPIC}/compressed", color, stamp_ns)
        tracks.write(f"{DEPTH_TOPIC}/compressedDepth", depth, stamp_ns)
    else:
        tracks.write(COLOR_TOPIC, messages.color_image(frame, stamp_ns), stamp_ns)
        tracks.write(DEPTH_TOPIC, messages.depth_image(frame, stamp_ns), stamp_ns)


def _check(out: Path, storage: str, period_s: float, jpeg_quality: int | None) -> None:
    if storage not in _STORAGE:
        raise InputError(f"storage: expected {' or '.join(_STORAGE)}, got {storage!r}")
    if not period_s > 0:
        raise InputError(f"period_s: expected a positive number of seconds, got {period_s}")
    if jpeg_quality is not None and not 1 <= jpeg_quality <= 100:
        raise InputError(f"jpeg_quality: expected 1 to 100, got {jpeg_quality}")
    if out.exists():
        raise InputError(
            f"{out}: expected a path where nothing is yet, got one in use; "
            "choose another name or remove it first"
        )


def _qos(latched: bool) -> Qos:
    unspecified = QosTime(0, 0)
    return Qos(
        history=QosHistory.KEEP_LAST,
        depth=1 if latched else 10,
        reliability=QosReliability.RELIABLE,
        durability=QosDurability.TRANSIENT_LOCAL if latched else QosDurability.VOLATILE,
        deadline=unspecified,
        lifespan=unspecified,
        liveliness=QosLiveliness.AUTOMATIC,
        liveliness_lease_duration=unspecified,
        avoid_ros_namespace_conventions=False,
    )
