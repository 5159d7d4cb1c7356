"""What the worker gets to see: the newest frame, whenever an answer is due, and nothing stale."""

import threading
import time

import pytest

from grounding_ros.adapters.pairing import StampPairer
from grounding_ros.language import parse
from grounding_ros.ros.inbox import Inbox

MS = 1_000_000
BOX, BALL = parse("the red box"), parse("the green ball")


@pytest.fixture
def inboxes():
    """Make active inboxes whose waiting workers are let go at the end."""
    made = []

    def make(*, active=True, depth_wait_s=0.5, on_clock_jump=lambda: None):
        pairer = StampPairer(slop_ns=20 * MS, wait_ns=round(depth_wait_s * 1e9))
        inbox = Inbox(pairer, depth_wait_s=depth_wait_s, on_clock_jump=on_clock_jump)
        inbox.set_active(active)
        made.append(inbox)
        return inbox

    yield make
    for inbox in made:
        inbox.stop()


def show(inbox, stamp_ms):
    inbox.put_image(stamp_ms * MS, f"image {stamp_ms}")
    inbox.put_depth(stamp_ms * MS, f"depth {stamp_ms}")


class Taker:
    """A worker that takes jobs as they come."""

    def __init__(self, inbox):
        self.jobs = []
        self.ended = threading.Event()
        self._inbox = inbox
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while (job := self._inbox.next_job()) is not None:
            self.jobs.append(job)
        self.ended.set()

    def wait(self, count, timeout_s=3.0):
        deadline = time.monotonic() + timeout_s
        while len(self.jobs) < count and time.monotonic() < deadline:
            time.sleep(0.002)
        return len(self.jobs)


def due(inbox):
    """The next job if one is due now, else None; asks in a thread, since `next_job` waits."""
    taken = []
    thread = threading.Thread(target=lambda: taken.append(inbox.next_job()), daemon=True)
    thread.start()
    thread.join(0.15)
    if thread.is_alive():
        inbox.stop()
        thread.join(3.0)
        assert taken == [None]
    return taken[0]


def test_an_instruction_is_answered_on_the_newest_pair(inboxes):
    inbox = inboxes()
    for stamp in (100, 133, 166):
        show(inbox, stamp)
    inbox.put_image(199 * MS, "its depth is still on the way")
    request = inbox.put_instruction(BOX)
    job = inbox.next_job()
    assert (job.pair.image, job.pair.depth) == ("image 166", "depth 166")
    assert (job.request, job.request.seq, job.request.instruction) == (request, 1, BOX)
    assert inbox.counters == {"skipped": 2, "late": 0, "clock_jumps": 0}


def test_a_frame_that_comes_after_the_instruction_is_taken(inboxes):
    inbox = inboxes()
    taker = Taker(inbox)
    inbox.put_instruction(BOX)
    assert taker.wait(1, 0.1) == 0
    assert inbox.waiting_for_frame > 0.05
    show(inbox, 100)
    assert taker.wait(1) == 1
    assert inbox.waiting_for_frame == 0


def test_frames_without_an_instruction_are_not_answered(inboxes):
    inbox = inboxes()
    show(inbox, 100)
    assert due(inbox) is None


def test_one_instruction_is_answered_once(inboxes):
    inbox = inboxes()
    show(inbox, 100)
    inbox.put_instruction(BOX)
    assert inbox.next_job() is not None
    show(inbox, 133)
    assert due(inbox) is None


def test_a_second_instruction_is_answered_on_the_same_frame(inboxes):
    inbox = inboxes()
    show(inbox, 100)
    stamps = []
    for text in (BOX, BALL):
        inbox.put_instruction(text)
        job = inbox.next_job()
        stamps.append(job.pair.stamp_ns)
    assert stamps == [100 * MS, 100 * MS]
    assert (job.request.seq, job.request.instruction) == (2, BALL)


def test_an_instruction_that_a_newer_one_replaced_is_never_handed_out(inboxes):
    inbox = inboxes()
    inbox.put_instruction(BOX)
    newer = inbox.put_instruction(BALL)
    show(inbox, 100)
    assert inbox.next_job().request == newer
    assert due(inbox) is None


def test_continuous_answers_every_frame_with_the_newest_instruction(inboxes):
    inbox = inboxes()
    inbox.continuous = True
    show(inbox, 100)
    assert inbox.put_instruction(BOX).seq == 1
    assert inbox.next_job().pair.image == "image 100"
    taker = Taker(inbox)
    for count, stamp in enumerate((133, 166, 199), start=1):
        show(inbox, stamp)
        assert taker.wait(count) == count
    inbox.put_instruction(BALL)  # at once, on the frame that is there
    assert taker.wait(4) == 4
    assert [job.pair.image for job in taker.jobs] == [f"image {k}" for k in (133, 166, 199, 199)]
    assert [job.request.seq for job in taker.jobs] == [1, 1, 1, 2]
    assert taker.wait(5, 0.1) == 4  # no frame is answered twice on its own


def test_ground_once_asks_the_instruction_again(inboxes):
    inbox = inboxes()
    assert not inbox.ask_again()
    show(inbox, 100)
    request = inbox.put_instruction(BOX)
    inbox.next_job()
    assert inbox.ask_again()
    assert inbox.next_job().request == request


def test_a_frame_older_than_the_limit_is_not_used_again(inboxes):
    inbox = inboxes()
    inbox.max_frame_age_s = 0.1
    show(inbox, 100)
    inbox.put_instruction(BOX)
    assert inbox.next_job() is not None
    time.sleep(0.2)
    inbox.put_instruction(BALL)
    taker = Taker(inbox)
    assert taker.wait(1, 0.1) == 0
    show(inbox, 133)
    assert taker.wait(1) == 1
    assert taker.jobs[0].pair.image == "image 133"


def test_a_frame_that_nobody_took_grows_old_too(inboxes):
    inbox = inboxes()
    inbox.max_frame_age_s = 0.1
    show(inbox, 100)
    time.sleep(0.2)
    inbox.put_instruction(BOX)
    taker = Taker(inbox)
    assert taker.wait(1, 0.1) == 0
    show(inbox, 133)
    assert taker.wait(1) == 1
    assert taker.jobs[0].pair.image == "image 133"


def test_an_image_whose_depth_is_overdue_goes_alone(inboxes):
    inbox = inboxes(depth_wait_s=0.1)
    inbox.put_instruction(BOX)
    inbox.put_image(100 * MS, "image")
    began = time.monotonic()
    job = inbox.next_job()
    assert 0.05 < time.monotonic() - began < 1.0
    assert (job.pair.depth, "no depth image came" in job.pair.missing_depth) == (None, True)


def test_while_inactive_nothing_is_handed_out_and_an_instruction_is_kept(inboxes):
    inbox = inboxes(active=False)
    request = inbox.put_instruction(BOX)
    taker = Taker(inbox)
    assert taker.wait(1, 0.1) == 0
    assert (inbox.active, inbox.waiting_for_frame) == (False, 0.0)
    inbox.set_active(True)
    show(inbox, 100)
    assert taker.wait(1) == 1
    assert taker.jobs[0].request == request


def test_deactivating_makes_the_job_in_hand_stale_and_forgets_the_frame(inboxes):
    inbox = inboxes()
    show(inbox, 100)
    inbox.put_instruction(BOX)
    job = inbox.next_job()
    assert job.epoch == inbox.epoch
    inbox.set_active(False)
    assert job.epoch != inbox.epoch
    inbox.set_active(True)
    inbox.put_instruction(BALL)
    taker = Taker(inbox)
    assert taker.wait(1, 0.1) == 0  # the frame from before is gone
    show(inbox, 50)  # an older stamp is welcome: pairing began anew
    assert taker.wait(1) == 1
    assert taker.jobs[0].epoch == inbox.epoch


def test_a_clock_that_jumps_back_is_told_once_and_the_old_frame_is_forgotten(inboxes):
    jumps = []
    inbox = inboxes(on_clock_jump=lambda: jumps.append(1))
    show(inbox, 10_000)
    inbox.put_instruction(BOX)
    inbox.next_job()
    inbox.put_image(5_000 * MS, "after the jump")
    inbox.put_image(5_033 * MS, "after the jump")
    assert jumps == [1]
    assert inbox.counters["clock_jumps"] == 1
    inbox.put_instruction(BALL)
    inbox.put_depth(5_033 * MS, "depth")
    assert inbox.next_job().pair.stamp_ns == 5_033 * MS


def test_a_late_image_is_counted_and_dropped(inboxes):
    inbox = inboxes()
    show(inbox, 1_000)
    inbox.put_instruction(BOX)
    inbox.next_job()
    inbox.put_image(900 * MS, "late")
    assert inbox.counters["late"] == 1
    inbox.ask_again()
    assert inbox.next_job().pair.image == "image 1000"


def test_stopping_lets_a_waiting_worker_go_for_good(inboxes):
    inbox = inboxes()
    taker = Taker(inbox)
    epoch = inbox.epoch
    inbox.stop()
    assert taker.ended.wait(3.0)
    assert inbox.epoch != epoch
    show(inbox, 100)
    inbox.put_instruction(BOX)
    assert inbox.next_job() is None


def test_a_camera_that_is_faster_than_the_worker_never_fills_the_memory(inboxes):
    inbox = inboxes()
    for stamp in range(0, 33 * 500, 33):
        show(inbox, stamp)
    assert len(inbox._pairer._images) <= 6
    assert len(inbox._pairer._depths) <= 6
    inbox.put_instruction(BOX)
    assert inbox.next_job().pair.image == f"image {33 * 499}"
    assert inbox.counters["skipped"] == 499


def test_a_fast_camera_and_many_instructions_at_once_lose_nothing(inboxes):
    inbox = inboxes()
    inbox.continuous = True
    taker = Taker(inbox)

    def film():
        for stamp in range(0, 10 * 300, 10):
            show(inbox, stamp)

    threads = [threading.Thread(target=film)]
    threads += [
        threading.Thread(target=lambda: [inbox.put_instruction(BOX) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10.0)
    show(inbox, 10_000)
    deadline = time.monotonic() + 3.0
    while taker.jobs[-1].pair.stamp_ns != 10_000 * MS and time.monotonic() < deadline:
        time.sleep(0.005)
    stamps = [job.pair.stamp_ns for job in taker.jobs]
    seqs = [job.request.seq for job in taker.jobs]
    assert stamps == sorted(stamps)
    assert seqs == sorted(seqs)
    assert (stamps[-1], seqs[-1]) == (10_000 * MS, 200)


def test_a_region_is_asked_once_and_the_instruction_stays(inboxes):
    inbox = inboxes()
    inbox.continuous = True
    inbox.put_instruction(BOX)
    show(inbox, 100)
    assert due(inbox).request.instruction == BOX
    inbox.put_region("polygon")
    pointed = due(inbox)  # on the frame that was seen last
    assert (pointed.request.region, pointed.request.seq) == ("polygon", 2)
    assert (pointed.request.instruction.task, pointed.pair.stamp_ns) == ("describe", 100 * MS)
    show(inbox, 200)
    assert due(inbox).request.seq == 1
    assert inbox.put_instruction(BALL).seq == 3


def test_of_two_regions_only_the_newer_one_is_answered(inboxes):
    inbox = inboxes()
    for message in ("first", "second"):
        inbox.put_region(message)
    assert inbox.waiting_for_frame > 0
    show(inbox, 100)
    assert due(inbox).request.region == "second"
    assert inbox.waiting_for_frame == 0
    assert due(inbox) is None


def test_a_job_tells_how_often_the_clock_had_jumped(inboxes):
    inbox = inboxes()
    inbox.continuous = True
    inbox.put_instruction(BOX)
    jumps = []
    for stamp_ms in (5000, 5100, 100, 200):
        show(inbox, stamp_ms)
        jumps.append(due(inbox).clock_jumps)
    assert jumps == [0, 0, 1, 1]
