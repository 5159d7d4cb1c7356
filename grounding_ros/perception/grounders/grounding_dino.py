"""Grounding DINO and its kin MM-Grounding-DINO and LLMDet: phrases in one text, boxes for each.

Liu et al., "Grounding DINO: Marrying DINO with Grounded Pre-Training", ECCV 2024.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders.boxed import Found, grounded
from grounding_ros.perception.grounders.kept import KeptFeatures, KeptTexts
from grounding_ros.perception.grounders.token_spans import (
    Marks,
    Sentence,
    sentences,
    span_scores,
)
from grounding_ros.perception.models.acceleration import accelerate
from grounding_ros.perception.models.deformable_attention import use_row_sums
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import Back, ImageRule, apply, corners
from grounding_ros.perception.models.loading import folder_of, load, load_tokenizer
from grounding_ros.perception.models.memory import Shrinking
from grounding_ros.perception.models.newest import Newest
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Detections, Frame

RULE = ImageRule(policy="shortest", size=(800, 1333))
THRESHOLD = 0.3
_LENGTHS = (16, 32, 64, 128)
"""Texts are filled up to these lengths where every new length would be compiled anew."""
_SETS = 64
"""Sets of texts whose tokens are kept."""


class GroundingDino:
    """Finds phrases by reading them all in one text, which the picture's features attend to."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        rule: ImageRule,
        device: Device,
        *,
        threshold: float = 0.0,
        how: str = "none",
        support: SupportPlanes | None = None,
    ) -> None:
        """Take a prepared model of transformers with its tokenizer and picture rule.

        Parameters
        ----------
        model, tokenizer, rule
            Of one checkpoint.
        device
            Where the model is.
        threshold
            The least score of a phrase; 0: the usual one.
        how
            `perception.compile`.
        support
            Tells where up is, so that sizes can be measured; None: they are left unjudged.
        """
        self._model = model
        self._tokenizer = tokenizer
        self._rule = rule
        self._device = device
        self._support = support
        self._threshold = threshold or THRESHOLD
        self._limit = int(model.config.max_text_len)
        self._fixed_lengths = how != "none" and device.is_cuda
        self._memory = Shrinking(device)
        self._pixels: Newest[tuple[torch.Tensor, Back]] = Newest()
        self._marks = marks_of(tokenizer, model)
        self._read: dict[tuple[str, ...], list[tuple[Sentence, torch.Tensor, torch.Tensor]]] = {}
        inner = model.model
        if not device.is_cuda:
            use_row_sums(inner)
        for part in (inner.backbone, inner.encoder, inner.decoder):
            accelerate(part, how, device)
        # The model is run as its authors wrote it, but does not compute again what it knows.
        self.backbone = KeptFeatures(inner.backbone.forward)
        self.reader = KeptTexts(inner.text_backbone.forward)
        inner.backbone.forward = self.backbone
        inner.text_backbone.forward = self.reader

    @classmethod
    def from_parameters(
        cls, parameters: PerceptionParameters, support: SupportPlanes | None = None
    ) -> GroundingDino:
        """Load the model of the grounder's name: grounding_dino, mm_grounding_dino or llmdet.

        Raises
        ------
        BackendError
            When its files are missing, or do not belong together.
        """
        from transformers import AutoModelForZeroShotObjectDetection

        device = Device.of(parameters)
        folder = folder_of(parameters.grounder, parameters)
        return cls(
            load(AutoModelForZeroShotObjectDetection, folder, device),
            load_tokenizer(folder),
            RULE.read(folder).within(parameters.image_size),
            device,
            threshold=parameters.score_threshold,
            how=parameters.compile,
            support=support,
        )

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Find what the phrases name, without masks; parts, and sizes without depth, are unjudged.

        Raises
        ------
        BackendError
            When the picture does not fit into the memory, even at half the size.
        """
        return grounded(self.look, frame, phrases, self._threshold, self._support)

    def look(self, frame: Frame, texts: Sequence[str]) -> Found:
        """Return every box of the model, and how it answers each text."""
        return self._memory.run(lambda scale: self._look(frame, texts, scale))

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on a grey picture of (height, width)."""
        self.look(Frame(np.full((*image_size, 3), 128, np.uint8)), ("object",))
        self._pixels.forget()

    def close(self) -> None:
        """Give the model's memory back."""
        self._pixels.forget()
        self._read.clear()
        del self._model, self.backbone, self.reader
        self._device.free()

    def _look(self, frame: Frame, texts: Sequence[str], scale: float) -> Found:
        boxes, scores = [torch.zeros((0, 4))], [torch.zeros((0, len(texts)))]
        with torch.inference_mode(), self._device.autocast():
            pixels, back = self._pixels.of(
                frame,
                lambda: apply(self._rule.scaled(scale), frame.rgb, self._device),
                key=scale,
            )
            for sentence, ids, mask in self._asked(tuple(texts)):
                out = self._model(pixel_values=pixels, input_ids=ids, attention_mask=mask)
                logits = out.logits[0, :, : len(sentence.ids)].float().cpu()
                boxes.append(back.from_relative(corners(out.pred_boxes[0].float().cpu())))
                scores.append(span_scores(logits, sentence, len(texts)))
        return Found(torch.cat(boxes).numpy(), torch.cat(scores).numpy())

    def _asked(self, texts: tuple[str, ...]) -> list[tuple[Sentence, torch.Tensor, torch.Tensor]]:
        """Return what is read for the texts, with ids and mask (1, L) on the device."""
        if texts not in self._read:
            if len(self._read) == _SETS:
                del self._read[next(iter(self._read))]
            ids = [self._tokenizer(text, add_special_tokens=False).input_ids for text in texts]
            made = sentences(ids, self._marks, self._limit)
            self._read[texts] = [(one, *self._tokens(one)) for one in made]
        return self._read[texts]

    def _tokens(self, sentence: Sentence) -> tuple[torch.Tensor, torch.Tensor]:
        length = len(sentence.ids)
        if self._fixed_lengths:
            length = next((fixed for fixed in _LENGTHS if fixed >= length), self._limit)
        ids, mask = np.zeros((1, length), np.int64), np.zeros((1, length), np.int64)
        ids[0, : len(sentence.ids)] = sentence.ids
        mask[0, : len(sentence.ids)] = 1
        return self._device.upload(ids), self._device.upload(mask)


def marks_of(tokenizer: Any, model: Any) -> Marks:
    """Return the tokens around phrases; those that part them are the model's own table."""
    stop = int(tokenizer.convert_tokens_to_ids("."))
    parting = frozenset(model.model.special_tokens.tolist())
    return Marks(tokenizer.cls_token_id, stop, tokenizer.sep_token_id, parting)
