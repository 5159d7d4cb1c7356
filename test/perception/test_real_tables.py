"""Real Kinect frames with human instance masks; the figures are floors under what was measured."""

import runpy
from pathlib import Path

import pytest

from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.parameters import PerceptionParameters

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared/data/mosd_tabletop"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the real frames {FOLDER} are absent")


@pytest.fixture(scope="module")
def score():
    """Matches found masks with true ones, as the benchmark does."""
    return runpy.run_path(str(ROOT / "benchmarks/instances.py"), run_name="instances")["score"]


@pytest.fixture(scope="module")
def scenes():
    return list(SceneFolder(FOLDER))


def ground(scene, *phrases):
    grounder = build_grounder(PerceptionParameters(grounder="geometric"), SupportPlanes())
    return grounder.ground(scene.frame, phrases)


def matches(scenes, score, name, head, attributes):
    """How well each true object that was found fits a phrase, by its id."""
    scene = next(scene for scene in scenes if scene.name == name)
    found = ground(scene, Phrase("", head, attributes))
    assert found.unjudged == ((),)
    result = score(scene, found)
    return {
        int(id): float(found.matches[partner, 0])
        for id, partner in zip(result.ids, result.partners, strict=True)
        if partner >= 0
    }


def test_instances_agree_with_people(scenes, score):
    results = [score(scene, ground(scene)) for scene in scenes]
    true = sum(len(result.ids) for result in results)
    found = sum(result.found for result in results)
    hits = sum(result.hits for result in results)
    iou = sum(float(result.ious.sum()) for result in results) / hits
    assert true == 72
    assert hits / true >= 0.95
    assert hits / found >= 0.90
    assert iou >= 0.92


@pytest.mark.parametrize(
    ("name", "attributes", "head", "targets"),
    [
        ("test24", ("red",), "box", {2}),
        ("test24", (), "can", {1}),
        ("test16", (), "box", {1, 2, 3}),
        ("learn33", ("white",), "bowl", {3}),
        ("learn33", (), "tin", {1, 2}),
        ("test31", (), "can", {1, 2, 3}),
        ("learn5", (), "box", {1, 2}),
        ("test44", ("blue",), "bowl", set()),
        ("test0", ("blue",), "can", set()),
    ],
)
def test_all_that_fit(scenes, score, name, attributes, head, targets):
    fits = matches(scenes, score, name, head, attributes)
    assert {id for id, match in fits.items() if match >= 0.5} == targets


@pytest.mark.parametrize(
    ("name", "attributes", "head", "target"),
    [
        ("test0", ("yellow",), "box", 2),
        ("test16", ("green",), "box", 3),
        ("test31", ("dark",), "canister", 2),
        ("test44", ("white",), "jar", 5),
        ("test39", ("blue",), "can", 3),
        ("test52", ("white",), "tube", 2),
    ],
)
def test_the_best_fit(scenes, score, name, attributes, head, target):
    fits = matches(scenes, score, name, head, attributes)
    assert fits[target] >= 0.5
    assert fits[target] == max(fits.values())
