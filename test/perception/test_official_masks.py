"""With equal random weights, our steps give what the authors' processors give, on real pictures.

The processors of SAM and CLIPSeg are run where Pillow is there. Those of SAM 2, EdgeTAM and SAM 3
need torchvision; their steps are written out here, in NumPy and OpenCV, from their sources in
transformers 5.23.
"""

import json

import cv2
import numpy as np
import pytest
import real_pictures

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters import build_segmenter

torch = pytest.importorskip("torch", reason="needs the extra models")
transformers = pytest.importorskip("transformers", reason="needs the extra models")

import tiny_masks  # noqa: E402

TEXTS = ["dog", "red mug", "a box of apples"]
IMAGENET = (np.array(tiny_masks.MEAN), np.array(tiny_masks.STD))
HALF = (np.full(3, 0.5), np.full(3, 0.5))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    for name in ("sam", "sam2", "edgetam", "sam3", "clipseg"):
        getattr(tiny_masks, name)(root / name)
    return root


@pytest.fixture(scope="module")
def frames():
    return real_pictures.frames()


def parameters(name, store, **changes):
    kind = "segmenter" if name in ("sam", "sam2", "edgetam") else "grounder"
    return PerceptionParameters(weights=str(store), device="cpu", **{kind: name}, **changes)


def boxes_in(frame):
    """The middle, the upper left and the lower right of a picture, xyxy pixels."""
    parts = np.array([[0.25, 0.25, 0.75, 0.75], [0, 0, 0.5, 0.4], [0.4, 0.5, 1, 1]])
    return (parts * ([frame.width, frame.height] * 2)).astype(np.float32)


def best_of(out):
    """The proposal (n, h, w) of each prompt that the model trusts most."""
    best = out.iou_scores[0].argmax(-1)
    return torch.stack([masks[at] for masks, at in zip(out.pred_masks[0], best, strict=True)])


def same(first, second):
    """Masks overlap by 99 % or more; those of random weights are borders all over."""
    shared, union = (first & second).sum((1, 2)), (first | second).sum((1, 2))
    assert (shared >= 0.99 * union).all(), shared / np.maximum(union, 1)


def resized(rgb, height, width):
    """Bilinear with the kernel widened where it shrinks, as Pillow and torchvision resize."""
    rows, columns = (_kernel(*sides) for sides in ((rgb.shape[0], height), (rgb.shape[1], width)))
    across = np.rint(np.tensordot(columns, rgb.astype(float), (1, 1)))  # (width, before, 3)
    return np.rint(np.tensordot(rows, across, (1, 1)))


def _kernel(before, after):
    at = (np.arange(after) + 0.5) * before / after
    distance = np.abs(np.arange(before) + 0.5 - at[:, None]) / max(before / after, 1)
    weights = np.clip(1 - distance, 0, None)
    return weights / weights.sum(axis=1, keepdims=True)


def stretched(frame, side, look):
    """A picture made square, normalised: (1, 3, side, side)."""
    pixels = (resized(frame.rgb, side, side) / 255 - look[0]) / look[1]
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None].astype(np.float32))


def enlarged(maps, frame):
    """Maps (n, h, w) at the size of the picture."""
    size = (frame.width, frame.height)
    return np.array([cv2.resize(row, size, interpolation=cv2.INTER_LINEAR) for row in maps])


def test_sam_as_its_processor(store, frames):
    pytest.importorskip("PIL", reason="transformers' processors need Pillow")
    processor = transformers.SamProcessor(
        transformers.SamImageProcessorPil.from_pretrained(store / "sam")
    )
    model = transformers.SamModel.from_pretrained(store / "sam").eval()
    ours = build_segmenter(parameters("sam", store), SupportPlanes())
    for frame in frames:
        boxes = boxes_in(frame)
        inputs = processor(frame.rgb, input_boxes=[boxes.tolist()], return_tensors="pt")
        sizes = inputs.pop("original_sizes"), inputs.pop("reshaped_input_sizes")
        with torch.no_grad():
            out = model(**{name: value.float() for name, value in inputs.items()})
        masks = processor.post_process_masks([best_of(out)[None]], *sizes)[0][0].numpy()
        same(masks, ours.of_boxes(frame, boxes))


@pytest.mark.parametrize("name", ["sam2", "edgetam"])
def test_sam2_as_its_processor_is_documented(name, store, frames):
    ours = build_segmenter(parameters(name, store), SupportPlanes())
    side = tiny_masks.SIDE
    for frame in frames:
        boxes = boxes_in(frame)
        prompts = boxes * ([side / frame.width, side / frame.height] * 2)
        with torch.no_grad():
            out = ours._model(
                pixel_values=stretched(frame, side, IMAGENET),
                input_boxes=torch.from_numpy(prompts.astype(np.float32))[None],
            )
        same(enlarged(best_of(out).numpy(), frame) > 0, ours.of_boxes(frame, boxes))


def test_sam3_as_its_processor_is_documented(store, frames):
    ours = build_grounder(parameters("sam3", store, score_threshold=0.05), SupportPlanes())
    tokenizer = transformers.AutoTokenizer.from_pretrained(store / "sam3")
    for frame in frames:
        seen = ours.look(frame, TEXTS)
        masks = seen.masks(np.arange(len(seen.found.boxes)))
        row = 0
        for column, text in enumerate(TEXTS):
            tokens = tokenizer(text, padding="max_length", max_length=32, return_tensors="pt")
            with torch.no_grad():
                out = ours._model(
                    pixel_values=stretched(frame, 56, HALF),
                    input_ids=tokens.input_ids,
                    attention_mask=tokens.attention_mask,
                )
            presence = 1 / (1 + np.exp(-out.presence_logits[0].numpy()))
            scores = presence / (1 + np.exp(-out.pred_logits[0].numpy()))
            keep = scores > 0.05
            rows = slice(row, row + keep.sum())
            row += keep.sum()
            assert seen.presence[column] == pytest.approx(presence[0], abs=1e-3)
            assert seen.found.scores[rows, column] == pytest.approx(scores[keep], abs=1e-3)
            edges = [frame.width, frame.height] * 2
            boxes = np.clip(out.pred_boxes[0].numpy()[keep] * edges, 0, edges)
            assert np.abs(seen.found.boxes[rows] - boxes).max() < 0.5
            heat = 1 / (1 + np.exp(-out.pred_masks[0].numpy()[keep]))
            same(enlarged(heat, frame) > 0.5, masks[rows])
        assert row == len(seen.found.boxes) > 0


def test_clipseg_as_its_processor(store, frames):
    pytest.importorskip("PIL", reason="transformers' processors need Pillow")
    said = json.loads((store / "clipseg/preprocessor_config.json").read_text())
    side = {"height": said["size"], "width": said["size"]}
    processor = transformers.CLIPSegProcessor(
        transformers.ViTImageProcessorPil(**{**said, "size": side}),
        transformers.AutoTokenizer.from_pretrained(store / "clipseg"),
    )
    model = transformers.CLIPSegForImageSegmentation.from_pretrained(store / "clipseg").eval()
    ours = build_grounder(parameters("clipseg", store), SupportPlanes())
    for frame in frames:
        inputs = processor(
            text=TEXTS, images=[frame.rgb] * len(TEXTS), padding=True, return_tensors="pt"
        )
        with torch.no_grad():
            heat = model(**inputs).logits.sigmoid().numpy()
        assert np.abs(ours.heat(frame, TEXTS) - enlarged(heat, frame)).max() < 1e-3
