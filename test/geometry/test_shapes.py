"""Shapes: their planes touch them, their derivatives are right, and fitting finds them again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.geometry.fitting import fit
from grounding_ros.geometry.shapes import SHAPES, Equations
from grounding_ros.geometry.views import View, Views

CIRCLE = np.linspace(0, 2 * math.pi, 240, endpoint=False)
AT = np.array([0.05, 0.7, -0.5])
"""Where the things are seen from the camera in the level frame's origin: before it and below."""
PARAMETERS = {
    "cuboid": (0.05, 0.7, 0.16, 0.1, 0.4, -0.54, -0.46),
    "standing": (0.05, 0.7, 0.04, -0.55, -0.45),
    "rim": (0.05, 0.7, 0.07, -0.53, -0.47),
    "ball": (0.05, 0.7, -0.54, -0.46),
    "lying": (0.05, 0.7, 0.14, 0.4, -0.54, -0.46),
}


def ring(radius, z):
    return np.column_stack(
        [radius * np.cos(CIRCLE), radius * np.sin(CIRCLE), np.full(len(CIRCLE), z)]
    )


def turned(points, yaw):
    c, s = math.cos(yaw), math.sin(yaw)
    return points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])


def hull(name):
    """Points whose hull is the shape of `PARAMETERS`."""
    corners = np.array(np.meshgrid((-1, 1), (-1, 1), (-1, 1))).reshape(3, -1).T
    if name == "cuboid":
        return turned(corners * (0.08, 0.05, 0.04), 0.4) + AT
    if name == "standing":
        return np.vstack([ring(0.04, -0.05), ring(0.04, 0.05)]) + AT
    if name == "rim":
        return np.vstack([ring(0.02, -0.03), ring(0.07, 0.03)]) + AT
    if name == "ball":
        heights = np.linspace(-0.04, 0.04, 161)
        return np.vstack([ring(math.sqrt(0.04**2 - z * z), z) for z in heights]) + AT
    disc = ring(0.04, 0.0)[:, [2, 0, 1]]
    end = np.array([0.07, 0.0, 0.0])
    return turned(np.vstack([disc - end, disc + end]), 0.4) + AT


def surface(name):
    """Points of the sides that face the camera."""
    rng = np.random.default_rng(3)
    a, b = rng.uniform(-1, 1, (2, 200))
    if name == "cuboid":
        top = np.column_stack([0.08 * a, 0.05 * b, np.full(200, 0.04)])
        side = np.column_stack([0.08 * a, np.full(200, -0.05), 0.04 * b])
        return turned(np.vstack([top, side]), 0.4) + AT
    half = math.pi / 2 * a - math.pi / 2  # towards the camera, which looks along y
    if name == "standing":
        side = np.column_stack([0.04 * np.cos(half), 0.04 * np.sin(half), 0.05 * b])
        lid = ring(0.03, 0.05)
        return np.vstack([side, lid]) + AT
    if name == "rim":
        return ring(0.07, 0.03) + AT
    if name == "ball":
        level = np.sqrt(1 - b * b)
        return 0.04 * np.column_stack([level * np.cos(half), level * np.sin(half), b]) + AT
    lift = half + 3 * math.pi / 4
    side = np.column_stack([0.07 * b, 0.04 * np.cos(lift), 0.04 * np.sin(lift)])
    side = side[(side[:, 1] < 0) | (side[:, 2] > 0)]
    return turned(side, 0.4) + AT


def view_of(name):
    points = hull(name)
    # The planes that touch the hull: as an outline does, in a camera that looks along its middle.
    forward = AT / np.linalg.norm(AT)
    right = np.cross(forward, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    camera = np.stack([right, np.cross(forward, right), forward])
    seen = points @ camera.T
    angles = np.linspace(0, 2 * math.pi, 36, endpoint=False)
    across = np.column_stack([np.cos(angles), np.sin(angles)])
    reach = (across @ (seen[:, :2] / seen[:, 2:]).T).max(axis=1)
    normals = np.column_stack([across, -reach]) @ camera
    low, high = points[:, 2].min(), points[:, 2].max()
    chosen = surface(name)
    flat = points[:, :2]
    size = np.ptp(flat, axis=0)
    return View(
        normals=normals,
        free=np.ones(36, bool),
        points=chosen[np.linspace(0, len(chosen) - 1, 64).astype(int)],
        weight=1.0,
        heights=(float(low), float(high)),
        height_sigmas=(0.002, 0.004),
        box=(float(AT[0]), float(AT[1]), float(size.max()) * 0.9, float(size.min()) * 0.9, 0.3),
        pixel=0.0015,
        noise=0.001,
    )


def equations_of(name, q, views):
    at = Equations.zeros(1, views)[0]
    SHAPES[name].equations(q, views, at)
    return at


def fitted_to(name, *views):
    return fit((SHAPES[name],), Views.of(views))[0]


@pytest.mark.parametrize("name", SHAPES)
def test_planes_that_touch_a_shape_miss_nothing_to_it(name):
    views = Views.of([view_of(name)])
    at = equations_of(name, np.array([PARAMETERS[name]]), views)
    missing = at.rest[:, :36][at.told[:, :36]]
    assert len(missing) >= 10
    np.testing.assert_allclose(missing, 0, atol=2e-5)  # the circles are polygons


@pytest.mark.parametrize("name", sorted(set(SHAPES) - {"rim"}))
def test_points_of_a_shape_lie_on_it(name):
    views = Views.of([view_of(name)])
    at = equations_of(name, np.array([PARAMETERS[name]]), views)
    told = at.told[:, 36:]
    assert told.mean() > 0.8
    np.testing.assert_allclose(at.rest[:, 36:][told], 0, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(name=st.sampled_from(sorted(SHAPES)), seed=st.integers(0, 10**6))
def test_the_derivatives_are_those_of_the_equations(name, seed):
    """By central differences, but where a plane or a point changes from one face to another."""
    views = Views.of([view_of(name)])
    rng = np.random.default_rng(seed)
    q = np.array([PARAMETERS[name]]) + rng.uniform(-0.004, 0.004, (1, len(PARAMETERS[name])))
    at, step = equations_of(name, q, views), 1e-6
    for parameter in range(q.shape[1]):
        more, less = q.copy(), q.copy()
        more[0, parameter] += step
        less[0, parameter] -= step
        after, before = (equations_of(name, near, views) for near in (more, less))
        slope = -(after.rest - before.rest) / (2 * step)
        same = np.abs(after.rest + before.rest - 2 * at.rest) < 1e-9
        if name == "rim":
            same[:, 36:] = False  # its points only judge
        assert same[:, :36].mean() > 0.8
        np.testing.assert_allclose(at.slope[:, parameter][same], slope[same], atol=1e-4)


@pytest.mark.parametrize("name", SHAPES)
def test_fitting_finds_a_shape_from_a_poor_guess(name):
    fitted = fitted_to(name, view_of(name))
    center, size, _ = SHAPES[name].box(fitted.parameters)
    true_center, true_size, _ = SHAPES[name].box(np.array([PARAMETERS[name]]))
    np.testing.assert_allclose(center, true_center, atol=1e-3)
    np.testing.assert_allclose(size, true_size, atol=2e-3)
    assert fitted.outline_misfit[0] < 0.3 and fitted.points_misfit[0] < 0.3
    assert (np.linalg.eigvalsh(fitted.covariances[0]) > 0).all()


def test_another_shape_fits_worse():
    for name in ("cuboid", "standing", "ball", "lying"):
        fits = zip(SHAPES, fit(tuple(SHAPES.values()), Views.of([view_of(name)])), strict=True)
        misfits = {
            other: float(one.outline_misfit[0] + one.points_misfit[0])
            for other, one in fits
            if other != "rim"  # which says less
        }
        assert min(misfits, key=misfits.__getitem__) == name, misfits


def test_many_objects_and_shapes_are_fitted_as_one_by_one():
    views = [view_of("cuboid"), view_of("ball"), view_of("standing")]
    together = fit(tuple(SHAPES.values()), Views.of(views))
    for name, fitted in zip(SHAPES, together, strict=True):
        for row, view in enumerate(views):
            alone = fitted_to(name, view)
            np.testing.assert_allclose(fitted.parameters[row], alone.parameters[0])
            np.testing.assert_allclose(fitted.covariances[row], alone.covariances[0], rtol=1e-6)


def test_what_is_hidden_is_less_certain_along_that_direction():
    view = view_of("cuboid")
    hidden = view.normals[:, 0] > 0.3  # everything that ends on the right
    behind = replace(view, free=~hidden)
    whole, cut = (fitted_to("cuboid", one) for one in (view, behind))
    assert cut.covariances[0, 0, 0] > 20 * whole.covariances[0, 0, 0]
    assert cut.covariances[0, 1, 1] < cut.covariances[0, 0, 0]
    assert cut.outline_misfit[0] < 4  # it may go on there
