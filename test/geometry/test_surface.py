"""What of the depth under a mask is the object."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from grounding_ros.geometry.surface import main_layer

PIXEL, NOISE = 1 / 525, 1.5e-3


def layer(depth: Any, mask: Any, rim_px: int = 0) -> Any:
    depth = np.asarray(depth, np.float32)
    believed = np.asarray(mask, bool) & np.isfinite(depth)
    return main_layer(depth, believed, pixel=PIXEL, noise=NOISE, rim_px=rim_px)


def plate(near: float = 1.0, far: float = 2.0) -> tuple[Any, Any]:
    """Return a near plate (20, 20) in the middle of a far wall (40, 40), and its mask."""
    depth, mask = np.full((40, 40), far), np.zeros((40, 40), bool)
    depth[10:30, 10:30], mask[10:30, 10:30] = near, True
    return depth, mask


def test_of_nothing_there_is_nothing() -> None:
    depth, mask = plate()
    assert not layer(depth, np.zeros_like(mask), rim_px=2).any()
    assert not layer(np.full_like(depth, math.nan), mask, rim_px=2).any()


@pytest.mark.parametrize("rim_px", [0, 1, 2, 3])
def test_a_clean_surface_is_kept_whole(rim_px: int) -> None:
    depth, mask = plate()
    assert np.array_equal(layer(depth, mask, rim_px), mask)


@pytest.mark.parametrize("leak", [2, 3, 4])
def test_a_mask_that_takes_in_the_wall_keeps_only_the_plate(leak: int) -> None:
    depth, mask = plate()
    wide = np.zeros_like(mask)
    wide[10 - leak : 30 + leak, 10 - leak : 30 + leak] = True
    kept = layer(depth, wide, rim_px=2)
    assert not kept[~mask].any() and kept[12:28, 12:28].all()


def test_flying_pixels_are_left_out() -> None:
    depth, mask = plate()
    depth[10:30, 29] = 1.5  # a column between plate and wall
    kept = layer(depth, mask)
    assert not kept[:, 29].any() and kept[10:30, 10:28].all()


def test_the_receding_top_of_an_upright_box_is_kept() -> None:
    depth, mask = plate()
    depth[10:14, 10:30] = 1.0 + np.linspace(0.04, 0.01, 4)[:, None]  # seen at 10 mm a pixel
    assert np.array_equal(layer(depth, mask), mask)


def test_noise_is_no_jump() -> None:
    depth, mask = plate(near=3.0)
    noisy = depth + NOISE * depth**2 * np.random.default_rng(0).standard_normal(depth.shape)
    assert layer(noisy, mask)[mask].mean() > 0.99


def test_an_object_behind_a_bar_is_one() -> None:
    depth, mask = plate()
    depth[:, 18:22], mask[:, 18:22] = 0.5, False
    kept = layer(depth, mask)
    assert kept[10:30, 10:18].all() and kept[10:30, 22:30].all()


def test_another_layer_is_not_the_object() -> None:
    depth, mask = plate()
    mask[0:8, 0:8] = True  # a patch of the wall, 64 of 464 pixels
    kept = layer(depth, mask)
    assert not kept[0:8, 0:8].any() and kept[10:30, 10:30].all()


def test_a_thin_mask_has_no_rim() -> None:
    depth, mask = np.full((40, 40), 1.0), np.zeros((40, 40), bool)
    mask[20:23, 5:35] = True
    assert np.array_equal(layer(depth, mask, rim_px=2), mask)


def test_the_image_border_is_no_outline() -> None:
    depth = np.full((30, 30), 1.0)
    depth[:, 0:2] = 1.3  # against the border, a jump from the rest
    kept = layer(depth, np.ones((30, 30), bool), rim_px=2)
    assert kept[:, 3:].all()
