"""The table of a simulation, and who is blamed for what an answer says: written by hand."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from grounding_ros.playground.episode import Episode, blamed, misunderstood
from grounding_ros.playground.figures import as_json, as_table
from grounding_ros.simulation.pick_and_place.judge import Verdict
from grounding_ros.simulation.truth import SceneObject

TARGET_BOX, ANCHOR_BOX = [10.0, 10.0, 20.0, 30.0], [40.0, 10.0, 60.0, 30.0]


def arena():
    """A red can at its box, a blue bowl at its own, and a thing that is not seen."""
    numbers = np.full((50, 80), -1)
    numbers[10:30, 10:20] = 0
    numbers[10:30, 40:60] = 1
    kinds = [("red", "can"), ("blue", "bowl"), ("green", "ball")]
    things = [SimpleNamespace(colors=(c,), kind=SimpleNamespace(name=n)) for c, n in kinds]
    objects = [
        SceneObject(1, ("can",), ("red",), (), (0.1, 0.0, 0.03), (0.06, 0.06, 0.06), 0.0),
        SceneObject(2, ("bowl",), ("blue",), (), (0.3, 0.0, 0.03), (0.14, 0.14, 0.06), 0.0),
    ]
    return SimpleNamespace(
        picture=SimpleNamespace(numbers=numbers),
        task=SimpleNamespace(things=things),
        start=things,
        objects=objects,
    )


def seen(box, center=(0.1, 0.0, 0.03), size=(0.06, 0.06, 0.06), reason=""):
    return {"box": box, "center_m": center and list(center), "size_m": list(size), "reason": reason}


def reply(target_pose="pose", place_pose="pose", **answer):
    whole = {
        "status": "grounded",
        "message": "I found it",
        "no_grasp": "",
        "chosen": [seen(TARGET_BOX)],
        "places": [seen(ANCHOR_BOX, (0.3, 0.0, 0.03), (0.14, 0.14, 0.06))],
    }
    return SimpleNamespace(
        answer=whole | answer, target_pose=target_pose, place_pose=place_pose, opening_m=0.07
    )


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (reply(), Verdict()),
        (reply(status="partly_grounded"), Verdict()),
        (None, Verdict("grounding", "no answer came")),
        (
            reply(status="not_found", message="there is no can", chosen=[]),
            Verdict("grounding", "not_found: there is no can"),
        ),
        (
            reply(chosen=[seen(ANCHOR_BOX)]),
            Verdict("grounding", "chosen: expected red can, got blue bowl"),
        ),
        (
            reply(chosen=[seen([60.0, 40.0, 70.0, 50.0])]),
            Verdict("grounding", "chosen: expected red can, got no thing"),
        ),
        # Less than half of both boxes together.
        (
            reply(places=[seen([40.0, 10.0, 60.0, 19.0])]),
            Verdict("grounding", "places: expected blue bowl, got no thing"),
        ),
        (reply(places=[]), Verdict("grounding", "places: expected blue bowl, got nothing")),
        (
            reply(chosen=[seen(TARGET_BOX, None, reason="no depth")]),
            Verdict("lifting", "no depth"),
        ),
        (reply(target_pose=None, no_grasp="too wide"), Verdict("grasp", "too wide")),
        (reply(place_pose=None, message="no room"), Verdict("place", "no room")),
    ],
)
def test_what_keeps_the_hand_from_acting(said, verdict):
    assert misunderstood(said, arena()) == verdict


GRASP, PLACE = Verdict("grasp", "it rose by 0.00 m"), Verdict("place", "it fell over")
SLIPPED = Verdict("physics", "it slipped from the hand on the way")


@pytest.mark.parametrize(
    ("verdict", "wrong", "cause"),
    [
        (Verdict(), {"chosen": [seen(TARGET_BOX, (0.2, 0.0, 0.03))]}, ""),
        (GRASP, {}, "grasp"),
        (GRASP, {"chosen": [seen(TARGET_BOX, (0.11, 0.0, 0.03))]}, "grasp"),
        (GRASP, {"chosen": [seen(TARGET_BOX, (0.113, 0.0, 0.03))]}, "lifting"),
        (GRASP, {"chosen": [seen(TARGET_BOX, size=(0.06, 0.03, 0.06))]}, "lifting"),
        (GRASP, {"places": [seen(ANCHOR_BOX, (0.2, 0.0, 0.03))]}, "grasp"),
        (PLACE, {"places": [seen(ANCHOR_BOX, (0.2, 0.0, 0.03))]}, "lifting"),
        (PLACE, {"chosen": [seen(TARGET_BOX, (0.2, 0.0, 0.03))]}, "lifting"),
        (PLACE, {"chosen": [seen(TARGET_BOX, size=(0.06, 0.05, 0.06))]}, "place"),
        (SLIPPED, {"chosen": [seen(TARGET_BOX, None)]}, "lifting"),
        (SLIPPED, {"places": [seen(ANCHOR_BOX, None)]}, "physics"),
    ],
)
def test_a_wrong_box_is_blamed_on_lifting(verdict, wrong, cause):
    assert blamed(verdict, reply(**wrong), arena()).cause == cause


def episode(text, predicate, target, verdict, disturbed_m=0.019):
    return Episode(text, predicate, target, "bowl", "grounded", verdict, 0.5, disturbed_m, {})


EPISODES = (
    episode("put the red can in the blue bowl", "in", "can", Verdict()),
    episode("put the green ball on the plate", "on", "ball", Verdict("grasp", "it slipped"), 0.021),
    episode("put the red can on the plate", "on", "can", Verdict()),
)


def test_the_table_line_by_line():
    assert as_table(EPISODES).splitlines() == [
        "   instruction                       status    ended  why",
        "-  --------------------------------  --------  -----  ---",
        "0  put the red can in the blue bowl  grounded  right",
        "1  put the green ball on the plate   grounded  grasp  it slipped",
        "2  put the red can on the plate      grounded  right",
        "",
        "right: 2 of 3 (67%)",
        "failed by grasp: 1",
        "moved something else by over 2 cm: 1",
        "by where: in 1 of 1 (100%), on 1 of 2 (50%)",
        "by what: ball 0 of 1 (0%), can 2 of 2 (100%)",
    ]


def test_the_json_has_figures_and_episodes():
    document = json.loads(as_json(EPISODES, {"seed": 3}))
    assert document["settings"] == {"seed": 3}
    failed = {"grounding": 0, "lifting": 0, "grasp": 1, "physics": 0, "place": 0}
    assert document["figures"] == {
        "episodes": 3,
        "right": 2,
        "failed": failed,
        "moved_something_else": 1,
    }
    assert document["episodes"][1]["verdict"] == {"cause": "grasp", "why": "it slipped"}
    assert document["episodes"][1]["target"] == "ball"
