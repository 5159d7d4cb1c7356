"""CLIPSeg from a tiny checkpoint, whose random weights test the wiring; regions of drawn heat."""

import numpy as np
import pytest
import real_pictures
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language import parse
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.grounders.heat_regions import regions_of
from grounding_ros.perception.grounders.text_features import TextFeatures
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    pytest.importorskip("torch", reason="needs the extra models")
    pytest.importorskip("transformers", reason="needs the extra models")
    import tiny_masks

    root = tmp_path_factory.mktemp("weights")
    tiny_masks.clipseg(root / "clipseg")
    return root


@pytest.fixture(scope="module")
def frame():
    return real_pictures.frames()[2]


def parameters(store, **changes):
    return PerceptionParameters(grounder="clipseg", weights=str(store), device="cpu", **changes)


def build(store, **changes):
    return build_grounder(parameters(store, **changes), SupportPlanes())


def test_random_weights_go_through_the_pipeline(store, frame):
    heat = build(store).heat(frame, ["mug"])
    middle = float(np.median(heat))  # so that half of the picture is above it
    perception = parameters(store, score_threshold=middle)
    pipeline = build_pipeline(PipelineParameters(perception=perception))
    answer = pipeline.run(frame, parse("find the mug"))
    assert answer.status not in ("failed", "not_understood"), answer.message
    found = answer.candidates
    assert len(found) > 0
    assert found.masks.shape == (len(found), frame.height, frame.width)
    assert not (found.masks & (heat[0] < middle - 1e-6)).any()


def test_picture_and_texts_are_encoded_once(store, frame):
    grounder = build(store)
    first = grounder.heat(frame, ["mug", "box"])
    assert (grounder.encoded.hits, grounder.texts.computed) == (0, 2)
    again = grounder.heat(frame, ["box", "red dog", "mug"])
    assert (grounder.encoded.hits, grounder.texts.computed) == (1, 3)
    assert np.abs(again[[2, 0]] - first).max() < 1e-5


def test_more_texts_than_fit_one_pass_give_what_each_gives_alone(store, frame):
    grounder = build(store)
    texts = [f"mug {letter}" for letter in "abcdefghi"]
    together = grounder.heat(frame, texts)
    assert together.shape == (9, frame.height, frame.width)
    for row in (0, 7, 8):
        assert np.abs(grounder.heat(frame, [texts[row]])[0] - together[row]).max() < 1e-5
    assert grounder.heat(frame, []).shape == (0, frame.height, frame.width)
    assert len(grounder.ground(frame, [])) == 0


def test_its_input_is_a_square(store, frame):
    grounder = build(store, image_size="64x64")
    assert grounder.heat(frame, ["mug"]).shape == (1, frame.height, frame.width)
    with pytest.raises(BackendError, match="clipseg: expected a square image_size"):
        build(store, image_size="64x48")


def test_regions_are_connected_pixels_and_score_their_mean_heat():
    heat = np.zeros((2, 60, 80), np.float32)
    heat[0, 10:20, 10:30] = 0.8
    heat[0, 20:24, 30:40] = 0.6  # touches the corner: the same piece
    heat[0, 40:50, 60:70] = 0.5
    heat[0, 55, 5] = 0.9  # a single pixel of 4800 is noise
    heat[1, 10:20, 10:30] = 0.4
    regions = regions_of(heat, 0.5)
    assert regions.found.boxes.tolist() == [[10, 10, 40, 24], [60, 40, 70, 50]]
    larger = (200 * 0.8 + 40 * 0.6) / 240
    expected = [[larger, 200 * 0.4 / 240], [0.5, 0.0]]
    assert regions.found.scores == pytest.approx(np.array(expected), abs=1e-6)
    masks = regions.masks(np.array([1, 0]))
    assert masks.sum(axis=(1, 2)).tolist() == [100, 240]
    assert masks[0, 40:50, 60:70].all()


@given(
    arrays(np.float32, (2, 12, 15), elements=st.sampled_from([0.0, 0.25, 0.5, 0.75])),
    st.sampled_from([0.25, 0.5]),
)
def test_regions_cover_what_is_hot_once_and_their_boxes_are_tight(heat, threshold):
    regions = regions_of(heat, threshold)
    masks = regions.masks(np.arange(len(regions.pieces)))
    for text in range(2):
        cover = masks[regions.pieces[:, 0] == text].sum(axis=0)
        assert np.array_equal(cover, heat[text] >= threshold)
    for mask, box, (text, _), scores in zip(
        masks, regions.found.boxes, regions.pieces, regions.found.scores, strict=True
    ):
        rows, columns = np.nonzero(mask)
        assert box.tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert threshold <= scores[text] <= heat[text].max()


def test_an_attribute_is_judged_on_the_pixels_of_the_thing():
    """A "red mug" heat that is lower than the "mug" heat on the blue one leaves it unmatched."""
    heat = np.zeros((2, 40, 80), np.float32)
    heat[0, 10:30, 10:30], heat[0, 10:30, 50:70] = 0.7, 0.7  # "mug"
    heat[1, 10:30, 10:30], heat[1, 10:30, 50:70] = 0.9, 0.35  # "red mug"
    scores = regions_of(heat, 0.3).found.scores
    assert len(scores) == 4
    red = scores[:, 1] > scores[:, 0]
    assert red.tolist() == [True, False] * 2


def test_text_features_are_kept_for_the_texts_asked_last():
    asked = []
    texts = TextFeatures(lambda new: asked.append(tuple(new)) or [len(text) for text in new], 2)
    assert texts.of(["a", "bb", "a"]) == [1, 2, 1]
    assert texts.of(["bb", "ccc"]) == [2, 3]
    assert texts.of(["a"]) == [1]  # was the oldest and had to go
    assert asked == [("a", "bb"), ("ccc",), ("a",)]
    assert texts.computed == 4
    assert texts.of([]) == []


def test_bfloat16_heat_is_alike(store, frame, monkeypatch):
    """What runs in bfloat16 on a GPU is run so on the CPU, where no user would."""
    full = build(store).heat(frame, ["mug"])
    from grounding_ros.perception.models import device

    half = device.Device("cpu", device.torch.bfloat16)
    monkeypatch.setattr(device.Device, "of", lambda parameters: half)
    difference = np.abs(build(store).heat(frame, ["mug"]) - full)
    assert 0 < difference.mean() < 0.02
