"""The models that can be used, one row each; `models/<name>.md` is made from this table.

No model hub could be reached when this was written: names, sizes and licences are what the authors
state, and every revision is "main", for which `grounding-ros models pull` records the commit.
"""

from __future__ import annotations

from grounding_ros.perception.models.card import ModelCard

_APACHE = "Apache-2.0"
_WEIGHTS = ("config.json", "model.safetensors")
_MODEL = (*_WEIGHTS, "preprocessor_config.json")
_BERT = (*_MODEL, "tokenizer.json", "tokenizer_config.json")
_CLIP = (*_MODEL, "tokenizer_config.json", "vocab.json", "merges.txt")
_SENTENCE = (
    "All phrases of an instruction are asked in one text: lower case, each ended by a full stop.",
    "At most 256 word pieces a text; more phrases take more passes.",
    "Nouns with attributes; relations, ordinals and superlatives are the program's work.",
)
_SINGLE = (
    "Each phrase is a text of its own, at most 16 word pieces; what is longer is cut.",
    "Nouns with attributes; relations, ordinals and superlatives are the program's work.",
)
_BOXES = ("Boxes and points in pixels; no text.",)

_ROWS = (
    ModelCard(
        name="grounding_dino",
        family="Grounding DINO (Swin-T)",
        hub_id="IDEA-Research/grounding-dino-tiny",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="Phrases with attributes, boxes that fit well; the usual choice on a GPU.",
        memory="172 million parameters, 0.7 GB in float32.",
        prompt_rules=_SENTENCE,
        files=_BERT,
    ),
    ModelCard(
        name="mm_grounding_dino",
        family="MM-Grounding-DINO (Swin-T)",
        hub_id="openmmlab-community/mm_grounding_dino_tiny_o365v1_goldg_v3det",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="As Grounding DINO, trained openly on more data; finds rare things more often.",
        memory="172 million parameters, 0.7 GB in float32.",
        prompt_rules=_SENTENCE,
        files=_BERT,
    ),
    ModelCard(
        name="llmdet",
        family="LLMDet (Swin-T)",
        hub_id="iSEE-Laboratory/llmdet_tiny",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="As MM-Grounding-DINO, trained with long captions; the best of the three on LVIS.",
        memory="172 million parameters, 0.7 GB in float32.",
        prompt_rules=_SENTENCE,
        files=_BERT,
    ),
    ModelCard(
        name="owlv2",
        family="OWLv2 (ViT-B/16)",
        hub_id="google/owlv2-base-patch16-ensemble",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="A new phrase on a known frame costs next to nothing; finds by an example too.",
        memory="155 million parameters, 0.6 GB in float32.",
        prompt_rules=_SINGLE,
        files=_CLIP,
    ),
    ModelCard(
        name="owlvit",
        family="OWL-ViT (ViT-B/32)",
        hub_id="google/owlvit-base-patch32",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="The lightest of the open-vocabulary detectors: small boards, a CPU.",
        memory="153 million parameters, 0.6 GB in float32.",
        prompt_rules=_SINGLE,
        files=_CLIP,
    ),
    ModelCard(
        name="omdet_turbo",
        family="OmDet-Turbo (Swin-T)",
        hub_id="omlab/omdet-turbo-swin-tiny-hf",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="Camera rate with phrases that stay the same: the texts are encoded once.",
        memory="115 million parameters, 0.5 GB in float32.",
        prompt_rules=(
            "Each phrase is a class of its own; the task text is made of all of them.",
            "Nouns with attributes; relations, ordinals and superlatives are the program's work.",
        ),
        files=_CLIP,
    ),
    ModelCard(
        name="sam3",
        family="SAM 3",
        hub_id="facebook/sam3",
        revision="main",
        licence="SAM License",
        notice="SAM License: no military, nuclear or weapons use, none that ITAR governs; pass it "
        "on only under the same terms. The weights are gated: accept the terms on the hub first.",
        good_for="Boxes, masks and whether the thing is there at all, from one model.",
        memory="840 million parameters, 3.4 GB in float32.",
        prompt_rules=(
            "A short noun phrase, at most 32 word pieces; one phrase a pass.",
            "Relations, ordinals and superlatives are the program's work.",
        ),
        files=(*_WEIGHTS, "tokenizer.json", "tokenizer_config.json"),
    ),
    ModelCard(
        name="clipseg",
        family="CLIPSeg (ViT-B/16)",
        hub_id="CIDAS/clipseg-rd64-refined",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="Where in the picture a phrase is, as a heat map; stuff without clear borders.",
        memory="151 million parameters, 0.6 GB in float32.",
        prompt_rules=("Each phrase is a text of its own, at most 77 word pieces.",),
        files=_CLIP,
    ),
    ModelCard(
        name="sam",
        family="SAM (ViT-B)",
        hub_id="facebook/sam-vit-base",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="Masks from boxes and points; the most widely tried segmenter, and the slowest.",
        memory="94 million parameters, 0.4 GB in float32.",
        prompt_rules=_BOXES,
        files=_MODEL,
    ),
    ModelCard(
        name="sam2",
        family="SAM 2.1 (Hiera-T)",
        hub_id="facebook/sam2.1-hiera-tiny",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="Masks from boxes and points; the usual partner of a detector on a GPU.",
        memory="39 million parameters, 0.2 GB in float32; 31 million of them for pictures.",
        prompt_rules=_BOXES,
        files=_MODEL,
    ),
    ModelCard(
        name="edgetam",
        family="EdgeTAM",
        hub_id="yonigozlan/EdgeTAM-hf",
        revision="main",
        licence=_APACHE,
        notice="",
        good_for="As SAM 2, for small boards.",
        memory="14 million parameters, 0.1 GB in float32.",
        prompt_rules=_BOXES,
        files=_WEIGHTS,
    ),
)

CARDS: dict[str, ModelCard] = {card.name: card for card in _ROWS}
"""Model card by backend name."""
