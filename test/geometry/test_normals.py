import numpy as np
import pytest

from grounding_ros.geometry.normals import normals_of
from grounding_ros.geometry.plane import Plane
from grounding_ros.geometry.projection import rays
from grounding_ros.scene import Intrinsics

CAMERA = Intrinsics(160, 120, 260.0, 250.0, 79.5, 59.5)
PITCH = (1 / 260.0, 1 / 250.0)
FAR = Plane(np.array((0.0, 0.0, -1.0)), -1.0)


def depth_of(normal, offset):
    directions = np.dstack([rays(CAMERA), np.ones((CAMERA.height, CAMERA.width))])
    return (offset / (directions @ normal)).astype(np.float32)


def unit(*vector):
    return np.array(vector) / np.linalg.norm(vector)


def test_a_plane_has_its_own_normal_everywhere():
    normal = unit(0.2, -0.6, -0.8)
    normals = normals_of(depth_of(normal, -0.7), rays(CAMERA), PITCH, FAR)
    assert normals.shape == (120, 160, 3)
    assert np.abs(normals - normal).max() < 2e-3


def test_a_crease_stays_sharp():
    left, right = unit(0.6, 0.0, -0.8), unit(-0.6, 0.0, -0.8)
    # The two planes meet where x = 0; each is the nearer one on its own side.
    depth = np.minimum(depth_of(left, -0.8), depth_of(right, -0.8))
    on_left = depth == depth_of(left, -0.8)
    normals = normals_of(depth, rays(CAMERA), PITCH, FAR)
    wrong = (normals @ left < 0.98) & on_left | (normals @ right < 0.98) & ~on_left
    assert wrong.mean() < 0.01


def test_nothing_is_known_where_depth_is_missing():
    depth = depth_of(unit(0, 0, -1), -0.7)
    depth[40:80, 60:100] = np.nan
    normals = normals_of(depth, rays(CAMERA), PITCH, FAR)
    missing = np.isnan(depth)
    assert np.isnan(normals[missing]).all()
    assert np.isfinite(normals[~missing]).all()


@pytest.mark.parametrize("offset", [-0.4, -3.0])
def test_the_reference_plane_does_not_change_the_normal(offset):
    normal = unit(0.1, -0.7, -0.7)
    depth = depth_of(normal, -0.7)
    other = Plane(unit(0.3, -0.5, -0.8), offset)
    first = normals_of(depth, rays(CAMERA), PITCH, FAR)
    second = normals_of(depth, rays(CAMERA), PITCH, other)
    assert np.abs(first - second).max() < 5e-3
