"""Perfect, empty, duplicated, shifted and swapped answers; every figure is computed by hand."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding_ros.evaluation.metrics.judgement import judge
from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.metrics.outcome import Outcome, outcome_of
from grounding_ros.evaluation.metrics.scores import box_scores, scores
from grounding_ros.scene import Answer, Objects3D, Status
from grounding_ros.simulation.truth import BASE_FRAME

WINDOWS = {1: (2, 2, 6, 6), 2: (10, 2, 14, 6), 3: (16, 2, 22, 10)}
NOTHING = (0, 8, 6, 12)


@pytest.fixture(scope="module")
def judged(golden_scene, detections_of):
    """Judge what is returned to one expression: ids, or windows that stand for something else."""

    def judged(id, returned, status=Status.GROUNDED, places=(), scene=golden_scene, **more):
        spoken = next(one for one in scene.expressions if one.id == id)
        shown = [WINDOWS.get(one, one) for one in (*returned, *places)]
        rows = tuple(range(len(shown)))
        outcome = Outcome(
            status,
            detections_of(shown),
            chosen=rows[: len(returned)],
            places=rows[len(returned) :],
            ranking=rows[: len(returned)],
            **more,
        )
        return judge(scene, TrueObjects.of(scene), spoken, outcome)

    return judged


@pytest.mark.parametrize(
    ("id", "returned", "status", "right"),
    [
        ("one", [1], Status.GROUNDED, True),
        ("one", [1], Status.PARTLY_GROUNDED, True),  # the set is right
        ("one", [2], Status.GROUNDED, False),
        ("one", [], Status.NOT_FOUND, False),
        ("one", [1, 1], Status.GROUNDED, False),  # duplicated
        ("one", [1, NOTHING], Status.GROUNDED, False),
        ("one", [(3, 2, 7, 6)], Status.GROUNDED, True),  # shifted, 12 of 20
        ("one", [(4, 2, 8, 6)], Status.GROUNDED, False),  # shifted, 8 of 24
        ("one", [1], Status.AMBIGUOUS, False),
        ("one", [1, 2], Status.AMBIGUOUS, False),
        ("all", [1, 2], Status.GROUNDED, True),
        ("all", [2, 1], Status.GROUNDED, True),  # a set has no order
        ("all", [1], Status.GROUNDED, False),
        ("all", [1, 2, 3], Status.GROUNDED, False),
        ("none", [], Status.NOT_FOUND, True),
        ("none", [], Status.CANNOT_JUDGE, False),
        ("none", [], Status.NOT_UNDERSTOOD, False),
        ("none", [], Status.FAILED, False),
        ("none", [], Status.GROUNDED, False),
        ("none", [3], Status.GROUNDED, False),
        ("which", [1, 2], Status.AMBIGUOUS, True),
        ("which", [1, 2], Status.GROUNDED, False),
        ("which", [1], Status.GROUNDED, False),
        ("which", [1, 2, 3], Status.AMBIGUOUS, False),
        ("many", [1, 2], Status.GROUNDED, True),
        ("zero", [], Status.NOT_FOUND, True),
        ("zero", [], Status.NOT_UNDERSTOOD, False),
    ],
)
def test_an_answer_is_entirely_right_or_not(judged, id, returned, status, right):
    assert judged(id, returned, status).exact is right


@pytest.mark.parametrize(
    ("returned", "places", "right"), [([1], [3], True), ([1], [], False), ([3], [1], False)]
)
def test_a_place_must_be_right_too(judged, returned, places, right):
    assert judged("put", returned, places=places).exact is right


@pytest.mark.parametrize(
    ("id", "truth", "right"),
    [("yes", True, True), ("yes", False, False), ("yes", None, False), ("no", False, True)],
)
def test_yes_or_no_is_judged_by_its_truth(judged, id, truth, right):
    one = judged(id, [], truth=truth)
    assert (one.exact, one.top_iou, one.mask_iou) == (right, None, None)


def test_what_the_objects_stand_for_is_told(judged):
    one = judged("all", [2, NOTHING, 1])
    assert (one.returned_ids, one.expected_ids) == ((2, None, 1), (1, 2))


@pytest.mark.parametrize(
    ("id", "returned", "top_iou", "mask_iou"),
    [
        ("one", [1], 1.0, 1.0),
        ("one", [], 0.0, 0.0),
        ("one", [2], 0.0, 0.0),
        ("one", [(3, 2, 7, 6)], 0.6, 0.6),  # 12 of 20
        ("one", [2, 1], 0.0, 0.5),  # the top box is the wrong one; 16 of 32 pixels
        ("all", [1], 1.0, 0.5),
        ("all", [3, 1], 0.0, 0.2),  # 16 of 48 + 16 + 16
    ],
)
def test_boxes_and_pixels(judged, id, returned, top_iou, mask_iou):
    one = judged(id, returned)
    assert one.top_iou == pytest.approx(top_iou)
    assert one.mask_iou == pytest.approx(mask_iou)


def test_nothing_is_like_nothing_only_when_it_is_said_to_be_absent(judged):
    assert judged("none", [], Status.NOT_FOUND).mask_iou == 1.0
    assert judged("none", [], Status.NOT_UNDERSTOOD).mask_iou == 0.0
    assert judged("none", [1]).mask_iou == 0.0


def perfect(judged):
    return [
        judged("one", [1]),
        judged("all", [1, 2]),
        judged("none", [], Status.NOT_FOUND),
        judged("which", [1, 2], Status.AMBIGUOUS),
        judged("many", [1, 2], count=2),
        judged("zero", [], Status.NOT_FOUND, count=0),
        judged("put", [1], places=[3]),
        judged("yes", [3], truth=True),
        judged("no", [], Status.NOT_FOUND, truth=False),
    ]


def test_a_perfect_set_scores_one(judged):
    total = scores(perfect(judged))
    assert total.n == 9
    for figure in ("exact", "acc50", "acc75", "recall1", "recall5", "mask_miou", "mask_ciou",
                   "mask_giou", "count_exact"):  # fmt: skip
        assert getattr(total, figure) == 1.0, figure
    assert total.count_mae == 0.0


@settings(max_examples=50, deadline=None)
@given(order=st.permutations(range(9)))
def test_the_order_of_expressions_changes_nothing(judged, order):
    mixed = [*perfect(judged)[:6], judged("one", [2]), judged("all", [3]), judged("none", [1])]
    one, other = asdict(scores(mixed)), asdict(scores([mixed[k] for k in order]))
    assert one.pop("ci95") == other.pop("ci95")
    assert one == pytest.approx(other)  # sums in another order


@settings(max_examples=50, deadline=None)
@given(returned=st.lists(st.sampled_from([1, 2, 3, NOTHING]), max_size=4), data=st.data())
def test_a_set_is_right_in_any_order_or_in_none(judged, returned, data):
    one = judged("all", returned)
    other = judged("all", data.draw(st.permutations(returned)))
    assert one.exact == other.exact == (sorted(map(str, returned)) == ["1", "2"])
    assert one.mask_iou == other.mask_iou


def test_empty_answers_score_what_is_absent(judged):
    ids = ("one", "all", "none", "which", "many", "zero")
    total = scores([judged(id, [], Status.NOT_FOUND, count=0) for id in ids])
    assert total.exact == total.mask_giou == pytest.approx(2 / 6)
    assert total.acc50 == total.recall5 == total.mask_miou == total.mask_ciou == 0.0
    assert (total.count_exact, total.count_mae) == (0.5, 1.0)  # 0 for 2, 0 for 0


def test_sums_of_a_mixed_set(judged):
    total = scores(
        [
            judged("one", [(3, 2, 7, 6)]),  # IoU 0.6: 12 of 20 px
            judged("all", [3, 1]),  # top box wrong, second right: 16 of 80 px
            judged("many", [1], count=1),  # 16 of 32 px
            judged("zero", [], Status.CANNOT_JUDGE),  # not counted, so no count to be off by
        ]
    )
    assert total.exact == 0.25
    assert (total.acc50, total.acc75) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert (total.recall1, total.recall5) == (pytest.approx(2 / 3), 1.0)
    assert total.mask_miou == pytest.approx((0.6 + 0.2 + 0.5) / 3)
    assert total.mask_ciou == pytest.approx((12 + 16 + 16) / (20 + 80 + 32))
    assert total.mask_giou == pytest.approx((0.6 + 0.2 + 0.5 + 0.0) / 4)
    assert (total.count_exact, total.count_mae) == (0.0, 1.0)


def test_swapped_answers_are_all_wrong(judged):
    total = scores(
        [judged("one", [2]), judged("many", [3], count=1), judged("put", [3], places=[1])]
    )
    assert (total.exact, total.acc50, total.recall5, total.mask_ciou) == (0, 0, 0, 0)


def test_nothing_to_sum_up():
    total = scores([])
    assert total.n == 0
    assert {getattr(total, name) for name in vars(total) if name != "n"} == {None}


def test_the_ranking_goes_on_after_what_was_chosen(detections_of):
    found = detections_of([WINDOWS[1], WINDOWS[2], WINDOWS[3], NOTHING], scores=[0.1, 0.9, 0.5, 1])
    matched = replace(found, phrases=("it",), unjudged=(), matches=np.array([[1], [0.5], [1], [0]]))
    answer = Answer(
        Status.GROUNDED, "", "find", 0, "", matched, Objects3D.absent(4, "none"), chosen=(1,)
    )
    # 2 fits as well as 0 and is surer; 3 does not fit at all
    assert outcome_of(answer).ranking == (1, 2, 0)


def lifted(center, size, yaw):
    c, s = np.cos(yaw), np.sin(yaw)
    return Objects3D(
        frame_id=BASE_FRAME,
        centers=np.array([center]),
        rotations=np.array([[[c, -s, 0], [s, c, 0], [0, 0, 1]]]),
        sizes=np.array([size]),
        covariances=np.zeros((1, 3, 3)),
        point_counts=np.array([100]),
        reasons=("",),
        up=np.array([0.0, 0.0, 1.0]),
    )


def test_boxes_in_metres_are_those_of_returned_objects(golden_scene, judged):
    posed = replace(
        golden_scene.objects[0], center_m=(0.0, 0.0, 0.05), size_m=(0.2, 0.1, 0.1), yaw_rad=0.0
    )
    scene = replace(golden_scene, objects=(posed, *golden_scene.objects[1:]))
    box = lifted((0.1, 0.0, 0.05), (0.2, 0.1, 0.1), np.pi)  # half of each is shared
    elsewhere = replace(box, frame_id="camera")  # not where the truth is
    total = box_scores(
        [
            judged("one", [1], scene=scene, objects=box),
            judged("one", [1], scene=scene, objects=elsewhere),
            judged("one", [2], scene=scene, objects=box),  # no true pose
            judged("one", [NOTHING], scene=scene, objects=box),
            judged("one", [1], scene=scene, objects=Objects3D.absent(1, "no depth", BASE_FRAME)),
        ]
    )
    assert total.n == 1
    assert total.center_median_m == total.center_p90_m == pytest.approx(0.1)
    assert total.iou3d_median == total.iou3d_long_median == pytest.approx(1 / 3)
    assert total.yaw_median_deg == pytest.approx(0.0, abs=1e-9)
