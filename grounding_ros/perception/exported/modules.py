"""The parts of models that become graphs: tensors in, named tensors out, shapes fixed."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Detect(nn.Module):  # type: ignore[misc]
    """Grounding DINO and its kin, whole: picture and text to logits and boxes.

    Boxes are relative to the part of the picture that the mask shows.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        pixel_values: torch.Tensor,
        pixel_mask: torch.Tensor,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """Return logits (1, Q, L) and boxes (1, Q, 4), centre and size."""
        out = self.model(
            pixel_values=pixel_values,
            pixel_mask=pixel_mask,
            input_ids=input_ids,
            attention_mask=attention_mask,
        )
        return {"logits": out.logits, "boxes": out.pred_boxes}


class Patches(nn.Module):  # type: ignore[misc]
    """The picture's side of an OWL-ViT or OWLv2: every patch with its box, whatever is asked."""

    def __init__(self, model: Any, side: int) -> None:
        super().__init__()
        self.model = model
        self.other = side != int(model.config.vision_config.image_size)

    def forward(self, pixel_values: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return boxes (1, P, 4), centre and size, and what scores are made of: see `scored`."""
        model = self.model
        grid = model.image_embedder(pixel_values, interpolate_pos_encoding=self.other)[0]
        patches = grid.flatten(1, 2)
        head = model.class_head
        return {
            "boxes": model.box_predictor(patches, grid, interpolate_pos_encoding=self.other),
            "embeddings": nn.functional.normalize(head.dense0(patches), dim=-1),
            "shift": head.logit_shift(patches),
            "scale": head.elu(head.logit_scale(patches)) + 1,
        }


class Text(nn.Module):  # type: ignore[misc]
    """The text's side of an OWL-ViT or OWLv2."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model.base_model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Return the encoding (1, E) of one text (1, L), of length one."""
        out = self.model.get_text_features(input_ids=input_ids, attention_mask=attention_mask)
        return {"text": nn.functional.normalize(out.pooler_output, dim=-1)}


class Encode(nn.Module):  # type: ignore[misc]
    """The picture's side of a SAM 2 or EdgeTAM."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the three feature maps, finest first."""
        maps = self.model.get_image_embeddings(pixel_values)
        return {f"features_{level}": one for level, one in enumerate(maps)}


class Decode(nn.Module):  # type: ignore[misc]
    """The prompts' side of a SAM 2 or EdgeTAM."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        features_0: torch.Tensor,
        features_1: torch.Tensor,
        features_2: torch.Tensor,
        boxes: torch.Tensor,
    ) -> dict[str, torch.Tensor]:
        """Return mask logits (1, N, 3, h, w) and trust (1, N, 3) for boxes (1, N, 4), pixels."""
        out = self.model(
            image_embeddings=[features_0, features_1, features_2],
            input_boxes=boxes,
            multimask_output=True,
        )
        return {"masks": out.pred_masks, "trust": out.iou_scores}
