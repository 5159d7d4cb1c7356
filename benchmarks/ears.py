"""What hears the node in the benchmarks, and what the system says of the node's process."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PATIENCE_S = 60.0
"""How long without a new answer until the node is taken for dead."""


class Ears:
    """Counts the node's answers and keeps its newest diagnostics and detections.

    Pictures stay serialised: what a subscriber does with them is not the node's cost.
    """

    def __init__(self, node: Any, process: subprocess.Popen[bytes], log: Path) -> None:
        from diagnostic_msgs.msg import DiagnosticArray
        from std_msgs.msg import String

        self.answers = 0
        self.memory_mib: dict[int, float] = {}
        self._marks: set[int] = set()
        self._node = node
        self._process = process
        self._log = log
        self._diagnostics: dict[str, str] = {}
        self._detections: int | None = None
        node.create_subscription(String, "/grounding/answer", self._on_answer, 1, raw=True)
        node.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, 10)

    def subscribe_to_all(self, pictures: bool) -> None:
        """Hear every other topic, the three pictures only when wanted."""
        from sensor_msgs.msg import Image, PointCloud2
        from std_msgs.msg import UInt32
        from vision_msgs.msg import Detection2DArray, Detection3DArray, LabelInfo
        from visualization_msgs.msg import MarkerArray

        topics = {
            "detections": Detection2DArray,
            "masks": Image,
            "label_info": LabelInfo,
            "count": UInt32,
        }
        if pictures:
            topics |= {"markers": MarkerArray, "objects_cloud": PointCloud2, "debug_image": Image}
        for name, kind in topics.items():
            self._node.create_subscription(
                kind, f"/grounding/{name}", lambda data: None, 1, raw=True
            )
        self._node.create_subscription(
            Detection3DArray, "/grounding/detections_3d", self._on_detections, 1
        )

    def watch_memory(self, marks: set[int]) -> None:
        """Note the node's memory when so many answers were heard."""
        self._marks = marks

    def wait_for_answers(self, count: int) -> None:
        """Wait until so many answers were heard in all."""
        heard, since = self.answers, time.monotonic()
        while self.answers < count:
            time.sleep(0.01)
            if self.answers > heard:
                heard, since = self.answers, time.monotonic()
            if self._process.poll() is not None or time.monotonic() - since > _PATIENCE_S:
                raise SystemExit(f"the node is silent; its log:\n{self._log.read_text()[-2000:]}")

    def wait_for_diagnostics(self) -> dict[str, str]:
        """The next values of /diagnostics."""
        self._diagnostics = {}
        return self._soon(lambda: self._diagnostics or None, "diagnostics")

    def wait_for_detections(self) -> int:
        """How many objects the next detections_3d hold."""
        self._detections = None
        return self._soon(lambda: self._detections, "detections_3d")

    def forget(self) -> None:
        """Start counting anew."""
        self.answers = 0

    def _soon(self, look: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + _PATIENCE_S
        while (found := look()) is None:
            if time.monotonic() > deadline:
                raise SystemExit(f"no {what} within {_PATIENCE_S:.0f} s")
            time.sleep(0.01)
        return found

    def _on_answer(self, data: bytes) -> None:
        self.answers += 1
        if self.answers in self._marks:
            self.memory_mib[self.answers] = resident_mib(self._process.pid)

    def _on_diagnostics(self, message: Any) -> None:
        self._diagnostics = {kv.key: kv.value for part in message.status for kv in part.values}

    def _on_detections(self, message: Any) -> None:
        self._detections = len(message.detections)


def resident_mib(pid: int) -> float:
    """Memory of a process that is in RAM, MiB."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(row for row in rows if row.startswith("VmRSS")).split()[1]) / 1024


def cpu_ms(pid: int) -> float:
    """Processor time that a process has used, all its threads."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1e3 * sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")
