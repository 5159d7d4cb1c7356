"""Models with weights in the live node: random weights, so only that all of it arrives."""

import numpy as np
import pytest

from grounding_ros.language import parse
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Frame

pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")

import tiny_detectors
import tiny_masks
from live_robot import scene_rgb, wait_until

from grounding_ros.perception.grounders.owl import Owl

TEXT = "find all mugs"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    tiny_detectors.owl(root / "owlv2")
    tiny_masks.sam2(root / "sam2")
    return {
        "grounder": "owlv2",
        "segmenter": "sam2",
        "weights": str(root),
        "score_threshold": 0.01,
        "device": "cpu",
    }


def test_a_detector_and_a_segmenter_answer_live_as_offline_and_are_closed_at_cleanup(
    live, settings, monkeypatch
):
    closed = []
    close = Owl.close
    monkeypatch.setattr(Owl, "close", lambda self: closed.append(close(self)))
    node = live(**{f"perception__{name}": value for name, value in settings.items()})
    wait_until(
        lambda: node.node.cameras[0].worker.health.state == "ready", "not loaded", timeout_s=60.0
    )
    heard = node.show_and_ask(TEXT)
    parameters = PipelineParameters(perception=PerceptionParameters(**settings))
    offline = build_pipeline(parameters).run(Frame(scene_rgb()), parse(TEXT))
    assert heard.answer["status"] == offline.status == "grounded", heard.answer["message"]
    boxes = [
        (
            one.bbox.center.position.x - one.bbox.size_x / 2,
            one.bbox.center.position.y - one.bbox.size_y / 2,
            one.bbox.center.position.x + one.bbox.size_x / 2,
            one.bbox.center.position.y + one.bbox.size_y / 2,
        )
        for one in heard.detections.detections
    ]
    assert len(boxes) > 0
    assert np.allclose(boxes, offline.detections.boxes, atol=1e-2)
    assert not closed
    node.change_state("deactivate", "cleanup")
    wait_until(lambda: len(closed) == 1, "the model is still held")


PAIRS = [
    ("grounding_dino", "sam"),
    ("mm_grounding_dino", "sam2"),
    ("llmdet", "edgetam"),
    ("owlvit", "sam"),
    ("omdet_turbo", "sam2"),
    ("sam3", "box"),
    ("clipseg", "box"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("store")
    for kind in ("grounding_dino", "mm_grounding_dino"):
        tiny_detectors.grounding_dino(root / kind, kind)
    tiny_detectors.grounding_dino(root / "llmdet", "mm_grounding_dino")
    tiny_detectors.owl(root / "owlvit", "owlvit")
    tiny_detectors.omdet_turbo(root / "omdet_turbo")
    for name in ("sam", "sam2", "edgetam", "sam3", "clipseg"):
        getattr(tiny_masks, name)(root / name)
    return root


@pytest.mark.parametrize(("grounder", "segmenter"), PAIRS)
def test_random_weights_answer_live_as_offline(live, store, grounder, segmenter):
    settings = {
        "grounder": grounder,
        "segmenter": segmenter,
        "weights": str(store),
        "score_threshold": 0.01,
        "device": "cpu",
    }
    node = live(**{f"perception__{name}": value for name, value in settings.items()})
    worker = node.node.cameras[0].worker
    wait_until(lambda: worker.health.state != "loading", "not loaded", timeout_s=60.0)
    assert worker.health.state == "ready", worker.health.error
    heard = node.show_and_ask(TEXT)
    parameters = PipelineParameters(perception=PerceptionParameters(**settings))
    offline = build_pipeline(parameters).run(Frame(scene_rgb()), parse(TEXT))
    assert heard.answer["status"] == offline.status.value, heard.answer["message"]
    boxes = [one["box"] for one in heard.answer["candidates"]]
    assert len(boxes) > 0
    assert np.allclose(boxes, offline.candidates.boxes, atol=1e-2)
