import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.perception.geometric.colors import (
    COLORS,
    balanced_lab,
    color_indices,
    color_shares,
    color_truths,
    white_gains,
)

FOCAL = [
    ("black", (15, 15, 15)),
    ("gray", (120, 120, 120)),
    ("white", (245, 245, 245)),
    ("red", (200, 20, 30)),
    ("red", (120, 10, 20)),
    ("orange", (255, 140, 0)),
    ("orange", (230, 120, 30)),
    ("yellow", (255, 220, 0)),
    ("yellow", (230, 200, 60)),
    ("green", (0, 150, 50)),
    ("green", (30, 80, 40)),
    ("blue", (20, 60, 200)),
    ("blue", (100, 160, 230)),
    ("blue", (20, 30, 90)),
    ("purple", (128, 0, 128)),
    ("purple", (150, 80, 190)),
    ("pink", (255, 170, 190)),
    ("pink", (240, 120, 170)),
    ("brown", (110, 60, 25)),
    ("brown", (90, 60, 45)),
    ("beige", (220, 200, 165)),
]
"""What a person would call these sRGB colours in white light."""

SURE = [("red", (190, 25, 30)), ("yellow", (240, 205, 20)), ("green", (0, 140, 50)),
        ("blue", (20, 60, 200)), ("black", (15, 15, 15)), ("white", (225, 225, 225))]  # fmt: skip
"""Colours well inside their name."""


def lab_of(*colors, gains=(1.0, 1.0, 1.0)):
    patch = np.array(colors, np.uint8)[None]
    return balanced_lab(patch, np.array(gains, np.float32))[0]


def main_color(*colors, gains=(1.0, 1.0, 1.0)):
    return COLORS[int(color_shares(lab_of(*colors, gains=gains)).argmax())]


@pytest.mark.parametrize(("name", "rgb"), FOCAL)
def test_a_flat_patch_has_its_name(name, rgb):
    assert main_color(rgb) == name
    assert color_truths(lab_of(rgb))[COLORS.index(name)] == 1


def test_a_colour_far_from_a_name_is_not_called_so():
    truths = dict(zip(COLORS, color_truths(lab_of((200, 20, 30))), strict=True))
    assert all(truths[name] == 0 for name in ("green", "blue", "yellow", "white", "gray"))


def test_a_mixture_has_several_names_a_speck_has_none():
    half = [(200, 20, 30)] * 50 + [(245, 245, 245)] * 45 + [(20, 60, 200)] * 5
    truths = dict(zip(COLORS, color_truths(lab_of(*half)), strict=True))
    assert truths["red"] == truths["white"] == 1
    assert truths["purple"] == 0
    assert truths["blue"] == 0


def test_near_a_border_both_names_hold():
    truths = dict(zip(COLORS, color_truths(lab_of((240, 170, 20))), strict=True))
    assert truths["orange"] > 0 and truths["yellow"] > 0


def test_a_white_thing_stays_white_in_its_shade():
    shaded = [(level, level, level) for level in range(150, 250, 2)]
    assert color_shares(lab_of(*shaded))[COLORS.index("white")] == 1


def test_shares_add_up_to_one():
    pixels = np.random.default_rng(0).integers(0, 256, (500, 3), np.uint8)
    assert color_shares(lab_of(*pixels)).sum() == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(
    patch=st.sampled_from(SURE),
    cast=st.tuples(*[st.floats(0.85, 1.15)] * 3),
)
def test_a_cast_of_fifteen_percent_does_not_change_the_name(patch, cast):
    name, rgb = patch
    picture = np.full((120, 160, 3), 205, np.uint8)  # a pale table
    picture[40:80, 60:100] = rgb
    seen = np.clip(picture * np.array(cast), 0, 255).astype(np.uint8)
    assert main_color(seen[60, 80], gains=white_gains(seen)) == name


def test_a_strongly_coloured_wall_is_no_light():
    picture = np.full((120, 160, 3), (200, 40, 40), np.uint8)
    assert white_gains(picture) == pytest.approx((1, 1, 1))


def test_white_light_stays_white():
    picture = np.full((120, 160, 3), 205, np.uint8)
    red, green, blue = white_gains(picture)
    assert red == pytest.approx(green) and green == pytest.approx(blue)


def test_looked_up_colours_are_the_reckoned_ones_but_at_borders() -> None:
    rng = np.random.default_rng(5)
    lab = (rng.random((4000, 3)) * (100, 160, 160) - (0, 80, 80)).astype(np.float32)
    indices = color_indices(lab)
    pale = np.isin(indices, [COLORS.index("white"), COLORS.index("gray")])
    lab, indices = lab[~pale], indices[~pale]  # these two change places by what lies about them
    reckoned = np.bincount(indices, minlength=len(COLORS)) / len(indices)
    assert np.abs(color_shares(lab) - reckoned).sum() < 0.02
