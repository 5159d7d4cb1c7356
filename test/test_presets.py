"""The presets name parameters, backends and exports that are there, and say why."""

import random
import re
from pathlib import Path

import pytest
import yaml

from grounding_ros import cli
from grounding_ros.parameters import flat, from_flat
from grounding_ros.perception.exported.providers import PROVIDERS, routes_of
from grounding_ros.perception.grounders import GROUNDERS
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.segmenters import SEGMENTERS

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "config"
EXPORTED = re.compile(r"(\w+)-\d+x\d+")


def names_to_values(tree, prefix=""):
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from names_to_values(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def given(preset):
    loaded = yaml.safe_load((CONFIG / f"{preset}.yaml").read_text("utf-8"))
    return dict(names_to_values(loaded["/**"]["ros__parameters"]))


def test_every_preset_is_a_file_and_the_launch_file_knows_it():
    others = {"grounding"}
    assert {path.stem for path in CONFIG.glob("*.yaml")} - others == set(cli.PRESETS)
    launch = (ROOT / "launch" / "grounding.launch.py").read_text("utf-8")
    (line,) = re.findall(r"^PRESETS = (\(.*\))$", launch, re.M)
    assert line == str(cli.PRESETS).replace("'", '"')


@pytest.mark.parametrize("preset", cli.PRESETS)
def test_a_preset_names_parameters_and_backends_that_are_there(preset):
    values = given(preset)
    parameters = from_flat(values)  # refuses unknown names and values out of range
    perception = parameters.pipeline.perception
    assert {
        "perception.grounder",
        "perception.segmenter",
        "perception.precision",
        "continuous",
    } <= (set(values))
    assert perception.grounder in GROUNDERS
    assert perception.segmenter in SEGMENTERS
    assert {route.provider for route in routes_of(perception)} <= set(PROVIDERS)
    for name in (perception.grounder_export, perception.segmenter_export):
        if name:
            assert EXPORTED.fullmatch(name)[1] in CARDS


@pytest.mark.parametrize("preset", cli.PRESETS)
def test_a_preset_says_why(preset):
    text = (CONFIG / f"{preset}.yaml").read_text("utf-8")
    assert text.startswith(f"# The preset `{preset}`")
    assert text.count("    #") >= 4
    assert preset in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("preset", [name for name in cli.PRESETS if name.startswith("jetson")])
def test_an_export_that_a_preset_needs_is_told_at_its_head(preset):
    head = (CONFIG / f"{preset}.yaml").read_text("utf-8").partition("/**")[0]
    for name in (value for key, value in given(preset).items() if key.endswith("_export")):
        assert re.search(rf"export {EXPORTED.fullmatch(name)[1]}\b", head)


def test_the_default_preset_changes_nothing_that_decides_an_answer():
    defaults = {name: value for name, _, value in flat(from_flat({}))}
    differing = {name for name, value in given("cpu").items() if defaults[name] != value}
    assert differing <= {"perception.device", "perception.precision"}


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        ([], []),
        (["--ros-args", "-p", "continuous:=true"], ["--ros-args", "-p", "continuous:=true"]),
    ],
)
def test_run_puts_the_preset_before_what_the_user_says(arguments, passed, monkeypatch):
    main = pytest.importorskip("grounding_ros.ros.main", reason="ROS 2 is not here: `make test`")
    heard = []
    monkeypatch.setattr(main, "main", lambda args: heard.append(args) or 0)
    assert cli.main(["run", "--preset", "jetson_orin", *arguments]) == 0
    (first, second, file, last), rest = heard[0][:4], heard[0][4:]
    assert (first, second, last) == ("--ros-args", "--params-file", "--")
    assert Path(file) == CONFIG / "jetson_orin.yaml"
    assert rest == passed
    assert cli.main(["run"]) == 0
    assert heard[1] == []


def test_the_arguments_of_a_preset_are_understood_by_ros(monkeypatch):
    rclpy = pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    main = pytest.importorskip("grounding_ros.ros.main", reason="ROS 2 is not here: `make test`")
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    heard = []
    monkeypatch.setattr(main, "main", lambda args: heard.append(args) or 0)
    mine = ["--ros-args", "-p", "perception.segmenter:=box"]
    assert cli.main(["run", "--preset", "jetson_orin", *mine]) == 0
    context = rclpy.Context()
    rclpy.init(args=heard[0], context=context, domain_id=random.SystemRandom().randint(1, 101))
    node = rclpy.create_node(
        "grounding", context=context, automatically_declare_parameters_from_overrides=True
    )
    try:
        assert node.get_parameter("perception.grounder_export").value == "owlvit-768x768"
        assert node.get_parameter("perception.segmenter").value == "box"  # the last word is mine
    finally:
        node.destroy_node()
        rclpy.shutdown(context=context)


def test_an_unknown_preset_lists_the_known(capsys):
    pytest.importorskip("grounding_ros.ros.main", reason="ROS 2 is not here: `make test`")
    assert cli.main(["run", "--preset", "laptop"]) == 2
    assert "expected one of cpu, desktop_cuda, jetson_thor" in capsys.readouterr().err
