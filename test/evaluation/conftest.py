"""Small made-up scenes: the format does not care what is in the pictures."""

from pathlib import Path

import numpy as np
import pytest

from grounding_ros.scene import Frame, Intrinsics
from grounding_ros.simulation.camera import looking_at
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.truth import OPTICAL_FRAME, Expression, Scene, SceneObject

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def made_up_scene(name: str, seed: int, pose: bool = True) -> Scene:
    """Noise in which two rectangles are called objects."""
    rng = np.random.default_rng(seed)
    depth_mm = rng.integers(0, 4000, (48, 64)).astype(np.uint16)
    depth_mm[:5] = 0
    depth = np.where(depth_mm > 0, depth_mm / 1000.0, np.nan).astype(np.float32)
    instances = np.zeros((48, 64), np.uint16)
    instances[10:20, 5:30] = 1
    instances[25:40, 33:60] = 300
    objects = (
        SceneObject(
            1, ("box", "carton"), ("red",), ("small",), (0.1, -0.2, 0.03), (0.2, 0.1, 0.06), 0.5
        ),
        SceneObject(300, ("ball",), ("blue", "white")),
    )
    expressions = (
        Expression(name, f"{name}-01", "pick up the red box", "attribute", (1,)),
        Expression(name, f"{name}-02", "put the ball on the box", "place", (300,), (1,)),
        Expression(name, f"{name}-03", "is there a mug?", "verify", (), answer=False, note="none"),
    )
    camera = looking_at(np.array([-0.7, 0.1, 0.5]), np.zeros(3), 0.1)
    return Scene(
        name=name,
        frame=Frame(
            rgb=rng.integers(0, 256, (48, 64, 3)).astype(np.uint8),
            depth=depth,
            intrinsics=Intrinsics(64, 48, 60.5, 61.25, 31.5, 23.75),
            frame_id=OPTICAL_FRAME,
        ),
        instances=instances,
        objects=objects,
        expressions=expressions,
        base_from_camera=camera if pose else None,
        source="made up",
    )


@pytest.fixture
def scenes() -> list[Scene]:
    return [made_up_scene("first", 1), made_up_scene("second", 2)]


@pytest.fixture
def folder(tmp_path: Path, scenes: list[Scene]) -> Path:
    return write_folder(tmp_path / "scenes", scenes)


@pytest.fixture
def poseless_folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "poseless", [made_up_scene("only", 3, pose=False)])


@pytest.fixture
def shared() -> Path:
    """The real data, which is not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent: real data is not shipped")
    return SHARED
