"""What can be known of the workflows and containers without running them: nothing names a thing
that is not there, and the shell in them is shell."""

import itertools
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
IMAGES = sorted((ROOT / "docker").glob("*.Dockerfile"))
DEVCONTAINER = ROOT / ".devcontainer"
DOCKERFILES = [*IMAGES, DEVCONTAINER / "Dockerfile"]
SCRIPTS = sorted((ROOT / "docker").glob("*.sh"))
README = (ROOT / "README.md").read_text("utf-8")
CI, CONTAINERS = (
    yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text("utf-8"))
    for name in ("ci.yml", "containers.yml")
)


def name_of(path):
    return path.name


def relative_name(path):
    return str(path.relative_to(ROOT))


def combinations(job):
    """Every choice of values that a job's matrix makes, as name -> value."""
    matrix = dict(job.get("strategy", {}).get("matrix", {}))
    included = matrix.pop("include", [{}])
    for values in itertools.product(*matrix.values()):
        for more in included:
            yield dict(zip(matrix, values, strict=True)) | more


def commands_of(job):
    """Every shell command of a job's steps, for every choice of its matrix."""
    for choice in combinations(job):
        for step in job["steps"]:
            command = step.get("run") or step.get("with", {}).get("runCmd")
            if command:
                yield re.sub(
                    r"\$\{\{ matrix\.(\w+) \}\}", lambda m, c=choice: str(c[m[1]]), command
                )


def all_commands():
    return [
        command
        for file in WORKFLOWS
        for job in yaml.safe_load(file.read_text("utf-8"))["jobs"].values()
        for command in commands_of(job)
    ]


def instructions(dockerfile):
    """(instruction, its arguments) of a Dockerfile, continued lines joined."""
    lines = [line for line in dockerfile.read_text("utf-8").splitlines() if line[:1] != "#"]
    text = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line.strip()]


def arguments_of(dockerfile, wanted):
    return [arguments for name, arguments in instructions(dockerfile) if name == wanted]


def assert_is_shell(text):
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True)
    assert done.returncode == 0, (text, done.stderr)


def test_there_is_something_to_look_at():
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "containers.yml"]
    assert [path.name for path in IMAGES] == ["desktop.Dockerfile", "jetson.Dockerfile"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=name_of)
def test_a_workflow_has_what_github_needs(file):
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow[True]  # YAML 1.1 reads the key `on` so
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert {"runs-on", "timeout-minutes", "steps"} <= set(job), name
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), step


def test_the_commands_of_the_workflows_are_shell():
    for command in all_commands():
        assert "${{" not in command, "not known to the test: use matrix or the environment"
        assert_is_shell(command)


def test_the_commands_name_targets_and_files_that_are_there():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    made, files = set(), set()
    for command in all_commands():
        made |= set(re.findall(r"\bmake ([\w-]+)", command))
        files |= set(re.findall(r"\b(?:docker|tools|\.ci)/[\w./-]+", command))
    assert made == {"demo", "test", "lint"}
    assert made <= targets
    assert files == {"docker/run_tests.sh", *(f"docker/{path.name}" for path in IMAGES)}
    assert all((ROOT / file).is_file() for file in files)


def test_the_wheels_are_tried_on_every_python_of_the_readme():
    (first, last) = re.search(r"Python 3\.(\d+) to 3\.(\d+)", README).groups()
    named = [f"3.{minor}" for minor in range(int(first), int(last) + 1)]
    assert CI["jobs"]["wheels"]["strategy"]["matrix"]["python"] == named


def test_the_page_that_is_kept_is_the_one_the_demo_writes():
    (kept,) = [s["with"] for s in CI["jobs"]["wheels"]["steps"] if "artifact" in s.get("uses", "")]
    assert f"`{kept['path']}`" in README
    assert kept["if-no-files-found"] == "error"


def test_the_distributions_are_those_of_the_readme():
    (sentence,) = re.findall(r"^Tests on a ROS run in the images of (.*), and fail", README, re.M)
    job = CI["jobs"]["ros"]
    assert job["strategy"]["matrix"]["distribution"] == re.findall(r"`(\w+)`", sentence)
    assert job["container"]["image"] == "ros:${{ matrix.distribution }}-ros-base"
    assert "continue-on-error" not in json.dumps(job)


def test_on_a_ros_every_test_must_run():
    assert "docker/run_tests.sh" in list(commands_of(CI["jobs"]["ros"]))
    script = (ROOT / "docker" / "run_tests.sh").read_text("utf-8")
    (line,) = [line for line in script.splitlines() if "pytest" in line and line[:1] != "#"]
    assert " -m pytest test --no-skips " in line
    assert not re.search(r" (-k|-m \w+ -m|--ignore|--deselect)", line)
    leave = re.findall(r'--may-skip "([^"]+)"', line)
    assert leave == ["not shipped", "the real frames", "needs the extra models"]
    sources = [path.read_text("utf-8") for path in (ROOT / "test").rglob("*.py")]
    for text in leave:
        assert any(re.search(rf"(skip\(|reason=)f?\"[^\"]*{text}", code) for code in sources), text


@pytest.mark.parametrize("file", SCRIPTS, ids=name_of)
def test_a_script_is_shell_and_can_be_run(file):
    assert_is_shell(file.read_text("utf-8"))
    assert os.access(file, os.X_OK)


@pytest.mark.parametrize("file", DOCKERFILES, ids=relative_name)
def test_a_dockerfile_runs_shell_and_copies_what_is_there(file):
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert {name for name, _ in instructions(file)} <= {
        *("ARG", "FROM", "ENV", "SHELL", "RUN", "COPY", "ENTRYPOINT", "CMD")
    }
    assert arguments_of(file, "SHELL") == ['["/bin/bash", "-o", "pipefail", "-c"]']
    assert arguments_of(file, "RUN")
    for command in arguments_of(file, "RUN"):
        assert_is_shell(command)
    for copied in arguments_of(file, "COPY"):
        *sources, _ = [word for word in copied.split() if not word.startswith("--")]
        for source in sources:
            assert (ROOT / source).exists(), source
            assert source not in ignored


@pytest.mark.parametrize("file", DOCKERFILES, ids=relative_name)
def test_a_script_is_copied_before_it_is_run(file):
    """Where it lies in the image: its own name below what a COPY made."""
    there = set()
    for name, arguments in instructions(file):
        if name == "COPY":
            *sources, target = [word for word in arguments.split() if not word.startswith("--")]
            for source in sources:
                if source == ".":
                    there |= {f"{target}/docker/{script.name}" for script in SCRIPTS}
                else:
                    there.add(target + Path(source).name if target[-1] == "/" else target)
        for script in (
            re.findall(r"/[\w/]+\.sh", arguments) if name in ("RUN", "ENTRYPOINT") else ()
        ):
            assert script in there, script


@pytest.mark.parametrize("file", DOCKERFILES, ids=relative_name)
def test_a_base_image_is_public(file):
    (base,) = arguments_of(file, "FROM")
    assert re.match(r"ros:[\w${}-]+-ros-base$|nvcr\.io/nvidia/l4t-jetpack:", base)


@pytest.mark.parametrize("file", IMAGES, ids=name_of)
def test_an_image_starts_the_launch_file_in_the_workspace_it_built(file):
    assert arguments_of(file, "ENTRYPOINT") == ['["/entrypoint.sh"]']
    (command,) = map(json.loads, arguments_of(file, "CMD"))
    assert command == ["ros2", "launch", "grounding_ros", "grounding.launch.py"]
    assert (ROOT / "launch" / command[-1]).is_file()
    (built,) = re.findall(r"build_workspace\.sh (\S+)", file.read_text("utf-8"))
    sourced = (ROOT / "docker" / "entrypoint.sh").read_text("utf-8")
    assert f"source {built}/install/setup.bash" in sourced


def test_the_entrypoint_sources_both_and_becomes_the_command(tmp_path):
    script = (ROOT / "docker" / "entrypoint.sh").read_text("utf-8")
    for place, line in {"opt/ros/jazzy": 'A="$NOT_SET"a', "robot_ws/install": 'B="$A"b'}.items():
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "setup.bash").write_text(f"export {line}\n")
        script = script.replace(f"/{place.split('/')[0]}/", f"{tmp_path}/{place.split('/')[0]}/")
    done = subprocess.run(
        ["bash", "-c", script, "entrypoint", "bash", "-c", 'echo "$B" two words; exit 7'],
        env={"PATH": os.environ["PATH"], "ROS_DISTRO": "jazzy"},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("ab two words\n", "", 7)


def test_the_devcontainer_is_two_files_and_needs_no_gpu():
    assert {path.name for path in DEVCONTAINER.iterdir()} == {"devcontainer.json", "Dockerfile"}
    settings = json.loads((DEVCONTAINER / "devcontainer.json").read_text("utf-8"))
    build = settings["build"]
    assert (DEVCONTAINER / build["dockerfile"]).is_file()
    assert (DEVCONTAINER / build["context"]).resolve() == ROOT.resolve()
    assert settings["hostRequirements"] == {"gpu": "optional"}
    assert "gpu" not in " ".join(settings["runArgs"])
    assert_is_shell(settings["postCreateCommand"])
    assert "make setup" in settings["postCreateCommand"]


def test_a_change_of_what_the_images_are_made_of_builds_them():
    for pattern in CONTAINERS[True]["pull_request"]["paths"]:
        assert list(ROOT.glob(pattern.removesuffix("/**"))), pattern
    built = {choice["name"] for choice in combinations(CONTAINERS["jobs"]["image"])}
    assert built == {path.name.removesuffix(".Dockerfile") for path in IMAGES}
