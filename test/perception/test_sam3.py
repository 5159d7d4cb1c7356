"""SAM 3 from a tiny checkpoint, whose random weights test the wiring, and from hand-made logits."""

import logging
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
import real_pictures

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language import parse
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders import build_grounder
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Frame

torch = pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")

import tiny_masks  # noqa: E402

from grounding_ros.perception.grounders.sam3 import Sam3  # noqa: E402
from grounding_ros.perception.models.device import Device  # noqa: E402
from grounding_ros.perception.models.images import ImageRule  # noqa: E402

MUG, RED_MUG = Phrase("mug", "mug"), Phrase("the red mug", "mug", ("red",))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    tiny_masks.sam3(root / "sam3")
    return root


@pytest.fixture(scope="module")
def frame():
    return real_pictures.frames()[2]


def parameters(store, **changes):
    changes = {"score_threshold": 0.02, **changes}
    return PerceptionParameters(grounder="sam3", weights=str(store), device="cpu", **changes)


def build(store, **changes):
    return build_grounder(parameters(store, **changes), SupportPlanes())


def test_random_weights_go_through_the_pipeline(store, frame, caplog):
    with caplog.at_level(logging.WARNING):
        pipeline = build_pipeline(PipelineParameters(perception=parameters(store)))
    assert "SAM License" in caplog.text
    answer = pipeline.run(frame, parse("find the mug that is not red"))
    assert answer.status not in ("failed", "not_understood"), answer.message
    found = answer.candidates
    assert len(found) > 0
    assert found.masks.shape == (len(found), frame.height, frame.width)
    assert found.masks.any()
    assert set(found.labels) <= {"mug", "red mug"}


def test_picture_and_texts_are_encoded_once(store, frame):
    grounder = build(store)
    first = grounder.ground(frame, [MUG, RED_MUG])
    assert (grounder.encoded.hits, grounder.texts.computed) == (0, 2)
    again = grounder.ground(frame, [RED_MUG, Phrase("box", "box"), MUG])
    assert (grounder.encoded.hits, grounder.texts.computed) == (1, 3)
    assert np.array_equal(again.matches[:, 2].max(initial=0), first.matches[:, 0].max(initial=0))


def test_phrases_asked_together_do_not_change_each_other(store, frame):
    grounder = build(store)
    texts = ["mug", "red mug", "box", "dog", "a very long cat"]
    together = grounder.look(frame, texts)
    assert together.presence.shape == (5,)
    for column, text in enumerate(texts):
        alone = grounder.look(frame, [text])
        rows = together.found.scores[:, column] > 0
        assert together.presence[column] == pytest.approx(alone.presence[0], abs=1e-5)
        assert together.found.scores[rows, column] == pytest.approx(
            alone.found.scores[:, 0], abs=1e-5
        )


def test_no_phrase_is_no_object(store, frame):
    found = build(store).ground(frame, [])
    assert len(found) == 0
    assert found.masks.shape == (0, frame.height, frame.width)


def test_another_size_of_input_is_refused(store):
    with pytest.raises(BackendError, match="sam3: expected no image_size"):
        build(store, image_size="640x480")


LOGIT_3_OF_4 = float(np.log(3))  # a sigmoid of 0.75


class Planned:
    """Two instances a text: the left half (score 0.75) and the right (0.5); "ghost" is absent."""

    config = SimpleNamespace(text_config=SimpleNamespace(max_position_embeddings=8))

    def __init__(self, most=4):
        self.most = most
        self.asked = []

    def get_vision_features(self, pixels):
        return SimpleNamespace(fpn_hidden_states=[pixels], fpn_position_encoding=[pixels])

    def get_text_features(self, input_ids, attention_mask):
        assert attention_mask.shape == input_ids.shape
        return SimpleNamespace(pooler_output=input_ids[..., None].float())

    def __call__(self, vision_embeds, text_embeds, attention_mask):
        count = len(text_embeds.pooler_output)
        assert vision_embeds.fpn_hidden_states[0].shape[0] == count == len(attention_mask)
        self.asked.append(count)
        if count > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        left = torch.tensor([[1.0, 1, -1, -1]]).expand(4, 4)
        there = text_embeds.pooler_output[:, 0, 0] != ord("g")
        return SimpleNamespace(
            pred_logits=torch.tensor([[LOGIT_3_OF_4, 0.0]]).expand(count, 2),
            pred_boxes=torch.tensor([[[0.0, 0, 0.5, 1], [0.5, 0, 1, 1]]]).expand(count, 2, 4),
            pred_masks=torch.stack([left, -left]).expand(count, 2, 4, 4),
            presence_logits=torch.where(there, 40.0, -LOGIT_3_OF_4)[:, None],
        )


class Letters:
    """One token a letter."""

    def __call__(self, texts, padding, truncation, max_length, return_tensors):
        rows = [[ord(letter) for letter in text[:max_length]] for text in texts]
        ids = torch.tensor([row + [0] * (max_length - len(row)) for row in rows])
        tokens = SimpleNamespace(input_ids=ids, attention_mask=(ids > 0).long())
        tokens.to = lambda device: tokens
        return tokens


def planned(most=4, threshold=0.3):
    model = Planned(most)
    rule = ImageRule("exact", (4, 4))
    device = Device("cpu", torch.float32)
    return model, Sam3(model, Letters(), rule, device, threshold=threshold)


def test_a_score_is_that_of_the_instance_times_that_of_the_presence():
    _, grounder = planned(threshold=0.1)
    seen = grounder.look(Frame(np.zeros((4, 8, 3), np.uint8)), ["mug", "ghost"])
    assert seen.presence == pytest.approx([1.0, 0.25])
    expected = [[0.75, 0], [0.5, 0], [0, 0.1875], [0, 0.125]]
    assert seen.found.scores == pytest.approx(np.array(expected))
    assert seen.found.boxes.tolist() == [[0, 0, 4, 4], [4, 0, 8, 4]] * 2
    masks = seen.masks(np.array([1, 0]))
    assert masks.sum(axis=(1, 2)).tolist() == [16, 16]
    assert masks[1, :, :4].all()
    assert masks[0, :, 4:].all()


def test_what_is_absent_is_not_found_however_alike():
    _, grounder = planned()
    found = grounder.ground(
        Frame(np.zeros((4, 8, 3), np.uint8)), [Phrase("mug", "mug"), Phrase("ghost", "ghost")]
    )
    assert found.labels == ("mug", "mug")
    assert (found.matches[:, 0] > 0).all()
    assert not found.matches[:, 1].any()


def test_closing_gives_the_memory_back():
    model, grounder = planned()
    grounder.look(Frame(np.zeros((4, 8, 3), np.uint8)), ["a"])
    last = weakref.ref(model)
    del model
    assert last() is not None
    grounder.close()
    assert last() is None


def test_fewer_texts_at_a_time_when_memory_runs_out():
    model, grounder = planned(most=1)
    frame = Frame(np.zeros((4, 8, 3), np.uint8))
    assert len(grounder.look(frame, ["a", "b", "c"]).presence) == 3
    assert model.asked == [3, 2, 1, 1, 1]
    model.most = 0
    with pytest.raises(BackendError, match=r"memory for 0\.25 of 4 texts at a time"):
        grounder.look(frame, ["d"])


def test_bfloat16_scores_and_places_alike(store, frame, monkeypatch):
    """What runs in bfloat16 on a GPU is run so on the CPU, where no user would."""
    full = build(store, score_threshold=1e-4).look(frame, ["mug"])
    monkeypatch.setattr(Device, "of", lambda parameters: Device("cpu", torch.bfloat16))
    half = build(store, score_threshold=1e-4).look(frame, ["mug"])
    assert half.found.scores == pytest.approx(full.found.scores, abs=0.02)
    assert np.abs(half.found.boxes - full.found.boxes).max() < 0.02 * frame.width
