"""Where the foot of an object is: one row a case."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grounding_ros.geometry.standing import beneath, foot

HIDDEN = 0.3


@pytest.mark.parametrize(
    ("case", "lowest", "ground", "floor", "expected"),
    [
        ("nothing is known", 0.2, [], None, 0.2),
        ("on the floor, touching it", 0.004, [0.0], 0.0, 0.0),
        ("cut by the image's border", 0.1, [], 0.0, 0.0),
        ("on another object", 0.1, [0.1, 0.1, 0.099, 0.0], 0.0, 0.1),
        ("on something narrower, above the floor", 0.1, [0.098, 0.097, 0.096, 0.0], 0.0, 0.097),
        ("seen from straight above", 0.1, [0.0, 0.001, 0.002], 0.0, 0.001),
        ("seen from straight above, no plane", 0.1, [0.0, 0.001, 0.002], None, 0.001),
        ("behind an occluder", 0.1, [0.15, 0.16], 0.0, 0.0),
        ("behind an occluder, no plane", 0.1, [0.15, 0.16], None, 0.1),
        ("too high to be guessed", 0.5, [0.6], 0.0, 0.5),
        ("too high above what is below it", 0.5, [0.0], 0.0, 0.5),
        ("under the plane: it stands on something else", -0.4, [], 0.0, -0.4),
        ("below the plane by noise only", -0.004, [0.0], 0.0, -0.004),
    ],
)
def test_the_foot(
    case: str, lowest: float, ground: list[float], floor: float | None, expected: float
) -> None:
    assert foot(lowest, np.array(ground), floor, max_hidden=HIDDEN) == expected, case


def test_noise_widens_the_touch() -> None:
    far = np.array([0.02])
    assert foot(0.0, far, -0.1, max_hidden=HIDDEN) == -0.1  # above it: an occluder
    assert foot(0.0, far, -0.1, max_hidden=HIDDEN, noise=0.01) == 0.0  # touching, as far as known


def test_the_strip_is_below_and_off_the_mask() -> None:
    mask = np.zeros((30, 30), bool)
    mask[10:15, 10:20] = True
    strip = beneath(mask, (0.0, 1.0))
    rows, columns = np.nonzero(strip)
    assert set(rows) == {17, 18, 19}  # the mask ends at row 14, two rows of outline are left out
    assert (columns.min(), columns.max()) == (10, 19)


@pytest.mark.parametrize("angle", np.linspace(0, 2 * math.pi, 12, endpoint=False))
def test_the_strip_goes_wherever_down_is(angle: float) -> None:
    mask = np.zeros((40, 40), bool)
    mask[18:23, 18:23] = True
    down = (math.cos(angle), math.sin(angle))
    v, u = np.nonzero(beneath(mask, down))
    towards = (u - 20) * down[0] + (v - 20) * down[1]
    assert len(u) and (towards > 2).all() and towards.max() > 5


def test_below_the_image_there_is_nothing() -> None:
    mask = np.zeros((20, 20), bool)
    mask[10:20, 5:15] = True
    assert not beneath(mask, (0.0, 1.0)).any()
