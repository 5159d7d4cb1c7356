"""An answer as vision_msgs: the chosen set, best first, with one id in every message."""

from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.adapters.detections import (
    detections_2d,
    detections_3d,
    instance_image,
    label_info,
)
from grounding_ros.scene import CameraPose, Detections, Objects3D

HALF = 0.5**0.5


def test_boxes_are_centre_and_size_in_pixels_best_first(messages, header, an_answer):
    message = detections_2d(an_answer(), header, messages("vision_msgs"))
    assert message.header is header or message.header == header
    box, ball = message.detections
    assert (box.id, ball.id) == ("3", "1")
    centre = box.bbox.center.position
    assert (centre.x, centre.y, box.bbox.size_x, box.bbox.size_y) == (25.25, 20.0, 29.5, 20.0)
    assert box.bbox.center.theta == 0.0
    (result,) = box.results
    assert (result.hypothesis.class_id, result.hypothesis.score) == ("red box", 0.25)
    assert box.header == header


def test_boxes_in_metres_have_pose_size_and_covariance(messages, header, an_answer):
    message = detections_3d(an_answer(), header, messages("vision_msgs"))
    (box,) = message.detections  # the ball has no 3D
    assert box.id == "3"
    place, turn = box.bbox.center.position, box.bbox.center.orientation
    assert (place.x, place.y, place.z) == (0.1, -0.2, 0.5)
    assert (turn.x, turn.y) == (0, 0)
    assert (turn.z, turn.w) == pytest.approx((HALF, HALF))
    assert (box.bbox.size.x, box.bbox.size.y, box.bbox.size.z) == (0.2, 0.1, 0.05)
    (result,) = box.results
    assert result.hypothesis.class_id == "red box"
    assert result.pose.pose.position.z == 0.5
    known = {0: 1e-4, 7: 4e-4, 14: 9e-4}  # x, y, z on the diagonal of 6 by 6
    assert list(result.pose.covariance) == [known.get(k, 0.0) for k in range(36)]


def test_what_has_no_3d_keeps_its_2d_without_a_made_up_pose(messages, header, an_answer):
    answer = an_answer(chosen=(0,))
    vision = messages("vision_msgs")
    assert detections_3d(answer, header, vision).detections == []
    (ball,) = detections_2d(answer, header, vision).detections
    pose = ball.results[0].pose
    assert (pose.pose.position.x, pose.pose.position.z) == (0, 0)
    assert not any(pose.covariance)


def test_nothing_chosen_is_an_empty_stamped_message(messages, header, an_answer):
    answer = an_answer(chosen=())
    vision = messages("vision_msgs")
    for make in (detections_2d, detections_3d):
        message = make(answer, header, vision)
        assert (message.detections, message.header.stamp.nanosec) == ([], 345)
    assert label_info(answer, header, vision).class_map == []
    assert not instance_image(answer).any()


def test_the_same_id_stands_in_boxes_labels_and_mask(messages, header, an_answer):
    answer = an_answer()
    vision = messages("vision_msgs")
    ids = [int(d.id) for d in detections_2d(answer, header, vision).detections]
    info = label_info(answer, header, vision)
    assert [(c.class_id, c.class_name) for c in info.class_map] == [
        *[(3, "red box"), (1, "blue ball")],
    ]
    assert ids == [3, 1]
    assert set(np.unique(instance_image(answer))) == {0, 1, 3}


def test_the_mask_image_is_exact_and_what_has_no_3d_counts_as_farther(an_answer):
    image = instance_image(an_answer())
    expected = np.zeros((48, 64), np.uint16)
    expected[6:16, 4:14] = 1
    expected[10:30, 10:40] = 3  # over the corner where both are
    np.testing.assert_array_equal(image, expected)
    assert image.dtype == np.uint16


@pytest.mark.parametrize(
    ("centers", "shift", "winner"),
    [
        ([[0, 0, 1.0], [0, 0, 2.0]], None, 1),
        ([[0, 0, 2.0], [0, 0, 1.0]], None, 2),
        # In the base frame the camera stands at x = 5, next to the second object.
        ([[0, 0, 1.0], [5, 0, 2.0]], (5.0, 0.0, 0.0), 2),
    ],
)
def test_where_masks_overlap_the_nearer_object_wins(an_answer, centers, shift, winner):
    both = Detections(
        boxes=np.tile([10, 10, 20, 20], (2, 1)),
        scores=np.ones(2),
        labels=("one", "other"),
        image_size=(48, 64),
        masks=np.ones((2, 48, 64), bool),
    )
    lifted = Objects3D(
        frame_id="base_link",
        centers=np.array(centers),
        rotations=np.tile(np.eye(3), (2, 1, 1)),
        sizes=np.full((2, 3), 0.1),
        covariances=np.tile(np.eye(3), (2, 1, 1)),
        point_counts=np.array([9, 9]),
        reasons=("", ""),
        up=np.array([0.0, 0, 1]),
    )
    pose = None
    if shift:
        matrix = np.eye(4)
        matrix[:3, 3] = shift
        pose = CameraPose("base_link", matrix)
    for chosen in ((0, 1), (1, 0)):
        answer = an_answer(candidates=both, objects=lifted, pose=pose, chosen=chosen)
        assert (instance_image(answer) == winner).all()


def test_without_masks_the_mask_image_is_empty(an_answer):
    answer = an_answer()
    bare = replace(answer, candidates=replace(answer.candidates, masks=None))
    assert instance_image(bare).shape == (48, 64)
    assert not instance_image(bare).any()
