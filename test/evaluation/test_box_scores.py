"""What is stated of a centre against where it is, by type and by visible share."""

import math
from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.evaluation.metrics.boxes3d import BoxError, box_errors
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.metrics.outcome import Outcome
from grounding_ros.evaluation.metrics.scores import (
    box_scores,
    box_scores_by_share,
    box_scores_by_type,
)
from grounding_ros.scene import Detections, Frame, Objects3D, Status
from grounding_ros.simulation.truth import BASE_FRAME, Scene, SceneObject

CAN = SceneObject(
    1, ("can", "tin"), ("red",), (), (0.0, 0.0, 0.05), (0.06, 0.06, 0.1), 0.0, visible_share=0.5
)


def errors_of(center, covariance):
    """What is said of a can whose box is measured at `center`."""
    instances = np.zeros((4, 6), np.uint16)
    instances[1:3, 2:4] = 1
    scene = Scene("one", Frame(np.zeros((4, 6, 3), np.uint8)), instances, (CAN,))
    objects = Objects3D(
        frame_id=BASE_FRAME,
        centers=np.array([center]),
        rotations=np.eye(3)[None],
        sizes=np.array([CAN.size_m]),
        covariances=np.array([covariance]),
        point_counts=np.array([100]),
        reasons=("",),
        up=np.array([0.0, 0.0, 1.0]),
    )
    found = Detections(
        np.array([[2, 1, 4, 3]], np.float32), np.ones(1, np.float32), ("can",), (4, 6)
    )
    outcome = Outcome(Status.GROUNDED, found, (0,), objects=objects)
    return box_errors(scene, outcome, (1,))


@pytest.mark.parametrize(
    ("off_mm", "within"),
    # 95 % of a normal error in space are within 2.7955 deviations, the root of 7.815.
    [((2.79, 0, 0), True), ((2.80, 0, 0), False), ((0, 0, 5.59), True), ((0, 0, 5.6), False)],
)
def test_the_truth_is_within_the_stated_ellipsoid_or_not(off_mm, within):
    covariance = np.diag([1e-3, 1e-3, 2e-3]) ** 2
    (error,) = errors_of(np.add(CAN.center_m, np.multiply(off_mm, 1e-3)), covariance)
    assert error.within95 is within
    assert error.sigma_m == pytest.approx(math.sqrt(6) * 1e-3)
    assert (error.kind, error.visible_share) == ("can", 0.5)


def test_of_an_exact_box_nothing_is_stated():
    (error,) = errors_of(CAN.center_m, np.zeros((3, 3)))
    assert (error.within95, error.sigma_m) == (None, None)


def judged(*errors):
    one = Judgement("1", "s", "attribute", "grounded", True, (1,), (1,), 1.0, 0)
    return [replace(one, boxes3d=errors)]


def error(center, kind="can", share=1.0, sigma=0.01, within=True):
    return BoxError(center, 0.0, 0.8, None, 0.1, 1.0, kind, share, sigma, within)


def test_coverage_and_sharpness():
    scores = box_scores(
        judged(
            error(0.003, sigma=0.004),
            error(0.004, sigma=0.006, within=False),
            error(0.1, sigma=None, within=None),  # nothing was stated
        )
    )
    assert scores.coverage95 == 0.5
    # The median of 4 and 6 mm over the root mean square of 3 and 4, the root of 12.5.
    assert scores.sigma_over_rms == pytest.approx(5 / math.sqrt(12.5))


def test_without_a_statement_there_is_no_coverage():
    scores = box_scores(judged(error(0.1, sigma=None, within=None)))
    assert (scores.coverage95, scores.sigma_over_rms) == (None, None)


def test_every_type_has_its_own_figures():
    by_type = box_scores_by_type(judged(error(0.01), error(0.02), error(0.05, kind="box")))
    assert list(by_type) == ["box", "can"]
    assert (by_type["can"].n, by_type["can"].center_median_m) == (2, pytest.approx(0.015))


def test_shares_are_cut_at_0_7_and_0_4():
    shares = [1.0, 0.7, 0.69, 0.4, 0.39, None]
    by_share = box_scores_by_share(judged(*(error(0.01, share=share) for share in shares)))
    assert {name: group.n for name, group in by_share.items()} == {
        "0.7 and more": 2,
        "0.4 to 0.7": 2,
        "below 0.4": 1,
    }
