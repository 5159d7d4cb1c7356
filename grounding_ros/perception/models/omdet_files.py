"""OmDet-Turbo from its folder, whether its backbone was saved by timm, as published, or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.loading import load
from grounding_ros.perception.models.timm_swin import renamed, shift_first, swin_settings

_BACKBONE = "vision_backbone.vision_backbone."
_TIMM = f"{_BACKBONE}_backbone."
_NORMS = "vision_backbone.layer_norms."
_FIRST_STAGE = 2
"""The first of the three stages whose features are used; "stage1" is the first there is."""


def load_omdet(folder: Path, device: Device) -> Any:
    """Return the model, ready to run on the device.

    Raises
    ------
    BackendError
        When the files are of another architecture, or a weight is missing from them.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from transformers import OmDetTurboConfig, OmDetTurboForObjectDetection, SwinConfig

    try:
        weights = load_file(folder / "model.safetensors")
    except (OSError, SafetensorError) as error:
        raise BackendError(f"{folder}: expected model.safetensors, got {error}") from error
    timm = {name[len(_TIMM) :]: row for name, row in weights.items() if name.startswith(_TIMM)}
    if not timm:
        return load(OmDetTurboForObjectDetection, folder, device)
    said = json.loads((folder / "config.json").read_text("utf-8"))
    # Left as they are, these would make transformers ask the hub for the backbone's settings.
    said = {name: value for name, value in said.items() if "backbone" not in name}
    image_size = said.get("image_size", 640)
    # Transformers' backbone normalises its features itself, with the same norms.
    said["apply_layernorm_after_vision_backbone"] = False
    said["backbone_config"] = SwinConfig(
        image_size=image_size, out_indices=[2, 3, 4], **swin_settings(timm)
    )
    config = OmDetTurboConfig(**{name: said[name] for name in said if name != "model_type"})
    model = load(
        OmDetTurboForObjectDetection,
        folder,
        device,
        config=config,
        state_dict=_without_timm(weights, timm),
    )
    shift_first(model.vision_backbone.vision_backbone)
    return model


def _without_timm(
    weights: dict[str, torch.Tensor], timm: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Return all weights of the model under the names of transformers' backbone."""
    out = {name: row for name, row in weights.items() if not name.startswith(_TIMM)}
    out |= {f"{_BACKBONE}{name}": row for name, row in renamed(timm).items()}
    norms = [name for name in weights if name.startswith(_NORMS)]
    for name in norms:
        number, _, kind = name[len(_NORMS) :].partition(".")
        stage = f"stage{int(number) + _FIRST_STAGE}"
        out[f"{_BACKBONE}hidden_states_norms.{stage}.{kind}"] = weights[name].clone()
    width = len(weights[f"{_NORMS}{len(norms) // 2 - 1}.weight"])
    # A norm of the whole Swin, behind the features that are used; timm leaves it out.
    out[f"{_BACKBONE}swin.layernorm.weight"] = torch.ones(width)
    out[f"{_BACKBONE}swin.layernorm.bias"] = torch.zeros(width)
    return out
