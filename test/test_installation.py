"""What `colcon build` puts on a robot, built from a copy in a workspace of its own."""

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]


def source_files():
    """The files git has or would take: what somebody who clones gets."""
    git = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(git, check=True, capture_output=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and a checkout, to know which files are sources")
    return [Path(name) for name in names if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    pytest.importorskip("colcon_core", reason="needs colcon: run `make test`")
    space = tmp_path_factory.mktemp("robot workspace")
    for name in source_files():
        target = space / "src" / "grounding_ros" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    command = [sys.executable, "-m", "colcon", "build", "--merge-install", "--executor=sequential"]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=space, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return space


@pytest.fixture
def installed(workspace):
    return workspace / "install"


def names_in(folder):
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_a_plain_colcon_build_sees_only_this_package(workspace):
    assert {path.name for path in (workspace / "build").iterdir() if path.is_dir()} == {
        "grounding_ros"
    }


def test_the_package_is_in_the_resource_index(installed):
    index = installed / "share" / "ament_index" / "resource_index" / "packages"
    assert (index / "grounding_ros").is_file()
    assert (installed / "share" / "grounding_ros" / "package.xml").is_file()


@pytest.mark.parametrize("folder", ["launch", "config", "models"])
def test_every_file_of_a_shared_folder_is_installed(installed, folder):
    share = installed / "share" / "grounding_ros" / folder
    assert names_in(share) == names_in(ROOT / folder)


@pytest.mark.parametrize("name", ["grounding_node", "grounding-ros"])
def test_ros2_run_finds_the_executable(installed, name):
    executable = installed / "lib" / "grounding_ros" / name
    assert os.access(executable, os.X_OK)


def test_the_data_beside_the_code_is_installed(installed):
    package = next(installed.glob("lib/python3*/site-packages/grounding_ros"), None)
    assert package is not None, sorted(installed.glob("lib/*/*"))
    for name in source_files():
        if name.parts[0] == "grounding_ros":
            assert (package.parent / name).is_file(), f"{name} is missing: see package_data"


def test_the_manifest_and_setup_name_the_same_version():
    manifest = ElementTree.parse(ROOT / "package.xml").getroot()
    setup = subprocess.run(
        [sys.executable, "-W", "ignore", "setup.py", "--name", "--version"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert setup.stdout.split()[-2:] == [manifest.findtext("name"), manifest.findtext("version")]


def test_the_launch_file_compiles(tmp_path):
    shutil.copy(ROOT / "launch" / "grounding.launch.py", tmp_path)
    assert compileall.compile_dir(tmp_path, quiet=1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, set()),
        ({"image": "/camera/image_raw", "autostart": "false"}, {"image", "autostart"}),
    ],
)
def test_the_launch_file_starts_one_node(arguments, expected):
    launch = pytest.importorskip("launch", reason="launch has no wheel")
    pytest.importorskip("launch_ros.actions", reason="launch_ros has no wheel")
    sources = pytest.importorskip("launch.launch_description_sources", reason="no wheel")

    path = str(ROOT / "launch" / "grounding.launch.py")
    description = sources.get_launch_description_from_python_launch_file(path)
    context = launch.LaunchContext()
    context.launch_configurations.update(params_file="parameters.yaml", **arguments)
    nodes = []
    for entity in description.entities:
        nodes += [e for e in entity.visit(context) or [] if hasattr(e, "node_executable")]
    assert [node.node_executable for node in nodes] == ["grounding_node"]
    assert expected <= set(context.launch_configurations)
