"""What an environment on top of a ROS still needs, by the versions its distribution has."""

import runpy
from importlib import metadata
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "missing_requirements.py"
WANTED = "# Tests.\npytest==9.2.0\nsetuptools==79.0.1\nno-such-tool==1.0\nPyYAML==6.0.3\n"
JAMMY = {"pytest": "6.2.5", "setuptools": "59.6.0", "numpy": "1.21.5", "PyYAML": "5.4.1"}
NOBLE = {"pytest": "7.4.4", "setuptools": "68.1.2", "numpy": "1.26.4", "PyYAML": "6.0.1"}


@pytest.mark.parametrize(
    ("installed", "needed"),
    [
        (JAMMY, ["pytest==9.2.0", "setuptools==79.0.1", "no-such-tool==1.0", "numpy==1.21.5"]),
        (NOBLE, ["no-such-tool==1.0", "numpy==1.26.4"]),
    ],
    ids=["Ubuntu 22.04", "Ubuntu 24.04"],
)
def test_what_is_absent_or_too_old_is_needed(installed, needed, tmp_path, capsys, monkeypatch):
    def version(name):
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(metadata, "version", version)
    (tmp_path / "wanted.txt").write_text(WANTED)
    runpy.run_path(str(TOOL))["main"]([str(tmp_path / "wanted.txt")])
    assert capsys.readouterr().out.split() == needed
