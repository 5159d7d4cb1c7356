"""SAM 3: all instances of a noun phrase with boxes and masks, and whether it is there at all.

Carion et al., "SAM 3: Segment Anything with Concepts", 2025, arXiv:2511.16719.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from grounding_ros.errors import BackendError
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders.boxed import detections_of
from grounding_ros.perception.grounders.sam3_answers import Answer, Seen, answers_of
from grounding_ros.perception.grounders.text_features import TextFeatures
from grounding_ros.perception.models.acceleration import accelerated
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import ImageRule, apply
from grounding_ros.perception.models.loading import folder_of, load, load_tokenizer
from grounding_ros.perception.models.memory import Shrinking
from grounding_ros.perception.models.newest import Newest
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.prompts import prompts_of, texts_of
from grounding_ros.scene import Detections, Frame

RULE = ImageRule("exact", (1008, 1008), mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
_THRESHOLD = 0.3
_CHUNK = 4
"""Texts decoded at a time: 200 mask proposals each are 66 MB in float32."""
_FEWER = (1.0, 0.5, 1 / _CHUNK)
"""Parts of a chunk that are tried, in this order, when memory runs out."""


class Sam3:
    """Finds phrases one by one in a picture that is encoded once.

    A score is that of the instance times that of the presence: what is not there scores low
    however much something looks like it.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        rule: ImageRule,
        device: Device,
        *,
        threshold: float = 0.0,
        how: str = "none",
    ) -> None:
        """Take a prepared `Sam3Model` with its tokenizer and picture rule.

        `threshold` is the least score of an object, 0 for the usual one; `how` is
        `perception.compile`, for the picture's encoder.
        """
        self._model = model
        self._tokenizer = tokenizer
        self._rule = rule
        self._device = device
        self._threshold = threshold or _THRESHOLD
        self._length = int(model.config.text_config.max_position_embeddings)
        self._encoder: Any = accelerated(partial(_maps, model), how, device)
        self._encoding = Shrinking(device, scales=(1.0,))  # its position codes fix the size
        self._decoding = Shrinking(device, _FEWER, f"{_CHUNK} texts at a time")
        self.encoded: Newest[Any] = Newest()
        """The newest frame's features."""
        self.texts: TextFeatures[tuple[torch.Tensor, torch.Tensor]] = TextFeatures(self._read)
        """Features (L, D) and attention mask (L,) of texts."""

    @classmethod
    def from_parameters(cls, parameters: PerceptionParameters) -> Sam3:
        """Load the model; its licence is named in the log.

        Raises
        ------
        BackendError
            When its files are missing or do not belong together, or a size is asked for.
        """
        from transformers import Sam3Model

        if parameters.image_size:
            raise BackendError(
                f"sam3: expected no image_size, its input has one size; got "
                f"{parameters.image_size!r}"
            )
        device = Device.of(parameters)
        folder = folder_of("sam3", parameters)
        return cls(
            load(Sam3Model, folder, device),
            load_tokenizer(folder),
            RULE.read(folder),
            device,
            threshold=parameters.score_threshold,
            how=parameters.compile,
        )

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Find what the phrases name, with masks; sizes and parts are left unjudged.

        Raises
        ------
        BackendError
            When memory runs out even with one text at a time.
        """
        prompts = prompts_of(phrases)
        texts = texts_of(prompts)
        seen = self.look(frame, texts)
        return detections_of(
            seen.found,
            texts,
            phrases,
            prompts,
            self._threshold,
            (frame.height, frame.width),
            masks_of=seen.masks,
        )

    def look(self, frame: Frame, texts: Sequence[str]) -> Seen:
        """Return what scores over the threshold for each text, and whether it is there at all."""
        with torch.inference_mode():
            features = self.encoded.of(
                frame, lambda: self._encoding.run(lambda _: self._encode(frame))
            )
            read = self.texts.of(texts)
            answers: list[Answer] = []
            while len(answers) < len(texts):
                answers += self._decoding.run(partial(self._chunk, features, read, len(answers)))
        return Seen.of(answers, (frame.height, frame.width))

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on a black picture of (height, width), so that the first frame is fast."""
        self.look(Frame(np.zeros((*image_size, 3), np.uint8)), ("object",))
        self.encoded.forget()

    def close(self) -> None:
        """Drop the model and give its memory back; the grounder cannot be used afterwards."""
        self.encoded.forget()
        self._model = self._encoder = None
        self.texts = TextFeatures(self._read)
        self._device.free()

    def _encode(self, frame: Frame) -> Any:
        pixels, _ = apply(self._rule, frame.rgb, self._device)
        with self._device.autocast():
            return self._encoder(pixels)

    def _read(self, texts: Sequence[str]) -> list[tuple[torch.Tensor, torch.Tensor]]:
        tokens = self._tokenizer(
            list(texts),
            padding="max_length",
            truncation=True,
            max_length=self._length,
            return_tensors="pt",
        ).to(self._device.name)
        with self._device.autocast():
            out = self._model.get_text_features(tokens.input_ids, tokens.attention_mask)
        return list(zip(out.pooler_output, tokens.attention_mask, strict=True))

    def _chunk(
        self,
        features: tuple[Sequence[torch.Tensor], Sequence[torch.Tensor]],
        read: Sequence[tuple[torch.Tensor, torch.Tensor]],
        start: int,
        scale: float,
    ) -> list[Answer]:
        """Return the answers to the texts from `start` on, `scale` of a chunk at most."""
        part = read[start : start + int(_CHUNK * scale)]
        maps, codes = (
            [layer.expand(len(part), -1, -1, -1) for layer in layers] for layers in features
        )
        with self._device.autocast():
            out = self._model(
                vision_embeds=SimpleNamespace(
                    fpn_hidden_states=maps,
                    fpn_position_encoding=codes,
                    hidden_states=None,
                    attentions=None,
                ),
                # The model reads one field of what its text encoder returns.
                text_embeds=SimpleNamespace(pooler_output=torch.stack([text for text, _ in part])),
                attention_mask=torch.stack([mask for _, mask in part]),
            )
        return answers_of(out, self._threshold)


def _maps(model: Any, pixels: torch.Tensor) -> tuple[Any, Any]:
    out = model.get_vision_features(pixels)
    return out.fpn_hidden_states, out.fpn_position_encoding
