"""How each family of models is cut into graphs, and what samples feed them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.folder import Arrays
from grounding_ros.perception.exported.modules import Decode, Detect, Encode, Patches, Text
from grounding_ros.perception.grounders import owl
from grounding_ros.perception.grounders.grounding_dino import RULE as DINO_RULE
from grounding_ros.perception.grounders.grounding_dino import marks_of
from grounding_ros.perception.grounders.token_spans import sentences
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import ImageRule, apply
from grounding_ros.perception.models.loading import load, load_tokenizer
from grounding_ros.perception.segmenters.segment_anything import FAMILIES

TEXT_LENGTH = 64
"""Word pieces of a Grounding DINO text: some 15 phrases; more take more passes."""
BOXES = 8
"""Boxes a decoder's graph takes at once; fewer are filled up."""
_TEXTS = (("object", "red box", "mug"), ("box", "can", "yellow banana", "small blue bowl"))
_DEVICE = Device("cpu", torch.float32)


@dataclass(frozen=True)
class Part:
    """One graph to be."""

    name: str
    module: Any
    """Takes and returns named tensors."""
    kinds: Mapping[str, str]
    """Output to kind, a key of parity.LIMITS."""
    inputs: Callable[[NDArray[np.uint8], int, Arrays], Arrays]
    """Of a picture, its number, and what the parts before made of it."""


@dataclass(frozen=True)
class Plan:
    """A model as graphs."""

    size: tuple[int, int]
    """(height, width) of the input, pixels."""
    parts: tuple[Part, ...]
    text_length: int = 0
    parting: tuple[int, ...] = ()


def plan_of(name: str, folder: Path, size: tuple[int, int] | None) -> Plan:
    """Return how a model is cut into graphs.

    Raises
    ------
    BackendError
        For a model that is not exported, or a size that it does not take.
    """
    maker = PLANS.get(name)
    if maker is None:
        raise BackendError(f"export: expected one of {', '.join(sorted(PLANS))}; got {name!r}")
    return maker(name, folder, size)


def fitted(rule: ImageRule, size: tuple[int, int]) -> ImageRule:
    """Return a rule for an input of exactly `size`: the aspect is kept, the rest is filled up."""
    return replace(rule, policy="fit", size=size, pad="square_last")


def text_arrays(ids: Sequence[int], length: int) -> dict[str, NDArray[np.int64]]:
    """Return token ids and their mask (1, length), zeros behind the text."""
    filled = np.zeros((1, length), np.int64)
    filled[0, : len(ids)] = ids
    return {"input_ids": filled, "attention_mask": (np.arange(length)[None] < len(ids)).astype(int)}


def shown(filled: tuple[float, float], size: tuple[int, int]) -> NDArray[np.int64]:
    """Return the mask (1, height, width) of what shows the picture, 1, and what fills up, 0."""
    mask = np.zeros((1, *size), np.int64)
    mask[:, : round(filled[0]), : round(filled[1])] = 1
    return mask


def _grounding_dino(name: str, folder: Path, size: tuple[int, int] | None) -> Plan:
    model = load(transformers.AutoModelForZeroShotObjectDetection, folder, _DEVICE)
    tokenizer = load_tokenizer(folder)
    marks = marks_of(tokenizer, model)
    length = min(TEXT_LENGTH, int(model.config.max_text_len))
    own = DINO_RULE.read(folder)
    rule = fitted(own, size or (own.size[0], own.size[1]))

    def inputs(picture: NDArray[np.uint8], number: int, made: Arrays) -> Arrays:
        pixels, back = apply(rule, picture, _DEVICE)
        texts = _TEXTS[number % len(_TEXTS)]
        ids = [tokenizer(text, add_special_tokens=False).input_ids for text in texts]
        sentence = sentences(ids, marks, length)[0]
        return {
            "pixel_values": pixels.numpy(),
            "pixel_mask": shown(back.filled, rule.size),
            **text_arrays(sentence.ids, length),
        }

    part = Part("detect", Detect(model), {"logits": "scores", "boxes": "boxes"}, inputs)
    return Plan(rule.size, (part,), length, tuple(sorted(marks.forbidden)))


def _owl(name: str, folder: Path, size: tuple[int, int] | None) -> Plan:
    model = load(transformers.AutoModelForZeroShotObjectDetection, folder, _DEVICE)
    tokenizer = load_tokenizer(folder)
    rule = owl.RULES[name].read(folder)
    rule = replace(rule, size=size or rule.size)
    patch = int(model.config.vision_config.patch_size)
    height, width = rule.size
    if height != width or height % patch:
        raise BackendError(
            f"{name}: expected a square of a multiple of {patch} pixels, got {width}x{height}"
        )

    def seen(picture: NDArray[np.uint8], number: int, made: Arrays) -> Arrays:
        return {"pixel_values": apply(rule, picture, _DEVICE)[0].numpy()}

    def read(picture: NDArray[np.uint8], number: int, made: Arrays) -> Arrays:
        return owl_text(tokenizer, _TEXTS[0][number % len(_TEXTS[0])])

    names = ("embeddings", "shift", "scale")
    kinds = {"boxes": "boxes", **dict.fromkeys(names, "features")}
    parts = (
        Part("image", Patches(model, height), kinds, seen),
        Part("text", Text(model), {"text": "features"}, read),
    )
    return Plan(rule.size, parts, owl.LENGTH)


def owl_text(tokenizer: Any, text: str) -> dict[str, NDArray[np.int64]]:
    """Return token ids and their mask (1, owl.LENGTH) of one thing's name."""
    asked = tokenizer(
        [owl.ASKED.format(text)],
        padding="max_length",
        truncation=True,
        max_length=owl.LENGTH,
        return_tensors="np",
    )
    return {name: np.asarray(asked[name], np.int64) for name in ("input_ids", "attention_mask")}


def _segment_anything(name: str, folder: Path, size: tuple[int, int] | None) -> Plan:
    options = {}
    if name == "edgetam":
        from grounding_ros.perception.segmenters.edgetam import edgetam_config

        options["config"] = edgetam_config(folder)
    family = FAMILIES[name]
    model = load(getattr(transformers, family.model), folder, _DEVICE, **options)
    rule = family.rule.read(folder)
    if size not in (None, rule.size):
        raise BackendError(
            f"{name}: expected its own size {rule.size[1]}x{rule.size[0]}, which its position "
            f"codes fix, got {size[1]}x{size[0]}"
        )
    maps = {f"features_{level}": "features" for level in range(3)}

    def encoded(picture: NDArray[np.uint8], number: int, made: Arrays) -> Arrays:
        return {"pixel_values": apply(rule, picture, _DEVICE)[0].numpy()}

    def decoded(picture: NDArray[np.uint8], number: int, made: Arrays) -> Arrays:
        return {**{one: made[one] for one in maps}, "boxes": _spread(rule.size)}

    return Plan(
        rule.size,
        (
            Part("encode", Encode(model), maps, encoded),
            Part("decode", Decode(model), {"masks": "masks", "trust": "features"}, decoded),
        ),
    )


def _spread(size: tuple[int, int]) -> NDArray[np.float32]:
    """(1, BOXES, 4) boxes of several sizes all over the picture."""
    height, width = size
    place = (np.arange(BOXES) + 0.5) / BOXES
    half = 0.05 + 0.1 * place
    across, down = place, place[::-1]
    corners = np.stack([across - half, down - half, across + half, down + half], axis=-1)
    return (np.clip(corners, 0, 1) * (width, height, width, height))[None].astype(np.float32)


PLANS: dict[str, Callable[[str, Path, tuple[int, int] | None], Plan]] = {
    "grounding_dino": _grounding_dino,
    "mm_grounding_dino": _grounding_dino,
    "llmdet": _grounding_dino,
    "owlv2": _owl,
    "owlvit": _owl,
    "sam2": _segment_anything,
    "edgetam": _segment_anything,
}
"""What can be exported."""
