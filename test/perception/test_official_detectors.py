"""With equal random weights, our steps find the boxes that the authors' processors find.

On five real pictures of different aspect. The processor of OmDet-Turbo needs torchvision: its texts
and its boxes are written out here from its source in transformers 5.23, its picture is DETR's.
"""

import numpy as np
import pytest
import real_pictures

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.grounders.boxed import overlaps
from grounding_ros.perception.parameters import PerceptionParameters

torch = pytest.importorskip("torch", reason="needs the extra models")
transformers = pytest.importorskip("transformers", reason="needs the extra models")
pytest.importorskip("PIL", reason="the authors' processors need Pillow")

import tiny_detectors  # noqa: E402

LABELS = ["red cup", "cup", "orange block"]


@pytest.fixture(scope="module")
def frames():
    return real_pictures.frames()


def ours(name, root):
    parameters = PerceptionParameters(grounder=name, weights=str(root), device="cpu")
    return build_grounder(parameters, SupportPlanes())


def assert_same(found, boxes, scores, frame):
    """Match each of our boxes with one of theirs, which are not cut to the picture."""
    boxes = np.clip(boxes.numpy(), 0, [frame.width, frame.height] * 2)
    assert found.boxes.shape == boxes.shape
    for box, row in zip(found.boxes, found.scores, strict=True):
        # An empty box, beyond the picture's edge, overlaps with nothing.
        alike = (overlaps(box, boxes) >= 0.99) | (np.abs(boxes - box).max(axis=1) < 0.01)
        assert alike.any(), f"none of theirs is {box}"
        assert np.abs(scores.numpy()[alike] - row).max(axis=1).min() < 1e-3


@pytest.mark.parametrize("name", ["grounding_dino", "mm_grounding_dino"])
def test_grounding_dino_finds_what_its_processor_finds(name, frames, tmp_path):
    """Each label over its own tokens: theirs are [CLS] red cup . cup . orange block . [SEP]."""
    folder = tiny_detectors.grounding_dino(tmp_path / name, kind=name)
    detector = ours(name, tmp_path)
    model = transformers.AutoModelForZeroShotObjectDetection.from_pretrained(folder)
    processor = transformers.GroundingDinoProcessor(
        transformers.GroundingDinoImageProcessorPil(**tiny_detectors.GROUNDING_DINO),
        transformers.AutoTokenizer.from_pretrained(folder),
    )
    for frame in frames:
        inputs = processor(images=np.array(frame.rgb), text=[LABELS], return_tensors="pt")
        with torch.inference_mode():
            out = model(**inputs)
        (result,) = processor.post_process_grounded_object_detection(
            out, threshold=0.0, target_sizes=[(frame.height, frame.width)]
        )
        tokens = out.logits[0].sigmoid()
        assert torch.equal(result["scores"], tokens.max(dim=1).values)  # none was dropped
        spans = (slice(1, 3), slice(4, 5), slice(6, 8))
        scores = torch.stack([tokens[:, span].mean(dim=1) for span in spans], dim=1)
        assert_same(detector.look(frame, LABELS), result["boxes"], scores, frame)


@pytest.mark.parametrize("name", ["owlvit", "owlv2"])
def test_owl_finds_what_its_processor_finds(name, frames, tmp_path):
    if name == "owlv2":
        pytest.importorskip("scipy", reason="the processor of OWLv2 needs scipy")
        pictures, whole = transformers.Owlv2ImageProcessorPil, transformers.Owlv2Processor
    else:
        pictures, whole = transformers.OwlViTImageProcessorPil, transformers.OwlViTProcessor
    folder = tiny_detectors.owl(tmp_path / name, kind=name)
    detector = ours(name, tmp_path)
    model = transformers.AutoModelForZeroShotObjectDetection.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    processor = whole(pictures(**tiny_detectors.OWL), tokenizer)
    texts = [[f"a photo of a {label}" for label in LABELS]]
    for frame in frames:
        inputs = processor(
            images=np.array(frame.rgb), text=texts, return_tensors="pt", truncation=True
        )
        with torch.inference_mode():
            out = model(**inputs)
        (result,) = processor.post_process_grounded_object_detection(
            out, threshold=0.0, target_sizes=[(frame.height, frame.width)]
        )
        scores = out.logits[0].sigmoid()
        assert torch.equal(result["scores"], scores.max(dim=1).values)
        assert_same(detector.look(frame, LABELS), result["boxes"], scores, frame)


def test_omdet_turbo_finds_what_its_model_finds(frames, tmp_path):
    folder = tiny_detectors.omdet_turbo(tmp_path / "omdet_turbo")
    detector = ours("omdet_turbo", tmp_path)
    model = transformers.OmDetTurboForObjectDetection.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    settings = {**tiny_detectors.OMDET_TURBO, "do_pad": False}
    pictures = transformers.DetrImageProcessorPil(**settings)
    text = {"padding": "max_length", "truncation": True, "max_length": 77, "return_tensors": "pt"}
    classes = tokenizer(LABELS, **text)
    task = tokenizer(["Detect red cup, cup, orange block."], **text)
    for frame in frames:
        with torch.inference_mode():
            out = model(
                pixel_values=pictures(np.array(frame.rgb), return_tensors="pt")["pixel_values"],
                classes_input_ids=classes["input_ids"],
                classes_attention_mask=classes["attention_mask"],
                tasks_input_ids=task["input_ids"],
                tasks_attention_mask=task["attention_mask"],
                classes_structure=torch.tensor([len(LABELS)]),
            )
        x, y, w, h = (out.decoder_coord_logits[0] * 1.0).unbind(-1)
        boxes = torch.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2), dim=-1)
        boxes = boxes * torch.tensor([frame.width, frame.height] * 2)
        scores = out.decoder_class_logits[0].sigmoid()
        assert_same(detector.look(frame, LABELS), boxes, scores, frame)
