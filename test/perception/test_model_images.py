"""Pictures as models want them, against laws and against the authors' processors."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.errors import BackendError

torch = pytest.importorskip("torch", reason="needs the extra models")

import real_pictures  # noqa: E402
import tiny_detectors  # noqa: E402

from grounding_ros.perception.grounders.grounding_dino import RULE as GROUNDING_DINO  # noqa: E402
from grounding_ros.perception.grounders.omdet_turbo import RULE as OMDET_TURBO  # noqa: E402
from grounding_ros.perception.grounders.owl import RULES as OWL  # noqa: E402
from grounding_ros.perception.models.device import Device  # noqa: E402
from grounding_ros.perception.models.images import Back, ImageRule, apply, corners  # noqa: E402
from grounding_ros.perception.models.resampling import pillow_weights  # noqa: E402

CPU = Device("cpu", torch.float32)
SIDES = st.integers(1, 2000)


@pytest.mark.parametrize(
    ("rule", "picture", "resized"),
    [
        (ImageRule("exact", (960, 544)), (480, 640), (960, 544)),
        (ImageRule("longest", (1024, 1024)), (480, 640), (768, 1024)),
        (ImageRule("longest", (1024, 1024)), (1200, 800), (1024, 683)),
        (ImageRule("shortest", (800, 1333)), (480, 640), (800, 1066)),
        (ImageRule("shortest", (800, 1333)), (400, 1600), (333, 1333)),
        (ImageRule("shortest", (800, 1333)), (1333, 800), (1333, 800)),
    ],
)
def test_sizes(rule, picture, resized):
    assert rule.resized(*picture) == resized


def test_the_parameter_narrows_the_input():
    assert ImageRule("shortest", (800, 1333)).within("960x544").resized(480, 640) == (544, 725)
    assert ImageRule("exact", (640, 640)).within("960x544").size == (544, 960)
    assert ImageRule("exact", (640, 640)).within("").size == (640, 640)
    for text in ("960", "x", "0x5", "960x544x3", "a x b"):
        with pytest.raises(BackendError, match=f"WIDTHxHEIGHT as 960x544, got '{text}'"):
            ImageRule("exact", (640, 640)).within(text)


def test_grey_levels_may_be_normalised_as_they_are(tmp_path):
    settings = {"do_rescale": False, "image_mean": [51, 0, 255], "image_std": [255, 51, 102]}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings), "utf-8")
    rule = ImageRule("exact", (2, 2)).read(tmp_path)
    assert (rule.mean, rule.std) == ((0.2, 0.0, 1.0), (1.0, 0.2, 0.4))
    pixels, _ = apply(rule, np.full((2, 2, 3), 102, np.uint8), CPU)
    assert pixels[0, :, 0, 0].tolist() == pytest.approx([0.2, 2.0, -1.5])


def test_settings_that_cannot_be_read_are_refused(tmp_path):
    assert ImageRule("exact", (2, 2)).read(tmp_path) == ImageRule("exact", (2, 2))
    (tmp_path / "preprocessor_config.json").write_text("{", "utf-8")
    with pytest.raises(BackendError, match="expected a model's image settings"):
        ImageRule("exact", (2, 2)).read(tmp_path)


@pytest.mark.parametrize(
    "rule",
    [
        ImageRule("exact", (32, 48)),
        ImageRule("shortest", (32, 60)),
        ImageRule("exact", (32, 32), "square_first", antialias="scipy"),
        ImageRule("longest", (32, 32), "square_last"),
    ],
    ids=lambda rule: f"{rule.policy}-{rule.pad}",
)
@pytest.mark.parametrize("size", [(40, 70), (70, 40), (20, 20)])
def test_a_bright_rectangle_is_where_the_way_back_says(rule, size):
    """Its box in the model's input, taken back, is its box in the picture, to a pixel."""
    picture = np.zeros((*size, 3), np.uint8)
    picture[5:15, 8:18] = 255
    pixels, back = apply(rule, picture, CPU)
    # what is filled up may be darker or brighter than black
    low, high = (float(pixels.new_tensor(level)) for level in (-rule.mean[0], 1 - rule.mean[0]))
    bright = pixels[0, 0] * rule.std[0] > (low + high) / 2
    bright[int(np.ceil(back.filled[0])) :] = False
    bright[:, int(np.ceil(back.filled[1])) :] = False
    rows, columns = torch.where(bright)
    box = torch.stack((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)).float()
    unit = max(size[0] / back.filled[0], size[1] / back.filled[1], 1)
    assert back.from_input(box).tolist() == pytest.approx([8, 5, 18, 15], abs=unit)
    height, width = back.input_size
    relative = box / torch.tensor((width, height, width, height))
    assert back.from_relative(relative).tolist() == pytest.approx(back.from_input(box).tolist())


@given(SIDES, SIDES, SIDES, SIDES, st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_there_and_back_is_the_same_box(height, width, rows, columns, parts):
    back = Back((height, width), (rows, columns), (rows, columns))
    box = torch.tensor(parts) * torch.tensor((width, height, width, height))
    again = back.from_input(back.to_input(box))
    assert again.tolist() == pytest.approx(box.tolist(), rel=1e-4, abs=1e-3)


@given(st.lists(st.floats(-2, 3), min_size=4, max_size=4), SIDES, SIDES)
def test_boxes_are_cut_to_the_picture(relative, height, width):
    back = Back((height, width), (7, 9), (7, 9))
    x0, y0, x1, y1 = back.from_relative(torch.tensor(relative)).tolist()
    assert min(x0, x1) >= 0 and max(x0, x1) <= width
    assert min(y0, y1) >= 0 and max(y0, y1) <= height


def test_a_picture_at_half_the_size_is_a_mean_with_a_triangle():
    """Four pixels to two: 1, 3, 3, 1 eighths, and 3, 3, 1 sevenths where one is over the edge."""
    columns, weights = pillow_weights(4, 2, "bilinear")
    dense = np.zeros((2, 4))
    for row in range(2):
        np.add.at(dense[row], columns[row], weights[row])
    expected = np.array([[3, 3, 1, 0], [0, 1, 3, 3]]) / 7
    assert dense / 2**22 == pytest.approx(expected, abs=1e-6)


@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from(["bilinear", "bicubic"]))
def test_a_grey_picture_stays_as_grey(before, after, interpolation):
    """Weights that are rounded still add up, whatever the sizes."""
    columns, weights = pillow_weights(before, after, interpolation)
    assert columns.min() >= 0 and columns.max() < before
    grey = (weights.sum(axis=1, dtype=np.int64) * 200 + (1 << 21)) >> 22
    assert (grey == 200).all()


def test_corners_of_a_centre_and_a_size():
    assert corners(torch.tensor([0.5, 0.4, 0.2, 0.6])).tolist() == pytest.approx(
        [0.4, 0.1, 0.6, 0.7]
    )


@pytest.mark.parametrize(
    ("rule", "processor", "settings"),
    [
        (GROUNDING_DINO, "GroundingDinoImageProcessorPil", tiny_detectors.GROUNDING_DINO),
        (OWL["owlvit"], "OwlViTImageProcessorPil", tiny_detectors.OWL),
        (OWL["owlv2"], "Owlv2ImageProcessorPil", tiny_detectors.OWL),
        (OMDET_TURBO, "DetrImageProcessorPil", {**tiny_detectors.OMDET_TURBO, "do_pad": False}),
    ],
    ids=["grounding_dino", "owlvit", "owlv2", "omdet_turbo"],
)
def test_pictures_are_those_of_the_authors_processors(rule, processor, settings, tmp_path):
    """To the grey level where Pillow resizes; OWLv2's are not rounded."""
    pytest.importorskip("PIL", reason="the authors' processors need Pillow")
    if processor.startswith("Owlv2"):
        pytest.importorskip("scipy", reason="the processor of OWLv2 needs scipy")
    transformers = pytest.importorskip("transformers", reason="needs the extra models")
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings), "utf-8")
    official = getattr(transformers, processor)(**settings)
    rule = rule.read(tmp_path)
    for frame in real_pictures.frames():
        expected = official(images=np.array(frame.rgb), return_tensors="pt")["pixel_values"]
        pixels, _ = apply(rule, frame.rgb, CPU)
        assert pixels.shape == expected.shape
        levels = (pixels - expected).abs() * torch.tensor(rule.std).view(1, 3, 1, 1) * 255
        assert levels.max() < (0.05 if processor.startswith("Owlv2") else 1e-4)
