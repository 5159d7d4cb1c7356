import numpy as np
import pytest

from grounding_ros.errors import GeometryError
from grounding_ros.scene import CameraPose


def scaled(factor):
    return np.diag([factor, factor, factor, 1.0])


def test_a_rigid_transform_or_a_reason():
    turned = np.array([[0, -1, 0, 1], [1, 0, 0, 2], [0, 0, 1, 3], [0, 0, 0, 1]], float)
    np.testing.assert_array_equal(CameraPose("base", turned).base_from_camera, turned)
    assert CameraPose("base", reason="no tf").base_from_camera is None


@pytest.mark.parametrize(
    ("matrix", "reason", "message"),
    [
        (None, "", "expected a transform or a reason"),
        (np.eye(4), "no tf", "expected a transform or a reason"),
        (scaled(2.0), "", "expected a rigid transform"),
        (np.diag([1.0, 1, -1, 1]), "", "expected a rigid transform"),
        (np.full((4, 4), np.nan), "", "expected a rigid transform"),
        (np.eye(4) + np.diag([0.0, 0, 0, 1]), "", "expected a rigid transform"),
    ],
)
def test_what_is_no_pose_is_refused(matrix, reason, message):
    with pytest.raises(GeometryError, match=message):
        CameraPose("base", matrix, reason)
