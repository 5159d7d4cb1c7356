"""Close-ups of objects for the network that names them."""

import numpy as np
import pytest

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders.tabletop_closeups import (
    CHANNELS,
    MEASURES,
    Square,
    close_ups,
)
from grounding_ros.perception.grounders.tabletop_inputs import inputs_of
from grounding_ros.perception.segmenters.box import mask_boxes
from grounding_ros.scene import Frame

RED = (190, 25, 30)
HEIGHT = 0.09


@pytest.fixture
def scene(table, solid):
    """A red box, 0.2 by 0.2 by 0.09 metres."""
    return table([solid.box(0, 0, size=(0.2, 0.2, HEIGHT), color=RED)])


def seen(frame, *masks, with_plane=True, boxes=None):
    plane = SupportPlanes().of(frame) if with_plane else None
    masks = np.array(masks)
    boxes = mask_boxes(masks) if boxes is None else np.array(boxes, np.float32)
    pictures, measures = close_ups(frame, inputs_of(frame, plane), masks, boxes)
    assert pictures.shape == (len(masks), CHANNELS, 48, 48)
    assert measures.shape == (len(masks), MEASURES)
    assert np.isfinite(pictures).all() and np.isfinite(measures).all()
    return pictures, measures


def test_an_object_fills_its_close_up_but_for_a_margin(scene):
    mask = scene.instances == 1
    (picture,), (measure,) = seen(scene.frame, mask)
    rows, columns = np.nonzero(picture[3] > 0.5)
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    assert longer == pytest.approx(40, abs=1)  # 48 / 1.2
    assert measure[2] == pytest.approx(picture[3].mean(), abs=1e-6)
    v, u = np.nonzero(mask)
    side = 1.2 * (max(np.ptp(v), np.ptp(u)) + 1)
    assert measure[0] == pytest.approx(np.log(side / 100), abs=0.02)


def test_its_colours_are_those_under_the_mask(scene):
    (picture,), _ = seen(scene.frame, scene.instances == 1)
    inside = picture[3] > 0.99
    red, green, blue = ((picture[channel][inside].mean() + 2) * 64 for channel in range(3))
    assert red > 2 * green and red > 2 * blue


def test_heights_and_relief_tell_its_form(scene):
    mask = scene.instances == 1
    (picture,), (measure,) = seen(scene.frame, mask)
    top = np.log1p(HEIGHT / 0.01) / 2
    assert measure[5] == pytest.approx(top, abs=0.05)
    assert measure[3] == pytest.approx(1.0, abs=0.05)
    own = picture[3] > 0.99
    assert abs(np.median(picture[9][own])) < 0.05  # its own middle is the zero
    # The side in metres: the square's pixels at the object's distance.
    away = np.median(scene.frame.depth[mask])
    side = 100 * np.exp(measure[0]) * away / scene.frame.intrinsics.fx
    assert 0.1 * np.exp(measure[1]) == pytest.approx(side, rel=0.02)


@pytest.mark.parametrize("corner", [(0, 0), (0, 630), (470, 0), (470, 630)])
def test_outside_of_the_frame_there_is_nothing(scene, corner):
    row, column = corner
    mask = np.zeros((480, 640), bool)
    mask[row : row + 10, column : column + 10] = True
    (picture,), _ = seen(scene.frame, mask)
    outside = picture[:, 0 if row == 0 else -1, 0 if column == 0 else -1]
    assert not outside.any()
    assert picture[:3, 24, 24].any()


def test_without_depth_there_are_no_metres(scene):
    (picture,), (measure,) = seen(Frame(scene.frame.rgb), scene.instances == 1, with_plane=False)
    assert not picture[4:10].any()
    assert measure[0] != 0 and measure[2] > 0
    assert not measure[[1, 3, 4, 5]].any()


def test_a_single_pixel_is_enough(scene):
    mask = np.zeros((480, 640), bool)
    mask[240, 320] = True
    (picture,), _ = seen(scene.frame, mask)
    assert picture[:3].any()


def test_a_close_up_shows_its_mask_and_its_box(scene):
    mask = np.zeros((480, 640), bool)
    mask[200:220, 300:310] = True
    (picture,), (measure,) = seen(scene.frame, mask, boxes=[(290, 200, 330, 240.5)])
    # What holds both is 40 by 41 pixels, 1.2 times as much is shown: 49 rows and columns.
    assert measure[0] == pytest.approx(np.log(49 / 100), abs=1e-6)
    cell = 49 / 48
    assert picture[10].sum() * cell**2 == pytest.approx(40 * 40.5, rel=1e-4)
    assert picture[3].sum() * cell**2 == pytest.approx(20 * 10, rel=0.02)
    assert (picture[10][picture[3] > 0.5] == 1).all()
    assert picture[10].min() >= 0 and picture[10].max() <= 1


def test_no_objects_no_close_ups(scene):
    masks = np.zeros((0, 480, 640), bool)
    pictures, measures = close_ups(
        scene.frame, inputs_of(scene.frame, None), masks, mask_boxes(masks)
    )
    assert pictures.shape == (0, CHANNELS, 48, 48) and measures.shape == (0, MEASURES)


def test_the_light_is_told_for_all_objects_of_a_frame(scene):
    dim = Frame((scene.frame.rgb * 0.8).astype(np.uint8), scene.frame.depth, scene.frame.intrinsics)
    (_, bright), (_, dark) = (seen(frame, scene.instances == 1) for frame in (scene.frame, dim))
    assert (dark[0, 6:] > bright[0, 6:] + 0.1).all()


@pytest.mark.parametrize("left", [-20, 200, 600])
def test_what_was_cut_out_goes_back_to_its_place(left):
    mask = np.zeros((480, 640), bool)
    mask[100:180, max(left, 0) : left + 80] = True
    square = Square.around(mask, mask_boxes(mask[None])[0])
    values = square.shrunk(mask.view(np.uint8), 48, 255).astype(np.float32) / 255
    where, own = square.spread(values, mask.shape)
    back = np.zeros(mask.shape, bool)
    back[where] = own > 0.5
    assert (back & mask).sum() > 0.9 * (back | mask).sum()
