"""The true box of what lies on the table, where there are two that are as small."""

import math

import numpy as np
import pytest

from grounding_ros.simulation.upright_box import upright_box

TURN = np.linspace(0, 2 * math.pi, 96, endpoint=False)


def mug(towards):
    """A disc of 40 mm with a bump of 5 mm that reaches to 70 mm, turned."""
    disc = 0.04 * np.column_stack([np.cos(TURN), np.sin(TURN)])
    bump = 0.005 * np.column_stack([np.cos(TURN), np.sin(TURN)]) + (0.065, 0.0)
    c, s = math.cos(towards), math.sin(towards)
    flat = np.vstack([disc, bump]) @ np.array([[c, s], [-s, c]])
    return np.column_stack([np.tile(flat, (2, 1)), np.repeat((0.0, 0.1), len(flat))])


@pytest.mark.parametrize("towards", [0.3, 0.9, -1.2, 2.0, -2.7])
def test_of_two_mirrored_boxes_the_one_turned_least_from_x_is_true(towards):
    """Both lean by asin(35 / 65) = 32.6 degrees from the handle, to either side."""
    lean = math.asin(35 / 65)
    mirrored = [math.remainder(towards + sign * lean, math.pi) for sign in (1, -1)]
    _, size, yaw = upright_box(mug(towards))
    assert yaw == pytest.approx(min(mirrored, key=abs), abs=0.03)
    # 40 + 65 cos 32.6 + 5 mm long.
    assert size == pytest.approx((0.0998, 0.08, 0.1), abs=5e-4)
