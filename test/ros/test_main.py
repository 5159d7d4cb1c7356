"""The executable: how it ends."""

import signal
import time

import pytest

from grounding_ros.ros.process import isolated_environment, node_process


@pytest.mark.parametrize("pause_s", [0.0, 0.005, 0.03])
def test_a_second_interrupt_does_not_cut_the_end_short(tmp_path, monkeypatch, pause_s):
    for name, value in isolated_environment().items():
        monkeypatch.setenv(name, value)
    log = tmp_path / "node.log"
    with node_process({}, {}, log) as process:
        until = time.monotonic() + 30
        while b"active:" not in log.read_bytes():
            assert time.monotonic() < until and process.poll() is None, log.read_text("utf-8")
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        time.sleep(pause_s)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0, log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")
