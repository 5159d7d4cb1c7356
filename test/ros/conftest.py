"""Every test gets a node on a fresh DDS domain; without ROS this folder is skipped, aloud."""

import os

import pytest

os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")

pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")

from live_robot import Live


@pytest.fixture
def live():
    """Start a node with the given parameters: `live(continuous=True)`."""
    opened = []

    def start(**parameters):
        opened.append(Live(**{name.replace("__", "."): v for name, v in parameters.items()}))
        return opened[-1].start()

    yield start
    for one in opened:
        one.close()
