"""The option `--no-skips` of this folder's conftest, in runs of their own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
BY_TEST = "import pytest\n\ndef test_it():\n    pytest.skip('no camera here')\n"
BY_MARK = "import pytest\n\n@pytest.mark.skip(reason='no camera here')\ndef test_it():\n    pass\n"
BY_FIXTURE = """
import pytest

@pytest.fixture
def camera():
    pytest.skip('no camera here')

def test_it(camera):
    pass
"""
BY_MODULE = "import pytest\n\npytest.importorskip('no_such', reason='no camera here')\n"
PASSES = "def test_it():\n    pass\n"
FAILS = "def test_it():\n    assert False\n"
EXPECTED_TO_FAIL = "import pytest\n\n@pytest.mark.xfail\ndef test_it():\n    assert False\n"


@pytest.fixture
def run(tmp_path):
    """Run pytest with our conftest on some test files; its exit status and what it printed."""
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def run(options, **files):
        for name, source in files.items():
            (tmp_path / f"test_{name}.py").write_text(source)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    return run


@pytest.mark.parametrize("source", [BY_TEST, BY_MARK, BY_FIXTURE, BY_MODULE])
def test_a_skip_of_any_kind_fails_the_run_and_is_printed_with_its_reason(run, source):
    status, output = run(["--no-skips"], one=source, other=PASSES)
    assert status == 1
    _, _, told = output.partition("skipped, which --no-skips forbids")
    assert "test_one.py" in told
    assert "no camera here" in told
    assert "test_other" not in told


def test_without_the_option_a_skip_is_no_failure(run):
    status, output = run([], one=BY_TEST, other=PASSES)
    assert status == 0
    assert "no camera here" not in output


@pytest.mark.parametrize("source", [PASSES, EXPECTED_TO_FAIL])
def test_a_run_without_a_skip_passes(run, source):
    status, output = run(["--no-skips"], one=source)
    assert status == 0
    assert "forbids" not in output


def test_a_skip_with_leave_is_no_failure_and_another_still_is(run):
    leave = ["--no-skips", "--may-skip", "no camera"]
    assert run(leave, one=BY_TEST)[0] == 0
    status, output = run(leave, two=BY_TEST.replace("camera", "arm"))
    assert status == 1
    _, _, told = output.partition("forbids")
    assert "no arm here" in told
    assert "no camera here" not in told


def test_a_failure_stays_one(run):
    assert run(["--no-skips"], one=FAILS)[0] == 1


def test_no_test_at_all_is_no_success(run):
    assert run(["--no-skips"])[0] == 5


def test_leave_without_the_option_is_refused(run):
    status, output = run(["--may-skip", "no camera"], one=PASSES)
    assert status == 4
    assert "expected --no-skips beside it" in output
