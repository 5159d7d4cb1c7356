"""The debug picture: what was chosen in colour, the rest in grey, boxes in metres as edges."""

from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.adapters.drawing import draw
from grounding_ros.adapters.visualization import PALETTE
from grounding_ros.scene import CameraPose, Detections, Frame, Intrinsics, Objects3D

CAMERA = Intrinsics(320, 240, 250.0, 250.0, 159.5, 119.5)
GREY = (170, 170, 170)
# From an optical frame to a base: forward is x, left is y, up is z; the camera is at (1, 2, 3).
BASE_FROM_CAMERA = np.array([[0.0, 0, 1, 1], [-1, 0, 0, 2], [0, -1, 0, 3], [0, 0, 0, 1]])


@pytest.fixture
def frame():
    return Frame(np.full((240, 320, 3), 60, np.uint8), None, CAMERA, frame_id="optical")


def seen(an_answer, *, chosen=(0,), masks=True, center=(0.0, 0.0, 1.0), reason="", pose=None):
    """A cube of 0.2 m, its picture box, and a second thing at the lower left without 3D."""
    nan = np.full(3, np.nan)
    found = np.zeros((2, 240, 320), bool)
    found[0, 92:148, 132:188] = True
    found[1, 200:220, 20:50] = True
    center, rotation = np.array(center), np.eye(3)
    if pose is not None:
        center = pose[:3, :3] @ center + pose[:3, 3]
        rotation = pose[:3, :3]
    lost = bool(reason)
    return an_answer(
        candidates=Detections(
            boxes=np.array([[132, 92, 188, 148], [20, 200, 50, 220]]),
            scores=np.ones(2),
            labels=("cube", "thing"),
            image_size=(240, 320),
            masks=found if masks else None,
        ),
        objects=Objects3D(
            frame_id="base_link",
            centers=np.stack([nan if lost else center, nan]),
            rotations=np.stack([np.full((3, 3), np.nan) if lost else rotation, np.eye(3)]),
            sizes=np.stack([nan if lost else np.full(3, 0.2), nan]),
            covariances=np.zeros((2, 3, 3)),
            point_counts=np.zeros(2, int),
            reasons=(reason, "no depth"),
            up=nan,
        ),
        chosen=chosen,
        pose=None if pose is None else CameraPose("base_link", pose),
    )


def test_the_frame_itself_is_not_touched(an_answer, frame):
    before = frame.rgb.copy()
    picture = draw(frame, seen(an_answer))
    np.testing.assert_array_equal(frame.rgb, before)
    assert (picture.shape, picture.dtype) == (before.shape, np.uint8)
    assert (picture != before).any()


def test_nothing_seen_changes_nothing(an_answer, frame):
    answer = an_answer(
        candidates=Detections.empty((240, 320)), objects=Objects3D.absent(0, ""), chosen=()
    )
    np.testing.assert_array_equal(draw(frame, answer), frame.rgb)


def test_what_was_not_chosen_gets_a_thin_grey_box_and_nothing_else(an_answer, frame):
    picture = draw(frame, seen(an_answer, chosen=()))
    for x0, y0, x1, y1 in ((132, 92, 187, 147), (20, 200, 49, 219)):
        for x, y in ((x0, y0), (x1, y0), (x0, y1), (x1, y1)):
            assert tuple(picture[y, x]) == GREY
        assert (picture[y0 + 1 : y1, x0 + 1 : x1] == 60).all()
    assert {tuple(colour) for colour in picture.reshape(-1, 3)} == {(60, 60, 60), GREY}


def test_the_mask_is_tinted_and_outlined_in_the_colour_of_the_answer(an_answer, frame):
    picture = draw(frame, seen(an_answer, reason="no depth"))
    colour = PALETTE[0].astype(int)
    assert tuple(picture[120, 160]) == tuple((60 * 0.8 + colour * 0.2).astype(int))
    assert tuple(picture[120, 132]) == tuple(colour)  # the outline
    assert tuple(picture[148 + 10, 160]) == (60, 60, 60)


def test_without_a_mask_the_inside_stays(an_answer, frame):
    picture = draw(frame, seen(an_answer, masks=False, reason="no depth"))
    assert tuple(picture[120, 160]) == (60, 60, 60)
    assert tuple(picture[147, 187]) == tuple(PALETTE[0])


def white_edge(picture, reach):
    """Whether white lines stand left and right, `reach` pixels from the optical axis."""
    columns = [round(159.5 - reach), round(159.5 + reach)]
    return all((picture[120, x - 1 : x + 2] > 200).all(axis=1).any() for x in columns)


def test_the_edges_of_the_3d_box_are_where_the_camera_sees_them(an_answer, frame):
    picture = draw(frame, seen(an_answer))
    assert white_edge(picture, 0.1 / 0.9 * 250)  # the near face
    assert white_edge(picture, 0.1 / 1.1 * 250)  # the far face
    assert not white_edge(picture, 0.1 / 1.0 * 250)
    flat = draw(frame, seen(an_answer, reason="no depth"))
    assert not white_edge(flat, 0.1 / 0.9 * 250)


def test_the_frame_of_the_results_makes_no_difference_to_the_picture(an_answer, frame):
    in_camera = draw(frame, seen(an_answer, center=(0.05, -0.1, 1.0)))
    in_base = draw(frame, seen(an_answer, center=(0.05, -0.1, 1.0), pose=BASE_FROM_CAMERA))
    np.testing.assert_array_equal(in_base, in_camera)


@pytest.mark.parametrize("center", [(0.0, 0.0, -1.0), (0.0, 0.0, 0.05), (1e6, 0.0, 1.0)])
def test_a_box_that_the_camera_cannot_see_draws_no_edges(an_answer, frame, center):
    picture = draw(frame, seen(an_answer, center=center))
    without = draw(frame, seen(an_answer, reason="no depth"))
    np.testing.assert_array_equal(picture, without)


def test_without_a_camera_there_are_no_edges(an_answer, frame):
    bare = replace(frame, intrinsics=None)
    without = draw(frame, seen(an_answer, reason="no depth"))
    np.testing.assert_array_equal(draw(bare, seen(an_answer)), without)


def test_the_name_stands_on_its_colour_above_the_box(an_answer, frame):
    picture = draw(frame, seen(an_answer, reason="no depth"))
    plate = picture[76:91, 134:160].reshape(-1, 3)
    is_colour = (plate == PALETTE[0]).all(axis=1)
    assert is_colour.mean() > 0.4
    assert (plate > 200).all(axis=1).any()  # white letters


@pytest.mark.parametrize(
    "box", [(-9, -9, 30, 20), (300, 0, 340, 9), (310, 230, 400, 300), (0, 0, 0, 0)]
)
def test_boxes_that_stick_out_are_drawn_without_harm(an_answer, frame, box):
    answer = seen(an_answer, reason="no depth", masks=False)
    boxes = np.array([box, (20, 200, 50, 220)])
    sticking_out = replace(answer, candidates=replace(answer.candidates, boxes=boxes))
    picture = draw(frame, sticking_out)
    assert picture.shape == (240, 320, 3)
    assert ((picture == PALETTE[0]).all(axis=2)).any()  # its name at least


def test_colours_repeat_after_the_sixth(an_answer, frame):
    n = 7
    boxes = np.array([(10 + 40 * k, 100, 40 + 40 * k, 130) for k in range(n)])
    found = Detections(boxes, np.ones(n), ("x",) * n, (240, 320))
    answer = an_answer(
        candidates=found, objects=Objects3D.absent(n, "none"), chosen=tuple(range(n))
    )
    picture = draw(frame, answer)
    corners = [tuple(picture[129, 39 + 40 * k]) for k in range(n)]
    assert corners == [*map(tuple, PALETTE), tuple(PALETTE[0])]
