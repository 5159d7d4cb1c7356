"""Relations, superlatives and ordinals on a table whose places are known."""

import pytest
from tabletop import POSE, Thing, find, grounded, phrase, related, run, seen

from grounding_ros.language.instruction import Ordinal, Phrase
from grounding_ros.reasoning import resolve

MUG = Thing("mug")
LEFT, RIGHT = Thing("red box", right=-0.3), Thing("blue box", right=0.3)
FRONT, BACK = Thing("red box", away=-0.3), Thing("blue box", away=0.3)
BASE = Thing("box", right=0.3, size=(0.2, 0.2, 0.1))
UPPER = Thing("can", right=0.3, bottom=0.1)
TOP = Thing("ball", right=0.3, bottom=0.2, size=(0.06, 0.06, 0.06))
CAN = Thing("can")
BOWL = Thing("bowl", size=(0.2, 0.2, 0.1))
NEAR = Thing("can", right=0.2)
AT_MUG = Thing("box", right=0.12)
JUG = Thing("jug", right=-0.2, size=(0.1, 0.1, 0.2))


@pytest.mark.parametrize(
    ("things", "instruction", "chosen"),
    [
        ((MUG, LEFT, RIGHT), find("box", related("left_of", "mug")), (1,)),
        ((MUG, LEFT, RIGHT), find("box", related("right_of", "mug")), (2,)),
        ((MUG, LEFT), find("box", related("right_of", "mug")), ()),
        ((MUG, FRONT, BACK), find("box", related("behind", "mug")), (2,)),
        ((MUG, FRONT, BACK), find("box", related("in_front_of", "mug")), (1,)),
        ((CAN, BASE, UPPER), find("can", related("on", "box")), (2,)),
        ((CAN, BASE, UPPER), find("object", related("under", "can")), (1,)),
        ((BASE, UPPER, TOP), find("object", related("on", "box")), (1,)),
        ((BASE, UPPER, TOP), find("object", related("under", "ball")), (1,)),
        ((BASE, UPPER, TOP), find("object", related("above", "can")), (2,)),
        ((BASE, UPPER, TOP), find("object", related("below", "can")), (0,)),
        ((LEFT, MUG, RIGHT), find("object", related("between", "red box", "blue box")), (1,)),
        (
            (LEFT, MUG, RIGHT),
            find("object", related("between", phrase("box", number=2, text="the two boxes"))),
            (1,),
        ),
        ((LEFT, MUG), find("object", related("between", phrase("box", number="all"))), ()),
        ((MUG, AT_MUG, LEFT), find("box", related("next_to", "mug")), (1,)),
        ((MUG, AT_MUG, LEFT), find("box", related("far_from", "mug")), (2,)),
        ((MUG, Thing("box", right=0.1), LEFT), find("box", related("touching", "mug")), (1,)),
        ((MUG, NEAR, RIGHT), find("object", related("closest_to", "mug")), (1,)),
        ((MUG, NEAR, RIGHT), find("object", related("farthest_from", "mug")), (2,)),
        (
            (BOWL, Thing("apple", bottom=0.02, size=(0.06,) * 3), MUG),
            find("apple", related("in", "bowl")),
            (1,),
        ),
        # among several on one side "immediately" is the nearest
        (
            (MUG, Thing("can", right=0.2), Thing("can", right=0.4)),
            find("can", related("right_of", "mug", immediate=True)),
            (1,),
        ),
        (
            (MUG, Thing("can", right=0.2), Thing("can", right=0.4)),
            find("can", related("right_of", "mug")),
            {1, 2},
        ),
        # the picture and the scene
        ((LEFT, MUG, RIGHT), find("box", related("left_of")), (0,)),
        ((LEFT, MUG, RIGHT), find("box", related("right_of")), (2,)),
        ((FRONT, BACK), find("box", related("in_front_of")), (0,)),
        ((FRONT, BACK), find("box", related("behind")), (1,)),
        ((LEFT, CAN, RIGHT), find("object", related("in_the_middle_of")), (1,)),
        ((LEFT, MUG), find("mug", related("left_of")), (1,)),  # it is the only mug
        ((RIGHT, MUG), find("box", related("left_of")), ()),
        ((LEFT, RIGHT, MUG), find("box", related("left_of"), number="all"), (0,)),
        # stacks
        ((CAN, BASE, UPPER, TOP), find("object", related("stacked"), number="all"), (1, 3, 2)),
        ((CAN, BASE, UPPER, TOP), find("object", related("at_bottom_of", "stack")), (1,)),
        ((CAN, BASE, UPPER, TOP), find("object", related("at_top_of", "stack")), (3,)),
        # superlatives and comparatives
        ((BASE, UPPER, TOP), find("object", superlative="largest"), (0,)),
        ((BASE, UPPER, TOP), find("object", superlative="smallest"), (2,)),
        ((BASE, UPPER, TOP), find("object", superlative="topmost"), (2,)),
        ((LEFT, MUG, RIGHT), find("object", superlative="leftmost"), (0,)),
        ((FRONT, MUG, BACK), find("object", superlative="closest"), (0,)),
        ((FRONT, MUG, BACK), find("object", superlative="farthest"), (2,)),
        ((LEFT, RIGHT), find("box", superlative="largest"), {0, 1}),
        ((LEFT, MUG, RIGHT), find("object", superlative="leftmost", number=2), (0, 1)),
        ((CAN, JUG), find("object", related("taller_than", "can")), (1,)),
        ((FRONT, BACK), find("box", related("farther_than")), (1,)),
        # ordinals
        ((RIGHT, MUG, LEFT), find("object", ordinal=Ordinal(1, "left")), (2,)),
        ((RIGHT, MUG, LEFT), find("object", ordinal=Ordinal(2, "right")), (1,)),
        ((BACK, MUG, FRONT), find("object", ordinal=Ordinal(3, "camera")), (0,)),
        ((BASE, UPPER, TOP), find("object", ordinal=Ordinal(2, "top")), (1,)),
        ((RIGHT, LEFT), find("box", ordinal=Ordinal(3, "left")), ()),
        # negation
        ((LEFT, RIGHT), find("box", excluded=(phrase("red box"),)), (1,)),
        ((LEFT, MUG, RIGHT), find("object", excluded=(phrase("box"),)), (1,)),
        (
            (MUG, LEFT, RIGHT),
            find("box", excluded=(phrase("object", related("left_of", "mug"), number="all"),)),
            (2,),
        ),
        ((LEFT,), find("box", excluded=(phrase("red box"),)), ()),
        # the support plane is the table
        ((BASE, UPPER), find("object", related("on", "table"), number="all"), (1, 0)),
    ],
)  # fmt: skip
def test_who_is_meant(things, instruction, chosen):
    """() is not found, a set is ambiguous."""
    resolution = run(instruction, *things)
    found = "ambiguous" if isinstance(chosen, set) else "grounded"
    assert resolution.status.value == (found if chosen else "not_found")
    assert set(resolution.chosen) == set(chosen)
    assert resolution.unjudged == ()


def test_a_nested_relation_is_read_inwards():
    things = (Thing("mug", right=0.3), Thing("box", right=0.3, away=0.3), Thing("box", away=-0.3),
              Thing("can", right=-0.3))  # fmt: skip
    box = phrase("box", related("behind", "mug"))
    resolution = run(find("can", related("left_of", box)), *things)
    assert resolution.chosen == (3,)
    assert resolution.anchors == (1,)  # not the other box


def test_the_plate_is_the_one_with_which_the_phrase_means_one_object():
    things = (
        Thing("plate", right=-0.3, size=(0.2, 0.2, 0.02)),
        Thing("plate", right=0.3, size=(0.2, 0.2, 0.02)),
        Thing("mug", right=0.3, bottom=0.02),
        Thing("mug"),
    )
    resolution = run(find("mug", related("on", "plate")), *things)
    assert resolution.status.value == "grounded"
    assert (resolution.chosen, resolution.anchors) == ((2,), (1,))


def test_left_of_the_boxes_is_left_of_each():
    things = (Thing("box", right=-0.2), Thing("box", right=0.2), MUG, Thing("mug", right=-0.4))
    boxes = phrase("box", number="all", text="the boxes")
    assert run(find("mug", related("left_of", boxes)), *things).chosen == (3,)


@pytest.mark.parametrize(
    ("instruction", "message"),
    [
        (
            find("box", related("behind", "mug")),
            "I see a box, but none behind the mug",
        ),
        (find("box", related("behind", "plate")), "I see a box, but no plate"),
        (find("can", related("behind", "mug")), "there is no can; I see a mug and a red box"),
        (
            find("box", excluded=(phrase("red box"),)),
            "I see a box, but none other than the red box",
        ),
    ],
)
def test_the_part_that_failed_is_named(instruction, message):
    assert run(instruction, MUG, FRONT).message == message


@pytest.mark.parametrize(
    ("instruction", "words"),
    [
        (find("box", related("holding", "mug")), ("holding",)),
        (find("box", related("behind", "banana")), ("banana",)),
        (find("box", related("next_to", "green banana")), ("banana",)),
        (find("box", superlative="oldest"), ("oldest",)),
        (find("box", excluded=(phrase("banana"),)), ("banana",)),
    ],
)
def test_what_cannot_be_judged_is_said_and_not_guessed(instruction, words):
    two = run(instruction, MUG, LEFT, RIGHT, unknown=("banana",))
    assert (two.status.value, two.chosen, two.unjudged) == ("cannot_judge", (), words)
    one = run(instruction, MUG, LEFT, unknown=("banana",))
    assert (one.status.value, one.chosen, one.unjudged) == ("partly_grounded", (1,), words)


def test_one_red_banana_can_be_an_anchor_though_bananas_are_not_known():
    things = (MUG, LEFT, RIGHT, Thing("yellow banana"))
    instruction = find("red box", related("left_of", "yellow banana"))
    resolution = run(instruction, *things, unknown=("banana",))
    assert (resolution.status.value, resolution.chosen) == ("partly_grounded", (1,))


def test_without_a_support_plane_the_table_cannot_be_judged():
    instruction = find("mug", related("on", "table"))
    resolution = run(instruction, MUG, floor=None)
    assert resolution.status.value == "partly_grounded"
    assert resolution.unjudged == ("on the table",)


def test_a_table_that_is_seen_is_an_object():
    table = Thing("table", size=(1, 1, 0.02), bottom=-0.02)
    instruction = find("mug", related("on", "table"))
    assert run(instruction, MUG, table, floor=None).chosen == (0,)


@pytest.mark.parametrize(
    ("predicate", "chosen"), [("left_of", 1), ("right_of", 2), ("behind", 3), ("in_front_of", 4)]
)
def test_without_depth_the_image_tells_and_the_trace_says_so(predicate, chosen):
    things = (MUG, LEFT, RIGHT, Thing("can", away=0.3), Thing("can", away=-0.3))
    kind = "box" if predicate in {"left_of", "right_of"} else "can"
    resolution = run(find(kind, related(predicate, "mug")), *things, depth=False)
    assert resolution.chosen == (chosen,)
    assert any("(pixels)" in step for step in resolution.trace)


def test_the_robot_sees_it_from_its_own_side():
    # The camera looks along the robot's x: both have the same left; in metres for the robot.
    instruction = find("box", related("left_of", "mug"))
    robot = type(instruction)("", "find", instruction.target, viewer="robot")
    resolution = run(robot, MUG, LEFT, RIGHT)
    assert resolution.chosen == (1,)
    assert any("the mug (metres)" in step for step in resolution.trace)
    other = run(robot, MUG, LEFT, RIGHT, robot_frame="base_link")
    assert other.status.value == "cannot_judge"
    assert 'positions are in "base", not in "base_link"' in other.message


def test_a_part_is_the_grounders():
    lid = Phrase("the black lid", "lid", ("black",))
    assert run(find("mug", related("with", lid)), MUG).chosen == (0,)


TRAY = Thing("tray", size=(0.4, 0.4, 0.02))
PLATE = Thing("plate", bottom=0.02, size=(0.2, 0.2, 0.02))
CUP = Thing("cup", bottom=0.04, size=(0.08, 0.08, 0.1))
TABLE = Thing("table", bottom=-0.02, size=(1.0, 1.0, 0.02))


@pytest.mark.parametrize(
    ("instruction", "chosen"),
    [
        (find("object", related("on", "tray"), number="all"), (2,)),
        (find("object", related("under", "cup"), number="all"), (2,)),
        # where nothing that fits is directly on it, through others
        (find("cup", related("on", "tray")), (3,)),
        (find("tray", related("under", "cup")), (1,)),
        (find("object", related("on", phrase("object", related("on", "tray")))), (3,)),
        # "directly" is meant as it is said
        (find("cup", related("on", "tray", immediate=True)), ()),
        # all of it is on the table
        (find("object", related("on", "table"), number="all"), (1, 2, 3)),
    ],
)
def test_directly_on_a_thing_comes_before_through_others(instruction, chosen):
    resolution = run(instruction, TABLE, TRAY, PLATE, CUP)
    assert sorted(resolution.chosen) == list(chosen)
    assert resolution.status.value == ("grounded" if chosen else "not_found")


ON_MUG = Thing("can", bottom=0.1, size=(0.06, 0.06, 0.06))
BESIDE = Thing("can", right=0.12)


@pytest.mark.parametrize("predicate", ["next_to", "against"])
def test_what_is_on_or_in_a_thing_is_not_beside_it(predicate):
    claim = find("can", related(predicate, "mug"))
    assert run(claim, MUG, ON_MUG, BESIDE).chosen == (2,)
    assert run(claim, MUG, ON_MUG).status.value == "not_found"
    in_bowl = Thing("can", bottom=0.02, size=(0.06, 0.06, 0.06))
    at_bowl = find("can", related(predicate, "bowl"))
    assert run(at_bowl, BOWL, in_bowl).status.value == "not_found"
    through = find("ball", related(predicate, "box"))
    assert run(through, BASE, UPPER, TOP).status.value == "not_found"


def test_what_leans_meets_what_it_leans_against():
    leaning, apart = Thing("book", right=0.12), Thing("book", right=-0.2)
    claim = find("book", related("against", "mug"))
    assert run(claim, MUG, leaning, apart).chosen == (1,)
    assert run(claim, MUG, apart).status.value == "not_found"
    assert run(find("book", related("next_to", "mug")), MUG, apart).chosen == (1,)


A, B, C = (Thing("box", right=right) for right in (-0.3, 0.05, 0.3))
OTHER_TWO = phrase("object", number=2, reference="other", text="the other two")
OTHER_ONE = phrase("object", reference="other", text="the other one")


@pytest.mark.parametrize(
    ("things", "instruction", "chosen"),
    [
        ((A, B, C, MUG), find("box", related("between", OTHER_TWO)), (1,)),
        ((A, B, C, MUG), find("box", related("left_of", OTHER_TWO)), (0,)),
        ((A, B, C, JUG), find("box", related("closest_to", OTHER_TWO)), (1, 2)),
        ((A, B, JUG, CAN), find("box", related("right_of", OTHER_ONE)), (1,)),
        ((A, JUG, MUG), find("box", related("between", OTHER_TWO)), ()),
    ],
)
def test_the_other_two_are_of_the_candidates_kind(things, instruction, chosen):
    resolution = run(instruction, *things)
    assert resolution.chosen == chosen


def test_the_middle_of_a_stack_is_neither_its_top_nor_its_bottom():
    middle = find("object", related("in_the_middle_of", "stack"))
    assert run(middle, CAN, BASE, UPPER, TOP).chosen == (2,)
    assert run(middle, CAN, BASE, UPPER).status.value == "not_found"


HIGH = Thing("can", size=(0.04, 0.04, 0.2))


def test_a_wide_thing_stands_on_a_narrow_one_though_its_foot_is_claimed_too_low():
    """The lifter takes the lower edge, which meets the narrow thing, to be hidden by it."""
    lying = Thing("box", away=0.05, bottom=0.2, size=(0.06, 0.2, 0.1))
    claimed = Thing("box", away=0.05, bottom=0.0, size=(0.06, 0.2, 0.3))
    on_can = find("box", related("on", "can"))
    detections, _ = seen(HIGH, lying)
    _, objects = seen(HIGH, claimed)
    detections = grounded(on_can, (HIGH, lying), detections)
    assert resolve(on_can, detections, objects, pose=POSE).chosen == (1,)
    # what stands behind it is seen to go on beside it
    assert run(on_can, HIGH, claimed).status.value == "not_found"


ONE_BOWL, TWO_BOWL = Thing("bowl", size=(0.2, 0.2, 0.1)), Thing("bowl", 0.3, size=(0.2, 0.2, 0.1))
SMALL_SIZE = (0.05, 0.05, 0.05)
FRUIT = (
    Thing("apple", bottom=0.02, size=SMALL_SIZE),
    Thing("red apple", right=0.27, bottom=0.02, size=SMALL_SIZE),
    Thing("apple", right=0.33, bottom=0.02, size=SMALL_SIZE),
    Thing("apple", right=-0.3, size=SMALL_SIZE),
)


@pytest.mark.parametrize(
    ("number", "bound", "chosen"),
    [
        (1, "exactly", (0,)),
        (2, "exactly", (1,)),
        (3, "exactly", ()),
        (2, "at_least", (1,)),
        (1, "at_most", (0,)),
    ],
)
def test_what_is_in_a_thing_is_counted(number, bound, chosen):
    apples = phrase("apple", number=number, bound=bound)
    resolution = run(find("bowl", related("contains", apples)), ONE_BOWL, TWO_BOWL, *FRUIT)
    assert resolution.chosen == chosen
    assert resolution.status.value == ("grounded" if chosen else "not_found")


def test_counted_and_uncounted_contents():
    both = related("contains", phrase("apple", number=2), phrase("red apple", number="any"))
    assert run(find("bowl", both), ONE_BOWL, TWO_BOWL, *FRUIT).chosen == (1,)
    without = find("bowl", related("contains", phrase("apple", number=2)))
    unmeasured = run(without, ONE_BOWL, TWO_BOWL, *FRUIT, depth=False)
    assert unmeasured.chosen == (1,)  # in the image, too
