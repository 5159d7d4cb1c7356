"""The table, the hand and the film. With perfect plans every order is carried out."""

import cv2
import numpy as np
import pytest

from grounding_ros.errors import BackendError, InputError
from grounding_ros.language import parse
from grounding_ros.simulation.pick_and_place.arena import sample_arena
from grounding_ros.simulation.pick_and_place.deed import carry_out
from grounding_ros.simulation.pick_and_place.film import SIZE, Film
from grounding_ros.simulation.pick_and_place.hand import OPENING_M
from grounding_ros.simulation.pick_and_place.judge import Verdict, judge
from grounding_ros.simulation.pick_and_place.motion import Hand
from grounding_ros.simulation.pick_and_place.perfect_plan import perfect_plan
from grounding_ros.simulation.pick_and_place.state import HAND, TABLE
from grounding_ros.simulation.pick_and_place.task import ANCHOR, TARGET, sample_task

ORDERS = {  # by seed
    1: "place the white mug beside the orange bowl",
    2: "put the purple can in the black bowl",
    4: "put the purple box on the white plate",
}


@pytest.fixture(scope="module")
def arena():
    """One table for the tests that do not change it."""
    return arena_of(4)


def arena_of(number):
    try:
        return sample_arena((7, number))
    except BackendError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("number", ORDERS)
def test_a_perfect_plan_ends_right(number):
    """So that a failure with the node's poses is not the fault of physics.

    `grounding-ros simulate --oracle poses` plays more of them.
    """
    arena = arena_of(number)
    assert arena.task.text == ORDERS[number]
    deed = carry_out(perfect_plan(arena), arena, Hand(arena))
    assert judge(arena.task, arena.start, deed) == Verdict()
    for before, after in zip(arena.start[ANCHOR:], deed.after[ANCHOR:], strict=True):
        assert np.linalg.norm(after.center - before.center) < 0.02


def test_a_grasp_beside_the_thing_is_seen_to_fail():
    arena = arena_of(4)
    plan = perfect_plan(arena)
    plan.target_pose[:2, 3] += 0.2
    verdict = judge(arena.task, arena.start, carry_out(plan, arena, Hand(arena)))
    assert verdict == Verdict("grasp", "it rose by 0.00 m when it was lifted")


def test_the_hand_goes_where_it_is_told(arena):
    hand = Hand(arena)
    wanted = perfect_plan(arena).target_pose.copy()
    wanted[2, 3] = 0.4  # over everything
    hand.move(wanted, 1.0)
    hand.wait(0.2)
    body = arena.data.body("hand")
    assert body.xpos == pytest.approx(wanted[:3, 3], abs=1e-3)
    assert body.xmat.reshape(3, 3) == pytest.approx(wanted[:3, :3], abs=5e-3)
    hand.open(0.03)
    hand.wait(0.2)
    assert hand.width_m == pytest.approx(0.03, abs=1e-3)
    hand.close()
    assert hand.width_m == pytest.approx(0.0, abs=1e-3)
    hand.open()
    hand.wait(0.2)
    assert hand.width_m == pytest.approx(OPENING_M, abs=1e-3)


def test_before_the_hand_comes_things_rest_on_the_table_and_are_seen(arena):
    for lying in arena.start:
        assert TABLE in lying.touches
        assert HAND not in lying.touches
        assert lying.foot == pytest.approx(0.0, abs=1e-3)
    shown = np.bincount(arena.picture.numbers.ravel() + 1)
    assert (shown[[TARGET + 1, ANCHOR + 1]] > 300).all()
    masses = arena.world.model.body_mass[list(arena.world.body_ids)]
    assert (masses > 0.0499).all()
    assert (masses < 0.3001).all()


def test_a_scene_is_the_truth_of_what_the_camera_sees(arena):
    scene = arena.scene("kinect", np.random.default_rng(0))
    for row, lying in enumerate(arena.start):
        truth = scene.object(row + 1)
        assert truth.center_m == pytest.approx(lying.center, abs=1e-3)
        assert truth.colors == arena.task.things[row].colors
    assert np.array_equal(scene.mask(1), arena.picture.numbers == TARGET)
    error = scene.frame.depth - arena.picture.depth
    assert 0.0005 < np.nanstd(error) < 0.01


def test_every_order_is_understood_and_fits_one_thing():
    rng = np.random.default_rng(3)
    for _ in range(12):
        task = sample_task(rng)
        program = parse(task.text)
        assert program.understood, task.text
        assert program.task == "place"
        assert program.destination.predicate == task.predicate
        for row, phrase in ((TARGET, program.target), (ANCHOR, program.destination.anchors[0])):
            (color,) = task.things[row].colors
            assert color in phrase.text
            assert sum(color in thing.colors for thing in task.things) == 1


def test_the_same_seed_gives_the_same_table(arena):
    again = arena_of(4)
    assert again.task.text == arena.task.text
    assert np.array_equal(again.picture.rgb, arena.picture.rgb)


def test_a_film_shows_every_quarter_of_a_second_of_an_episode(arena, tmp_path):
    path = tmp_path / "film.mp4"
    with Film(path) as film:
        film.begin(arena)
        Hand(arena, film.watch).wait(2.0)
        film.end("right")
    film = cv2.VideoCapture(str(path))
    # A second of the camera's picture, two seconds four times as fast, a second of the end.
    assert film.get(cv2.CAP_PROP_FRAME_COUNT) == pytest.approx(15 + 7.5 + 15, abs=1)
    assert (film.get(cv2.CAP_PROP_FRAME_WIDTH), film.get(cv2.CAP_PROP_FRAME_HEIGHT)) == SIZE
    _, first = film.read()
    assert np.std(first[40:]) > 10


def test_a_film_needs_a_file_that_can_be_written(tmp_path):
    with pytest.raises(InputError, match="--video: expected an"):
        Film(tmp_path / "no folder" / "film.mp4")
