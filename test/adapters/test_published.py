"""What was published, read back, is the answer: of the chosen objects entirely."""

import json
from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.adapters.answer_json import answer_json
from grounding_ros.adapters.detections import detections_2d, detections_3d, instance_image
from grounding_ros.adapters.published import read_answer
from grounding_ros.errors import InputError
from grounding_ros.scene import Status

SIZE = (48, 64)


@pytest.fixture
def published(messages, header):
    """All the messages of an answer."""

    def publish(answer):
        vision = messages("vision_msgs")
        return (
            json.loads(answer_json(answer, {}, 1)),
            detections_2d(answer, header, vision),
            detections_3d(answer, header, vision),
            instance_image(answer),
        )

    return publish


def test_words_and_numbers_come_back(published, an_answer):
    said = an_answer(
        status=Status.AMBIGUOUS,
        places=(1,),
        anchors=(0,),
        truth=True,
        question="the red one?",
        unjudged=("heavy",),
        trace=("a", "b"),
        timings_ms={"ground": 1.5},
    )
    heard = read_answer(*published(said), SIZE)
    for key in (
        "status", "text", "task", "stamp_ns", "frame_id", "chosen", "places", "anchors", "truth",
        "count", "message", "question", "unjudged", "trace", "timings_ms",
    ):  # fmt: skip
        assert getattr(heard, key) == getattr(said, key), key


@pytest.mark.parametrize("chosen", [(), (2,), (2, 0), (0, 1, 2), (1, 2)])
def test_the_chosen_objects_come_back_entirely(published, an_answer, chosen):
    said = an_answer(chosen=chosen)
    heard = read_answer(*published(said), SIZE)
    np.testing.assert_allclose(heard.detections.boxes, said.detections.boxes, atol=1e-5)
    masks = said.detections.masks.copy()
    if chosen in ((2, 0), (0, 1, 2)):  # where the box is in front of the ball, the ball is hidden
        masks[chosen.index(0)] &= ~masks[chosen.index(2)]
    np.testing.assert_array_equal(heard.detections.masks, masks)
    np.testing.assert_array_equal(heard.candidates.boxes, said.candidates.boxes)
    assert heard.detections.labels == said.detections.labels
    assert heard.objects3d.reasons == said.objects3d.reasons
    for name in ("centers", "sizes", "rotations", "covariances"):
        wanted = getattr(said.objects3d, name)
        np.testing.assert_allclose(getattr(heard.objects3d, name), wanted, atol=1e-9, err_msg=name)


def test_what_was_not_chosen_has_a_place_but_no_mask_and_no_turn(published, an_answer):
    heard = read_answer(*published(an_answer(chosen=(2,))), SIZE)
    assert not heard.candidates.masks[1].any()
    np.testing.assert_allclose(heard.objects.centers[1], [0.4, -0.3, 1.0])
    assert np.isnan(heard.objects.rotations[1]).all()


def test_the_yaw_of_an_upright_box_comes_back(published, an_answer):
    said = an_answer()
    said = replace(said, objects=replace(said.objects, up=np.array([0.0, 0, 1])))
    document, *parts = published(said)
    heard = json.loads(answer_json(read_answer(document, *parts, SIZE), {}, 1))
    assert [one["yaw_rad"] for one in heard["chosen"]] == [pytest.approx(np.pi / 2), None]


def test_parts_that_did_not_come_leave_the_json(published, an_answer):
    document, *_ = published(an_answer())
    heard = read_answer(document, None, None, None, SIZE)
    assert heard.chosen == (2, 0)
    assert heard.candidates.masks is None
    assert heard.objects3d.reasons == ("its oriented box was not heard", "no depth under the mask")
    np.testing.assert_allclose(heard.objects.centers[1], [0.4, -0.3, 1.0])


def test_parts_of_another_answer_are_refused(published, an_answer):
    document, boxes, lifted, image = published(an_answer())
    boxes.detections[0].id = "17"
    with pytest.raises(InputError, match=r"got \['17'\]; the messages are not of one answer"):
        read_answer(document, boxes, lifted, image, SIZE)
    with pytest.raises(InputError, match=r"~/masks: expected \(48, 65\), got \(48, 64\)"):
        read_answer(document, None, None, image, (48, 65))
    with pytest.raises(InputError, match=r"expected a status of grounded, .* got 'guessed'"):
        read_answer({**document, "status": "guessed"}, None, None, None, SIZE)
