"""The command `grounding-ros`: what it prints, and what it says when something is wrong."""

import json
import os
import random
import subprocess
import sys

import pytest

from grounding_ros import cli
from grounding_ros.errors import BackendError
from grounding_ros.parameters import as_table, as_yaml

COMMANDS = (
    "demo", "run", "doctor", "parse", "make-bag", "render", "evaluate", "models", "parameters",
)  # fmt: skip


def exit_of(*arguments):
    """The exit code that argparse gives when it refuses or helps."""
    with pytest.raises(SystemExit) as left:
        cli.main(list(arguments))
    return left.value.code


def test_the_help_names_every_command(capsys):
    assert exit_of("--help") == 0
    words = capsys.readouterr().out.split()
    assert set(COMMANDS) <= set(words)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(capsys, command):
    assert exit_of(command, "--help") == 0
    assert f"grounding-ros {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["COMMAND"]),
        (["fly"], ["'fly'", "demo", "doctor"]),
        (["parse"], ["text", "--lines"]),
        (["parse", "the box", "--lines", "file"], ["--lines", "not allowed"]),
        (["parse", "the", "box"], ["unrecognized", "box"]),
        (["doctor", "--ros-args"], ["unrecognized", "--ros-args"]),
        (["make-bag", "folder", "out", "--storage", "tape"], ["'tape'", "mcap", "sqlite3"]),
        (["render", "out", "--scenes", "many"], ["--scenes", "'many'"]),
        (["run", "continuous:=true"], ["expected --ros-args", "continuous:=true"]),
    ],
)
def test_a_wrong_line_is_refused(capsys, arguments, words):
    assert exit_of(*arguments) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in words), said


def test_parse_prints_the_program(capsys):
    assert cli.main(["parse", "pick up the red box"]) == 0
    program = json.loads(capsys.readouterr().out)
    assert (program["task"], program["understood"]) == ("pick", True)
    assert program["target"]["head"] == "box"
    assert program["target"]["attributes"] == ["red"]


def test_parse_reads_a_line_at_a_time(capsys, tmp_path):
    lines = tmp_path / "lines.txt"
    lines.write_bytes("find the mug\n\nhow many boxes?\n赤い".encode() + b"\xff\n")
    assert cli.main(["parse", "--lines", str(lines)]) == 0
    programs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [program["task"] for program in programs[::2]] == ["find", "count"]
    assert [program["understood"] for program in programs] == [True, False, True, False]


def test_parameters_are_printed_as_table_and_as_yaml(capsys):
    assert cli.main(["parameters"]) == 0
    assert capsys.readouterr().out == as_table()
    assert cli.main(["parameters", "--yaml"]) == 0
    assert capsys.readouterr().out == as_yaml()


def failing(capsys, *arguments):
    """What a command says on stderr when it returns 2."""
    assert cli.main([str(argument) for argument in arguments]) == 2
    output, said = capsys.readouterr()
    assert output == ""
    assert said.startswith(f"grounding-ros {arguments[0]}: ")
    assert said.count("\n") == 1
    return said


def test_a_file_that_is_not_there(capsys, tmp_path):
    said = failing(capsys, "parse", "--lines", tmp_path / "none.txt")
    assert "--lines: expected a readable file" in said


def test_a_folder_that_is_not_there(capsys, tmp_path):
    said = failing(capsys, "make-bag", tmp_path / "none", tmp_path / "out")
    assert "expected a folder of scenes" in said
    assert "grounding-ros render" in said
    assert not (tmp_path / "out").exists()


def test_a_bag_is_not_overwritten(capsys, tmp_path):
    for name in ("index.json", "expressions.json"):
        (tmp_path / name).write_text("[]", "utf-8")
    (tmp_path / "objects.json").write_text("{}", "utf-8")
    assert "choose another name" in failing(capsys, "make-bag", tmp_path, tmp_path)
    said = failing(capsys, "make-bag", tmp_path, tmp_path / "bag", "--period", "-1")
    assert "period_s: expected a positive number of seconds, got -1.0" in said


def test_scenes_are_not_overwritten(capsys, tmp_path):
    (tmp_path / "index.json").write_text("[]", "utf-8")
    assert "choose another name" in failing(capsys, "render", tmp_path)


def test_no_scenes_at_all(capsys, tmp_path):
    said = failing(capsys, "render", tmp_path / "out", "--scenes", "0")
    assert "scenes: expected at least 1, got 0" in said


def test_a_missing_backend_is_a_sentence(capsys, monkeypatch, tmp_path):
    def without_mujoco(*_, **__):
        raise BackendError("rendering needs MuJoCo")

    monkeypatch.setattr("grounding_ros.simulation.render.render", without_mujoco)
    assert "rendering needs MuJoCo" in failing(capsys, "render", tmp_path / "out")


def test_a_demo_without_its_bag(capsys, monkeypatch, tmp_path):
    pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    monkeypatch.setattr(os, "environ", dict(os.environ))  # the demo sets its own DDS domain
    said = failing(capsys, "demo", "--bag", tmp_path / "none", "--output", tmp_path / "out")
    assert "expected a bag, got nothing" in said


def test_an_interrupt_is_no_traceback(monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_doctor", interrupted)
    assert cli.main(["doctor"]) == 130


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-p", "input.queue_size:=0"], ["parameter input.queue_size", "Min: 1", "0"]),
        (["-p", "continuous:=3"], ["parameter continuous", "BOOL", "INTEGER"]),
        (["-p", "input.reliability:=maybe"], ["input.reliability", "best_effort, reliable"]),
        (["-p", "nonsense"], ["cannot read the arguments", "-p nonsense"]),
        (["--params-file", "/nowhere.yaml"], ["cannot read the arguments", "/nowhere.yaml"]),
        (["--fly"], ["cannot read the arguments", "--fly"]),
    ],
)
def test_run_refuses_wrong_arguments_with_a_sentence(arguments, words):
    pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    domain = str(random.SystemRandom().randint(1, 101))
    environment = {"ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST", "ROS_DOMAIN_ID": domain}
    done = subprocess.run(
        [sys.executable, "-m", "grounding_ros.cli", "run", "--ros-args", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr
