"""The full-size models of the benchmarks: what is cheap to check of them."""

import runpy
from pathlib import Path

import pytest

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders import GROUNDERS
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters import SEGMENTERS, build_segmenter

pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")

SCRIPT = Path(__file__).parents[2] / "benchmarks/random_models.py"
pytestmark = pytest.mark.skipif(
    not SCRIPT.is_file(), reason="an installed package has no benchmarks"
)


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(SCRIPT))


def test_there_is_one_for_every_card(script):
    assert set(script["MODELS"]) == set(CARDS)
    assert set(script["MODELS"]) <= set(GROUNDERS) | set(SEGMENTERS)


def test_the_smallest_is_loaded_as_real_weights_are(script, tmp_path):
    script["write"]("edgetam", tmp_path)
    parameters = PerceptionParameters(segmenter="edgetam", weights=str(tmp_path), device="cpu")
    model = build_segmenter(parameters, SupportPlanes())._model
    backbone = sum(weight.numel() for weight in model.vision_encoder.backbone.parameters())
    assert backbone == 4_713_712
    assert model.config.prompt_encoder_config.image_size == 1024


def test_the_tokenizers_have_the_published_sizes_and_know_the_phrases(script, tmp_path):
    from transformers import AutoTokenizer

    for kind in ("bert", "clip"):
        (tmp_path / kind).mkdir()
    (tmp_path / "bert/config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "clip/config.json").write_text('{"model_type": "clip"}')
    script["_bert_tokenizer"](tmp_path / "bert")
    script["_clip_tokenizer"](tmp_path / "clip", length=16, pad="!")
    bert, clip = (AutoTokenizer.from_pretrained(tmp_path / kind) for kind in ("bert", "clip"))
    assert (len(bert), len(clip)) == (30522, 49408)
    ids = bert("red mug.").input_ids
    assert (ids[0], *ids[-2:]) == (101, 1012, 102)
    assert len(ids) == 5
    ids = clip("red mug").input_ids
    assert (ids[0], ids[-1], len(ids)) == (49406, 49407, 8)
    for phrase in script["PHRASES"]:
        assert bert.unk_token_id not in bert(phrase).input_ids
        assert clip.decode(clip(phrase).input_ids, skip_special_tokens=True).strip() == phrase
