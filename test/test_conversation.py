"""What answers have in common: ids, counts and choices that stay from frame to frame."""

import numpy as np
import pytest

from grounding_ros.conversation import Conversation
from grounding_ros.geometry.tracking_parameters import TrackingParameters
from grounding_ros.language import parse
from grounding_ros.pipeline import Pipeline
from grounding_ros.scene import Detections, Frame, Objects3D, Region

SIZE = (120, 400)
SIDE = 30


class Table:
    """A grounder, segmenter and lifter of one: what `show` says is what is seen."""

    def __init__(self):
        self._conversation = Conversation(TrackingParameters())
        self._pipeline = Pipeline(self, self, self)
        self._at_ns = 0
        self.boxes, self.scores, self.matches = [], [], []

    def use(self, **parameters):
        self._conversation.use(TrackingParameters(**parameters))

    def clear(self):
        self._conversation.clear()
        self._at_ns = 0

    def ask(self, text, *starts, seq=1, scores=None, matches=None, region=None):
        """Answer on the next frame, 0.1 s later, with boxes that start at these pixels."""
        self._at_ns += 100_000_000
        self.starts = starts
        self.scores = scores or [0.9] * len(starts)
        self.matches = matches or [0.9] * len(starts)
        frame = Frame(np.full((*SIZE, 3), 90, np.uint8), stamp_ns=self._at_ns, frame_id="camera")
        asked = parse(text) if region is None else region
        return self._conversation.answer(self._pipeline, frame, asked, seq)

    def ground(self, frame, phrases):
        boxes = np.array([(x, 40, x + SIDE, 40 + SIDE) for x in self.starts], np.float32)
        count = len(boxes)
        return Detections(
            boxes.reshape(-1, 4),
            np.array(self.scores, np.float32),
            ("red box",) * count,
            SIZE,
            phrases=tuple(phrase.text for phrase in phrases),
            matches=np.tile(np.array(self.matches, np.float32)[:, None], (1, len(phrases))),
        )

    def segment(self, frame, detections):
        masks = np.zeros((len(detections), *SIZE), bool)
        for mask, box in zip(masks, detections.boxes.astype(int), strict=True):
            mask[box[1] : box[3], box[0] : box[2]] = True
        return detections.with_masks(masks)

    def lift(self, frame, detections, pose):
        return Objects3D.absent(len(detections), "no depth", frame.frame_id)


@pytest.fixture
def table():
    return Table()


def test_ids_stay_with_the_objects_whatever_is_asked(table):
    assert table.ask("find the red boxes", 10, 100, 200).ids == (1, 2, 3)
    assert table.ask("find the red boxes", 202, 10).ids == (3, 1)
    assert table.ask("pick up a red box", 205, 101, 300, seq=2).ids == (3, 2, 4)
    assert table.ask("", 10, 101, 301, seq=3, region=Region(((15, 50),))).ids == (1, 2, 4)
    assert table.ask("", 10).ids == ()  # not understood: nobody looked
    assert table.ask("find the red boxes", 10).ids == (1,)


def test_what_is_not_tracked_is_numbered_anew(table):
    table.use(enabled=False)
    assert table.ask("find the red boxes", 10, 100, 200).ids == (1, 2, 3)
    assert table.ask("find the red boxes", 202, 10).ids == (1, 2)


def test_the_count_is_steady_while_one_instruction_goes_on(table):
    counts = []
    for step in range(20):
        answer = table.ask("how many red boxes are there?", *(10, 100, 200)[: 2 + step % 2])
        assert answer.count_in_frame == len(answer.chosen) == 2 + step % 2
        counts.append(answer.count)
    assert counts == [2] * 20
    answer = table.ask("how many red boxes are there?", 10, 100, 200, seq=2)
    assert (answer.count, answer.count_in_frame) == (3, 3)


def test_without_tracking_the_count_is_that_of_the_frame(table):
    table.use(enabled=False)
    asked = "how many red boxes are there?"
    assert [table.ask(asked, *(10, 100)[: 1 + k % 2]).count for k in range(4)] == [1, 2, 1, 2]


def test_of_equals_the_one_that_was_chosen_is_chosen_again(table):
    def chosen(*matches, seq=1, at=(10, 100, 200)):
        answer = table.ask("pick up a red box", *at, matches=list(matches), seq=seq)
        return [answer.ids[row] for row in answer.chosen]

    assert chosen(0.7, 0.8, 0.7) == [2]
    assert chosen(0.8, 0.7, 0.8) == [2]
    assert chosen(0.7, 0.8, at=(200, 10)) == [1]  # it is gone
    assert chosen(0.8, 0.8, 0.7) == [1]
    assert chosen(0.5, 0.9, 0.5) == [2]  # plainly better than what was chosen
    assert chosen(0.8, 0.7, 0.8, seq=2) == [1]  # another instruction


def test_two_of_three_equals_stay_the_same_two(table):
    def chosen(*matches):
        answer = table.ask("find two red boxes", 10, 100, 200, matches=list(matches))
        return {answer.ids[row] for row in answer.chosen}

    assert chosen(0.8, 0.7, 0.75) == {1, 3}
    assert chosen(0.7, 0.8, 0.75) == {1, 3}


def test_a_question_which_one_holds_no_one(table):
    assert table.ask("pick up the red box", 10, 100).status.value == "ambiguous"
    assert table.ask("pick up the red box", 10, 100).status.value == "ambiguous"


def test_it_is_the_same_object_wherever_it_went(table):
    table.ask("find the red box", 10)
    for step in range(10):
        table.ask("find the red box", 10 + 8 * step)
    answer = table.ask("pick it up", 10, 82, seq=2)
    assert [answer.ids[row] for row in answer.chosen] == [1]
    assert answer.candidates.boxes[answer.chosen[0], 0] == 82


def test_it_is_what_was_pointed_at(table):
    table.ask("find the red boxes", 10, 100)
    pointed = table.ask("", 10, 100, seq=2, region=Region(((110, 50),)))
    assert (pointed.task, pointed.text, pointed.region) == (
        "describe",
        "what is this?",
        ((110, 50),),
    )
    table.ask("find the red boxes", 10, 100)  # the first goes on
    answer = table.ask("pick it up", 10, 100, seq=3)
    assert (answer.status.value, answer.chosen) == ("grounded", (1,))


def test_after_a_jump_of_the_clock_nothing_is_known_again(table):
    assert table.ask("find the red boxes", 10, 100).ids == (1, 2)
    table.clear()
    assert table.ask("find the red boxes", 10, 100).ids == (3, 4)


def test_a_region_outside_the_image_is_told(table):
    answer = table.ask("", 10, region=Region(((500, 5),)))
    assert answer.status.value == "failed"
    assert answer.message == "region: expected pixels of the 400x120 image, got (500, 5)"
