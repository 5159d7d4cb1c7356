"""Where something is put, and where there is room."""

import numpy as np
import pytest
from tabletop import Thing, phrase, related, run

from grounding_ros.language import Instruction
from grounding_ros.scene import LastChoice, Status

BOX = Thing("box", right=-0.3, size=(0.06, 0.06, 0.06))
PLATE = Thing("plate", right=0.2, size=(0.2, 0.2, 0.02))
BOWL = Thing("bowl", size=(0.16, 0.16, 0.08))


def put(what, predicate, *anchors):
    return Instruction("", "place", phrase(what), related(predicate, *anchors))


def test_the_middle_of_a_free_top():
    resolution = run(put("box", "on", "plate"), BOX, PLATE)
    assert (resolution.status, resolution.chosen, resolution.places) == (
        Status.GROUNDED,
        (0,),
        (1,),
    )
    assert resolution.free_spot == pytest.approx((0.0, -0.2, 0.02), abs=1e-9)
    assert resolution.message == "I found a box and the place on the plate"


def test_in_a_bowl_the_spot_is_at_the_rim():
    resolution = run(put("box", "in", "bowl"), BOX, BOWL)
    assert resolution.free_spot == pytest.approx((0.0, 0.0, 0.08), abs=1e-9)


def test_what_stands_on_the_place_is_avoided():
    can = Thing("can", right=0.2, bottom=0.02, size=(0.04, 0.04, 0.1))
    x, y, z = run(put("box", "on", "plate"), BOX, PLATE, can).free_spot
    away = np.abs(np.array([x, y + 0.2]))
    assert z == pytest.approx(0.02)
    assert away.max() > 0.02 + 0.02  # outside of the can
    assert away.max() < 0.1  # and on the plate


def test_a_full_place_is_named_but_has_no_spot():
    can = Thing("can", right=0.2, bottom=0.02, size=(0.2, 0.2, 0.1))
    resolution = run(put("box", "on", "plate"), BOX, PLATE, can)
    assert (resolution.status, resolution.places) == (Status.GROUNDED, (1,))
    assert resolution.free_spot is None
    assert resolution.message == "I found a box, but there is no free space"


@pytest.mark.parametrize(
    ("predicate", "axis", "sign"),
    [("left_of", 1, 1), ("right_of", 1, -1), ("behind", 0, 1), ("in_front_of", 0, -1)],
)
def test_beside_something_is_on_the_side_that_was_said(predicate, axis, sign):
    spot = run(put("box", predicate, "bowl"), BOX, BOWL).free_spot
    assert sign * spot[axis] > 0.08 + 0.03
    assert spot[2] == pytest.approx(0.0)


def test_next_to_something_is_off_it_and_off_its_neighbours():
    neighbour = Thing("can", right=0.15)
    spot = np.array(run(put("box", "next_to", "bowl"), BOX, BOWL, neighbour).free_spot)
    assert np.abs(spot[:2]).max() > 0.08
    assert np.abs(spot[:2] - neighbour.center[:2]).max() > 0.05


def test_on_the_table_there_is_room():
    resolution = run(put("box", "on", "table"), BOX, PLATE)
    assert (resolution.status, resolution.places) == (Status.GROUNDED, ())
    assert resolution.free_spot[2] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("instruction", "things", "status", "places", "message"),
    [
        (
            put("box", "on", "tray"),
            (BOX, PLATE),
            "not_found",
            (),
            "I found a box, but no tray to put it on",
        ),
        (
            put("can", "on", "plate"),
            (BOX, PLATE),
            "not_found",
            (),
            "there is no can; I see a box and a plate",
        ),
        (
            put("box", "on", "plate"),
            (BOX, PLATE, Thing("plate", away=0.3)),
            "ambiguous",
            (1, 2),
            'I found a box, but 2 objects fit "plate" about equally well',
        ),
        (
            put("box", "on", "box"),
            (BOX,),
            "not_found",
            (),
            "I found a box, but no box to put it on",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(instruction, things, status, places, message):
    resolution = run(instruction, *things)
    assert (resolution.status.value, set(resolution.places)) == (status, set(places))
    assert resolution.message == message
    assert bool(resolution.question) == (status == "ambiguous")
    assert resolution.free_spot is None


def test_an_unknown_word_for_the_place_is_said():
    resolution = run(put("box", "on", "flat plate"), BOX, PLATE, unknown=("flat",))
    assert (resolution.status, resolution.places) == (Status.PARTLY_GROUNDED, (1,))
    assert resolution.unjudged == ("flat",)


def test_without_depth_there_is_a_place_but_no_spot():
    resolution = run(put("box", "on", "plate"), BOX, PLATE, depth=False)
    assert (resolution.places, resolution.free_spot) == ((1,), None)
    assert resolution.message == "I found a box, but the place has no position in metres"


def last(*things, frame="base"):
    return LastChoice(
        np.array([thing.box for thing in things], np.float32),
        np.array([thing.center for thing in things]),
        frame,
    )


IT = Instruction("", "pick", phrase("object", text="it", reference="last"))
OTHER = Instruction("", "pick", phrase("box", text="the other box", reference="other"))


def moved(thing, metres):
    return Thing(" ".join(thing.words), -thing.center[1] + metres, thing.center[0], 0.0, thing.size)


def test_it_is_what_was_chosen_last_though_it_moved_a_little():
    second = Thing("box", right=0.3)
    assert run(IT, moved(BOX, 0.03), second, last=last(BOX)).chosen == (0,)
    assert run(OTHER, moved(BOX, 0.03), second, last=last(BOX)).chosen == (1,)


def test_it_is_gone_when_nothing_is_where_it_was():
    resolution = run(IT, moved(BOX, 0.2), last=last(BOX))
    assert (resolution.status.value, resolution.count) == ("not_found", 0)
    assert resolution.message == "I see an object, but none that I chose last"


@pytest.mark.parametrize("how", [{"depth": False}, {"last": last(BOX, frame="map")}])
def test_without_common_metres_the_boxes_tell(how):
    given = {"last": last(BOX), **how}
    assert run(IT, BOX, Thing("box", right=0.3), **given).chosen == (0,)


def test_without_a_last_answer_that_is_said():
    resolution = run(IT, BOX)
    assert resolution.status.value == "not_understood"
    assert 'what "it" is: I have not chosen anything before' in resolution.message
