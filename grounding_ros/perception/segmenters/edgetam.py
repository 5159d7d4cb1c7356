"""EdgeTAM as transformers has it, on the backbone written out in `repvit.py` instead of timm's."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModel,
    EdgeTamConfig,
    PreTrainedConfig,
    PreTrainedModel,
)

from grounding_ros.errors import BackendError
from grounding_ros.perception.segmenters.repvit import RepVit

_BACKBONE = "repvit_m1"
_KIND = "grounding_ros_repvit"


class RepVitConfig(PreTrainedConfig):
    """Widths and depths of the backbone's stages."""

    model_type = _KIND
    widths: tuple[int, ...] | list[int] = (48, 96, 192, 384)
    depths: tuple[int, ...] | list[int] = (2, 2, 14, 2)


class RepVitBackbone(PreTrainedModel):
    """The backbone under the name that checkpoints have for it, `timm_model`."""

    config_class = RepVitConfig

    def __init__(self, config: RepVitConfig) -> None:
        """Build it with random weights."""
        super().__init__(config)
        self.timm_model = RepVit(config.widths, config.depths)
        self.post_init()

    def forward(self, pixel_values: Tensor, **_: Any) -> SimpleNamespace:
        """Return the maps of all stages, finest first, where EdgeTAM looks for them."""
        return SimpleNamespace(last_hidden_state=self.timm_model(pixel_values), hidden_states=None)


def edgetam_config(folder: Path) -> EdgeTamConfig:
    """Read the model's `config.json`, with the backbone it names replaced by ours.

    Raises
    ------
    BackendError
        When it names another backbone than RepViT-M1.
    """
    said = json.loads((folder / "config.json").read_text("utf-8"))
    backbone = said["vision_config"]["backbone_config"]
    if _BACKBONE not in backbone.get("architecture", ""):
        raise BackendError(
            f"{folder}: expected an EdgeTAM on the backbone {_BACKBONE}, got "
            f"{backbone.get('architecture')!r}; pull edgetam again"
        )
    sizes = backbone.get("model_args") or {}
    ours = {"model_type": _KIND}
    ours |= {"widths": sizes["embed_dim"]} if "embed_dim" in sizes else {}
    ours |= {"depths": sizes["depth"]} if "depth" in sizes else {}
    said["vision_config"]["backbone_config"] = ours
    AutoConfig.register(_KIND, RepVitConfig, exist_ok=True)
    AutoModel.register(RepVitConfig, RepVitBackbone, exist_ok=True)
    return EdgeTamConfig.from_dict(said)
