"""The rooms of the package and who may import whom."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "grounding_ros"
FREE = {"errors", "declaration"}  # every room may import them
CORE = {"scene", "adapters", "language", "geometry", "perception", "reasoning", "pipeline"}
EVERYTHING = CORE | {"parameters", "simulation", "evaluation", "shared_files", "ros", "__init__"}
EVERYTHING |= {"demo", "doctor", "live", "playground"}
EVERYTHING |= {"conversation", "several_cameras", "models_command"}
MAY_IMPORT = {
    "__init__": set(),
    "errors": set(),
    "declaration": set(),
    "scene": set(),
    "adapters": {"scene", "geometry"},
    "language": {"scene"},
    "geometry": {"scene"},
    "perception": {"scene", "language", "geometry", "shared_files"},
    "reasoning": {"scene", "language", "geometry"},
    "pipeline": CORE,
    "conversation": CORE,
    "parameters": {"pipeline"},
    "several_cameras": {"scene", "language"},
    "simulation": {"scene", "geometry"},
    "ros": {
        "adapters",
        "pipeline",
        "conversation",
        "several_cameras",
        "parameters",
        "scene",
        "geometry",
        "language",
        "shared_files",
    },
    "evaluation": CORE | {"conversation", "parameters", "simulation", "shared_files"},
    "shared_files": set(),
    "demo": EVERYTHING,
    "doctor": EVERYTHING,
    "live": EVERYTHING,
    "models_command": {"perception", "evaluation", "adapters"},
    "playground": EVERYTHING,
    "cli": EVERYTHING,
}
ONLY_IN = {
    "rclpy": {"ros"},
    "torch": {"perception"},
    "transformers": {"perception"},
    "onnxruntime": {"perception", "doctor"},  # the doctor names the GPU providers
    "open3d": {"geometry"},
    "mujoco": {"simulation"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(file):
    return file.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_modules(source, package="grounding_ros"):
    """Every module that some source code imports, anywhere in it, as a dotted name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the room"
            if node.module == package:
                yield from (f"{package}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def trespasses(room, source):
    """The imports of some source code that its room forbids."""
    allowed = MAY_IMPORT[room] | FREE | {room}
    for module in imported_modules(source):
        top, _, rest = module.partition(".")
        if top == "grounding_ros":
            target = rest.split(".")[0] or "__init__"
            if target.startswith("__version"):
                continue
            if target not in allowed:
                yield module
            if room == "perception" and target == "language" and rest != "language.instruction":
                yield module  # values only
        elif room not in ONLY_IN.get(top, {room}):
            yield module


def test_every_room_is_in_the_table():
    assert {room_of(file) for file in FILES} <= set(MAY_IMPORT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_room_imports_only_what_it_may(file):
    assert list(trespasses(room_of(file), file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("scene", "from grounding_ros.geometry import plane"),
        ("scene", "from grounding_ros import pipeline"),
        ("adapters", "def f():\n    import grounding_ros.language.parser"),
        ("perception", "from grounding_ros.language import parse"),
        ("language", "import torch.nn as nn"),
        ("pipeline", "import rclpy"),
        ("evaluation", "from grounding_ros.ros.node import Node"),
    ],
)
def test_a_trespass_is_seen(room, source):
    assert len(list(trespasses(room, source))) == 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_is_short(file):
    lines = len(file.read_text("utf-8").splitlines())
    assert lines <= 400
    if lines > 300:
        print(f"{file.relative_to(PACKAGE)} has {lines} lines; split it at the noun before 400")


def test_importing_the_package_is_fast_and_light():
    heavy = ["torch", "rclpy", "cv2", "mujoco", "transformers", "onnxruntime", "open3d"]
    code = f"import sys, grounding_ros; print(*(set({heavy}) & set(sys.modules)))"
    bare = _seconds("pass")[0]
    seconds, output = _seconds(code)
    assert output.strip() == ""
    assert seconds - bare < 0.5


def _seconds(code):
    """Best of three: another process may be using the machine."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=PACKAGE.parent,
            check=True,
            capture_output=True,
            text=True,
        )
        times.append(time.perf_counter() - start)
    return min(times), done.stdout
