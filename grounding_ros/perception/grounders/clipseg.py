"""CLIPSeg: for every pixel how well it fits a phrase; objects are what hangs together.

Lüddecke and Ecker, "Image Segmentation Using Text and Image Prompts", CVPR 2022.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from grounding_ros.errors import BackendError
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders.boxed import detections_of
from grounding_ros.perception.grounders.heat_regions import Regions, regions_of
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

RULE = ImageRule("exact", (352, 352))
_THRESHOLD = 0.3
"""The paper's on PhraseCut; its text-only figures were reported at it."""
_CHUNK = 8
"""Texts decoded at a time."""


class ClipSeg:
    """Finds phrases as regions of pixels; two that touch and fit the same phrase are one."""

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
        """Take a prepared `CLIPSegForImageSegmentation` with its tokenizer and picture rule.

        `threshold` is the least probability of a pixel, 0 for the usual one; `how` is
        `perception.compile`, for the picture's encoder.
        """
        self._model = model
        self._tokenizer = tokenizer
        self._rule = rule
        self._device = device
        self._threshold = threshold or _THRESHOLD
        self._memory = Shrinking(device)
        self._encoder: Any = accelerated(partial(_activations, model), how, device)
        self.encoded: Newest[list[torch.Tensor]] = Newest()
        """The newest frame's features."""
        self.texts: TextFeatures[torch.Tensor] = TextFeatures(self._read)
        """Features (D,) of texts."""

    @classmethod
    def from_parameters(cls, parameters: PerceptionParameters) -> ClipSeg:
        """Load the model.

        Raises
        ------
        BackendError
            When its files are missing or do not belong together, or its input is not square.
        """
        from transformers import CLIPSegForImageSegmentation

        device = Device.of(parameters)
        folder = folder_of("clipseg", parameters)
        rule = RULE.read(folder).within(parameters.image_size)
        if rule.size[0] != rule.size[1]:
            raise BackendError(
                f"clipseg: expected a square image_size as 352x352, got {parameters.image_size!r}"
            )
        return cls(
            load(CLIPSegForImageSegmentation, folder, device),
            load_tokenizer(folder),
            rule,
            device,
            threshold=parameters.score_threshold,
            how=parameters.compile,
        )

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Find what the phrases name, with masks; sizes and parts are left unjudged.

        Raises
        ------
        BackendError
            When the picture does not fit into the memory, even at half the size.
        """
        prompts = prompts_of(phrases)
        texts = texts_of(prompts)
        regions = self.look(frame, texts)
        return detections_of(
            regions.found,
            texts,
            phrases,
            prompts,
            self._threshold,
            (frame.height, frame.width),
            masks_of=regions.masks,
        )

    def look(self, frame: Frame, texts: Sequence[str]) -> Regions:
        """Return the regions where any text is likely enough."""
        return regions_of(self.heat(frame, texts), self._threshold)

    def heat(self, frame: Frame, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (T, H, W), how probable it is that a pixel of the frame belongs to each text."""
        return self._memory.run(lambda scale: self._heat(frame, texts, scale))

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

    def _heat(self, frame: Frame, texts: Sequence[str], scale: float) -> NDArray[np.float32]:
        size = (frame.height, frame.width)
        heat = np.zeros((len(texts), *size), np.float32)
        with torch.inference_mode():
            layers = self.encoded.of(frame, lambda: self._encode(frame, scale), key=scale)
            read = self.texts.of(texts)
            for start in range(0, len(texts), _CHUNK):
                features = torch.stack(read[start : start + _CHUNK])
                repeated = [layer.expand(len(features), -1, -1) for layer in layers]
                with self._device.autocast():
                    logits = self._model.decoder(repeated, features).logits
                # The model gives (h, w) for one text, (n, h, w) for more.
                maps = logits.float().reshape(1, len(features), *logits.shape[-2:]).sigmoid()
                large = interpolate(maps, size, mode="bilinear", align_corners=False)[0]
                heat[start : start + _CHUNK] = large.cpu().numpy()
        return heat

    def _encode(self, frame: Frame, scale: float) -> list[torch.Tensor]:
        patch = int(self._model.config.vision_config.patch_size)
        pixels, _ = apply(self._rule.scaled(scale, patch), frame.rgb, self._device)
        with self._device.autocast():
            layers: list[torch.Tensor] = self._encoder(pixels)
        return layers

    def _read(self, texts: Sequence[str]) -> list[torch.Tensor]:
        tokens = self._tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=int(self._model.config.text_config.max_position_embeddings),
            return_tensors="pt",
        ).to(self._device.name)
        with self._device.autocast():
            out = self._model.clip.get_text_features(tokens.input_ids, tokens.attention_mask)
        return list(out.pooler_output)


def _activations(model: Any, pixels: torch.Tensor) -> list[torch.Tensor]:
    """Return the layers (1, tokens, D) of CLIP's encoder that the decoder reads."""
    out = model.clip.get_image_features(pixel_values=pixels, output_hidden_states=True)
    return [out.hidden_states[layer + 1] for layer in model.extract_layers]
