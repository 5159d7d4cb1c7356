"""Small made-up scenes: the format does not care what is in the pictures."""

from pathlib import Path

import numpy as np
import pytest

from grounding_ros.geometry.depth import to_metres
from grounding_ros.scene import Detections, Frame, Intrinsics
from grounding_ros.simulation.camera import looking_at
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.truth import OPTICAL_FRAME, Expression, Scene, SceneObject

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def made_up_scene(name: str, seed: int, pose: bool = True) -> Scene:
    """Noise in which two rectangles are called objects."""
    rng = np.random.default_rng(seed)
    depth_mm = rng.integers(0, 4000, (48, 64)).astype(np.uint16)
    depth_mm[:5] = 0
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
            depth=to_metres(depth_mm),
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


@pytest.fixture(scope="session")
def lasting_folder(tmp_path_factory) -> Path:
    """The same as `folder`, for what is made once of it; not to be changed."""
    made = [made_up_scene("first", 1), made_up_scene("second", 2)]
    return write_folder(tmp_path_factory.mktemp("lasting") / "scenes", made)


@pytest.fixture
def poseless_folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "poseless", [made_up_scene("only", 3, pose=False)])


@pytest.fixture
def shared() -> Path:
    """The real data, which is not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent: real data is not shipped")
    return SHARED


def golden_scene() -> Scene:
    """Three squares in 12 rows and 24 columns, and an expression of every kind.

    1: 16 px, columns 2 to 5, rows 2 to 5; 2: 16 px, columns 10 to 13, rows 2 to 5;
    3: 48 px, columns 16 to 21, rows 2 to 9.
    """
    instances = np.zeros((12, 24), np.uint16)
    instances[2:6, 2:6] = 1
    instances[2:6, 10:14] = 2
    instances[2:10, 16:22] = 3
    said = (
        Expression("golden", "one", "the red box", "attribute", (1,)),
        Expression("golden", "all", "the boxes", "plural", (1, 2)),
        Expression("golden", "none", "the mug", "absent", ()),
        Expression("golden", "which", "the box", "ambiguous", (1, 2)),
        Expression("golden", "many", "how many boxes?", "count", (1, 2)),
        Expression("golden", "zero", "how many mugs?", "count", ()),
        Expression("golden", "put", "put the red box on the ball", "place", (1,), (3,)),
        Expression("golden", "yes", "is there a ball?", "verify", (3,), answer=True),
        Expression("golden", "no", "is there a mug?", "verify", (), answer=False),
    )
    return Scene(
        name="golden",
        frame=Frame(np.zeros((12, 24, 3), np.uint8)),
        instances=instances,
        objects=(
            SceneObject(1, ("cereal box", "packet"), ("red", "white"), ("small", "green top")),
            SceneObject(2, ("box",), ("dark blue",), ("striped",)),
            SceneObject(3, ("ball",), ("grey",)),
        ),
        expressions=said,
    )


def detections_of(windows, scores=None, labels=None, attributes=()) -> Detections:
    """Masks that fill windows (u0, v0, u1, v1) of the golden image."""
    boxes = np.array(windows, np.float32).reshape(-1, 4)
    masks = np.zeros((len(boxes), 12, 24), bool)
    for mask, (u0, v0, u1, v1) in zip(masks, boxes.astype(int), strict=True):
        mask[v0:v1, u0:u1] = True
    return Detections(
        boxes=boxes,
        scores=np.array(scores if scores is not None else np.ones(len(boxes)), np.float32),
        labels=labels or ("thing",) * len(boxes),
        image_size=(12, 24),
        masks=masks,
        attributes=attributes,
    )


@pytest.fixture(name="golden_scene", scope="session")
def golden_scene_fixture() -> Scene:
    return golden_scene()


@pytest.fixture(name="detections_of", scope="session")
def detections_of_fixture():
    return detections_of


@pytest.fixture(name="descendants", scope="session")
def descendants_fixture():
    """The processes below one, by their ids."""
    return descendants


def descendants(pid: int) -> set[int]:
    try:
        tasks = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has just ended
        return set()
    children = {int(child) for task in tasks for child in task.split()}
    return children.union(*(descendants(child) for child in children))


@pytest.fixture
def long_bag(folder: Path, tmp_path: Path) -> Path:
    """A bag of two frames, on each of which much can be asked."""
    from grounding_ros.evaluation.bags.writer import make_bag

    return make_bag(folder, tmp_path / "long_bag")
