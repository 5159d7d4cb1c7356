"""The true boxes of what was found."""

from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.oracle_boxes import TrueBoxes
from grounding_ros.scene import CameraPose, Objects3D
from grounding_ros.simulation.truth import BASE_FRAME

POSE = CameraPose(BASE_FRAME, np.eye(4))
WINDOWS = [(16, 2, 22, 10), (3, 2, 7, 6), (0, 8, 6, 12), (10, 2, 14, 6)]
"""The third object, the first a little too far right, nothing, the second."""


class Measured:
    """A lifter that measures the first two of everything and cannot lift the rest."""

    def lift(self, frame, detections, pose):
        nothing = Objects3D.absent(len(detections), "no depth", pose.frame_id if pose else "camera")
        numbers = {
            name: getattr(nothing, name).copy()
            for name in ("centers", "rotations", "sizes", "covariances")
        }
        for array in numbers.values():
            array[:2] = 0.25
        return replace(nothing, reasons=("", "", "no depth", "no depth"), **numbers)


@pytest.fixture
def lifter(golden_scene):
    """The lifter for a scene in which the first two objects have known poses."""
    box, other, ball = golden_scene.objects
    objects = (
        replace(box, center_m=(0.1, -0.2, 0.03), size_m=(0.2, 0.1, 0.06), yaw_rad=np.pi / 4),
        replace(other, center_m=(0.5, 0.0, 0.05), size_m=(0.1, 0.1, 0.1), yaw_rad=0.0),
        ball,
    )
    scene = replace(golden_scene, objects=objects)
    return TrueBoxes(Measured(), scene, TrueObjects.of(scene))


def test_what_stands_for_an_object_of_known_pose_is_there(lifter, detections_of):
    objects = lifter.lift(lifter.scene.frame, detections_of(WINDOWS), POSE)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(objects.centers[1], (0.1, -0.2, 0.03))
    np.testing.assert_allclose(objects.sizes[1], (0.2, 0.1, 0.06))
    np.testing.assert_allclose(
        objects.rotations[1], [[half, -half, 0], [half, half, 0], [0, 0, 1]], atol=1e-12
    )
    assert not objects.covariances[1].any()  # nothing is in doubt
    assert objects.reasons == ("", "", "no depth", "")  # even what could not be measured
    np.testing.assert_allclose(objects.centers[3], (0.5, 0, 0.05))
    assert (objects.up.tolist(), objects.up_source) == ([0, 0, 1], "tf")


def test_the_rest_is_as_it_was_measured(lifter, detections_of):
    objects = lifter.lift(lifter.scene.frame, detections_of(WINDOWS), POSE)
    assert objects.centers[0].tolist() == [0.25, 0.25, 0.25]  # a ball of unknown pose
    assert np.isnan(objects.centers[2]).all()  # stands for nothing


def test_without_a_camera_pose_everything_is_as_it_was_measured(lifter, detections_of):
    objects = lifter.lift(lifter.scene.frame, detections_of(WINDOWS), None)
    assert objects.frame_id == "camera"
    assert objects.centers[1].tolist() == [0.25, 0.25, 0.25]
    assert objects.reasons == ("", "", "no depth", "no depth")


def test_a_pose_that_is_not_whole_is_none(golden_scene, detections_of):
    half = replace(golden_scene.objects[0], center_m=(0.1, 0.2, 0.3))
    scene = replace(golden_scene, objects=(half, *golden_scene.objects[1:]))
    lifter = TrueBoxes(Measured(), scene, TrueObjects.of(scene))
    objects = lifter.lift(scene.frame, detections_of(WINDOWS), POSE)
    assert objects.centers[1].tolist() == [0.25, 0.25, 0.25]
