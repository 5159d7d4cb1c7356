"""The executable: how it ends."""

import os
import signal
import time
from pathlib import Path

import pytest

from grounding_ros.ros.main import use_profile
from grounding_ros.ros.process import isolated_environment, node_process


@pytest.fixture(autouse=True)
def domain(monkeypatch):
    for name, value in isolated_environment().items():
        monkeypatch.setenv(name, value)


def wait_until_active(process, log):
    until = time.monotonic() + 30
    while b"active:" not in log.read_bytes():
        assert time.monotonic() < until and process.poll() is None, log.read_text("utf-8")
        time.sleep(0.05)


@pytest.mark.parametrize("pause_s", [0.0, 0.005, 0.03])
def test_a_second_interrupt_does_not_cut_the_end_short(tmp_path, pause_s):
    log = tmp_path / "node.log"
    with node_process({}, {}, log) as process:
        wait_until_active(process, log)
        process.send_signal(signal.SIGINT)
        time.sleep(pause_s)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0, log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")


def test_the_node_shares_memory_enough_for_masks(tmp_path, monkeypatch):
    monkeypatch.delenv("FASTRTPS_DEFAULT_PROFILES_FILE", raising=False)
    log = tmp_path / "node.log"
    with node_process({}, {}, log) as process:
        wait_until_active(process, log)
        maps = Path(f"/proc/{process.pid}/maps").read_text("utf-8").splitlines()
    shared = [line.split()[0].split("-") for line in maps if "/dev/shm/fastrtps_" in line]
    assert max((int(end, 16) - int(start, 16) for start, end in shared), default=0) >= 32 << 20


def test_a_profile_of_the_users_own_is_kept(monkeypatch):
    monkeypatch.delenv("FASTRTPS_DEFAULT_PROFILES_FILE", raising=False)
    monkeypatch.setenv("FASTDDS_DEFAULT_PROFILES_FILE", "mine.xml")
    use_profile()
    assert "FASTRTPS_DEFAULT_PROFILES_FILE" not in os.environ
