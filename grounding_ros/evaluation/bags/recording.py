"""A bag of what an evaluation saw, said and should have said, for the ordinary ROS tools.

The topics are those of a RealSense camera and of a node called "grounding", `/truth` beside them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from grounding_ros.errors import GroundingRosError, InputError
from grounding_ros.evaluation.bags import messages
from grounding_ros.evaluation.bags.answer_messages import (
    ANSWER_TOPIC,
    answer_messages,
    truth_messages,
)
from grounding_ros.evaluation.bags.writer import (
    CAMERA_INFO_TOPIC,
    COLOR_TOPIC,
    DEPTH_TOPIC,
    INSTRUCTION_TOPIC,
    METADATA_VERSION,
    Tracks,
)
from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.runner import SceneResult
from grounding_ros.scene import Answer, CameraPose, Frame
from grounding_ros.simulation.truth import BASE_FRAME, Scene

_SECOND_NS = 1_000_000_000
_STEP_NS = 1_000_000
_LONG_NS = 86_400 * _SECOND_NS


def check_recording(out: Path) -> None:
    """Look whether a recording can become `out`.

    Raises
    ------
    InputError
        When it is not the name of a new .mcap file.
    """
    if out.suffix != ".mcap":
        raise InputError(f"--record: expected the name of a file OUT.mcap, got {out}; add .mcap")
    if out.exists():
        raise InputError(
            f"{out}: expected a path where nothing is yet, got one in use; "
            "choose another name or remove it first"
        )


class Recording:
    """A new .mcap file, written scene by scene; it has its name once it is closed.

    Its chunks are compressed (zstd) and leave the memory when they are full. A recording of no
    answer leaves no file.
    """

    def __init__(self, out: Path) -> None:
        """Begin it in a hidden folder beside `out`.

        Raises
        ------
        InputError
            When `out` is not the name of a new .mcap file.
        GroundingRosError
            When nothing can be written there.
        """
        check_recording(out)
        self._out = out
        with _writable(out):
            self._folder = Path(tempfile.mkdtemp(prefix=f".{out.stem}-", dir=out.parent))
            # rosbags names the file after a folder of its own.
            self._writer = Writer(
                self._folder / out.stem,
                version=METADATA_VERSION,
                storage_plugin=StoragePlugin.MCAP,
            )
            self._writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
            self._writer.set_custom_data("made_by", "grounding-ros evaluate")
            self._writer.open()
        self._tracks = Tracks(self._writer)
        self._clock = _Clock()
        self._shown: tuple[Path, int] | None = None
        self._is_located = False
        self._answers = 0

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish the file.

        Raises
        ------
        GroundingRosError
            When it cannot be written.
        """
        try:
            with _writable(self._out):
                self._writer.close()
                if self._answers:
                    (self._folder / self._out.stem / self._out.name).rename(self._out)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, source: Path, result: SceneResult) -> None:
        """Write the answers of a scene with their pictures, and what would have been right.

        A picture keeps its stamp, and everything about it has that same stamp. Each answer is
        logged at a moment of its own: those to one picture are spread over the second after it. The
        first picture of another source comes a second after the last answer, and so does one whose
        stamp went back, or a day ahead.

        Raises
        ------
        GroundingRosError
            When it cannot be written.
        """
        true = TrueObjects.of(result.scene) if result.judgements else None
        shares = Counter(answer.stamp_ns for _, answer in result.answers)
        said: Counter[int] = Counter()
        for spoken, answer in result.answers:
            wait_ns = said[answer.stamp_ns] * _SECOND_NS // shares[answer.stamp_ns]
            said[answer.stamp_ns] += 1
            frame = replace(result.scene.frame, frame_id=answer.frame_id)
            with _writable(self._out):
                self._show(source, frame, answer.stamp_ns)
                self._locate(frame, answer.pose or _true_pose(result.scene))
                self._clock.wait(wait_ns)
                self._say(answer, frame)
                if true is not None:
                    at = self._clock.frame_ns, frame.frame_id
                    self._put(truth_messages(result.scene, true, spoken, *at))

    def _show(self, source: Path, frame: Frame, stamp_ns: int) -> None:
        """Write a picture, unless it was the one before too."""
        shown = (source, stamp_ns)
        if shown == self._shown:
            return
        is_new_source = self._shown is not None and self._shown[0] != source
        self._clock.begin_frame(stamp_ns, is_new_source)
        self._shown, self._is_located = shown, False
        self._put(_picture(frame, self._clock.frame_ns))

    def _locate(self, frame: Frame, pose: CameraPose | None) -> None:
        """Write where the camera was, once a picture."""
        if self._is_located or pose is None or pose.base_from_camera is None:
            return
        self._is_located = True
        tf = messages.tf(
            pose.frame_id, frame.frame_id, pose.base_from_camera, self._clock.frame_ns
        )
        self._put([("/tf", tf)])

    def _say(self, answer: Answer, frame: Frame) -> None:
        self._answers += 1
        moved = replace(answer, stamp_ns=self._clock.frame_ns)
        self._put([(INSTRUCTION_TOPIC, messages.string(answer.text))])
        self._put(answer_messages(moved, frame, self._answers))

    def _put(self, parts: Iterable[tuple[str, Any]]) -> None:
        for topic, message in parts:
            latched = topic == ANSWER_TOPIC
            self._tracks.write(topic, message, self._clock.now_ns, latched)


@dataclass
class _Clock:
    """The time of the recording, which never stands still or goes back."""

    now_ns: int = -1
    frame_ns: int = 0
    """The newest picture's stamp in the recording."""
    _shift_ns: int = 0

    def begin_frame(self, stamp_ns: int, is_new_source: bool) -> None:
        """Go on to a picture's stamp, or a second on where that leads back or far away."""
        ahead_ns = stamp_ns + self._shift_ns - self.now_ns
        is_far = self.now_ns >= 0 and ahead_ns > _LONG_NS
        if is_new_source or is_far or ahead_ns <= 0:
            self._shift_ns = self.now_ns + _SECOND_NS - stamp_ns
        self.now_ns = self.frame_ns = stamp_ns + self._shift_ns

    def wait(self, after_frame_ns: int) -> None:
        """Go on to a moment after the picture, a millisecond at least."""
        self.now_ns = max(self.frame_ns + after_frame_ns, self.now_ns + _STEP_NS)


def _picture(frame: Frame, stamp_ns: int) -> Iterator[tuple[str, Any]]:
    if frame.intrinsics is not None:
        yield CAMERA_INFO_TOPIC, messages.camera_info(frame, stamp_ns)
    yield COLOR_TOPIC, messages.color_image(frame, stamp_ns)
    if frame.depth is not None:
        yield DEPTH_TOPIC, messages.depth_image(frame, stamp_ns)


def _true_pose(scene: Scene) -> CameraPose | None:
    known = scene.base_from_camera
    return None if known is None else CameraPose(BASE_FRAME, known)


@contextmanager
def _writable(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GroundingRosError(
            f"{out}: expected room for a recording, got {error.strerror}; choose another place"
        ) from error
