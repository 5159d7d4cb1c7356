"""What "it" means while instructions follow one another."""

import numpy as np

from grounding_ros.reasoning import Memory
from grounding_ros.scene import Answer, Detections, Objects3D, Status


def answer(*starts, status=Status.GROUNDED, ids=()):
    boxes = np.array([[start, 0, start + 10, 10] for start in starts], np.float32)
    seen = Detections(boxes, np.ones(len(starts)), ("box",) * len(starts), (48, 64), track_ids=ids)
    return Answer(
        status,
        text="",
        task="find",
        stamp_ns=0,
        frame_id="",
        candidates=seen,
        objects=Objects3D.absent(len(starts), "no depth"),
        chosen=tuple(range(len(starts))),
    )


def starts(choice):
    return None if choice is None else choice.boxes[:, 0].tolist()


def test_nothing_is_known_at_first():
    assert Memory().before(1) is None


def test_it_is_what_the_instruction_before_chose():
    memory = Memory()
    memory.before(1)
    memory.note(1, answer(3))
    assert starts(memory.before(2)) == [3]


def test_an_instruction_that_is_answered_again_keeps_its_meaning():
    memory = Memory()
    memory.before(1)
    memory.note(1, answer(3))
    for found in (20, 40):
        assert starts(memory.before(2)) == [3]
        memory.note(2, answer(found))
    assert starts(memory.before(3)) == [40]


def test_an_answer_that_chose_nothing_or_asked_is_passed_over():
    memory = Memory()
    memory.before(1)
    memory.note(1, answer(3))
    memory.note(1, answer())
    memory.note(1, answer(20, 40, status=Status.AMBIGUOUS))
    assert starts(memory.before(2)) == [3]


def test_an_older_instruction_that_is_still_answered_changes_nothing():
    memory = Memory()
    memory.before(1)
    memory.note(1, answer(3))
    memory.note(2, answer(20))  # somebody pointed at it
    memory.note(1, answer(3))
    assert starts(memory.before(3)) == [20]


def test_what_an_instruction_chose_is_held_for_that_instruction_alone():
    memory = Memory()
    memory.note(1, answer(3, 20, ids=(7, 9)))
    assert (memory.held(1), memory.held(2)) == ((7, 9), ())
    memory.note(1, answer())
    assert memory.held(1) == (7, 9)  # a frame in which it was not seen
    memory.note(2, answer(3))
    assert (memory.held(1), memory.held(2)) == ((), ())  # nothing is tracked
