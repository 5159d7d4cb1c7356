"""A Swin backbone saved by timm, read as transformers' own, so that timm is not needed.

timm needs torchvision. The names are those of timm 1.0's `features_only` Swin, in which OmDet-Turbo
was published. The layers are the same, but for one thing: where windows do not fill the features
timm shifts before it fills up, transformers after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MethodType
from typing import Any

import torch
from torch.nn.functional import pad

_NAMES = (
    (r"^patch_embed\.proj\.", "swin.embeddings.patch_embeddings.projection."),
    (r"^patch_embed\.norm\.", "swin.embeddings.norm."),
    (r"^layers_(\d+)\.", r"swin.encoder.layers.\1."),
    (r"\.norm1\.", ".layernorm_before."),
    (r"\.norm2\.", ".layernorm_after."),
    (r"\.attn\.proj\.", ".attention.o_proj."),
    (r"\.attn\.relative", ".attention.relative_position_bias.relative"),
    (r"\.attn\.", ".attention."),
)
_TABLE = "layers_{}.blocks.0.attn.relative_position_bias_table"
_BLOCK = re.compile(r"^layers_(\d+)\.blocks\.(\d+)\.norm1\.weight$")
_DOWN = re.compile(r"^layers_(\d+)\.downsample")
_COMPUTED = ("relative_position_index", "attn_mask")


def swin_settings(weights: Mapping[str, torch.Tensor]) -> dict[str, Any]:
    """Return the settings of transformers' SwinConfig that the weights' shapes tell."""
    depths: dict[int, int] = {}
    for name in weights:
        if found := _BLOCK.match(name):
            depths[int(found[1])] = depths.get(int(found[1]), 0) + 1
    stages = range(len(depths))
    rows = int(weights[_TABLE.format(0)].shape[0])
    return {
        "embed_dim": int(weights["patch_embed.proj.weight"].shape[0]),
        "patch_size": int(weights["patch_embed.proj.weight"].shape[-1]),
        "depths": [depths[stage] for stage in stages],
        "num_heads": [int(weights[_TABLE.format(stage)].shape[1]) for stage in stages],
        "window_size": (round(rows**0.5) + 1) // 2,  # the table has (2 w - 1)^2 rows
    }


def renamed(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the weights under the names of transformers' SwinBackbone, query, key, value apart."""
    out: dict[str, torch.Tensor] = {}
    for name, weight in weights.items():
        if name.endswith(_COMPUTED):
            continue
        # timm halves the picture before a stage, transformers after the stage before it.
        name = _DOWN.sub(lambda found: f"layers_{int(found[1]) - 1}.downsample", name)
        if ".attn.qkv." in name:
            for letter, part in zip("qkv", weight.chunk(3), strict=True):
                out[_name(name.replace(".qkv.", f".{letter}_proj."))] = part.clone()
        else:
            out[_name(name)] = weight
    return out


def shift_first(backbone: Any) -> None:
    """Let a SwinBackbone of transformers shift before it fills up, as the weights were trained."""
    for stage in backbone.swin.encoder.layers:
        for layer in stage.blocks:
            layer.maybe_pad = MethodType(_shifted_and_filled, layer)
            layer.cyclic_shift = MethodType(_shifted_back, layer)


def _shifted_and_filled(
    layer: Any, features: torch.Tensor, height: int, width: int
) -> tuple[torch.Tensor, tuple[int, ...]]:
    """Stand for the layer's `maybe_pad`; features (B, H, W, C)."""
    window, shift = layer.window_size, layer.shift_size
    margins = (0, 0, 0, -width % window, 0, -height % window)
    layer.unfilled = (height, width)
    return pad(torch.roll(features, (-shift, -shift), (1, 2)), margins), margins


def _shifted_back(layer: Any, features: torch.Tensor, reverse: bool = False) -> torch.Tensor:
    """Stand for the layer's `cyclic_shift`: what `maybe_pad` shifted is only shifted back."""
    if not reverse:
        return features
    height, width = layer.unfilled
    shifts = (layer.shift_size, layer.shift_size)
    inside = torch.roll(features[:, :height, :width], shifts, (1, 2))
    # The layer cuts off what is filled up, wherever it lies below and to the right.
    return pad(inside, (0, 0, 0, features.shape[2] - width, 0, features.shape[1] - height))


def _name(timm: str) -> str:
    for pattern, replacement in _NAMES:
        timm = re.sub(pattern, replacement, timm)
    return timm
