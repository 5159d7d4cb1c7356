"""Detectors from tiny checkpoints: random weights test the wiring, never the boxes."""

import weakref

import numpy as np
import pytest
import real_pictures

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language import parse, phrases_of
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.grounders.boxed import overlaps
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Frame

torch = pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")

import tiny_detectors  # noqa: E402

from grounding_ros.perception.models.device import Device  # noqa: E402

FAMILY = ("grounding_dino", "mm_grounding_dino", "llmdet")
NAMES = (*FAMILY, "owlv2", "owlvit", "omdet_turbo")
TEXTS = ("red cup", "cup", "red block", "orange block")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    for name in FAMILY:
        tiny_detectors.grounding_dino(root / name, kind=name)
    for name in ("owlv2", "owlvit"):
        tiny_detectors.owl(root / name, kind=name)
    tiny_detectors.omdet_turbo(root / "omdet_turbo")
    return root


@pytest.fixture(scope="module")
def frame():
    return real_pictures.frames()[0]


@pytest.fixture(scope="module")
def detectors(store):
    """Each built once; what they keep of a frame is part of what is tested."""
    return {name: build(name, store) for name in NAMES}


def build(name, store, **changes):
    return build_grounder(parameters(name, store, **changes), SupportPlanes())


def parameters(name, store, **changes):
    return PerceptionParameters(grounder=name, weights=str(store), device="cpu", **changes)


def copy_of(frame):
    return Frame(np.array(frame.rgb))


@pytest.mark.parametrize("name", NAMES)
def test_random_weights_go_through_the_pipeline(name, store, frame):
    """The answer says what was asked, and its boxes are those of the model."""
    settings = parameters(name, store, score_threshold=0.01)
    pipeline = build_pipeline(
        PipelineParameters(
            perception=PerceptionParameters(**{**vars(settings), "segmenter": "box"})
        )
    )
    answer = pipeline.run(frame, parse("find all cups that are not red"))
    pipeline.close()
    assert answer.status in ("grounded", "not_found"), answer.message
    seen = answer.candidates
    assert len(seen) > 0
    assert seen.phrases == ("all cups", "red") or "cup" in seen.phrases[0]
    assert seen.masks.shape == (len(seen), frame.height, frame.width)
    assert set(seen.labels) <= {"cup", "red cup"}
    inside = np.array([0, 0, frame.width, frame.height] * 1)
    assert (seen.boxes[:, :2] >= 0).all() and (seen.boxes[:, 2:] <= inside[2:]).all()
    assert (seen.matches[:, 0] > 0).any()


@pytest.mark.parametrize("name", NAMES)
def test_pictures_and_words_make_a_difference(name, detectors, frame):
    """Random weights: not that it is right, but that both arrive at the model."""
    detector = detectors[name]
    found = detector.look(frame, TEXTS)
    assert found.scores.shape == (len(found.boxes), len(TEXTS))
    assert found.scores.min() >= 0 and found.scores.max() <= 1
    assert np.ptp(found.scores, axis=1).max() > 1e-4
    assert np.ptp(found.scores, axis=0).max() > 1e-4
    other = detector.look(Frame(255 - frame.rgb), TEXTS)
    assert np.abs(other.scores - found.scores).max() > 1e-4
    assert len(detector.look(frame, ()).scores) in (0, len(found.boxes))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_of_frame_and_texts_changes_nothing(name, detectors, frame):
    detector = detectors[name]
    first = detector.look(copy_of(frame), TEXTS)
    known = copy_of(frame)
    detector.look(known, ("banana",))
    again = detector.look(known, TEXTS)
    assert np.allclose(first.boxes, again.boxes, atol=1e-3)
    assert np.allclose(first.scores, again.scores, atol=1e-6)


def test_grounding_dino_runs_its_backbone_once_a_frame_and_reads_a_text_once(store, frame):
    detector = build("grounding_dino", store)
    for texts in (TEXTS, TEXTS, ("cup",), TEXTS):
        detector.look(frame, texts)
    assert (detector.backbone.runs, detector.reader.runs) == (1, 2)
    detector.look(copy_of(frame), TEXTS)
    assert (detector.backbone.runs, detector.reader.runs) == (2, 2)


def test_owl_encodes_a_frame_once_and_a_phrase_once(store, frame, monkeypatch):
    detector = build("owlv2", store)
    pictures, texts = counted(monkeypatch, detector._model)
    detector.look(frame, ("cup", "mug"))
    detector.look(frame, ("mug", "bowl"))
    detector.look(copy_of(frame), ("bowl",))
    assert (len(pictures), [len(ids) for ids in texts]) == (2, [2, 1])


def counted(monkeypatch, model):
    """What the model is given from now on: pictures, and token ids of texts."""
    pictures, texts = [], []
    see, read = model.image_embedder, model.base_model.get_text_features

    def seen(pixels, **options):
        pictures.append(pixels)
        return see(pixels, **options)

    def heard(input_ids, **options):
        texts.append(input_ids)
        return read(input_ids=input_ids, **options)

    monkeypatch.setattr(model, "image_embedder", seen)
    monkeypatch.setattr(model.base_model, "get_text_features", heard)
    return pictures, texts


@pytest.mark.parametrize("name", NAMES)
def test_whether_phrases_asked_together_change_each_others_scores(name, detectors, frame):
    """docs/models.md says so: OWL compares each by itself, the others let the picture attend."""
    alone = detectors[name].look(frame, ("cup",))
    together = detectors[name].look(frame, ("cup", "orange block"))
    same = alone.boxes.shape == together.boxes.shape and np.allclose(
        np.sort(alone.scores[:, 0]), np.sort(together.scores[:, 0]), atol=1e-5
    )
    assert same == name.startswith("owl")


def test_more_phrases_than_fit_into_one_text_take_another_pass(store, frame):
    """Grounding DINO at 16 tokens: 4 phrases of two tokens and a stop, 12, and two marks a text."""
    detector = build("grounding_dino", store)
    many = [f"{color} {thing}" for color in ("red", "blue") for thing in ("cup", "box", "mug")]
    whole = detector.look(frame, many)
    assert len(whole.boxes) == 30
    detector._limit = 16
    detector._read.clear()
    parts = detector.look(frame, many)
    assert len(parts.boxes) == 60
    assert (parts.scores[:30, 4:] == 0).all() and (parts.scores[30:, :4] == 0).all()
    alone = detector.look(frame, many[:4])
    assert np.allclose(parts.scores[:30, :4], alone.scores, atol=1e-6)


def test_filling_texts_up_changes_nothing(store, frame):
    """On a GPU texts are filled up to a few lengths, so that few lengths are compiled."""
    detector = build("grounding_dino", store)
    plain = detector.look(frame, TEXTS)
    detector._fixed_lengths = True
    detector._read.clear()
    filled = detector.look(frame, TEXTS)
    assert np.allclose(plain.scores, filled.scores, atol=1e-5)
    assert np.allclose(plain.boxes, filled.boxes, atol=1e-2)


def test_an_example_finds_itself(detectors, frame):
    """A random model: the patch that stands for the example resembles itself most."""
    detector = detectors["owlv2"]
    boxes = detector.look(frame, ("cup",)).boxes
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    row = int(areas.argmax())
    found = detector.look_alike(frame, frame, boxes[row])
    assert found.scores.shape == (len(boxes), 1)
    cosines = cosines_of(detector, frame)
    assert cosines[row].argmax() == row
    elsewhere = detector.look_alike(copy_of(frame), frame, boxes[row])
    assert np.allclose(elsewhere.scores, found.scores, atol=1e-5)
    with pytest.raises(BackendError, match="region: expected one that an object fills"):
        detector.look_alike(frame, frame, np.array([-9, -9, -5, -5], np.float32))


def cosines_of(detector, frame):
    with torch.inference_mode():
        patches = detector._seen(frame)
        _, embeddings = detector._model.class_predictor(patches.features)
    unit = embeddings[0] / embeddings[0].norm(dim=-1, keepdim=True)
    return (unit @ unit.T).numpy()


def test_omdet_turbo_is_read_as_its_authors_published_it(store, frame, tmp_path, detectors):
    """With timm's names and settings, which would have transformers ask the hub."""
    published = tiny_detectors.omdet_turbo(tmp_path / "omdet_turbo")
    tiny_detectors.as_published(published)
    found = build("omdet_turbo", tmp_path).look(frame, TEXTS)
    expected = detectors["omdet_turbo"].look(frame, TEXTS)
    assert np.allclose(found.boxes, expected.boxes, atol=1e-3)
    assert np.allclose(found.scores, expected.scores, atol=1e-6)


def test_windows_are_shifted_before_they_are_filled_up_as_in_timm():
    """timm 1.0's SwinTransformerBlock._attn, written out; 10 rows are not 2 windows of 7."""
    from transformers import SwinBackbone, SwinConfig
    from transformers.models.swin.modeling_swin import window_partition, window_reverse

    from grounding_ros.perception.models.timm_swin import shift_first

    torch.manual_seed(0)
    config = SwinConfig(embed_dim=8, depths=[2], num_heads=[2], window_size=7, image_size=40)
    backbone = SwinBackbone(config).eval()
    shift_first(backbone)
    layer = backbone.swin.encoder.layers[0].blocks[1]
    features = torch.randn(1, 100, 8)
    with torch.inference_mode():
        out, _ = layer(features, (10, 10), always_partition=True)
        inside = layer.layernorm_before(features).view(1, 10, 10, 8)
        filled = torch.nn.functional.pad(torch.roll(inside, (-3, -3), (1, 2)), (0, 0, 0, 4, 0, 4))
        windows = window_partition(filled, 7).view(-1, 49, 8)
        mask = layer.get_attn_mask(14, 14, torch.float32, features.device)
        attended = layer.attention(windows, mask)[0].view(-1, 7, 7, 8)
        back = torch.roll(window_reverse(attended, 7, 14, 14)[:, :10, :10], (3, 3), (1, 2))
        expected = features + back.reshape(1, 100, 8)
        expected = expected + layer.mlp(layer.layernorm_after(expected))
    assert torch.allclose(out, expected, atol=1e-6)


@pytest.mark.parametrize("name", ["grounding_dino", "owlv2", "omdet_turbo"])
def test_out_of_memory_takes_a_smaller_picture_then_an_error(name, store, frame, monkeypatch):
    """A model that has memory for small pictures only, then for none."""
    detector = build(name, store)
    if name == "grounding_dino":
        part, attribute = detector.backbone, "_forward"
    elif name == "owlv2":
        part, attribute = detector._model, "image_embedder"
    else:
        part, attribute = detector._model.vision_backbone, "forward"
    run, widths = getattr(part, attribute), []

    def greedy(pixels, *args, **options):
        widths.append(pixels.shape[-1])
        if pixels.shape[-1] >= limit:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return run(pixels, *args, **options)

    monkeypatch.setattr(part, attribute, greedy)
    full = detector._rule.resized(frame.height, frame.width)[1]
    limit = full
    assert len(detector.look(frame, TEXTS).boxes) > 0
    assert widths[0] == full and widths[1] < full
    limit = 0
    with pytest.raises(BackendError, match=r"cpu: expected enough memory for 0\.5 of a picture"):
        detector.ground(copy_of(frame), phrases_of(parse("find the cup")))


@pytest.mark.parametrize("name", ["grounding_dino", "owlv2", "omdet_turbo"])
def test_closing_gives_the_memory_back(name, store, frame):
    detector = build(name, store)
    detector.warm_up((48, 64))
    detector.look(frame, ("cup",))
    model = weakref.ref(detector._model)
    detector.close()
    assert model() is None


@pytest.mark.parametrize("name", ["grounding_dino", "owlv2", "omdet_turbo"])
def test_reduced_precision_moves_random_boxes_little(name, store, frame, detectors, monkeypatch):
    """In float16: the CPU's bfloat16 also rounds norms, which a GPU keeps in float32."""
    exact = detectors[name].look(frame, TEXTS)
    half = Device("cpu", torch.float16)
    monkeypatch.setattr(Device, "of", lambda parameters: half)
    rounded = build(name, store).look(frame, TEXTS)
    sized = exact.boxes[(exact.boxes[:, 2:] > exact.boxes[:, :2]).all(axis=1)]
    assert np.median([overlaps(box, rounded.boxes).max() for box in sized]) > 0.98
    assert np.abs(np.sort(exact.scores, axis=0) - np.sort(rounded.scores, axis=0)).mean() < 0.05


def test_an_input_that_is_no_square_of_patches_is_refused(store):
    with pytest.raises(BackendError, match=r"a square of a multiple of 16 pixels .* got 96x64"):
        build("owlv2", store, image_size="96x64")
    with pytest.raises(BackendError, match="got 100x100"):
        build("owlvit", store, image_size="100x100")


def test_another_input_size_is_taken(store, frame):
    larger = build("owlv2", store, image_size="160x160").look(frame, ("cup",))
    assert len(larger.boxes) == 100  # 10 by 10 patches
    wide = build("grounding_dino", store, image_size="128x64")
    assert wide._rule.resized(480, 640) == (64, 85)
