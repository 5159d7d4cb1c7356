"""From SAM 3's outputs for some texts to boxes, scores and masks in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from grounding_ros.perception.grounders.boxed import Found
from grounding_ros.perception.models.images import Back

_ENLARGED = 16
"""Masks brought to the picture's size at a time."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What is over the threshold for one text; tensors on the device."""

    boxes: torch.Tensor
    """(n, 4) xyxy, 0 to 1 over the picture."""
    scores: torch.Tensor
    """(n,) of the instance times that of the presence."""
    proposals: torch.Tensor
    """(n, h, w) probabilities over the whole picture."""
    presence: torch.Tensor
    """() how sure the model is that the thing is in the picture at all."""


def answers_of(out: Any, threshold: float) -> list[Answer]:
    """Read a `Sam3ImageSegmentationOutput` of one row a text, as SAM 3's processor does."""
    presence = out.presence_logits.float().sigmoid()
    scores = out.pred_logits.float().sigmoid() * presence
    answers = []
    for row, score in enumerate(scores):
        keep = score > threshold
        proposals = out.pred_masks[row, keep].float().sigmoid()
        boxes = out.pred_boxes[row, keep].float()
        answers.append(Answer(boxes, score[keep], proposals, presence[row, 0]))
    return answers


@dataclass(frozen=True, eq=False)
class Seen:
    """The objects of T texts."""

    found: Found
    """Q boxes; each scores for the one text it was found by."""
    presence: NDArray[np.float32]
    """(T,) how sure the model is that each is in the picture at all."""
    proposals: torch.Tensor
    """(Q, h, w) probabilities over the whole picture, on the device."""
    image_size: tuple[int, int]
    """(height, width) of the picture, pixels."""

    @classmethod
    def of(cls, answers: Sequence[Answer], image_size: tuple[int, int]) -> Seen:
        """Put the answers to T texts together, one after the other."""
        whole = Back(image_size, (1, 1), (1, 1))  # the model's boxes are relative
        boxes = [whole.from_relative(one.boxes).cpu().numpy() for one in answers]
        columns = [np.zeros((len(part), len(answers)), np.float32) for part in boxes]
        for text, one in enumerate(answers):
            columns[text][:, text] = one.scores.cpu().numpy()
        return cls(
            Found(
                np.concatenate([np.zeros((0, 4), np.float32), *boxes]),
                np.concatenate([np.zeros((0, len(answers)), np.float32), *columns]),
            ),
            np.array([float(one.presence) for one in answers], np.float32),
            torch.cat([one.proposals for one in answers]) if answers else torch.zeros((0, 1, 1)),
            image_size,
        )

    def masks(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return masks (n, H, W) of some of the Q objects."""
        masks = np.zeros((len(rows), *self.image_size), bool)
        for start in range(0, len(rows), _ENLARGED):
            part = self.proposals[torch.from_numpy(rows[start : start + _ENLARGED])]
            large = interpolate(part[None], self.image_size, mode="bilinear", align_corners=False)
            masks[start : start + _ENLARGED] = (large[0] > 0.5).cpu().numpy()
        return masks
