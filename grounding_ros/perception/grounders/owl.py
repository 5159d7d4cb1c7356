"""OWL-ViT and OWLv2: every patch of the picture is a box, compared with each phrase's encoding.

Minderer et al., "Simple Open-Vocabulary Object Detection with Vision Transformers", ECCV 2022, and
"Scaling Open-Vocabulary Object Detection", NeurIPS 2023.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders.boxed import Found, grounded, overlaps
from grounding_ros.perception.grounders.text_features import TextFeatures
from grounding_ros.perception.models.acceleration import accelerate
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import (
    CLIP_MEAN,
    CLIP_STD,
    ImageRule,
    apply,
    corners,
)
from grounding_ros.perception.models.loading import folder_of, load, load_tokenizer
from grounding_ros.perception.models.memory import Shrinking
from grounding_ros.perception.models.newest import Newest
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.scene import Detections, Frame

RULES = {
    "owlv2": ImageRule("exact", (960, 960), "square_first", CLIP_MEAN, CLIP_STD, antialias="scipy"),
    "owlvit": ImageRule("exact", (768, 768), "none", CLIP_MEAN, CLIP_STD, "bicubic"),
}
THRESHOLDS = {"owlv2": 0.2, "owlvit": 0.1}
ASKED = "a photo of a {}"
LENGTH = 16
"""Word pieces of a text, as the models were trained."""


@dataclass(frozen=True, eq=False)
class Patches:
    """What a picture holds, whatever is asked of it."""

    features: torch.Tensor
    """(1, P, D) one row a patch."""
    boxes: NDArray[np.float32]
    """(P, 4) xyxy pixels of the original picture."""


class Owl:
    """Finds phrases by comparing; another phrase on the same frame costs one product."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        rule: ImageRule,
        device: Device,
        *,
        threshold: float,
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
            The least score of a phrase.
        how
            `perception.compile`.
        support
            Tells where up is, so that sizes can be measured; None: they are left unjudged.

        Raises
        ------
        BackendError
            For an input that is no square of whole patches.
        """
        vision = model.config.vision_config
        self._patch, self._own_side = int(vision.patch_size), int(vision.image_size)
        height, width = rule.size
        if height != width or height % self._patch:
            raise BackendError(
                f"image_size: expected a square of a multiple of {self._patch} pixels for "
                f"{type(model).__name__}, got {width}x{height}"
            )
        self._model = model
        self._tokenizer = tokenizer
        self._rule = rule
        self._device = device
        self._support = support
        self._threshold = threshold
        self._memory = Shrinking(device)
        self._patches: Newest[Patches] = Newest()
        self._texts: TextFeatures[torch.Tensor] = TextFeatures(self._encode)
        for head in (model.box_head, model.class_head):
            device.exact(head)
        accelerate(model.base_model.vision_model, how, device)

    @classmethod
    def from_parameters(
        cls, parameters: PerceptionParameters, support: SupportPlanes | None = None
    ) -> Owl:
        """Load the model of the grounder's name: owlv2 or owlvit.

        Raises
        ------
        BackendError
            When its files are missing, or do not belong together.
        """
        from transformers import AutoModelForZeroShotObjectDetection

        name, device = parameters.grounder, Device.of(parameters)
        folder = folder_of(name, parameters)
        return cls(
            load(AutoModelForZeroShotObjectDetection, folder, device),
            load_tokenizer(folder),
            RULES[name].read(folder).within(parameters.image_size),
            device,
            threshold=parameters.score_threshold or THRESHOLDS[name],
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
        """Return the box of every patch, and how it answers each text."""
        with torch.inference_mode(), self._device.autocast():
            patches = self._seen(frame)
            if not texts:
                nothing = np.zeros((len(patches.boxes), 0), np.float32)
                return Found(patches.boxes, nothing)
            return self._compared(patches, torch.stack(self._texts.of(texts)))

    def look_alike(self, frame: Frame, example: Frame, region: NDArray[np.floating]) -> Found:
        """Return the box of every patch of `frame`, and how it resembles a region of `example`.

        Parameters
        ----------
        frame
            Where to look.
        example
            Where the region is; may be the same frame.
        region
            (4,) xyxy pixels of `example`. The patch whose box fits it best stands for it.

        Returns
        -------
        Found
            With one column of scores.

        Raises
        ------
        BackendError
            When no box of `example` meets the region.
        """
        with torch.inference_mode(), self._device.autocast():
            shown = self._seen(example)
            fits = overlaps(np.asarray(region, np.float32), shown.boxes)
            if not fits.any():
                raise BackendError(f"region: expected one that an object fills, got {region}")
            row = int(fits.argmax())
            with self._device.exactly():
                _, embeddings = self._model.class_predictor(shown.features[:, row : row + 1])
            return self._compared(self._seen(frame), embeddings[0])

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on a grey picture of (height, width)."""
        self.look(Frame(np.full((*image_size, 3), 128, np.uint8)), ("object",))
        self._patches.forget()

    def close(self) -> None:
        """Give the model's memory back."""
        self._patches.forget()
        del self._model, self._texts
        self._device.free()

    def _seen(self, frame: Frame) -> Patches:
        return self._patches.of(
            frame, lambda: self._memory.run(lambda scale: self._see(frame, scale))
        )

    def _see(self, frame: Frame, scale: float) -> Patches:
        rule = self._rule.scaled(scale, self._patch)
        pixels, back = apply(rule, frame.rgb, self._device)
        other = rule.size[0] != self._own_side
        grid = self._model.image_embedder(pixels, interpolate_pos_encoding=other)[0].float()
        features = grid.flatten(1, 2)
        with self._device.exactly():
            boxes = self._model.box_predictor(features, grid, interpolate_pos_encoding=other)[0]
        return Patches(features, back.from_relative(corners(boxes.cpu())).numpy())

    def _encode(self, texts: Sequence[str]) -> torch.Tensor:
        """(T, E) encodings."""
        asked = self._tokenizer(
            [ASKED.format(text) for text in texts],
            padding="max_length",
            truncation=True,
            max_length=LENGTH,
            return_tensors="np",
        )
        ids, mask = (self._device.upload(asked[key]) for key in ("input_ids", "attention_mask"))
        out = self._model.base_model.get_text_features(input_ids=ids, attention_mask=mask)
        encodings: torch.Tensor = out.pooler_output.float()
        return encodings

    def _compared(self, patches: Patches, queries: torch.Tensor) -> Found:
        with self._device.exactly():
            logits, _ = self._model.class_predictor(patches.features, queries[None])
        scores = logits[0].sigmoid()
        return Found(patches.boxes, scores.cpu().numpy())
