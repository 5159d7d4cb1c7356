"""The one door to MuJoCo, which is needed only for rendering."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from grounding_ros.errors import BackendError


def load_mujoco() -> Any:
    """Import and return the `mujoco` module, set up to render without a display.

    Raises
    ------
    BackendError
        When MuJoCo is not installed, or the machine has no EGL to render with.
    """
    # Read once, when mujoco is first imported; a user's own choice stays.
    os.environ.setdefault("MUJOCO_GL", "egl")
    try:
        mujoco = import_module("mujoco")
        import_module("mujoco.gl_context")  # fails here when the OpenGL library is missing
    except ImportError as error:
        if error.name and error.name.startswith("mujoco"):
            raise BackendError(
                "simulation: expected the mujoco package, got none; "
                "pip install 'grounding_ros[sim]'"
            ) from error
        raise BackendError(_no_display(error)) from error
    except (AttributeError, OSError, RuntimeError) as error:
        raise BackendError(_no_display(error)) from error
    return mujoco


def _no_display(error: Exception) -> str:
    return (
        f"simulation: expected OpenGL by MUJOCO_GL={os.environ['MUJOCO_GL']}, got {error}; "
        "install libegl1 and libgl1, or set MUJOCO_GL to osmesa or glfw"
    )
