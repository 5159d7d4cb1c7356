"""OmDet-Turbo: texts encoded once, the picture encoded once, and a light decoder for both.

Zhao et al., "Real-time Transformer-based Open-Vocabulary Detection with Efficient Fusion Head",
2024.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders.boxed import Found, grounded
from grounding_ros.perception.models.acceleration import accelerate
from grounding_ros.perception.models.deformable_attention import use_row_sums
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import Back, ImageRule, apply, corners
from grounding_ros.perception.models.loading import folder_of, load_tokenizer
from grounding_ros.perception.models.memory import Shrinking
from grounding_ros.perception.models.newest import Newest
from grounding_ros.perception.models.omdet_files import load_omdet
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Detections, Frame

RULE = ImageRule("exact", (640, 640))
_THRESHOLD = 0.3
_TASK = "Detect {}."
_LENGTH = 77
"""Word pieces of a text, as the model was trained."""
_STRIDE = 32
"""Pixels of the input to one of the coarsest features."""


class OmDetTurbo:
    """Finds phrases as classes of a task; the model itself keeps the encodings of known texts."""

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
        self._threshold = threshold or _THRESHOLD
        self._memory = Shrinking(device)
        self._features: Newest[tuple[list[torch.Tensor], Back]] = Newest()
        device.exact(model.decoder)  # each of its layers corrects the boxes of the one before
        if not device.is_cuda:
            use_row_sums(model)
        for part in (model.vision_backbone, model.encoder, model.decoder):
            accelerate(part, how, device)

    @classmethod
    def from_parameters(
        cls, parameters: PerceptionParameters, support: SupportPlanes | None = None
    ) -> OmDetTurbo:
        """Load the model.

        Raises
        ------
        BackendError
            When its files are missing, or do not belong together.
        """
        device = Device.of(parameters)
        folder = folder_of("omdet_turbo", parameters)
        return cls(
            load_omdet(folder, device),
            load_tokenizer(folder, "CLIPTokenizer"),  # AutoTokenizer would ask the hub for timm's
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
        if not texts:
            return Found(np.zeros((0, 4), np.float32), np.zeros((0, 0), np.float32))
        with torch.inference_mode(), self._device.autocast():
            return self._memory.run(lambda scale: self._look(frame, texts, scale))

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on a grey picture of (height, width)."""
        self.look(Frame(np.full((*image_size, 3), 128, np.uint8)), ("object",))
        self._features.forget()

    def close(self) -> None:
        """Give the model's memory back."""
        self._features.forget()
        del self._model
        self._device.free()

    def _look(self, frame: Frame, texts: Sequence[str], scale: float) -> Found:
        features, back = self._features.of(frame, lambda: self._seen(frame, scale), key=scale)
        # One language, one decoder: what transformers' own forward does after the picture.
        classes, task, mask = self._model.get_language_embedding(
            *self._tokens(texts),
            *self._tokens([_TASK.format(", ".join(texts))]),
            torch.tensor([len(texts)]),
        )
        with self._device.exactly():
            out = self._model.decoder(features, classes.float(), task.float(), mask)
        boxes = back.from_relative(corners(out.decoder_coords[-1][0].cpu()))
        scores = out.decoder_classes[-1][0].sigmoid()
        return Found(boxes.numpy(), scores.cpu().numpy())

    def _seen(self, frame: Frame, scale: float) -> tuple[list[torch.Tensor], Back]:
        pixels, back = apply(self._rule.scaled(scale, _STRIDE), frame.rgb, self._device)
        features = self._model.encoder(self._model.vision_backbone(pixels)).extracted_states
        return [level.float() for level in features], back

    def _tokens(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return ids and mask (T, 77)."""
        out = self._tokenizer(
            list(texts),
            padding="max_length",
            truncation=True,
            max_length=_LENGTH,
            return_tensors="np",
        )
        ids, mask = (self._device.upload(out[key]) for key in ("input_ids", "attention_mask"))
        return ids, mask
