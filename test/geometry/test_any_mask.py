"""Masks of any form, on the object, the table or both: a box that can be, or a reason."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.geometry.lifting import Lifter
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.scene import Detections, Frame, Intrinsics

PATCH = slice(50, 80), slice(60, 100)
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "mosd_tabletop"
CAMERA = Intrinsics(160, 120, 130.0, 130.0, 79.5, 59.5)


def table(rng: np.random.Generator) -> Frame:
    """A table under a camera that looks down at it, with a raised patch, noise and holes."""
    v = np.arange(120)[:, None] - 59.5
    depth = np.repeat(0.8 / (1 + 0.6 * v / 130.0), 160, axis=1)
    depth[PATCH] -= 0.05
    depth += rng.normal(0, 0.0015, depth.shape)
    depth[rng.random(depth.shape) < 0.02] = np.nan
    return Frame(np.zeros((120, 160, 3), np.uint8), depth.astype(np.float32), CAMERA)


def drawn(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.uint8)
    corners = rng.integers(0, max(shape), (int(rng.integers(2, 7)), 2)).astype(np.int32)
    if rng.random() < 0.5:
        cv2.fillPoly(mask, [corners], 1)
    else:
        cv2.polylines(mask, [corners], isClosed=False, color=1, thickness=int(rng.integers(1, 9)))
    return mask.astype(bool)


def is_a_box_or_has_a_reason(frame: Frame, rng: np.random.Generator, count: int) -> None:
    size = (frame.height, frame.width)
    masks = np.array([drawn(rng, size) for _ in range(count)])
    found = Detections(np.zeros((count, 4)), np.ones(count), ("x",) * count, size, masks)
    lifted = Lifter(LiftingParameters(), SupportPlanes()).lift(frame, found, None)
    for row in np.flatnonzero(lifted.present):
        assert (lifted.sizes[row] > 0).all()
        assert np.linalg.eigvalsh(lifted.covariances[row]).min() > 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_mask_gets_a_box_of_positive_size_or_a_reason(seed: int) -> None:
    rng = np.random.default_rng(seed)
    is_a_box_or_has_a_reason(table(rng), rng, 4)


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the real frames {REAL} are absent")
def test_so_does_any_mask_of_a_real_frame() -> None:
    """A real table is not flat: some masks lie lower than that on which they would stand."""
    rng = np.random.default_rng(1)
    for scene in SceneFolder(REAL):
        is_a_box_or_has_a_reason(scene.frame, rng, 24)
