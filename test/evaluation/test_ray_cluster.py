"""A Ray finds out what one process does, whatever happens to its workers."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from unittest.mock import patch

import pytest

from grounding_ros.errors import BackendError, InputError
from grounding_ros.evaluation.bags.writer import make_bag
from grounding_ros.evaluation.ray_cluster import run_on_ray
from grounding_ros.evaluation.record import Broken
from grounding_ros.evaluation.work import Job, Settings, jobs_of, run_here

pytestmark = [
    # Not imported: it reads its settings then.
    pytest.mark.skipif(find_spec("ray") is None, reason="needs Ray: run `make test`"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]

ASKED = Settings(asked=("find the red box", *(f"of and {k}" for k in range(300))))


LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def texts(records):
    return [one.text for record in records for one in record.heard]


def scenes(records):
    return [record.scene for record in records]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listeners(pids):
    """The addresses at which these processes listen."""
    owned = set()
    for pid in pids:
        for handle in Path(f"/proc/{pid}/fd").glob("*"):
            with suppress(OSError):  # closed since
                owned.add(os.readlink(handle))
    addresses = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == "0A" and f"socket:[{rest[5]}]" in owned:
                words = bytes.fromhex(local.split(":")[0])  # 32 bits each, in the machine's order
                packed = b"".join(words[k : k + 4][::-1] for k in range(0, len(words), 4))
                addresses.add(socket.inet_ntop(family, packed))
    return addresses


def evaluated(sources, out, *options, **context):
    """A run of the command in a process of its own, and its figures but for the times."""
    command = [sys.executable, "-m", "grounding_ros.cli", "evaluate", *map(str, sources)]
    command += [*options, "--json", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, **context)
    result = json.loads(out.read_text("utf-8")) if out.exists() else {}
    return done, {key: value for key, value in result.items() if key != "latency_ms"}


@pytest.fixture(scope="module", autouse=True)
def same_environment_afterwards():
    with patch.dict(os.environ):
        yield


@pytest.fixture
def ray_workers(descendants):
    """The processes of the local Ray that have done a job, or still do."""

    def workers():
        alive = {}
        for pid in descendants(os.getpid()):
            try:
                alive[pid] = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:  # it has just ended
                continue
        return {pid for pid, title in alive.items() if title.startswith(b"ray::_records_of")}

    return workers


def test_a_local_ray_gives_the_figures_of_one_process_and_is_quiet(folder, long_bag, tmp_path):
    foreign = tmp_path / "foreign.mcap"
    foreign.write_bytes(b"no bag")
    sources = [folder, foreign, long_bag]
    here, expected = evaluated(sources, tmp_path / "here.json")
    there, got = evaluated(sources, tmp_path / "there.json", "--ray", "local")
    assert (here.returncode, there.returncode) == (1, 1)  # one source is broken
    assert len(got["broken"]) == 1 and len(got["expressions"]) == 12
    assert got == expected
    assert there.stdout.split("milliseconds")[0] == here.stdout.split("milliseconds")[0]
    said = [line for line in there.stderr.splitlines() if line.strip()]
    assert all(line.startswith("answers: ") for line in said), there.stderr  # the progress bar


def test_killed_workers_lose_nothing_and_a_job_lost_three_times_is_reported(
    folder, tmp_path, long_bag, ray_workers, descendants
):
    doomed = make_bag(folder, tmp_path / "doomed")
    jobs = [Job(long_bag), *jobs_of(folder), Job(doomed), *jobs_of(folder)]
    expected = list(run_here(jobs, ASKED))
    before = descendants(os.getpid())
    got, killed = [], set()
    for record in run_on_ray(jobs, ASKED):
        got.append(record)
        if len(got) == 1:
            assert set() < listeners({os.getpid(), *descendants(os.getpid())}) <= LOOPBACK
        # Once in the middle of the first bag, and whenever anything comes of the second.
        if len(got) == 1 or (record.source == doomed and not isinstance(record, Broken)):
            new = ray_workers() - killed
            for worker in new:
                os.kill(worker, signal.SIGKILL)
            killed |= new
    (broken,) = (one for one in got if isinstance(one, Broken))
    assert broken.source == doomed
    assert "expected a worker to finish it, got 3 killed at it" in broken.reason
    first = len(texts(run_here([Job(long_bag)], ASKED)))
    assert scenes(got[: first + 2]) == scenes(expected[: first + 2])
    assert texts(got[:first]) == texts(expected[:first])
    assert scenes(got[-2:]) == ["first", "second"]  # what came after it counts
    assert descendants(os.getpid()) <= before


def test_an_error_that_ends_everything_is_that_of_one_process(folder):
    said = []
    for spread in (run_here, run_on_ray):
        with pytest.raises(BackendError, match="expected one of auto, clipseg") as error:
            list(spread(jobs_of(folder), Settings(grounder="clairvoyant")))
        said.append(str(error.value))
    assert said[0] == said[1]


def test_a_cluster_somewhere_else(folder, tmp_path):
    """Its workers start in another folder: a relative path is still found."""
    port = free_port()
    environment = {
        **os.environ,
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # loopback only
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": token_hex(32),
    }
    start = f"start --head --block --port={port} --num-cpus=2 --object-store-memory=100000000"
    quiet = "--include-dashboard=false --disable-usage-stats"
    head = subprocess.Popen(
        [sys.executable, "-m", "ray.scripts.scripts", *start.split(), *quiet.split()],
        env=environment,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert any("--block" in line for line in head.stdout), "it ended before it was ready"
        expected = evaluated([folder], tmp_path / "here.json")[1]
        done, got = evaluated(
            [folder.name],
            tmp_path / "there.json",
            f"--ray=127.0.0.1:{port}",
            cwd=folder.parent,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        assert got == expected
    finally:
        head.terminate()
        head.communicate(timeout=20)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1:1", "Connection refused"),
        ("127.0.0.1:head", "got 127.0.0.1:head: invalid literal"),
        ("nonsense", "expected `local`, `auto` or HOST:PORT"),
    ],
)
def test_where_no_cluster_is_there_is_a_sentence(folder, tmp_path, address, words):
    done, _ = evaluated([folder], tmp_path / "out.json", "--ray", address)
    assert done.returncode == 2
    assert words in done.stderr and "Traceback" not in done.stderr


def test_what_cannot_be_is_refused(folder, tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"--record: expected one process, .* got a Ray cluster"):
        run_on_ray(jobs_of(folder), Settings(record=tmp_path / "bag"))
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BackendError, match=r"pip install 'grounding_ros\[ray\]'"):
        run_on_ray(jobs_of(folder), Settings())
