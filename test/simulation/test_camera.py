import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.geometry.transforms import inverse, transform_points
from grounding_ros.simulation.camera import looking_at, sample_camera

coordinates = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.2, 1.5))


@given(coordinates, st.floats(-0.3, 0.3))
def test_what_is_looked_at_is_straight_ahead(position, roll):
    position, target = np.array(position), np.array([0.011, 0.02, -0.5])
    pose = looking_at(position, target, roll)
    np.testing.assert_allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3), atol=1e-9)
    assert np.linalg.det(pose[:3, :3]) > 0
    seen = transform_points(inverse(pose), target[None])[0]
    np.testing.assert_allclose(seen, (0, 0, np.linalg.norm(target - position)), atol=1e-9)


def test_up_is_up_in_the_picture():
    pose = looking_at(np.array([-1.0, 0, 1]), np.zeros(3))
    camera_from_base = inverse(pose)
    above, left = transform_points(camera_from_base, np.array([[0, 0, 0.1], [0, 0.1, 0]]))
    assert above[1] < 0 and abs(above[0]) < 1e-9  # y is down
    assert left[0] < 0  # from the -x side, +y is to the left


def test_cameras_are_those_of_common_sensors():
    for seed in range(30):
        lens = sample_camera(np.random.default_rng(seed)).intrinsics
        assert (lens.width, lens.height) == (640, 480)
        assert 500 < lens.fx == lens.fy < 630
        assert abs(lens.cx - 319.5) <= 8 and abs(lens.cy - 239.5) <= 8
