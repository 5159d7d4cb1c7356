import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.geometry.transforms import rotation_about_z
from grounding_ros.simulation.catalog import CATALOG, COLORS
from grounding_ros.simulation.plan import Thing
from grounding_ros.simulation.shapes import Part, lathe_mesh, surface_points
from grounding_ros.simulation.upright_box import upright_box

lengths = st.floats(0.02, 0.3)
angles = st.floats(-math.pi, math.pi)


@given(lengths, lengths, lengths, angles, st.tuples(*3 * [st.floats(-1, 1)]))
def test_the_upright_box_of_a_turned_box_is_that_box(x, y, z, yaw, center):
    corners = surface_points(Part("box", (x / 2, y / 2, z / 2)))
    points = corners @ rotation_about_z(yaw).T + center
    found, size, found_yaw = upright_box(points)
    np.testing.assert_allclose(found, center, atol=1e-6)
    np.testing.assert_allclose(sorted(size[:2]), sorted((x, y)), atol=1e-6)
    assert size[2] == pytest.approx(z)
    assert size[0] >= 0.99 * size[1] - 1e-6  # sides that alike may stand in either order
    assert -math.pi / 2 <= found_yaw < math.pi / 2
    inside = np.abs((points - found) @ rotation_about_z(found_yaw)) - np.array(size) / 2
    assert inside.max() < 1e-6


@given(angles)
def test_a_square_has_its_yaw_within_an_eighth_turn(yaw):
    corners = surface_points(Part("box", (0.05, 0.05, 0.02))) @ rotation_about_z(yaw).T
    found = upright_box(corners)[2]
    assert -math.pi / 4 <= found < math.pi / 4
    assert math.isclose(abs(math.sin(2 * (found - yaw))), 0, abs_tol=1e-4)


@given(angles)
def test_what_is_round_has_no_yaw(yaw):
    circle = surface_points(Part("cylinder", (0.04, 0.1))) @ rotation_about_z(yaw).T
    _, size, found = upright_box(circle)
    assert found == 0.0
    np.testing.assert_allclose(size, (0.08, 0.08, 0.2), atol=1e-4)


def test_a_turned_surface_is_closed_and_faces_outwards():
    profile = ((0.0, 0.0), (0.03, 0.0), (0.03, 0.1), (0.0, 0.1))
    vertices, triangles = lathe_mesh(profile)
    a, b, c = (vertices[triangles[:, corner]] for corner in range(3))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6
    assert volume == pytest.approx(math.pi * 0.03**2 * 0.1, rel=1e-2)
    edges = np.sort(np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]))
    assert set(np.unique(edges, axis=0, return_counts=True)[1]) == {2}


@pytest.mark.parametrize("kind", CATALOG, ids=lambda kind: kind.name)
def test_every_kind_stands_on_its_origin_and_has_the_size_of_its_row(kind):
    for word, dimensions in kind.sizes.items():
        for colors in (("red",), ("red", "blue")):
            thing = Thing(kind, word, colors, (0, 0, 0), (1, 0, 0, 0))
            low, high = thing.points.min(axis=0), thing.points.max(axis=0)
            assert low[2] == pytest.approx(0, abs=1e-3)
            width = dimensions[0]
            assert high[0] - low[0] == pytest.approx(
                width, abs=0.04 if kind.name == "mug" else 1e-3
            )
            assert any(part.solid for part in thing.parts)


def test_rows_of_the_catalog_speak_of_different_things():
    names = [one for kind in CATALOG for one, _ in kind.names]
    assert len(set(names)) == len(names)
    assert {"box", "can", "ball", "bowl", "mug"} <= set(names)
    assert len(COLORS) == 11
