"""What is kept of an answer for people, and how much of it."""

import pickle
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.report.evidence import (
    AnswerEvidence,
    SceneEvidence,
    contours_of,
    packed,
    scene_evidence,
    seen_objects,
)
from grounding_ros.evaluation.report.evidence_limit import with_evidence_limited
from grounding_ros.evaluation.report.fault import fault
from grounding_ros.evaluation.runner import SceneResult, judged_scene
from grounding_ros.scene import Answer, Frame, Intrinsics, Objects3D, Status
from grounding_ros.simulation.truth import Expression


def judged(kind="attribute", status="grounded", returned=(), expected=(), exact=False):
    return Judgement("id", "scene", kind, status, exact, tuple(returned), tuple(expected), None, 0)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (judged(exact=True, returned=[1], expected=[1]), ""),
        (judged(status="failed", expected=[1]), "failed"),
        (judged(status="not_understood", expected=[1]), "sentence not understood"),
        (judged("verify", "cannot_judge", expected=[1]), "a word not judged"),
        (judged("verify", "not_found", expected=[1]), "wrong yes or no"),
        (judged(status="not_found", expected=[1]), "said not to be there"),
        (judged(status="ambiguous", returned=[1, 2], expected=[1]), "asked, though clear"),
        (judged("ambiguous", "grounded", [1], [1, 2]), "not asked, though unclear"),
        (judged("absent", "grounded", [1]), "found, though not there"),
        (judged("absent", "grounded", [None]), "found, though not there"),
        (judged("count", "grounded"), "found, though not there"),
        (judged(returned=[1, None], expected=[1]), "an object that is none"),
        (judged(returned=[2], expected=[1]), "wrong object"),
        (judged(returned=[2, 3], expected=[1, 4]), "wrong object"),
        (judged(expected=[1]), "nothing returned"),
        (judged(returned=[1, 3], expected=[1, 2]), "some wrong"),
        (judged(returned=[1], expected=[1, 2]), "some missing"),
        (judged(returned=[1, 1], expected=[1]), "too many"),
        (judged(returned=[1, 2], expected=[1]), "too many"),
        (judged("place", "grounded", [1], [1]), "wrong place"),
    ],
)
def test_what_is_wrong_with_an_answer(one, words):
    assert fault(one) == words


@given(
    arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=3, max_side=30)),
)
def test_outlines_drawn_again_are_the_mask_but_for_its_rim(mask):
    solid = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    contours = [np.array(contour, np.int32) for contour in contours_of(solid.astype(bool))]
    again = cv2.drawContours(np.zeros_like(solid), contours, -1, 1, cv2.FILLED)
    rim = cv2.dilate(solid, np.ones((3, 3))) - cv2.erode(solid, np.ones((3, 3)))
    assert not ((again != solid) & (rim == 0))[1:-1, 1:-1].any()


def test_the_outline_of_a_rectangle_and_of_its_hole():
    mask = np.zeros((12, 24), bool)
    mask[2:10, 3:20] = True
    assert [set(contour) for contour in contours_of(mask)] == [{(3, 2), (19, 2), (19, 9), (3, 9)}]
    mask[4:7, 6:15] = False
    outer, hole = contours_of(mask)
    assert set(outer) == {(3, 2), (19, 2), (19, 9), (3, 9)}
    u, v = np.array(hole).T
    assert (u.min(), u.max(), v.min(), v.max()) == (5, 15, 3, 7)  # the pixels around it
    assert contours_of(np.zeros((4, 5), bool)) == ()


@pytest.mark.parametrize(
    ("shape", "expected"), [((480, 640), (480, 640)), ((720, 1280), (360, 640)), ((3, 9), (3, 9))]
)
def test_a_packed_picture_is_small_and_has_its_colours(shape, expected):
    rgb = np.full((*shape, 3), (200, 30, 30), np.uint8)
    picture = cv2.imdecode(np.frombuffer(packed(rgb), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[:2] == expected
    assert np.abs(picture[..., ::-1].astype(int) - rgb[0, 0]).max() < 12


def test_how_far_and_how_large_the_true_objects_are(golden_scene, detections_of):
    depth = np.full((12, 24), 2.0, np.float32)
    depth[2:6, 10:14] = np.nan  # all of object 2
    depth[2, 2] = 9.0  # an outlier on object 1
    camera = Intrinsics(24, 12, 1000.0, 1000.0, 3.5, 3.5)  # looks at object 1
    frame = Frame(golden_scene.frame.rgb, depth, camera)
    true = TrueObjects.of(golden_scene)
    found = detections_of([(2, 2, 6, 6), (16, 2, 22, 6)])  # object 1, and half of object 3
    one, two, three = seen_objects(frame, true, found)
    assert (one.iou, two.iou, three.iou) == (1.0, 0.0, 0.5)
    assert (one.side_px, three.side_px) == (4.0, pytest.approx(48**0.5))
    assert one.distance_m == pytest.approx(2.0, abs=1e-3)
    assert two.distance_m is None
    slanted = replace(frame, intrinsics=Intrinsics(24, 12, 15.0, 15.0, 3.5, 3.5))
    far = seen_objects(slanted, true, found)[2].distance_m
    assert far == pytest.approx(2 * (1 + 1**2 + 0.13**2) ** 0.5, abs=0.05)  # 15 pixels aside
    assert seen_objects(golden_scene.frame, true, found)[0].distance_m is None
    assert [one.iou for one in seen_objects(frame, true, detections_of([]))] == [0, 0, 0]


def an_answer(spoken, found, **given):
    given = {"status": Status.GROUNDED, "task": "find", "stamp_ns": 0, "frame_id": "camera"} | given
    objects = Objects3D.absent(len(found), "no depth")
    return Answer(text=spoken.text, candidates=found, objects=objects, **given)


@pytest.fixture
def result(golden_scene, detections_of):
    """One scene: a right answer, and one with the wrong place."""
    found = detections_of([(16, 2, 22, 10), (2, 2, 6, 6), (10, 2, 14, 6)])
    one, put = golden_scene.expressions[0], golden_scene.expressions[6]
    scene = replace(golden_scene, expressions=(one, put))
    timings = {"total": 12.5}
    answers = (
        (one, an_answer(one, found, chosen=(1,), anchors=(0,), trace=("a", "b"), count=1)),
        (put, an_answer(put, found, chosen=(1,), places=(2,), timings_ms=timings)),
    )
    return judged_scene(scene, TrueObjects.of(scene), found, answers)


def test_the_evidence_of_a_scene(result):
    evidence = scene_evidence(result)
    assert (evidence.scene, evidence.size, len(evidence.objects)) == ("golden", (12, 24), 3)
    one, put = evidence.answers
    assert (one.id, one.text, one.kind) == ("one", "the red box", "attribute")
    assert (one.exact, one.fault, one.trace, one.count) == (True, "", ("a", "b"), 1)
    assert (put.exact, put.fault, put.total_ms) == (False, "wrong place", 12.5)
    drawn = [(outline.role, outline.number, outline.label) for outline in one.outlines]
    assert drawn == [
        ("candidate", 3, "thing"),
        ("anchor", 1, "thing"),
        ("returned", 2, "thing"),
        ("expected", 1, "red cereal box"),
    ]
    assert one.outlines[2].box == (2, 2, 6, 6)
    assert set(one.outlines[3].contours[0]) == {(2, 2), (5, 2), (5, 5), (2, 5)}
    roles = {(outline.role, outline.number) for outline in put.outlines}
    assert roles >= {("place", 3), ("returned", 2), ("expected", 1), ("expected", 3)}


def test_evidence_without_truth_is_of_what_was_returned(result):
    spoken = Expression("golden", "000000", "the red box", kind="", target_ids=())
    unknown = SceneResult(result.scene, ((spoken, result.answers[0][1]),))
    evidence = scene_evidence(unknown)
    assert evidence.objects == ()
    assert (evidence.answers[0].exact, evidence.answers[0].fault) == (None, "")
    assert "expected" not in {outline.role for outline in evidence.answers[0].outlines}


def test_evidence_goes_to_another_process(result):
    evidence = scene_evidence(result)
    assert pickle.loads(pickle.dumps(evidence)) == evidence
    assert len(pickle.dumps(evidence)) < 10_000


def records(result, exacts, jpeg=b"x" * 100):
    """A record a scene; its answers are right, wrong or not judged as said."""
    evidence = scene_evidence(result)
    one = evidence.answers[0]
    for number, scene in enumerate(exacts):
        answers = tuple(replace(one, id=f"{number}-{k}", exact=e) for k, e in enumerate(scene))
        kept = replace(evidence, jpeg=jpeg, answers=answers)
        yield SceneRecord(Path("source"), str(number), evidence=kept)


def limited(records, **limits):
    """Of every scene whether it has a picture, and which answers are drawn."""
    kept = [record.evidence for record in with_evidence_limited(records, **limits)]
    return [(bool(one.jpeg), [answer.drawn for answer in one.answers]) for one in kept]


def test_within_the_limits_everything_is_kept(result):
    before = list(records(result, [[True, False], [None]]))
    broken = [Broken(Path("other"), "gone"), SceneRecord(Path("source"), "not asked for")]
    after = list(with_evidence_limited([*before, *broken]))
    assert [one.evidence for one in after[:2]] == [one.evidence for one in before]
    assert after[2:] == broken


def test_right_answers_do_not_crowd_out_the_wrong_ones(result):
    scenes = [[True], [True], [False], [None, True], [False]]
    assert limited(records(result, scenes), most_drawn=2) == [
        *((True, [True]), (True, [True]), (True, [True])),
        (True, [True, False]),
        (False, [False]),
    ]
    assert limited(records(result, scenes), most_bytes=400) == [
        *((True, [True]), (True, [True]), (True, [True])),
        (True, [True, True]),
        (False, [False]),
    ]
    assert limited(records(result, [[True]] * 3 + [[False]] * 3), most_bytes=400) == [
        *((True, [True]), (True, [True]), (False, [False])),
        *((True, [True]), (True, [True]), (False, [False])),
    ]


def test_what_is_not_drawn_has_no_outlines_and_what_is_not_listed_is_gone(result):
    kept = list(with_evidence_limited(records(result, [[False] * 3] * 2), 1, 4))
    first, second = (record.evidence.answers for record in kept)
    assert [bool(one.outlines) for one in first] == [True, False, False]
    assert (len(second), second[0].text) == (1, "the red box")


@given(
    st.lists(st.lists(st.sampled_from([True, False, None]), max_size=4), max_size=12),
    st.integers(0, 6),
    st.integers(0, 20),
    st.integers(0, 900),
)
def test_the_limits_hold(exacts, drawn, listed, size):
    def answer(exact):
        return AnswerEvidence("", "", "", "", exact, "", "", (), (), (), None, ())

    scenes = (
        SceneRecord(Path(), "", evidence=SceneEvidence("", (1, 1), b"x" * 100, tuple(answers)))
        for answers in ([answer(exact) for exact in scene] for scene in exacts)
    )
    kept = [r.evidence for r in with_evidence_limited(scenes, drawn, listed, size)]
    answers = [one for scene in kept for one in scene.answers]
    assert sum(len(scene.jpeg) for scene in kept) <= size
    assert len(answers) == min(listed, sum(map(len, exacts)))
    assert sum(one.drawn for one in answers if one.exact) <= drawn
    assert sum(one.drawn for one in answers if not one.exact) <= drawn
    assert all(scene.jpeg or not one.drawn for scene in kept for one in scene.answers)
