from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.errors import BackendError, GeometryError
from grounding_ros.language import parse
from grounding_ros.perception.grounders.scripted import ScriptedGrounder
from grounding_ros.pipeline import Pipeline, PipelineParameters, build_pipeline, failed_answer
from grounding_ros.scene import CameraPose, Detections, Frame, Objects3D, Status

FRAME = Frame(np.zeros((48, 64, 3), np.uint8), stamp_ns=5, frame_id="camera")
POSE = CameraPose("base_link", np.eye(4))
BOXES = {"red mug": [[0, 0, 9, 9]], "blue mug": [[20, 0, 29, 9]]}


class Steps:
    """A grounder, a segmenter and a lifter that note what they were asked, in order."""

    def __init__(self, script=BOXES, has_masks=False, error=None, rows=None):
        self.calls = []
        self._grounder = ScriptedGrounder(script)
        self._has_masks, self._error, self._rows = has_masks, error, rows

    def ground(self, frame, phrases):
        self.calls.append(("ground", [phrase.text for phrase in phrases]))
        if self._error:
            raise self._error
        found = self._grounder.ground(frame, phrases)
        return found.with_masks(np.zeros((len(found), 48, 64), bool)) if self._has_masks else found

    def segment(self, frame, detections):
        self.calls.append(("segment", len(detections)))
        return detections.with_masks(np.ones((len(detections), 48, 64), bool))

    def lift(self, frame, detections, pose):
        self.calls.append(("lift", detections.masks is not None, pose))
        return Objects3D.absent(self._rows or len(detections), "no depth", "base_link")

    def locate(self, frame):
        self.calls.append(("locate", frame.stamp_ns))
        return POSE


def ran(steps, text, locate=None):
    return Pipeline(steps, steps, steps).run(FRAME, parse(text), locate)


def test_four_steps_in_order_and_tf_is_looked_up_after_inference():
    steps = Steps()
    answer = ran(steps, "pick up the red mug", steps.locate)
    assert steps.calls == [
        ("ground", ["the red mug"]),
        ("segment", 2),
        ("locate", 5),
        ("lift", True, POSE),
    ]
    assert answer.status is Status.GROUNDED
    assert (answer.text, answer.task, answer.count) == ("pick up the red mug", "pick", 1)
    assert (answer.stamp_ns, answer.frame_id, answer.pose) == (5, "camera", POSE)
    assert (len(answer.candidates), answer.chosen) == (2, (0,))
    assert answer.detections.labels == ("red mug",)
    assert answer.objects.reasons == ("no depth", "no depth")
    assert answer.trace


def test_masks_of_the_grounder_are_kept():
    steps = Steps(has_masks=True)
    answer = ran(steps, "the red mug")
    assert [name for name, *_ in steps.calls] == ["ground", "lift"]
    assert answer.candidates.masks is not None
    assert not answer.candidates.masks.any()


def test_all_phrases_are_grounded_at_once():
    steps = Steps()
    ran(steps, "a red mug or a blue mug")
    assert steps.calls[0] == ("ground", ["a red mug", "a blue mug"])


def test_without_a_tf_source_the_image_frame_is_used():
    steps = Steps()
    assert ran(steps, "a red mug").pose is None
    assert steps.calls[-1] == ("lift", True, None)


@pytest.mark.parametrize("text", ["", "pick up the mug it", "la tasse rouge"])
def test_what_is_not_understood_is_answered_without_looking(text):
    steps = Steps()
    answer = ran(steps, text, steps.locate)
    assert answer.status is Status.NOT_UNDERSTOOD
    assert steps.calls == []
    assert len(answer.candidates) == 0
    assert set(answer.timings_ms) == {"resolve", "total"}


def test_every_stage_is_timed():
    timings = ran(Steps(), "the red mug").timings_ms
    assert set(timings) == {"ground", "segment", "lift", "resolve", "total"}
    assert all(milliseconds >= 0 for milliseconds in timings.values())
    stages = sum(milliseconds for stage, milliseconds in timings.items() if stage != "total")
    assert timings["total"] >= stages > 0


@pytest.mark.parametrize(
    "steps",
    [
        Steps(error=BackendError("the model is gone")),
        Steps(error=GeometryError("the model is gone")),
    ],
)
def test_an_error_is_an_answer(steps):
    answer = ran(steps, "the red mug")
    assert (answer.status, answer.message) == (Status.FAILED, "the model is gone")
    assert (answer.text, answer.task, answer.stamp_ns) == ("the red mug", "find", 5)
    assert answer.frame_id == "camera"
    assert answer.count is None
    assert set(answer.timings_ms) == {"ground", "total"}


def test_a_broken_lifter_is_an_answer_too():
    answer = ran(Steps(rows=7), "the red mug")
    assert answer.status is Status.FAILED
    assert "objects" in answer.message


def test_a_defect_is_raised():
    with pytest.raises(ZeroDivisionError):
        ran(Steps(error=ZeroDivisionError()), "the red mug")


def test_a_failure_before_there_is_a_frame():
    answer = failed_answer(parse("the red mug"), None, "the image is broken", 9)
    assert (answer.status, answer.stamp_ns, answer.frame_id) == (Status.FAILED, 9, "")
    assert isinstance(answer.candidates, Detections)
    assert len(answer.candidates) == len(answer.objects) == 0


def test_the_default_pipeline_is_built_and_looks():
    answer = build_pipeline(PipelineParameters()).run(FRAME, parse("the red mug"))
    assert answer.status in set(Status) - {Status.GROUNDED, Status.NOT_UNDERSTOOD}
    assert answer.message


def test_an_unknown_backend_is_named():
    from grounding_ros.perception.parameters import PerceptionParameters

    parameters = PipelineParameters(perception=PerceptionParameters(grounder="oracle"))
    with pytest.raises(BackendError, match="oracle"):
        build_pipeline(parameters)


class Grasper:
    """Notes what it was asked, and finds nothing."""

    def __init__(self):
        self.calls = []

    def with_grasp(self, frame, answer, *, over_rim):
        self.calls.append((answer.chosen, over_rim))
        return replace(answer, no_grasp="no hand")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("pick up the red mug", [((0,), False)]),
        ("find the red mug", [((0,), False)]),
        ("put the red mug into the blue mug", [((0,), True)]),
        ("put the red mug next to the blue mug", [((0,), False)]),
        ("pick up a red mug and a blue mug", []),
        ("how many red mugs are there", []),
        ("is there a red mug", []),
        ("pick up the green mug", []),
        ("pick up the mug it", []),
    ],
)
def test_a_grasp_is_looked_for_when_one_object_is_to_be_taken(text, asked):
    steps, grasper = Steps(), Grasper()
    answer = Pipeline(steps, steps, steps, grasper=grasper).run(FRAME, parse(text))
    assert grasper.calls == asked
    assert answer.no_grasp == ("no hand" if asked else "")
    assert ("grasp" in answer.timings_ms) == bool(asked)
    assert "total" in answer.timings_ms
