import math

import numpy as np
import pytest

from training.meshes import box, lathe, prism, tube


def volume(mesh):
    """Signed: positive when every triangle is counter-clockwise from outside."""
    a, b, c = mesh.vertices[mesh.triangles].transpose(1, 0, 2)
    return float(np.einsum("td,td->", a, np.cross(b, c)) / 6)


SQUARE = np.array([(-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, 0.1)])


@pytest.mark.parametrize(
    ("mesh", "expected"),
    [
        (box(0.2, 0.1, 0.05), 0.001),
        (lathe([(0, 0), (0.05, 0), (0.05, 0.1), (0, 0.1)]), math.pi * 0.05**2 * 0.1),
        (prism(SQUARE, 0.3), 0.012),
        (tube(np.array([(0.0, 0, 0), (0.1, 0, 0), (0.2, 0, 0)]), np.full(3, 0.01), 40),
         math.pi * 0.01**2 * 0.2),
    ],
)  # fmt: skip
def test_a_closed_mesh_has_its_volume_and_looks_outwards(mesh, expected):
    assert volume(mesh) == pytest.approx(expected, rel=0.03)
    assert volume(mesh) > 0


@pytest.mark.parametrize("mesh", [box(0.2, 0.1, 0.05), prism(SQUARE, 0.3)])
def test_a_solid_stands_on_the_ground_with_its_texture_on_it(mesh):
    assert mesh.vertices[:, 2].min() == 0
    assert mesh.uv.min() >= 0 and mesh.uv.max() <= 1
    assert len(mesh.uv) == len(mesh.vertices)


def test_no_two_faces_of_a_box_share_a_piece_of_the_texture():
    corners = box(1, 1, 1).uv.reshape(6, 4, 2)
    low, high = corners.min(axis=1), corners.max(axis=1)
    for a in range(6):
        for b in range(a):
            apart = (low[a] >= high[b]) | (low[b] >= high[a])
            assert apart.any()


def test_moving_turning_and_stretching_keep_the_solid():
    quarter = np.array([(0.0, -1, 0), (1, 0, 0), (0, 0, 1)])
    moved = box(0.2, 0.1, 0.05).turned(quarter).moved((1, 2, 3)).scaled((1, 1, 2))
    assert np.ptp(moved.vertices, axis=0) == pytest.approx((0.1, 0.2, 0.1))
    assert volume(moved) == pytest.approx(0.002)
