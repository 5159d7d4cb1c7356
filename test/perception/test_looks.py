"""Shapes, sizes and how things stand, judged on cast scenes."""

import numpy as np
import pytest

from grounding_ros.geometry.plane import Plane
from grounding_ros.perception.geometric.measures import bend_radius, measure, upright


def seen(grounder, truth):
    """Attributes of each solid, in the order of the solids."""
    found = grounder.ground(truth.frame, ())
    order = [int(np.bincount(truth.instances[mask]).argmax()) for mask in found.masks]
    assert sorted(order) == list(range(1, len(order) + 1))
    return [set(found.attributes[order.index(index + 1)]) for index in range(len(order))]


SHAPES = {"box", "cylinder", "ball", "bowl"}


@pytest.mark.parametrize("noise", [0.0, 1.5e-3])
def test_each_solid_has_its_shape_and_no_other(table, solid, grounder, noise):
    truth = table(
        [
            solid.box(-0.25, 0.05, yaw=0.4),
            solid.can(-0.05, 0.1),
            solid.ball(0.1, -0.05, 0.045),
            solid.bowl(0.25, 0.1),
        ],
        noise=noise,
    )
    shapes = [words & SHAPES for words in seen(grounder, truth)]
    assert shapes == [{"box"}, {"cylinder"}, {"ball"}, {"bowl"}]


def test_round_things_are_round_and_boxes_are_not(table, solid, grounder):
    box, can = seen(grounder, table([solid.box(-0.15, 0), solid.can(0.15, 0)]))
    assert "round" in can and "round" not in box


def test_tall_and_flat(table, solid, grounder):
    tall, flat = seen(
        grounder,
        table(
            [
                solid.box(-0.15, 0, size=(0.07, 0.07, 0.18)),
                solid.box(0.15, 0, size=(0.18, 0.12, 0.03)),
            ]
        ),
    )
    assert {"tall", "standing"} <= tall and not {"flat", "lying"} & tall
    assert {"flat", "lying"} <= flat and not {"tall", "standing"} & flat


def test_small_and_large_are_relative_to_what_is_there(table, solid, grounder):
    small, _, large = seen(
        grounder,
        table(
            [
                solid.box(-0.25, 0, size=(0.05, 0.05, 0.05)),
                solid.box(0.0, 0, size=(0.1, 0.1, 0.1)),
                solid.box(0.25, 0, size=(0.16, 0.16, 0.16)),
            ]
        ),
    )
    assert "small" in small and "large" not in small
    assert "large" in large and "small" not in large


def test_the_same_thing_alone_is_neither(table, solid, grounder):
    (words,) = seen(grounder, table([solid.box(0, 0, size=(0.14, 0.14, 0.12))]))
    assert "medium" in words and not {"small", "large"} & words


@pytest.mark.parametrize(
    "normal", [(0.0, 0.0, -1.0), (0.0, -1.0, 0.0), (0.1, -0.7, -0.7), (0.6, 0.0, -0.8)]
)
def test_upright_turns_the_normal_up(normal):
    unit = np.array(normal) / np.linalg.norm(normal)
    rotation = upright(unit)
    assert rotation @ unit == pytest.approx((0, 0, 1), abs=1e-12)
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1)


def test_measures_of_a_known_box():
    random = np.random.default_rng(0)
    points = random.uniform((-0.1, -0.05, 0.7), (0.1, 0.05, 0.8), (20000, 3)).astype(np.float32)
    normals = np.tile(np.array((0, 0, -1), np.float32), (len(points), 1))
    # Seen from straight above: the table is at 0.8 m, the box 0.1 m high, 0.2 m long.
    got = measure(points, normals, Plane(np.array((0.0, 0.0, -1.0)), -0.8))
    assert got.height == pytest.approx(0.1, abs=0.006)
    assert got.length == pytest.approx(0.2, abs=0.01)
    assert got.width == pytest.approx(0.1, abs=0.01)
    assert got.base == pytest.approx(0, abs=0.005)


def test_a_ball_bends_outwards_its_inside_inwards():
    random = np.random.default_rng(0)
    normals = random.standard_normal((500, 3)).astype(np.float32)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    assert bend_radius(0.05 * normals, normals) == pytest.approx(0.05, rel=1e-4)
    assert bend_radius(0.05 * normals, -normals) == pytest.approx(-0.05, rel=1e-4)
    flat = np.tile(np.array((0, 0, 1), np.float32), (500, 1))
    assert bend_radius(normals, flat) == np.inf
