"""The node under test: one that runs already, or one that is started for the bag."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grounding_ros.errors import BackendError, InputError
from grounding_ros.live.script import Script
from grounding_ros.ros.discovery import grounding_nodes
from grounding_ros.ros.health import HealthListener
from grounding_ros.ros.player import BagPlayer
from grounding_ros.ros.process import isolated_environment, node_process
from grounding_ros.shared_files import share

_RUNNING_S = 5.0
_STARTING_S = 30.0
_LOADING_S = 300.0
_STEP_S = 0.05


class NodeUnderTest:
    """What is known of the node; with a process when it was started for the bag."""

    def __init__(self, script: Script, process: subprocess.Popen[bytes] | None, log: Path) -> None:
        self._script = script
        self._process = process
        self._log = log

    def check(self) -> None:
        """Raise an InputError when the node that was started has ended."""
        if self._process is not None and self._process.poll() is not None:
            said = self._log.read_text("utf-8", errors="replace").strip().splitlines()
            raise InputError(
                f"{self._script.path}: expected the started node to run, got its end with status "
                f"{self._process.returncode}; it said: {' | '.join(said[-3:])}"
            )

    def find(self, node: Any) -> str:
        """Return the full name of the grounding node.

        Raises
        ------
        InputError
            When there is none, or several.
        """
        deadline = time.monotonic() + self._patience_s
        while not (names := grounding_nodes(node)):
            self.check()
            if time.monotonic() > deadline:
                raise InputError(self._nobody(self._script.inputs))
            time.sleep(_STEP_S)
        if len(names) > 1:
            raise InputError(
                f"{self._script.path}: expected one grounding node, got {', '.join(names)}; stop "
                "the others, or set another ROS_DOMAIN_ID"
            )
        return names[0]

    def wait_until_it_listens(self, player: BagPlayer) -> None:
        """Wait for its subscriptions.

        Raises
        ------
        InputError
            When nobody hears the image or the instructions. What else it needs is up to the node.
        """
        deaf = player.wait_for_listeners(self._script.inputs, self._patience_s)
        self.check()
        topics = self._script.topics
        needed = [name for name in deaf if name in (topics.image, topics.instruction)]
        if needed:
            raise InputError(self._nobody(needed))

    def wait_until_it_is_ready(self, node: Any, health: HealthListener) -> None:
        """Wait until its model is loaded; a node that tells nothing is taken for ready.

        Raises
        ------
        BackendError
            When it cannot be loaded.
        """
        deadline = time.monotonic() + _LOADING_S
        while time.monotonic() < deadline:
            self.check()
            values = health.wait(node.get_clock().now().nanoseconds, _RUNNING_S)
            if values is None:
                if self._process is None:
                    return
            elif values["state"] == "ready":
                return
            elif values["state"] == "failed":
                raise BackendError(f"the node: {values['message']}")

    @property
    def _patience_s(self) -> float:
        return _RUNNING_S if self._process is None else _STARTING_S

    def _nobody(self, topics: list[str]) -> str:
        parameters = {
            name: value
            for name, value in self._script.parameters.items()
            if name.startswith("input.") or (value and name != "diagnostics_period_s")
        }
        arguments = [
            f"-r {ours}:={topic}" for ours, topic in self._script.topics.remappings.items()
        ]
        arguments += [f"-p {name}:={json.dumps(value)}" for name, value in parameters.items()]
        return (
            f"{self._script.path}: expected a running node that listens to {', '.join(topics)}, "
            f"got none within {self._patience_s:.0f} s; give --start-node, or start one on this "
            f"ROS_DOMAIN_ID: grounding-ros run --ros-args {' '.join(arguments)}"
        )


@contextmanager
def node_under_test(script: Script, grounder: str, start: bool) -> Iterator[NodeUnderTest]:
    """Set DDS up for this process and, if wanted, start a node in a domain of its own."""
    environment = isolated_environment(share("config/fastdds.xml"))
    if not start:  # the running node is where the user says
        environment = {
            k: v for k, v in environment.items() if k == "FASTRTPS_DEFAULT_PROFILES_FILE"
        }
    with _environment(environment), tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "node.log"
        if not start:
            yield NodeUnderTest(script, None, log)
            return
        parameters = {**script.parameters, "perception.grounder": grounder}
        with node_process(parameters, script.topics.remappings, log) as process:
            yield NodeUnderTest(script, process, log)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
