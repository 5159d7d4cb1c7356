"""The node's health on /diagnostics: what comes in, how long it takes, what is broken."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.node import Node

from grounding_ros.pipeline import Notes
from grounding_ros.ros.inbox import Inbox
from grounding_ros.ros.statistics import Statistics, resident_mib

_LOST_RATIO = 0.7
"""Below this share of matched depth or of steady stamps a stream is called lossy."""


@dataclass(frozen=True)
class Health:
    """What the worker last knew of itself."""

    state: str
    """"loading", "ready" or "failed"."""
    error: str = ""
    """The last error, "" once an answer went out without one."""
    notes: tuple[Notes, ...] = ()
    """Of the models that choose what they run on."""


class Diagnostics:
    """Writes two statuses: input and pipeline."""

    def __init__(self, node: Node, topics: dict[str, str], camera: str = "") -> None:
        """Speak of one camera; its name is told where the node has several."""
        self._name = node.get_name()
        self._camera = f"{camera} " if camera else ""
        self._clock = node.get_clock()
        self._topics = topics
        self._publisher = node.create_publisher(DiagnosticArray, "/diagnostics", 10)

    def publish(self, inbox: Inbox | None, statistics: Statistics, health: Health) -> None:
        """Publish the state of now."""
        message = DiagnosticArray()
        message.header.stamp = self._clock.now().to_msg()
        message.status = [
            self._input(inbox, statistics),
            self._pipeline(statistics, health),
        ]
        self._publisher.publish(message)

    def _input(self, inbox: Inbox | None, statistics: Statistics) -> DiagnosticStatus:
        rates = {kind: statistics.rate(kind) for kind in ("image", "depth", "camera_info")}
        values = {f"{kind}_hz": f"{rate:.1f}" for kind, rate in rates.items()}
        values |= {f"{kind}_topic": topic for kind, topic in self._topics.items()}
        values |= {name: str(n) for name, n in (inbox.counters if inbox else {}).items()}
        values["images"] = str(statistics.total("image"))
        values["images_lost"] = str(statistics.total("images_lost"))
        level, text = DiagnosticStatus.OK, "receiving"
        if inbox is None or not inbox.active:
            text = "inactive"
        elif rates["image"] == 0:
            waiting = inbox.waiting_for_frame
            level = DiagnosticStatus.WARN
            text = f"no image on {self._topics['image']}; check its name and QoS"
            text += f"; an instruction waits for {waiting:.0f} s" if waiting else ""
        elif rates["camera_info"] == 0 and not statistics.total("camera_info"):
            level = DiagnosticStatus.WARN
            text = f"no camera_info on {self._topics['camera_info']}; answers are 2D"
        elif statistics.total("stamps_from_future"):
            level = DiagnosticStatus.WARN
            text = "stamps lie in the future of this node's clock; check use_sim_time and NTP"
        elif _is_lossy(statistics):
            level = DiagnosticStatus.WARN
            text = (
                "camera messages get lost on the way; start the camera with config/fastdds.xml "
                "(README, Losing no frames)"
            )
        return self._status("input", level, text, values)

    def _pipeline(self, statistics: Statistics, health: Health) -> DiagnosticStatus:
        values = {"state": health.state, "answers_hz": f"{statistics.rate('answer'):.2f}"}
        values["answers"] = str(statistics.total("answer"))
        values["dropped"] = str(statistics.total("dropped"))
        values["memory_mib"] = f"{resident_mib():.0f}"
        for stage, (p50, p95) in statistics.percentiles().items():
            values[f"{stage}_p50_ms"], values[f"{stage}_p95_ms"] = f"{p50:.2f}", f"{p95:.2f}"
        values |= {f"model_{place}": note.in_use for place, note in enumerate(health.notes, 1)}
        level, text = DiagnosticStatus.OK, health.state
        if refused := [why for note in health.notes for why in note.refused]:
            level, text = DiagnosticStatus.WARN, "; ".join(refused)
        if health.error:
            failed = health.state == "failed"
            level = DiagnosticStatus.ERROR if failed else DiagnosticStatus.WARN
            text = health.error
        return self._status("pipeline", level, text, values)

    def _status(
        self, part: str, level: bytes, text: str, values: dict[str, str]
    ) -> DiagnosticStatus:
        return DiagnosticStatus(
            level=level,
            name=f"{self._name}: {self._camera}{part}",
            message=text,
            hardware_id=self._name,
            values=[KeyValue(key=key, value=value) for key, value in values.items()],
        )


def _is_lossy(statistics: Statistics) -> bool:
    lost, heard = statistics.rate("images_lost"), statistics.rate("image")
    return heard > 0 and heard / (heard + lost) < _LOST_RATIO
