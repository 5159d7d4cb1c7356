"""The node as its own process, for the demo and for tests."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_END_S = 10.0


def isolated_environment(profile: Path | None = None) -> dict[str, str]:
    """Variables that keep DDS on this machine, in a domain of its own.

    What the user has set is kept. `profile` is a Fast DDS profile for the publisher's side.
    """
    wanted = {
        # 1 to 101 are the domains whose ports are free on every system.
        "ROS_DOMAIN_ID": str(random.SystemRandom().randint(1, 101)),
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
        "ROS_LOCALHOST_ONLY": "1",  # what Humble knows instead
    }
    if os.environ.get("ROS_DISTRO", "jazzy") != "humble":
        del wanted["ROS_LOCALHOST_ONLY"]
    if profile is not None:
        wanted["FASTRTPS_DEFAULT_PROFILES_FILE"] = str(profile)
    return {name: value for name, value in wanted.items() if name not in os.environ}


@contextmanager
def node_process(
    parameters: Mapping[str, Any], remappings: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `grounding_node` as a child until the block ends; its output goes to `log`."""
    command = [sys.executable, "-m", "grounding_ros.ros.main", "--ros-args"]
    for name, value in remappings.items():
        command += ["-r", f"{name}:={value}"]
    for name, value in parameters.items():
        command += ["-p", f"{name}:={json.dumps(value)}"]  # JSON is YAML with quotes
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
