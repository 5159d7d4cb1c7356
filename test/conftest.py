"""`--no-skips`: a test that is skipped fails the run, as in a container that has everything."""

import pytest


def pytest_addoption(parser):
    group = parser.getgroup("skips")
    group.addoption(
        "--no-skips",
        action="store_true",
        help="fail the run when a test is skipped, and print each with its reason",
    )
    group.addoption(
        "--may-skip",
        action="append",
        default=[],
        metavar="TEXT",
        help="with --no-skips: a reason that contains TEXT is no failure; can be repeated",
    )


def pytest_configure(config):
    if config.getoption("no_skips"):
        config.pluginmanager.register(SkipWatch(config.getoption("may_skip")))
    elif config.getoption("may_skip"):
        raise pytest.UsageError("--may-skip: expected --no-skips beside it; add it, or drop both")


class SkipWatch:
    """Remembers what was skipped without leave, and ends the run with a failure for it."""

    def __init__(self, may_skip):
        self.may_skip = may_skip
        self.skipped = []

    def pytest_collectreport(self, report):
        self._note(report)

    def pytest_runtest_logreport(self, report):
        if not hasattr(report, "wasxfail"):  # an expected failure is reported as a skip too
            self._note(report)

    def _note(self, report):
        if report.skipped:
            reason = report.longrepr[2].removeprefix("Skipped: ")  # file, line, reason
            if not any(text in reason for text in self.may_skip):
                self.skipped.append((report.nodeid, reason))

    def pytest_sessionfinish(self, session):
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.skipped:
            terminalreporter.section("skipped, which --no-skips forbids", red=True)
            for name, reason in self.skipped:
                terminalreporter.line(f"{name}: {reason}")
