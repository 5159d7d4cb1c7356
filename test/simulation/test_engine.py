import os
import subprocess
import sys

import pytest

from grounding_ros.errors import BackendError
from grounding_ros.simulation import engine

EVERY_MODULE = """
import importlib, pkgutil, sys
import grounding_ros.simulation as room
for module in pkgutil.iter_modules(room.__path__):
    importlib.import_module(f"{room.__name__}.{module.name}")
assert "mujoco" not in sys.modules
"""


def test_the_room_imports_without_mujoco():
    subprocess.run([sys.executable, "-c", EVERY_MODULE], check=True)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ImportError("none", name="mujoco"), r"pip install 'grounding_ros\[sim\]'"),
        (ImportError("libEGL.so.1", name="OpenGL"), "install libegl1"),
        (AttributeError("'NoneType' has no attribute 'eglQueryString'"), "install libegl1"),
    ],
)
def test_what_is_missing_is_named(monkeypatch, error, message):
    def broken(name):
        raise error

    monkeypatch.setattr(engine, "import_module", broken)
    with pytest.raises(BackendError, match=message):
        engine.load_mujoco()


def test_the_users_own_display_stays(monkeypatch):
    monkeypatch.setenv("MUJOCO_GL", "osmesa")
    monkeypatch.setattr(engine, "import_module", lambda name: name)
    assert engine.load_mujoco() == "mujoco"
    assert os.environ["MUJOCO_GL"] == "osmesa"
