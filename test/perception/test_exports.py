"""Tiny models with random weights as ONNX graphs: they do what torch does, or are not used."""

import shutil
from dataclasses import fields, replace

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")
pytest.importorskip("onnxruntime", reason="needs the extra cpu")

import tiny_detectors
import tiny_exports
import tiny_masks
import torch

from grounding_ros.errors import BackendError
from grounding_ros.language import parse
from grounding_ros.perception.exported.exporting import export
from grounding_ros.perception.exported.folder import read
from grounding_ros.perception.exported.opening import open_exported, try_route
from grounding_ros.perception.exported.providers import CPU, CUDA, TENSORRT, Route
from grounding_ros.perception.exported.sessions import AbsentProvider, open_session
from grounding_ros.perception.exported.verifying import trials
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.grounders.onnx import OnnxGrounder
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters import build_segmenter
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Detections, Frame

EXPORTS = ("grounding_dino-80x64", "owlv2-96x96", "sam2-64x64")
FP32 = Route(CPU, "fp32")

pytestmark = pytest.mark.timeout(400)  # an export takes 20 s of a core of one's own


def picture(height, width, seed=0):
    """Patches of colour."""
    small = np.random.default_rng(seed).integers(0, 255, (5, 6, 3), np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def plant_outliers(folder, factor=2e6):
    """Make one layer's activations huge and take it back in the next: in float32 nothing changes.

    Trained vision transformers have such activations in a few channels; random ones have not.
    """
    from transformers import Owlv2ForObjectDetection

    model = Owlv2ForObjectDetection.from_pretrained(folder)
    attention = model.owlv2.vision_model.encoder.layers[0].self_attn
    with torch.no_grad():
        attention.v_proj.weight *= factor
        attention.v_proj.bias *= factor
        attention.out_proj.weight /= factor
    model.save_pretrained(folder)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Three models, not exported yet."""
    folder = tmp_path_factory.mktemp("models")
    tiny_exports.grounding_dino(folder / "grounding_dino")
    tiny_detectors.owl(folder / "owlv2")
    plant_outliers(folder / "owlv2")
    tiny_masks.sam2(folder / "sam2")
    return folder


def exported(store, name, size=None):
    return export(name, store, size, [picture(64, 80), picture(90, 60, seed=1)])


@pytest.fixture(scope="module")
def grounding_dino(store):
    return exported(store, "grounding_dino", (64, 80))


@pytest.fixture(scope="module")
def owlv2(store):
    return exported(store, "owlv2")


@pytest.fixture(scope="module")
def sam2(store):
    return exported(store, "sam2")


@pytest.fixture(scope="module")
def root(store, grounding_dino, owlv2, sam2):
    """The three models and their exports."""
    assert tuple(path.name for path in (grounding_dino, owlv2, sam2)) == EXPORTS
    return store


@pytest.fixture
def parameters(root):
    return PerceptionParameters(
        grounder="onnx",
        segmenter="onnx",
        weights=str(root),
        device="cpu",
        grounder_export="owlv2-96x96",
        score_threshold=0.01,
    )


def perturbed(graph, route):
    """Opens a CPU session in the place of every provider; that of CUDA is a little wrong."""
    session = open_session(graph, FP32)
    if route.provider != CUDA:
        return session

    class Wrong:
        def run(self, inputs):
            return {name: array + 0.01 for name, array in session.run(inputs).items()}

    return Wrong()


def without_tensorrt(graph, route):
    if route.provider == TENSORRT:
        raise AbsentProvider("not in this onnxruntime")
    return perturbed(graph, route)


@pytest.mark.parametrize("name", ["grounding_dino", "owlv2", "sam2"])
def test_random_weights_give_the_same_as_graph_and_in_torch(name, request):
    folder = request.getfixturevalue(name)
    graphs = read(folder).graphs
    trial, sessions = try_route(folder, read(folder), FP32)
    assert not trial.is_refused, str(trial)
    assert {one.output for one in trial.worst} == {
        f"{graph}.{output}" for graph, made in graphs.items() for output in made.outputs
    }
    assert all(one.value <= 1e-3 for one in trial.worst)
    assert set(sessions) == set(graphs)


@pytest.mark.parametrize(
    ("export_name", "name", "size", "shape"),
    [
        ("owlv2-96x96", "owlv2", "96x96", (70, 90)),
        ("grounding_dino-80x64", "grounding_dino", "80x64", (64, 80)),
    ],
)
def test_an_exported_detector_finds_what_its_torch_version_finds(
    parameters, export_name, name, size, shape
):
    frame = Frame(picture(*shape, seed=2))
    phrases = (parse("find the red cup").target, parse("find all cans").target)
    ours = build_grounder(replace(parameters, grounder_export=export_name), None)
    torchs = build_grounder(replace(parameters, grounder=name, image_size=size), None)
    got, wanted = ours.ground(frame, phrases), torchs.ground(frame, phrases)
    assert len(got) == len(wanted) > 0
    assert got.phrases == wanted.phrases
    np.testing.assert_allclose(got.boxes, wanted.boxes, atol=0.05)
    np.testing.assert_allclose(got.matches, wanted.matches, atol=1e-3)
    ours.close()


def test_an_exported_segmenter_gives_the_masks_of_its_torch_version(parameters):
    frame = Frame(picture(70, 90, seed=3))
    corners = np.random.default_rng(0).uniform(0, 40, (11, 2))  # more than one graph's run takes
    boxes = np.hstack([corners, corners + np.array((30, 25))]).astype(np.float32)
    found = Detections(boxes, np.ones(11, np.float32), ("thing",) * 11, (70, 90))
    ours, torchs = (
        build_segmenter(replace(parameters, segmenter=name), None) for name in ("onnx", "sam2")
    )
    got, wanted = (one.segment(frame, found).masks for one in (ours, torchs))
    assert wanted.any()
    assert not wanted.all()
    assert (got != wanted).mean() < 1e-3
    with pytest.raises(BackendError, match="expected boxes, got points"):
        ours._segmenter.of_points(frame, np.ones((1, 1, 2), np.float32))


def test_the_pipeline_runs_on_exports_alone(parameters):
    pipeline = build_pipeline(PipelineParameters(perception=parameters))
    answer = pipeline.run(Frame(picture(70, 90)), parse("find all cups"))
    assert answer.status.value != "failed", answer.message
    assert answer.candidates.masks is not None
    assert [note.in_use for note in pipeline.notes] == [
        "owlv2 96x96 on CPU fp32",
        "sam2 64x64 on CPU fp32",
    ]
    assert all(note.refused == () for note in pipeline.notes)  # what is not installed is no defect
    pipeline.close()


def test_random_weights_in_exports_answer_live_as_offline(parameters):
    pytest.importorskip("rclpy", reason="needs ROS 2")
    from live_robot import Live, scene_rgb, wait_until

    given = {f"perception.{one.name}": getattr(parameters, one.name) for one in fields(parameters)}
    node = Live(**given)
    try:
        worker = node.start().node.cameras[0].worker
        wait_until(lambda: worker.health.state != "loading", "not loaded", timeout_s=60.0)
        heard = node.show_and_ask("find all cups")
    finally:
        node.close()
    pipeline = build_pipeline(PipelineParameters(perception=parameters))
    offline = pipeline.run(Frame(scene_rgb()), parse("find all cups"))
    assert heard.answer["status"] == offline.status.value != "failed", heard.answer["message"]
    boxes = [one["box"] for one in heard.answer["candidates"]]
    assert len(boxes) == len(offline.candidates) > 0
    assert np.allclose(boxes, offline.candidates.boxes, atol=1e-2)
    pipeline.close()


@pytest.mark.parametrize("name", EXPORTS)
def test_a_provider_that_is_wrong_is_refused_and_the_next_one_taken(root, name):
    routes = [Route(TENSORRT, "fp16"), Route(CUDA, "fp32"), FP32]
    opened = open_exported(root / name, routes, without_tensorrt)
    assert opened.route == FP32
    (refused,) = opened.notes.refused
    assert refused.startswith("CUDA fp32: refused: ")
    assert "> 0.001" in refused
    with pytest.raises(BackendError, match="expected a provider that agrees with torch, got none"):
        open_exported(root / name, routes[:2], without_tensorrt)


def test_a_refusal_is_in_the_grounders_notes(parameters):
    grounder = OnnxGrounder.from_parameters(parameters, opener=without_tensorrt)
    assert grounder.notes.in_use == "owlv2 96x96 on CPU fp32"
    (refused,) = grounder.notes.refused
    assert refused.startswith("CUDA fp32: refused: image.boxes 0.01")


def test_verify_tells_of_every_provider_on_other_pictures(root, parameters):
    told = list(
        trials(root / "owlv2-96x96", root / "owlv2", [picture(50, 99, 7)], parameters, perturbed)
    )
    assert [str(one.route) for one in told] == ["TensorRT fp16", "CUDA fp32", "CPU fp32"]
    assert [one.is_refused for one in told] == [False, True, False]


def test_activation_outliers_that_half_precision_cannot_hold_are_seen(root):
    pytest.importorskip("onnx", reason="needs the extra models")
    folder = root / "owlv2-96x96"
    manifest = read(folder)
    trial, _ = try_route(folder, manifest, Route(CPU, "fp16"))
    assert trial.is_refused
    (embeddings,) = [one for one in trial.worst if one.output == "image.embeddings"]
    assert not embeddings.value < 0.5  # not a little off: lost
    # Without outliers half precision is good enough, so that it is them that are seen.
    other, _ = try_route(root / "sam2-64x64", read(root / "sam2-64x64"), Route(CPU, "fp16"))
    assert not other.is_refused, str(other)


def test_a_graph_that_was_changed_is_not_run(root, tmp_path):
    folder = shutil.copytree(root / "sam2-64x64", tmp_path / "sam2-64x64")
    with (folder / "decode.onnx").open("ab") as file:
        file.write(b"!")
    with pytest.raises(BackendError, match=r"decode\.onnx: expected the graph with the SHA-256"):
        open_exported(folder, [FP32])
    (folder / "decode.onnx").unlink()
    with pytest.raises(BackendError, match="got no file"):
        open_exported(folder, [FP32])
    (folder / "samples.npz").unlink()
    shutil.copy(root / "sam2-64x64" / "decode.onnx", folder)
    with pytest.raises(BackendError, match="expected the samples that export wrote"):
        open_exported(folder, [FP32])


def test_no_export_or_several_are_told(parameters, tmp_path):
    with pytest.raises(BackendError, match=r"got '' and grounding_dino-80x64, owlv2-96x96"):
        build_grounder(replace(parameters, grounder_export=""), None)
    with pytest.raises(BackendError, match=r"expected the name of one export in .*and none there"):
        build_segmenter(replace(parameters, weights=str(tmp_path)), None)
    with pytest.raises(BackendError, match="got owlv2-96x96, which is owlv2"):
        build_segmenter(replace(parameters, segmenter_export="owlv2-96x96"), None)
    with pytest.raises(BackendError, match="expected what `grounding-ros models export NAME`"):
        build_grounder(replace(parameters, grounder_export="owlv2"), None)


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("sam2", (32, 64), "expected its own size 64x64"),
        ("owlv2", (96, 80), "expected a square of a multiple of 16 pixels, got 80x96"),
        ("clipseg", None, "export: expected one of edgetam, grounding_dino"),
    ],
)
def test_what_cannot_be_exported_is_told_before_anything_is_written(root, name, size, told):
    (root / "clipseg").mkdir(exist_ok=True)
    for file in CARDS["clipseg"].files:
        (root / "clipseg" / file).touch()
    before = sorted(root.iterdir())
    with pytest.raises(BackendError) as raised:
        export(name, root, size, [])
    assert told in str(raised.value)
    assert sorted(root.iterdir()) == before


def test_what_the_exporter_cannot_do_is_a_sentence_and_leaves_no_export(root, monkeypatch):
    from transformers.exporters.exporter_onnx import OnnxExporter

    def fail(*_):
        raise RuntimeError("no aten.cummax\nand much more")

    monkeypatch.setattr(OnnxExporter, "export_program", fail)
    with pytest.raises(
        BackendError, match=r"expected detect as an .*RuntimeError: no aten.cummax;"
    ):
        export("grounding_dino", root, (96, 96), [picture(64, 80)])
    assert not (root / "grounding_dino-96x96").exists()
