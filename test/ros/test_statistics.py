"""Counts, rates, percentiles and losses: bounded, whatever happens."""

import threading

import pytest

from grounding_ros.ros import statistics as module
from grounding_ros.ros.statistics import GapCounter, Statistics, resident_mib

MS = 1_000_000


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_events_are_counted_and_their_rate_is_of_the_last_seconds(clock):
    statistics = Statistics()
    for _ in range(50):
        statistics.count("image")
        clock.now += 0.1
    assert statistics.total("image") == 50
    assert statistics.rate("image") == pytest.approx(10.0, abs=0.2)
    clock.now += 10.0
    assert statistics.rate("image") == 0.0
    assert statistics.total("image") == 50
    assert (statistics.total("depth"), statistics.rate("depth")) == (0, 0.0)


def test_percentiles_of_every_stage():
    statistics = Statistics()
    assert statistics.percentiles() == {}
    for milliseconds in range(101):
        statistics.add("lift", float(milliseconds))
    statistics.add("ground", 7.0)
    assert statistics.percentiles() == {"lift": (50.0, 95.0), "ground": (7.0, 7.0)}


def test_only_the_newest_durations_count():
    statistics = Statistics()
    for milliseconds in (*[1000.0] * 500, *[1.0] * 300):
        statistics.add("lift", milliseconds)
    assert statistics.percentiles()["lift"] == (1.0, 1.0)


def test_threads_do_not_lose_counts():
    statistics = Statistics()

    def work():
        for _ in range(2000):
            statistics.count("image")
            statistics.add("lift", 1.0)
            statistics.rate("image")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statistics.total("image") == 8000


def lost(*stamps_ms):
    """How many messages are missing between these stamps."""
    statistics = Statistics()
    gaps = GapCounter(statistics, "lost")
    for stamp in stamps_ms:
        gaps.add(round(stamp * MS))
    return statistics.total("lost")


@pytest.mark.parametrize(
    ("stamps_ms", "expected"),
    [
        ([], 0),
        ([100], 0),
        ([100, 133, 166, 200, 233], 0),
        ([100, 133, 200], 1),  # 166 is missing
        ([100, 133, 266], 3),
        ([100, 133, 166, 1266, 1300], 0),  # a pause is no loss
        ([5000, 5033, 100, 133, 166], 0),  # nor is a clock that jumps back
        ([100, 100, 133, 133, 166], 0),  # nor a message that came twice
        ([100, 135, 164, 201, 232], 0),  # jitter
        ([1e12 + 100, 1e12 + 133, 1e12 + 200], 1),  # stamps of a wall clock
    ],
)
def test_a_gap_between_steady_stamps_is_a_loss(stamps_ms, expected):
    assert lost(*stamps_ms) == expected


def test_memory_is_that_of_this_process(monkeypatch, tmp_path):
    assert 10 < resident_mib() < 100_000
    monkeypatch.setattr(module, "Path", lambda _: tmp_path / "none")
    assert resident_mib() == 0.0
