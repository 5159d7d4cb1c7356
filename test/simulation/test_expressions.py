import numpy as np
import pytest

from grounding_ros.simulation.expressions import make_expressions
from grounding_ros.simulation.facts import Seen
from grounding_ros.simulation.truth import SceneObject


def seen(id, name, color, u=100, volume=1e-3, distance_m=1.0, height=0.1, attributes=(), on=()):
    thing = SceneObject(
        id, (name,), (color,), tuple(attributes), (0, 0, height / 2), (0.1, 0.1, height), 0.0
    )
    return Seen(thing, (u - 10, 100, u + 10, 130), volume, distance_m, frozenset(on))


def spoken(*objects, count=10_000):
    rng = np.random.default_rng(1)
    return make_expressions("scene", tuple(objects), rng, count)


def targets(expressions, kind, words):
    """Answers of all expressions of a kind that contain the words."""
    return {e.target_ids for e in expressions if e.kind == kind and words in e.text}


def test_colour_and_name_decide_who_is_meant():
    said = spoken(seen(1, "box", "red"), seen(2, "box", "blue"), seen(3, "ball", "red"))
    assert targets(said, "attribute", "red box") == {(1,)}
    assert targets(said, "attribute", "the ball") == {(3,)}
    assert targets(said, "plural", "boxes") == {(1, 2)}
    assert targets(said, "ambiguous", "the box") == {(1, 2)}
    assert targets(said, "absent", "green ball") == {()}
    assert targets(said, "count", "objects") == {(1, 2, 3)}
    assert targets(said, "count", "red boxes are there") | targets(
        said, "count", "count the red boxes"
    ) <= {(1,)}
    assert (1,) in targets(said, "count", "red boxes")
    assert targets(said, "count", "bowls") >= {()}


def test_verify_knows_yes_and_no():
    said = spoken(seen(1, "box", "orange"))
    answers = {e.text: (e.answer, e.target_ids) for e in said if e.kind == "verify"}
    assert answers["is there an orange box on the table?"] == (True, (1,))
    assert answers["is there a red box on the table?"] == (False, ())


def test_a_second_colour_makes_the_colour_arguable():
    striped = seen(1, "box", "red")
    striped = Seen(
        SceneObject(1, ("box",), ("red", "white"), (), (0, 0, 0), (1, 1, 1), 0.0),
        *(striped.box, striped.volume, striped.distance_m, striped.on),
    )
    said = spoken(striped, seen(2, "box", "blue"))
    assert not [e for e in said if "white box" in e.text]
    assert targets(said, "attribute", "red box") == {(1,)}


def test_extremes_need_a_clear_lead():
    near = [seen(1, "box", "red", u=100), seen(2, "box", "blue", u=110)]
    assert targets(spoken(*near), "relation2d", "leftmost box") == set()
    apart = [seen(1, "box", "red", u=100, volume=3e-3), seen(2, "box", "blue", u=200)]
    said = spoken(*apart)
    assert targets(said, "relation2d", "leftmost box") == {(1,)}
    assert targets(said, "relation2d", "rightmost box") == {(2,)}
    assert targets(said, "superlative", "largest box") == {(1,)}
    assert targets(said, "superlative", "tallest") == set()
    far = [seen(1, "box", "red", distance_m=0.8), seen(2, "box", "blue", distance_m=1.0)]
    assert targets(spoken(*far), "relation3d", "box closest to the camera") == {(1,)}


def test_relations_speak_of_one_anchor_and_one_target():
    said = spoken(
        seen(1, "box", "red", u=100),
        seen(2, "box", "blue", u=300),
        seen(3, "can", "green", u=200),
        seen(4, "ball", "red", u=200, on=[3]),
    )
    assert targets(said, "relation2d", "box to the left of the can") == {(1,)}
    assert targets(said, "relation2d", "box to the right of the can") == {(2,)}
    assert targets(said, "relation3d", "ball on top of the can") == {(4,)}
    assert not [e for e in said if e.text.endswith("of the box")]


def test_size_words_need_a_contrast_throughout():
    large, small = seen(1, "box", "red", attributes=["large"]), seen(2, "box", "red")
    assert not [e for e in spoken(large, small) if "large box" in e.text]
    small = seen(2, "box", "red", attributes=["small"])
    assert targets(spoken(large, small), "attribute", "large box") == {(1,)}


@pytest.mark.parametrize("count", [1, 8])
def test_few_expressions_are_of_many_kinds(count):
    objects = [seen(i, "box", "red", u=60 * i) for i in range(1, 4)]
    said = spoken(*objects, seen(9, "ball", "blue"), count=count)
    assert len(said) == count
    assert len({(e.kind, bool(e.target_ids), e.answer) for e in said}) == count
    assert [e.id for e in said] == [f"scene-{n:02d}" for n in range(1, count + 1)]


def test_rendered_scenes_are_spoken_of_in_every_kind(shots):
    kinds = set()
    for number, shot in enumerate(shots):
        said = make_expressions(shot.scene.name, shot.seen, np.random.default_rng(number), 12)
        assert len({e.text for e in said}) == len(said)
        kinds |= {e.kind for e in said}
    assert kinds == {
        *("attribute", "plural", "count", "absent", "verify", "ambiguous"),
        *("superlative", "relation2d", "relation3d", "ordinal", "negation", "place"),
    }


def test_rows_are_counted_from_a_side():
    said = spoken(*(seen(id, "box", "red", u=100 * id) for id in (1, 2, 3)))
    assert targets(said, "ordinal", "second box from the left") == {(2,)}
    assert targets(said, "ordinal", "third box from the right") == {(1,)}
    assert targets(spoken(seen(1, "box", "red"), seen(2, "box", "red")), "ordinal", "") == set()


def test_what_is_not_of_a_colour_is_the_rest():
    said = spoken(seen(1, "box", "red"), seen(2, "box", "blue"), seen(3, "can", "blue"))
    assert targets(said, "negation", "the box that is not red") == {(2,)}
    assert targets(said, "negation", "box that is not green") == set()


def test_claims_about_two_objects_are_true_or_false():
    said = spoken(seen(1, "box", "red", u=100), seen(2, "can", "blue", u=300))
    answers = {e.text: e.answer for e in said if e.kind == "verify"}
    assert answers["is the box to the left of the can?"] is True
    assert answers["is the box to the right of the can?"] is False
    assert answers["are there two boxes?"] is False
    assert answers["are there at least two objects?"] is True


def test_a_place_is_not_the_object_itself():
    said = spoken(seen(1, "box", "red"), seen(2, "can", "blue"))
    places = {(e.text, e.target_ids, e.place_ids) for e in said if e.kind == "place"}
    assert ("put the red box on the blue can", (1,), (2,)) in places
    assert all(target != place for _, target, place in places)


def placed(id, name, right, away, height=0.1):
    thing = SceneObject(id, (name,), ("red",), (), (away, -right, height / 2), (0.05,) * 3, 0.0)
    box = (300 + round(400 * right), 100, 320 + round(400 * right), 130)
    return Seen(thing, box, 1e-3, 1.0, frozenset(), right, away)


def test_behind_is_farther_away_and_not_merely_beside():
    said = spoken(placed(1, "box", 0.0, 1.0), placed(2, "can", 0.0, 0.8))
    assert targets(said, "relation3d", "box behind the can") == {(1,)}
    assert targets(said, "relation3d", "can in front of the box") == {(2,)}
    aside = spoken(placed(1, "box", 0.3, 1.0), placed(2, "can", 0.0, 0.8))
    assert targets(aside, "relation3d", "box behind the can") == set()


def test_between_is_near_the_middle_of_the_way():
    ends = placed(1, "box", -0.2, 1.0), placed(2, "can", 0.2, 1.0)
    said = spoken(*ends, placed(3, "ball", 0.0, 1.0))
    assert targets(said, "relation3d", "ball between the box and the can") == {(3,)}
    beside = spoken(*ends, placed(3, "ball", 0.18, 1.0))
    assert targets(beside, "relation3d", "ball between") == set()
