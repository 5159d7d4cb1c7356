"""How far apart outputs may be: laws of the comparison, and who is refused by it."""

import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.parity import deviations

KINDS = {"logits": "scores", "boxes": "boxes"}


def objects(count=40, seed=0):
    """As a detector gives them: logits (1, Q, 4), boxes (1, Q, 4)."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, (1, count, 4)).astype(np.float32)
    boxes = random.uniform(0, 1, (1, count, 4)).astype(np.float32)
    return {"logits": logits, "boxes": boxes}


def over(expected, got, kinds=KINDS, precision="fp32"):
    """The names of the outputs that are too far off."""
    return {one.output for one in deviations(expected, got, kinds, precision) if one.is_over}


def test_an_output_agrees_with_itself():
    assert over(objects(), objects()) == set()


def test_the_order_of_objects_does_not_matter():
    straight = objects()
    order = np.random.default_rng(1).permutation(40)
    assert over(straight, {name: rows[:, order] for name, rows in straight.items()}) == set()


@pytest.mark.parametrize("name", ["logits", "boxes"])
def test_one_object_that_is_off_is_enough(name):
    """TensorRT has been right but for a few objects; a mean would not tell."""
    right, wrong = objects(), objects()
    surest = right["logits"][0].max(axis=1).argmax()
    wrong[name][0, surest, 0] += -0.8 if name == "logits" else 0.05
    assert name in over(right, wrong)


def test_an_object_that_only_the_provider_sees_is_seen():
    right, wrong = objects(200), objects(200)
    dullest = right["logits"][0].max(axis=1).argmin()
    assert right["logits"][0, dullest].max() < 0
    wrong["logits"][0, dullest] = 6.0
    assert "logits" in over(right, wrong)


def test_scores_are_compared_as_probabilities_and_minus_infinity_is_none():
    right = {"logits": np.array([[[-20.0, -np.inf], [2.0, -np.inf]]], np.float32)}
    near = {"logits": np.array([[[-30.0, -65504.0], [2.0, -np.inf]]], np.float32)}
    assert over(right, near, {"logits": "scores"}) == set()
    (one,) = deviations(
        {"logits": np.zeros((1, 1, 1))},
        {"logits": np.ones((1, 1, 1))},
        {"logits": "scores"},
        "fp32",
    )
    assert one.value == pytest.approx(0.2310586)  # 1 / (1 + e^-1) - 1/2
    assert str(one) == "logits 0.23 > 0.001"


@pytest.mark.parametrize("kind", ["scores", "boxes", "features", "masks"])
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_nan_is_too_far_off(kind, precision):
    right = {"out": np.ones((1, 3, 4), np.float32)}
    wrong = {"out": right["out"].copy()}
    wrong["out"][0, 1, 2] = np.nan
    assert over(right, wrong, {"out": kind}, precision) == {"out"}
    assert over(right, right, {"out": kind}, precision) == set()


def test_a_nan_among_objects_is_seen():
    wrong = objects()
    wrong["logits"][0, 7, 1] = np.nan
    assert "logits" in over(objects(), wrong)


@pytest.mark.parametrize(
    ("kind", "off", "fp32", "fp16"),
    [
        ("features", 0.005, True, False),
        ("features", 0.03, True, True),
        ("boxes", 0.005, True, False),
        ("boxes", 0.02, True, True),
    ],
)
def test_half_precision_may_be_further_off(kind, off, fp32, fp16):
    right = {"out": np.full((1, 100, 1), 1.0)}
    got = {"out": right["out"] + off}
    assert bool(over(right, got, {"out": kind}, "fp32")) == fp32
    assert bool(over(right, got, {"out": kind}, "fp16")) == fp16


def test_masks_differ_where_a_pixel_changes_sides():
    right = {"masks": np.full((1, 1, 10, 100), -1.0)}
    got = {"masks": np.full((1, 1, 10, 100), -7.0)}
    assert over(right, got, {"masks": "masks"}) == set()
    got["masks"][0, 0, 0, :5] = 0.1
    (one,) = deviations(right, got, {"masks": "masks"}, "fp16")
    assert (one.value, one.is_over) == (0.005, False)
    assert over(right, got, {"masks": "masks"}, "fp32") == {"masks"}


@pytest.mark.parametrize("got", [{}, {"out": np.zeros((1, 2))}])
def test_another_graph_is_told_from_a_bad_one(got):
    with pytest.raises(BackendError, match=r"output out: expected the shape \(1, 3\), got"):
        deviations({"out": np.zeros((1, 3))}, got, {"out": "boxes"}, "fp32")
