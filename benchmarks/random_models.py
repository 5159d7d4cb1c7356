"""The models of the table at full size with random weights, written as their authors publish them.

    python benchmarks/random_models.py FOLDER [NAME...]

Speed and memory do not depend on the weights, what is found does: nothing here says how well a
model sees. Every NAME gets its folder in FOLDER, which `perception.weights` can name; without
NAME all are written (6 GB). Settings are the published ones; tokenizers have the published size
and special ids, but know only the words of PHRASES, other words are spelt.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers

PHRASES = (
    "red mug", "blue box", "green bottle", "yellow banana", "white plate", "black remote",
    "orange", "bowl", "silver spoon", "toy car", "wooden block", "book", "glass jar",
    "paper cup", "pair of scissors", "phone",
)  # fmt: skip
"""Sixteen things a robot may be told of."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'-"
_IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
_CLIP = {
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
}
_HALF = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
_BILINEAR, _BICUBIC = 2, 3  # as Pillow numbers them
_SWIN_T = {
    "embed_dim": 96,
    "depths": [2, 2, 6, 2],
    "num_heads": [3, 6, 12, 24],
    "window_size": 7,
    "out_indices": [2, 3, 4],
}


def write(name: str, root: Path) -> Path:
    """Write a model with random weights to `root`/`name`, and return that folder."""
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    MODELS[name](folder)
    return folder


def _dino(kind: str) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        config = getattr(transformers, f"{kind}Config")(
            backbone_config=transformers.SwinConfig(**_SWIN_T),
            text_config=transformers.BertConfig(),
        )
        getattr(transformers, f"{kind}ForObjectDetection")(config).save_pretrained(folder)
        _bert_tokenizer(folder)
        size = {"shortest_edge": 800, "longest_edge": 1333}
        _picture(folder, size=size, resample=_BILINEAR, **_IMAGENET)

    return build


def _owlv2(folder: Path) -> None:
    config = transformers.Owlv2Config(vision_config={"image_size": 960, "patch_size": 16})
    transformers.Owlv2ForObjectDetection(config).save_pretrained(folder)
    _clip_tokenizer(folder, length=16, pad="!")
    _picture(folder, size=_square(960), resample=_BILINEAR, **_CLIP)


def _owlvit(folder: Path) -> None:
    config = transformers.OwlViTConfig(vision_config={"image_size": 768, "patch_size": 32})
    transformers.OwlViTForObjectDetection(config).save_pretrained(folder)
    _clip_tokenizer(folder, length=16, pad="!")
    _picture(folder, size=_square(768), resample=_BICUBIC, **_CLIP)


def _omdet_turbo(folder: Path) -> None:
    config = transformers.OmDetTurboConfig(
        backbone_config=transformers.SwinConfig(image_size=640, **_SWIN_T),
        apply_layernorm_after_vision_backbone=False,
    )
    transformers.OmDetTurboForObjectDetection(config).save_pretrained(folder)
    _clip_tokenizer(folder, length=77, pad="!")
    grey = {"image_mean": [123.675, 116.28, 103.53], "image_std": [58.395, 57.12, 57.375]}
    _picture(folder, size=_square(640), resample=_BILINEAR, do_rescale=False, **grey)


def _sam3(folder: Path) -> None:
    transformers.Sam3Model(transformers.Sam3Config()).save_pretrained(folder)
    _clip_tokenizer(folder, length=32, pad="<|endoftext|>")
    _picture(folder, size=_square(1008), resample=_BILINEAR, **_HALF)


def _clipseg(folder: Path) -> None:
    config = transformers.CLIPSegConfig(
        vision_config={"patch_size": 16}, use_complex_transposed_convolution=True
    )
    transformers.CLIPSegForImageSegmentation(config).save_pretrained(folder)
    _clip_tokenizer(folder, length=77, pad="<|endoftext|>")
    _picture(folder, size=_square(352), resample=_BILINEAR, **_IMAGENET)


def _sam(folder: Path) -> None:
    transformers.SamModel(transformers.SamConfig()).save_pretrained(folder)
    sides = {"size": {"longest_edge": 1024}, "pad_size": _square(1024)}
    _picture(folder, resample=_BILINEAR, **sides, **_IMAGENET)


def _sam2(folder: Path) -> None:
    transformers.Sam2Model(transformers.Sam2Config()).save_pretrained(folder)
    _picture(folder, size=_square(1024), resample=_BILINEAR, **_IMAGENET)


def _edgetam(folder: Path) -> None:
    from grounding_ros.perception.segmenters.edgetam import edgetam_config

    said = {
        "model_type": "edgetam",
        "vision_config": {
            "model_type": "edgetam_vision_model",
            "backbone_config": {
                "model_type": "timm_wrapper",
                "architecture": "timm/repvit_m1.dist_in1k",
                "model_args": {"in_chans": 3, "features_only": True, "out_indices": [0, 1, 2, 3]},
            },
        },
    }
    file = folder / "config.json"
    file.write_text(json.dumps(said), "utf-8")
    transformers.EdgeTamModel(edgetam_config(folder)).save_pretrained(folder)
    file.write_text(json.dumps(said), "utf-8")  # the one that names timm's network again
    _picture(folder, size=_square(1024), resample=_BILINEAR, **_IMAGENET)


MODELS: dict[str, Callable[[Path], None]] = {
    "grounding_dino": _dino("GroundingDino"),
    "mm_grounding_dino": _dino("MMGroundingDino"),
    "llmdet": _dino("MMGroundingDino"),
    "owlv2": _owlv2,
    "owlvit": _owlvit,
    "omdet_turbo": _omdet_turbo,
    "sam3": _sam3,
    "clipseg": _clipseg,
    "sam": _sam,
    "sam2": _sam2,
    "edgetam": _edgetam,
}
"""What writes each model, by the name of its backend."""


def _square(side: int) -> dict[str, int]:
    return {"height": side, "width": side}


def _picture(folder: Path, **settings: Any) -> None:
    (folder / "preprocessor_config.json").write_text(json.dumps(settings), "utf-8")


def _bert_tokenizer(folder: Path) -> None:
    """30,522 rows with the special tokens of bert-base-uncased in their places."""
    rows = [f"[unused{row}]" for row in range(30522)]
    places = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]"}
    for row, token in {**places, 1012: ".", 1029: "?"}.items():
        rows[row] = token
    words = sorted({word for phrase in PHRASES for word in (*phrase.split(), "object")})
    known = [*words, *_LETTERS[:36], *(f"##{letter}" for letter in _LETTERS[:36])]
    rows[2000 : 2000 + len(known)] = known
    file = folder / "vocab.txt"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    transformers.BertTokenizer(vocab=str(file)).save_pretrained(folder)


def _clip_tokenizer(folder: Path, length: int, pad: str) -> None:
    """49,408 rows, the last two of which begin and end a text; words are spelt."""
    rows = ["!", *(row for row in _LETTERS if row != "!"), *(f"{row}</w>" for row in _LETTERS)]
    rows += [f"<|unused{row}|>" for row in range(49406 - len(rows))]
    rows += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {row: number for number, row in enumerate(rows)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", "utf-8")
    transformers.CLIPTokenizer(
        vocab=vocabulary, merges=[], pad_token=pad, model_max_length=length
    ).save_pretrained(folder)


def main() -> None:
    """Write what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", choices=[*MODELS, []], metavar="NAME")
    arguments = parser.parse_args()
    for name in arguments.names or MODELS:
        start = time.perf_counter()
        folder = write(name, arguments.folder)
        size = sum(file.stat().st_size for file in folder.iterdir())
        print(f"{name}: {size / 1e6:.0f} MB, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
