import numpy as np
import pytest

from grounding_ros.errors import GeometryError, ShapeError
from grounding_ros.scene import Grasp

MIRROR = np.diag([1.0, 1, -1, 1])


def test_a_grasp_is_frozen():
    grasp = Grasp("side", np.eye(4), 0.05, 0.5)
    with pytest.raises(ValueError, match="read-only"):
        grasp.pose[0, 3] = 1.0


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"kind": "above"}, GeometryError, "expected one of top, side, suction, got 'above'"),
        ({"pose": np.eye(3)}, ShapeError, r"expected shape \(4, 4\)"),
        ({"pose": MIRROR}, GeometryError, "rigid transform"),
        ({"pose": np.full((4, 4), np.nan)}, GeometryError, "rigid transform"),
        ({"opening_m": -0.01}, GeometryError, "at least 0, got -0.01"),
        ({"opening_m": np.nan}, GeometryError, "opening_m"),
        ({"score": 1.5}, GeometryError, "0 to 1, got 1.5"),
    ],
)
def test_what_is_no_grasp_is_refused(changes, error, words):
    fields = {"kind": "top", "pose": np.eye(4), "opening_m": 0.05, "score": 0.5}
    with pytest.raises(error, match=words):
        Grasp(**(fields | changes))
