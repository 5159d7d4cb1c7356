"""Several processes find out what one does, whatever happens to them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

from grounding_ros import cli
from grounding_ros.errors import BackendError, InputError
from grounding_ros.evaluation.record import Broken
from grounding_ros.evaluation.work import Job, Settings, jobs_of, run_here
from grounding_ros.evaluation.workers import UNREAD, run_in_processes
from grounding_ros.simulation.folder_writer import write_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


_STARTING_S = 0.5
"""A worker takes longer until it answers."""


@pytest.fixture
def asked():
    """So much to be asked that no pipe holds the answers; what is not understood is quick."""
    return Settings(
        grounder="geometric", asked=("find the red box", *(f"of and {k}" for k in range(1000)))
    )


def texts(records):
    return [one.text for record in records for one in record.heard]


def figures(sources, tmp_path, *options):
    """The JSON of an evaluation but for its times, and the exit status."""
    out = tmp_path / "figures.json"
    status = cli.main(["evaluate", *map(str, sources), *options, "--json", str(out)])
    result = json.loads(out.read_text("utf-8"))
    return {key: value for key, value in result.items() if key != "latency_ms"}, status


def test_two_workers_give_the_figures_of_one(folder, long_bag, tmp_path):
    foreign = tmp_path / "foreign.mcap"
    foreign.write_bytes(b"no bag")
    sources = [folder, foreign, long_bag]
    one, status = figures(sources, tmp_path)
    assert (status, len(one["broken"]), len(one["expressions"])) == (1, 1, 12)
    assert figures(sources, tmp_path, "--workers", "2") == (one, 1)


def test_two_workers_write_the_dump_of_one(folder, tmp_path):
    dumps = [tmp_path / "one", tmp_path / "two"]
    for workers, dump in enumerate(dumps, start=1):
        figures([folder], tmp_path, "--workers", str(workers), "--dump", str(dump))
    files = [path.relative_to(dumps[0]) for path in dumps[0].rglob("*") if path.is_file()]
    assert len(files) == 1 + 6 + 2
    assert all((dumps[0] / file).read_bytes() == (dumps[1] / file).read_bytes() for file in files)


def test_records_come_in_the_order_of_the_jobs(scenes, tmp_path):
    names = [f"scene{k:02}" for k in range(20)]
    said = [replace(one, expressions=()) for one in scenes]
    folder = write_folder(
        tmp_path / "many", [replace(said[k % 2], name=name) for k, name in enumerate(names)]
    )
    records = run_in_processes(jobs_of(folder), Settings(), workers=3)
    assert [record.scene for record in records] == names


def test_a_worker_has_its_share_of_the_cores_unless_the_user_says_so(
    folder, descendants, monkeypatch
):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENCV_FOR_THREADS_NUM", "7")
    before = descendants(os.getpid())
    records = run_in_processes(jobs_of(folder), Settings(), workers=2)
    next(records)
    workers = descendants(os.getpid()) - before
    share = max(1, len(os.sched_getaffinity(0)) // 2)
    assert len(workers) == 2
    for worker in workers:
        environment = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
        assert f"OMP_NUM_THREADS={share}".encode() in environment
        assert b"OPENCV_FOR_THREADS_NUM=7" in environment
    records.close()
    assert descendants(os.getpid()) == before


def test_two_jobs_of_more_records_than_may_wait(long_bag, asked):
    jobs = [Job(long_bag)] * 2
    expected = texts(run_here(jobs, asked))
    assert len(expected) == 2 * 2 * len(asked.asked) > 4 * UNREAD
    records = run_in_processes(jobs, asked, workers=2)
    first = next(records)
    time.sleep(1.0)  # meanwhile the other worker fills its pipe
    assert texts(chain([first], records)) == expected


def test_a_killed_worker_loses_nothing_and_says_nothing_twice(folder, long_bag, asked, descendants):
    jobs = [*jobs_of(folder), Job(long_bag), *jobs_of(folder)]
    expected = list(run_here(jobs, asked))
    before = descendants(os.getpid())
    records, got = run_in_processes(jobs, asked, workers=2), []
    for record in records:
        got.append(record)
        if len(got) == 3:  # the first answer of the bag: one worker is in the middle of it
            assert texts(got) == [asked.asked[0]]
            for worker in descendants(os.getpid()) - before:
                os.kill(worker, signal.SIGKILL)
    assert [record.scene for record in got] == [record.scene for record in expected]
    assert texts(got) == texts(expected)


def killed_whenever_it_gets_on(records, workers_now, is_meant):
    """The records of a job whose workers are killed as soon as they have got anywhere.

    Records that a killed worker has left behind come at once, while the next one still starts.
    """
    got, killed, since = [], set(), -_STARTING_S
    for record in records:
        got.append(record)
        if is_meant(record) and time.monotonic() - since > _STARTING_S:
            alive = workers_now() - killed
            for worker in alive:
                os.kill(worker, signal.SIGKILL)
            killed |= alive
            since = time.monotonic()
    return got


def test_a_job_that_is_lost_three_times_is_reported(folder, long_bag, asked, descendants):
    jobs = [*jobs_of(folder), Job(long_bag), *jobs_of(folder)]
    before = descendants(os.getpid())
    got = killed_whenever_it_gets_on(
        run_in_processes(jobs, asked, workers=2),
        lambda: descendants(os.getpid()) - before,
        lambda record: not isinstance(record, Broken) and record.heard,
    )
    (broken,) = (record for record in got if isinstance(record, Broken))
    assert broken.source == long_bag
    assert "expected a worker to finish it, got 3 killed at it (the last: Killed)" in broken.reason
    known = texts(record for record in got if not isinstance(record, Broken))
    assert known == [*asked.asked, *asked.asked][: len(known)]  # what came before it counts
    assert [type(record) for record in got[-2:]] == [type(got[0])] * 2  # and what came after it


def test_workers_that_are_killed_at_the_start_are_not_started_for_ever(folder, descendants):
    before, over = descendants(os.getpid()), threading.Event()

    def kill_all():
        while not over.wait(0.01):
            for worker in descendants(os.getpid()) - before:
                os.kill(worker, signal.SIGKILL)

    killer = threading.Thread(target=kill_all)
    killer.start()
    try:
        with pytest.raises(BackendError, match="expected workers to load the pipeline, got 3"):
            list(run_in_processes(jobs_of(folder), Settings(), workers=2))
    finally:
        over.set()
        killer.join()
    assert descendants(os.getpid()) == before


def test_a_worker_that_fails_of_itself_ends_everything(folder, tmp_path, monkeypatch, capfd):
    (tmp_path / "cv2.py").write_text("raise RuntimeError('no such thing')")
    monkeypatch.syspath_prepend(tmp_path)  # the workers have the path of this process
    with pytest.raises(BackendError, match="a worker failed with exit status 1"):
        list(run_in_processes(jobs_of(folder), Settings(), workers=2))
    assert "no such thing" in capfd.readouterr().err


def test_what_cannot_be_is_refused_as_by_one_worker(folder, tmp_path, capsys):
    said = []
    for workers in ("1", "2"):
        options = ["--grounder", "clairvoyant", "--workers", workers]
        assert cli.main(["evaluate", str(folder), *options]) == 2
        said.append(capsys.readouterr().err)
    assert said[0] == said[1]
    assert "expected one of auto, clipseg" in said[0]
    with pytest.raises(InputError, match=r"--workers: expected 1 or more, .* got -1"):
        run_in_processes(jobs_of(folder), Settings(), workers=-1)
    with pytest.raises(InputError, match=r"--record: expected one process, .* got 2 workers"):
        run_in_processes(jobs_of(folder), Settings(record=tmp_path / "bag"), workers=2)


def test_one_worker_or_one_job_needs_no_process(folder, descendants):
    before = descendants(os.getpid())
    for jobs, workers in ((jobs_of(folder), 1), (jobs_of(folder)[:1], 5)):
        records = run_in_processes(jobs, Settings(), workers)
        assert next(records).scene == "first"
        assert descendants(os.getpid()) == before
        records.close()


def test_no_number_is_one_a_core(folder, descendants, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    before = descendants(os.getpid())
    records = run_in_processes(jobs_of(folder), Settings(), workers=0)
    next(records)
    assert len(descendants(os.getpid()) - before) == 2
    records.close()


def test_ctrl_c_ends_all_at_once_and_quietly(long_bag, descendants):
    options = [option for text in ["find the red box"] * 500 for option in ("--instruction", text)]
    other = shutil.copytree(long_bag, long_bag.with_name("other_bag"))
    command = [sys.executable, "-m", "grounding_ros.cli", "evaluate", str(long_bag), str(other)]
    process = subprocess.Popen(
        [*command, *options, "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # What a shell starts in the background ignores Ctrl-C, and so would its children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    while len(workers := descendants(process.pid)) < 2 and process.poll() is None:
        time.sleep(0.05)
    time.sleep(1.0)  # anywhere in their work
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in "".join(said)
    assert len(workers) == 2
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
