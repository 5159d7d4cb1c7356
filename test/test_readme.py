"""What the README and docs/ promise is there: parameters, topics, commands, links, the example."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from grounding_ros import cli
from grounding_ros.adapters.answer_json import SCHEMA, answer_json
from grounding_ros.language import parse, to_dict
from grounding_ros.parameters import as_table, as_yaml
from grounding_ros.pipeline import failed_answer
from grounding_ros.scene import Status

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
HIDDEN = {"/rosout", "/parameter_events", "/grounding/transition_event"}


def table_under(text, head):
    """Rows of the first table whose header line starts so, as lists of cells."""
    lines = text[text.index(head) :].splitlines()[2:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert rows, head
    return rows


def code_blocks(text, language=""):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.S | re.M)


def commands_in(text):
    """Every shell command of a page: lines of plain code blocks, and code in sentences."""
    lines = [line for block in code_blocks(text) for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    return lines + re.findall(r"`([^`\n]+)`", prose)


def test_the_table_of_parameters_is_current():
    begin, end = "<!-- parameters -->\n", "<!-- /parameters -->"
    assert README.split(begin)[1].split(end)[0] == as_table(), (
        "put the output of `grounding-ros parameters` between the markers"
    )


def test_the_yaml_is_current():
    assert (ROOT / "config" / "grounding.yaml").read_text("utf-8") == as_yaml()


def test_every_parameter_that_a_page_names_exists():
    known = set(re.findall(r"^\| `([\w.]+)` \|", as_table(), re.M))
    groups = {name.partition(".")[0] for name in known if "." in name}
    for page in PAGES:
        for code in commands_in(page.read_text("utf-8")):
            if re.fullmatch(rf"({'|'.join(groups)})\.\w+", code):
                assert code in known, (page.name, code)
            for name in re.findall(r"-p ([\w.]+):=", code):
                assert name in known, (page.name, code)


def test_every_status_has_its_row_and_no_other():
    assert [row[0] for row in table_under(README, "| status | meaning")] == [
        f"`{status.value}`" for status in (Status.GROUNDED, Status.PARTLY_GROUNDED,
        Status.NOT_FOUND, Status.CANNOT_JUDGE, Status.AMBIGUOUS, Status.NOT_UNDERSTOOD,
        Status.FAILED)
    ]  # fmt: skip
    assert len(Status) == 7


def test_every_command_has_its_row(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    named = re.findall(r"^ {4}([\w-]+)", capsys.readouterr().out, re.M)
    rows = [row[0].strip("`").split()[1] for row in table_under(README, "| command | what")]
    assert rows == named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_line_of_ours_is_one(page, monkeypatch):
    """Parsed, not run: the subcommand and its options are known."""
    found = [c for c in commands_in(page.read_text("utf-8")) if c.startswith("grounding-ros ")]
    for line in found:
        _, command, *arguments = shlex.split(line)
        ran = []
        monkeypatch.setattr(cli, f"_{command.replace('-', '_')}", ran.append)
        given = arguments or {"make-bag": ["A", "B"], "parse": ["text"]}.get(command, [])
        assert cli.main([command, *given]) == 0
        assert ran, line
    assert found or page.name == "conventions.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_local_link_leads_somewhere(page):
    text = page.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith("http")]
    for link in links:
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.is_file(), link
        assert target.is_relative_to(ROOT)
        if anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M)
            assert anchor in [head.lower().replace(" ", "-").replace("'", "") for head in heads]
    assert links or page.name == "conventions.md"


def test_what_the_commands_use_is_there():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    launch = (ROOT / "launch" / "grounding.launch.py").read_text("utf-8")
    scripts = set(re.findall(r"entry_points|(\w+) = grounding", (ROOT / "setup.py").read_text()))
    seen = set()
    for line in commands_in(README):
        words = line.split()
        if words[0] == "make" and len(words) > 1:
            assert words[1] in targets
            seen.add("make")
        elif words[0].endswith("python") and words[1].endswith(".py"):
            assert (ROOT / words[1]).is_file(), line
            seen.add("script")
        elif "grounding.launch.py" in words:
            for name in re.findall(r"(\w+):=", line):
                assert f'"{name}"' in launch, line
            seen.add("launch")
        elif words[:3] == ["ros2", "run", "grounding_ros"]:
            assert words[3] in scripts
            seen.add("run")
    assert seen == {"make", "script", "launch", "run"}
    sentence = README[README.index("The launch file takes") :].split(".")[0]
    for name in re.findall(r"`(\w+)`", sentence):
        assert f'"{name}"' in launch, name


def test_the_picture_is_small():
    assert (ROOT / "docs" / "picture.jpg").stat().st_size < 300_000


def test_no_page_has_a_placeholder():
    for page in PAGES:
        text = page.read_text("utf-8")
        assert not re.search(r"TODO|TBD|FIXME|XXX|lorem", text, re.I), page.name


ANSWER_PAGE = (ROOT / "docs" / "answer.md").read_text("utf-8")


def test_the_answers_keys_are_those_of_the_page():
    (example,) = map(json.loads, code_blocks(ANSWER_PAGE, "json"))
    instruction = parse("pick up the red box")
    real = json.loads(
        answer_json(failed_answer(instruction, None, "broken"), to_dict(instruction), 1)
    )
    rows = [row[0].strip("`") for row in table_under(ANSWER_PAGE, "| key | type | meaning |")]
    assert rows == list(real) == list(example)
    objects = ANSWER_PAGE[ANSWER_PAGE.index("An object has") :]
    rows = [row[0].strip("`") for row in table_under(objects, "| key | type | meaning |")]
    assert rows == list(example["chosen"][0])
    assert example["program"] == to_dict(instruction)
    assert example["schema"] == SCHEMA
    assert SCHEMA in ANSWER_PAGE[: ANSWER_PAGE.index("An object has")]


@pytest.fixture
def robot():
    """A live node and a camera, in a DDS domain of their own."""
    pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    from live_robot import Live

    one = Live()
    yield one.start()
    one.close()


def names_and_types(pairs):
    """Name -> the type as the README writes it."""
    return {name: types[0].replace("/msg/", "/").replace("/srv/", "/") for name, types in pairs}


def rows_of(head):
    """Name -> type of a table; a row may hold several names."""
    return {
        name.replace("~", "/grounding"): row[1]
        for row in table_under(README, head)
        for name in re.findall(r"`([^`]+)`", row[0])
    }


def test_the_tables_of_topics_are_those_of_a_live_node(robot):
    node = robot.node
    me = (node.get_name(), node.get_namespace())
    outputs = names_and_types(node.get_publisher_names_and_types_by_node(*me))
    inputs = names_and_types(node.get_subscriber_names_and_types_by_node(*me))
    services = names_and_types(node.get_service_names_and_types_by_node(*me))
    wanted = {k if k[0] == "/" else f"/{k}": v for k, v in rows_of("| in | type").items()}
    assert {k: v for k, v in inputs.items() if k not in HIDDEN} == wanted
    assert {k: v for k, v in outputs.items() if k not in HIDDEN} == rows_of("| out | type")
    ours = {k: v for k, v in services.items() if v.startswith("std_srvs/")}
    assert ours == rows_of("| service | type")


def test_the_planner_of_the_readme_gets_its_answer(robot, tmp_path):
    (source,) = code_blocks(README, "python")
    (tmp_path / "planner.py").write_text(source, "utf-8")
    domain = {"ROS_DOMAIN_ID": str(robot.context.get_domain_id())}
    planner = subprocess.Popen(
        [sys.executable, str(tmp_path / "planner.py")],
        env=os.environ | domain,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        robot.wait_for_frame(robot.show())
        # It asks before or after the frame, as it likes; a camera would go on sending.
        deadline = time.monotonic() + 20.0
        while planner.poll() is None:
            assert time.monotonic() < deadline, "the planner got no answer"
            robot.show()
            try:
                planner.wait(0.3)
            except subprocess.TimeoutExpired:
                continue
        output = planner.communicate()[0].decode()
    finally:
        planner.kill()
        planner.wait()
    assert planner.returncode == 0, output
    assert "camera_color_optical_frame geometry_msgs.msg.Pose(position=" in output
    assert "z=0.9" in output  # the box lies 0.9 to 1 m below the camera


def test_the_rviz_config_shows_topics_of_the_table():
    config = yaml.safe_load((ROOT / "config" / "grounding.rviz").read_text("utf-8"))
    outputs = rows_of("| out | type")
    shown = re.findall(r"'Value': '(/grounding/\w+)'", str(config))
    assert shown
    assert set(shown) <= set(outputs)
