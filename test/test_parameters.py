"""Parameters declared once: names, bounds, the yaml and a node that takes it."""

import os
import random
import subprocess
import sys
import time
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.errors import InputError
from grounding_ros.parameters import (
    InputParameters,
    NodeParameters,
    as_table,
    as_yaml,
    flat,
    from_flat,
)

SHIPPED = Path(__file__).parents[1] / "config" / "grounding.yaml"
FIELDS = {name: entry for name, entry, _ in flat(NodeParameters())}


def values(parameters):
    return {name: value for name, _, value in flat(parameters)}


def values_of(entry):
    """Every value that the field allows."""
    low, high = entry.metadata["minimum"], entry.metadata["maximum"]
    if entry.metadata["choices"]:
        return st.sampled_from(entry.metadata["choices"])
    return {
        bool: st.booleans(),
        str: st.text(),
        int: st.integers(low, high),
        float: st.floats(low, high, allow_nan=False, allow_infinity=False),
    }[type(entry.default)]


# These have to be in order or to be names, for which there are tests of their own.
BOUND = {"lifting.min_depth_m", "lifting.max_depth_m", "input.cameras"}
FREE = sorted(FIELDS.keys() - BOUND)
ANY_VALUES = st.fixed_dictionaries({}, optional={name: values_of(FIELDS[name]) for name in FREE})


def test_the_names_are_those_a_user_writes():
    names = list(FIELDS)
    assert names[0] == "initial_instruction"
    assert {"continuous", "target_frame", "input.reliability", "perception.grounder"} <= set(names)
    assert {"lifting.min_points", "reasoning.match_threshold"} <= set(names)
    assert not [name for name in names if name.startswith("pipeline")]
    assert len(set(names)) == len(names)


@given(ANY_VALUES)
def test_what_is_set_is_there_and_nothing_else_changes(changes):
    parameters = from_flat(changes)
    assert values(parameters) == values(NodeParameters()) | changes
    assert from_flat(values(parameters)) == parameters


@given(ANY_VALUES, ANY_VALUES)
def test_later_values_win_over_a_base(first, second):
    assert from_flat(second, from_flat(first)) == from_flat(first | second)


def test_the_pipelines_groups_stand_at_the_top():
    parameters = from_flat({"perception.grounder": "scripted", "input.queue_size": 7})
    assert parameters.pipeline.perception.grounder == "scripted"
    assert parameters.input.queue_size == 7


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(InputError, match=r"'input\.queue': unknown.*input\.queue_size"):
        from_flat({"input.queue": 3})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("tf_timeout_s", 5.5, ["tf_timeout_s", "at most 5.0", "5.5"]),
        ("input.queue_size", 0, ["input.queue_size", "at least 1", "0"]),
        ("input.reliability", "maybe", ["input.reliability", "best_effort, reliable", "'maybe'"]),
        ("input.pair_slop_s", float("nan"), ["input.pair_slop_s", "finite", "nan"]),
        ("lifting.min_points", 2.5, ["lifting.min_points", "int", "2.5"]),
        ("reasoning.match_threshold", "0.3", ["reasoning.match_threshold", "float", "'0.3'"]),
        ("reasoning.match_threshold", True, ["reasoning.match_threshold", "float", "True"]),
        ("continuous", 1, ["continuous", "bool", "1"]),
        ("input.queue_size", True, ["input.queue_size", "int", "True"]),
        ("target_frame", 3, ["target_frame", "str", "3"]),
        ("lifting.min_depth_m", 50.0, ["lifting.min_depth_m", "below max_depth_m", "50.0"]),
    ],
)
def test_a_wrong_value_is_refused_by_its_full_name(name, value, words):
    with pytest.raises(InputError) as refusal:
        from_flat({name: value})
    message = str(refusal.value)
    assert message.startswith(f"{name}: "), message
    assert all(word in message for word in words), message


def test_a_whole_number_is_a_number():
    assert from_flat({"tf_timeout_s": 1}).tf_timeout_s == 1


def test_parameters_are_frozen():
    with pytest.raises(FrozenInstanceError):
        NodeParameters().continuous = True


def test_every_default_lies_in_its_bounds_and_has_a_description():
    for name, entry in FIELDS.items():
        assert entry.metadata["description"].endswith("."), name
        from_flat({name: entry.default})


def read_yaml(text):
    """The flat values of a parameter file."""

    def walk(group, prefix=""):
        for name, value in group.items():
            if isinstance(value, dict):
                yield from walk(value, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", value

    return dict(walk(yaml.safe_load(text)["/**"]["ros__parameters"]))


def test_the_yaml_says_every_default_in_its_own_type():
    read = read_yaml(as_yaml())
    assert read == values(NodeParameters())
    for name, value in values(NodeParameters()).items():
        assert type(read[name]) is type(value), name


def test_the_shipped_yaml_is_current():
    assert SHIPPED.read_text("utf-8") == as_yaml(), (
        "run `grounding-ros parameters --yaml > config/grounding.yaml`"
    )


def test_the_table_has_one_row_a_parameter():
    head, rule, *rows = as_table().splitlines()
    assert (head, rule) == ("| parameter | default | meaning |", "|---|---|---|")
    assert [row.split("`")[1] for row in rows] == list(FIELDS)
    assert all(row.startswith("| `") and row.endswith(" |") for row in rows)


def start(arguments, **options):
    command = [sys.executable, "-m", "grounding_ros.ros.main", "--ros-args", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


@pytest.fixture
def lonely_domain(monkeypatch):
    """A DDS domain of this test's own, on this machine only."""
    pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    monkeypatch.setenv("ROS_DOMAIN_ID", str(random.SystemRandom().randint(1, 101)))


def test_a_node_takes_the_shipped_yaml(lonely_domain, tmp_path):
    from rcl_interfaces.srv import GetParameters

    from grounding_ros.ros.session import spinning

    # The defaults would be there without any file: one other value shows that it was read.
    other = SHIPPED.read_text("utf-8").replace("tf_timeout_s: 0.1", "tf_timeout_s: 0.75")
    assert other != SHIPPED.read_text("utf-8")
    (tmp_path / "other.yaml").write_text(other, "utf-8")
    process = start(["--params-file", str(SHIPPED), "--params-file", str(tmp_path / "other.yaml")])
    try:
        with spinning("reader") as node:
            client = node.create_client(GetParameters, "/grounding/get_parameters")
            assert client.wait_for_service(20.0), process.poll()
            deadline = time.monotonic() + 20.0
            while time.monotonic() < deadline:
                # The reply to a call that comes while DDS still matches can be lost.
                future = client.call_async(GetParameters.Request(names=list(FIELDS)))
                patience = time.monotonic() + 4.0
                while not future.done() and time.monotonic() < patience:
                    time.sleep(0.01)
                if future.done():
                    break
            got = dict(zip(FIELDS, map(python_value, future.result().values), strict=True))
        assert got == values(NodeParameters()) | {"tf_timeout_s": 0.75}
    finally:
        process.terminate()
        process.communicate(timeout=20)


def python_value(value):
    """What an rcl_interfaces/ParameterValue holds."""
    kinds = {1: "bool_value", 2: "integer_value", 3: "double_value", 4: "string_value"}
    return getattr(value, kinds[value.type])


def test_a_node_refuses_a_yaml_with_a_wrong_value(lonely_domain, tmp_path):
    text = SHIPPED.read_text("utf-8").replace("queue_size: 5", "queue_size: 0")
    (tmp_path / "wrong.yaml").write_text(text, "utf-8")
    process = start(["--params-file", str(tmp_path / "wrong.yaml")], env={**os.environ})
    output = process.communicate(timeout=30)[0].decode()
    assert process.returncode == 2
    assert "parameter input.queue_size" in output
    assert "Traceback" not in output


@pytest.mark.parametrize("names", ["left left", "left/up", "2nd", "left, right"])
def test_camera_names_are_different_words(names):
    with pytest.raises(InputError, match="different names"):
        InputParameters(cameras=names)


def test_cameras_are_named_in_order():
    assert InputParameters(cameras=" left  right ").camera_names == ("left", "right")
    assert InputParameters().camera_names == ("",)
