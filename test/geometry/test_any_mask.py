"""Masks of any form, on the object, the table or both: a box that can be, or a reason."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from grounding_ros.geometry.lifting import Lifter
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.scene import Detections, Frame, Intrinsics

CAMERA = Intrinsics(160, 120, 130.0, 130.0, 79.5, 59.5)


def table(rng: np.random.Generator) -> Frame:
    """A table under a camera that looks down at it, with a raised patch, noise and holes."""
    v = np.arange(120)[:, None] - 59.5
    depth = np.repeat(0.8 / (1 + 0.6 * v / 130.0), 160, axis=1)
    depth[50:80, 60:100] -= 0.05
    depth += rng.normal(0, 0.0015, depth.shape)
    depth[rng.random(depth.shape) < 0.02] = np.nan
    return Frame(np.zeros((120, 160, 3), np.uint8), depth.astype(np.float32), CAMERA)


def drawn(rng: np.random.Generator) -> NDArray[np.bool_]:
    mask = np.zeros((120, 160), np.uint8)
    corners = rng.integers(0, 160, (int(rng.integers(2, 7)), 2)).astype(np.int32)
    if rng.random() < 0.5:
        cv2.fillPoly(mask, [corners], 1)
    else:
        cv2.polylines(mask, [corners], isClosed=False, color=1, thickness=int(rng.integers(1, 9)))
    return mask.astype(bool)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_mask_gets_a_box_of_positive_size_or_a_reason(seed: int) -> None:
    rng = np.random.default_rng(seed)
    masks = np.array([drawn(rng) for _ in range(4)])
    found = Detections(np.zeros((4, 4)), np.ones(4), ("x",) * 4, (120, 160), masks)
    lifted = Lifter(LiftingParameters(), SupportPlanes()).lift(table(rng), found, None)
    for row in np.flatnonzero(lifted.present):
        assert (lifted.sizes[row] > 0).all()
        assert np.linalg.eigvalsh(lifted.covariances[row]).min() > 0
