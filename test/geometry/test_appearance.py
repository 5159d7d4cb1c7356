import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.geometry.appearance import LENGTH, appearances, distances
from grounding_ros.scene import Detections, Frame

RED, GREEN, DARK_RED = (200, 30, 30), (30, 160, 40), (170, 22, 22)
COLOR = st.tuples(*[st.integers(0, 255)] * 3)


def looks_of(*colors, behind=(90, 90, 90), side=20, has_masks=True):
    """The looks of squares of these colours on a background, row by row."""
    rgb = np.full((40, 60 * len(colors), 3), behind, np.uint8)
    masks = np.zeros((len(colors), *rgb.shape[:2]), bool)
    boxes = []
    for k, color in enumerate(colors):
        window = slice(10, 10 + side), slice(60 * k + 5, 60 * k + 5 + side)
        rgb[window], masks[k][window] = color, True
        # A box wider than the object: only the mask tells what is background.
        boxes.append([60 * k, 5, 60 * k + 40, 40])
    count = len(colors)
    detections = Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.ones(count),
        ("thing",) * count,
        rgb.shape[:2],
        masks if has_masks else None,
    )
    return appearances(Frame(rgb), detections)


def test_the_same_colour_is_near_and_another_one_far():
    looks = looks_of(RED, RED, DARK_RED, GREEN)
    away = distances(looks, looks)
    assert away[0, 1] == pytest.approx(0, abs=1e-3)
    assert away[0, 2] < 0.6 < 0.9 < away[0, 3]


def test_what_is_around_the_mask_does_not_count():
    on_white, on_black = looks_of(RED, behind=(255,) * 3), looks_of(RED, behind=(0,) * 3)
    assert distances(on_white, on_black)[0, 0] == pytest.approx(0, abs=1e-3)
    without = looks_of(RED, behind=(255,) * 3, has_masks=False)
    assert distances(on_white, without)[0, 0] > 0.3


@settings(max_examples=30, deadline=None)
@given(st.lists(COLOR, min_size=1, max_size=4), st.integers(1, 30))
def test_looks_are_unit_vectors_whatever_the_size(colors, side):
    looks = looks_of(*colors, side=side)
    assert looks.shape == (len(colors), LENGTH)
    np.testing.assert_allclose(np.linalg.norm(looks, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(looks, looks_of(*colors, side=20), atol=1e-5)


@pytest.mark.parametrize("box", [(0, 0, 0, 0), (-9, -9, -3, -3), (70, 50, 90, 90), (5, 5, 9, 9)])
def test_a_box_or_a_mask_without_pixels_looks_like_nothing(box):
    masks = np.zeros((1, 40, 60), bool)
    detections = Detections(np.array([box], np.float32), np.ones(1), ("a",), (40, 60), masks)
    looks = appearances(Frame(np.zeros((40, 60, 3), np.uint8)), detections)
    assert not looks.any()
