"""Recall, precision and AP of the instances themselves, computed by hand."""

import numpy as np
import pytest

from grounding_ros.evaluation.metrics.instance_scores import (
    InstanceScores,
    average_precision,
    instance_scores,
    scene_instances,
)
from grounding_ros.evaluation.metrics.matching import TrueObjects

ONE, TWO, THREE = (2, 2, 6, 6), (10, 2, 14, 6), (16, 2, 22, 10)
NOTHING = (0, 8, 6, 12)


@pytest.fixture
def scored(golden_scene, detections_of):
    def scored(windows, scores=None):
        found = detections_of(windows, scores)
        return instance_scores([scene_instances(found, TrueObjects.of(golden_scene))])

    return scored


def test_perfect(scored):
    assert scored([ONE, TWO, THREE]) == InstanceScores(1.0, 1.0, 1.0, 1.0)


def test_empty(scored):
    assert scored([]) == InstanceScores(0.0, None, None, 0.0)


def test_no_scene_at_all():
    assert instance_scores([]) == InstanceScores(None, None, None, None)


def test_duplicated(scored):
    # 4 found, 3 of them pairs. By score: right, wrong (taken), right, right: precision 1, 1/2, 2/3,
    # 3/4 at recall 1/3, 1/3, 2/3, 1; made to fall 1, 3/4, 3/4: (1 + 3/4 + 3/4) / 3.
    result = scored([ONE, ONE, TWO, THREE], [0.9, 0.8, 0.7, 0.6])
    assert result == InstanceScores(1.0, 0.75, 1.0, pytest.approx(2.5 / 3))


def test_shifted(scored):
    # Object 1 a column off: 12 of 20; object 2 two columns off: 8 of 24, which is no pair.
    result = scored([(3, 2, 7, 6), (12, 2, 16, 6), THREE])
    assert result.recall50 == result.precision50 == pytest.approx(2 / 3)
    assert result.mask_iou == pytest.approx((0.6 + 1) / 2)


def test_a_sure_mistake_costs_more_than_an_unsure_one(scored):
    # Alone right: 1/3 of recall at precision 1, or at 1/2 behind the mistake.
    assert scored([ONE, NOTHING], [0.9, 0.1]).ap50 == pytest.approx(1 / 3)
    assert scored([ONE, NOTHING], [0.1, 0.9]).ap50 == pytest.approx(1 / 6)


def test_among_equally_sure_ones_the_order_does_not_matter(scored):
    assert scored([ONE, NOTHING]).ap50 == scored([NOTHING, ONE]).ap50 == pytest.approx(1 / 6)
    better, worse = ONE, (2, 2, 6, 5)
    assert scored([better, worse]).ap50 == scored([worse, better]).ap50


def test_the_area_under_a_curve_by_hand():
    # Right, wrong, right of 4: precision 1, 1/2, 2/3 at recall 1/4, 1/4, 1/2; (1 + 2/3) / 4.
    scores, hit = np.array([0.3, 0.2, 0.1]), np.array([True, False, True])
    assert average_precision(scores, hit, 4) == pytest.approx(5 / 12)
    assert average_precision(scores[:0], hit[:0], 4) == 0.0
    assert average_precision(scores, hit, 0) is None
