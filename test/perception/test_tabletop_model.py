"""The bundled network on scenes of the package's own generator, which it was never trained on."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.evaluation.metrics.matching import TrueObjects, object_ious, pairs
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Frame
from grounding_ros.simulation.plan import Wish
from grounding_ros.simulation.render import render_shot

MODELS = Path(__file__).parents[2] / "models"
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None,
    reason="onnxruntime is not shipped with this environment",
)
KINDS = ("box", "can", "ball", "bowl", "mug")


@pytest.fixture(scope="module")
def shots():
    """Eight tables, each with one thing of every kind."""
    wishes = tuple(Wish(kind, stackable=False, pose="standing") for kind in KINDS)
    try:
        return [render_shot(f"t{n}", (77, n), wishes, "kinect").scene for n in range(8)]
    except BackendError as error:
        pytest.skip(f"MuJoCo is not shipped or cannot render here: {error}")


@pytest.fixture(scope="module")
def grounder():
    return build_grounder(PerceptionParameters(grounder="tabletop"), SupportPlanes())


def best(grounder, frame, scene, noun):
    """The id of the true object that fits a noun best; None when it is none."""
    found = grounder.ground(frame, [Phrase(f"the {noun}", noun)])
    assert found.unjudged == ((),)
    true = TrueObjects.of(scene)
    partners = {n: true.ids[g] for n, g in pairs(object_ious(found, true))}
    return partners.get(int(found.matches[:, 0].argmax())) if len(found) else None


def right(grounder, shots, noun, with_depth=True):
    """In how many of the tables "the `noun`" is the one that is called so."""
    hits = 0
    for scene in shots:
        frame = scene.frame if with_depth else Frame(scene.frame.rgb)
        expected = next(thing.id for thing in scene.objects if noun in thing.names)
        hits += best(grounder, frame, scene, noun) == expected
    return hits


@pytest.mark.parametrize("noun", ["box", "bowl", "mug", "cup", "ball"])
def test_the_best_fit_for_a_noun_is_what_is_called_so(grounder, shots, noun):
    assert right(grounder, shots, noun) >= 6


@pytest.mark.parametrize("noun", ["bowl", "mug"])
def test_it_also_names_without_depth(grounder, shots, noun):
    assert right(grounder, shots, noun, with_depth=False) >= 4


def test_the_same_frame_gives_the_same_answer(grounder, shots):
    phrases = [Phrase("the mug", "mug")]
    one, two = (grounder.ground(shots[0].frame, phrases) for _ in range(2))
    np.testing.assert_array_equal(one.matches, two.matches)
    np.testing.assert_array_equal(one.masks, two.masks)


def test_the_graphs_are_small():
    assert sum(path.stat().st_size for path in MODELS.glob("*.onnx")) < 20e6
