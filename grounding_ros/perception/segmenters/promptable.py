"""Masks from boxes and points by a "segment anything" model; a frame is encoded once."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from grounding_ros.errors import ShapeError
from grounding_ros.perception.models.acceleration import accelerated
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import Back, ImageRule, apply
from grounding_ros.perception.models.memory import Shrinking
from grounding_ros.perception.models.newest import Newest
from grounding_ros.scene import Detections, Frame

_BOXES, _POINTS, _INSIDE = "input_boxes", "input_points", "input_labels"
_CHUNK = 16
"""Prompts decoded at a time: some 100 MB in float32, whatever the number of objects."""
_FEWER = (1.0, 0.25, 1 / _CHUNK)
"""Parts of a chunk that are tried, in this order, when memory runs out."""


class PromptableSegmenter:
    """A SAM, SAM 2 or EdgeTAM: of its proposals for a prompt the one it trusts most is taken."""

    def __init__(self, model: Any, rule: ImageRule, device: Device, compile: str = "none") -> None:
        """Take a prepared model of transformers, its decoder in float32, and its picture rule.

        `compile` is `perception.compile`, for the picture's encoder: it has one size of input.
        """
        self._model = model
        self._encoder: Any = accelerated(model.get_image_embeddings, compile, device)
        self._rule = rule
        self._device = device
        self._encoding = Shrinking(device, scales=(1.0,))  # its position codes fix the size
        self._decoding = Shrinking(device, _FEWER, f"{_CHUNK} prompts at a time")
        self.encoded: Newest[tuple[Any, Back]] = Newest()
        """The newest frame's features."""

    def segment(self, frame: Frame, detections: Detections) -> Detections:
        """Give every detection the mask of its box; masks that are there already are kept."""
        if detections.masks is not None:
            return detections
        return detections.with_masks(self.of_boxes(frame, detections.boxes))

    def of_boxes(self, frame: Frame, boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Return masks (N, H, W) of boxes (N, 4), xyxy pixels of the frame."""
        return self._masks(frame, {_BOXES: np.asarray(boxes, np.float32).reshape(-1, 4)})

    def of_points(
        self, frame: Frame, points: NDArray[np.float32], inside: NDArray[np.bool_] | None = None
    ) -> NDArray[np.bool_]:
        """Return masks (N, H, W) of N objects, each shown by P points.

        Parameters
        ----------
        frame
            The picture.
        points
            (N, P, 2) xy pixels of the frame.
        inside
            (N, P) False for a point that is not on the object; None: all are on it.

        Raises
        ------
        ShapeError
            When the arrays have other shapes.
        """
        prompts = np.asarray(points, np.float32)
        if prompts.ndim != 3 or prompts.shape[1] == 0 or prompts.shape[2] != 2:
            raise ShapeError(f"points: expected (N, P, 2) with P > 0, got {prompts.shape}")
        labels = np.ones(prompts.shape[:2], bool) if inside is None else np.asarray(inside, bool)
        if labels.shape != prompts.shape[:2]:
            raise ShapeError(f"inside: expected {prompts.shape[:2]}, got {labels.shape}")
        return self._masks(frame, {_POINTS: prompts, _INSIDE: labels.astype(np.int32)})

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on an empty picture of (height, width), so that the first frame is fast."""
        height, width = image_size
        black = Frame(np.zeros((height, width, 3), np.uint8))
        self.of_boxes(black, np.array([[0, 0, width, height]], np.float32))
        self.encoded.forget()

    def close(self) -> None:
        """Drop the model and give its memory back; the segmenter cannot be used afterwards."""
        self.encoded.forget()
        self._model = self._encoder = None
        self._device.free()

    def _masks(self, frame: Frame, prompts: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Return masks (N, H, W) of the N rows of `prompts`, the arguments of the model."""
        count = len(next(iter(prompts.values())))
        masks = np.zeros((count, frame.height, frame.width), bool)
        if count == 0:
            return masks
        features, back = self.encoded.of(
            frame, lambda: self._encoding.run(lambda _: self._encode(frame))
        )
        start = 0
        while start < count:
            found = self._decoding.run(partial(self._chunk, features, back, prompts, start))
            masks[start : start + len(found)] = found
            start += len(found)
        return masks

    def _encode(self, frame: Frame) -> tuple[Any, Back]:
        with torch.inference_mode():
            pixels, back = apply(self._rule, frame.rgb, self._device)
            with self._device.autocast():
                features = self._encoder(pixels)
            if isinstance(features, torch.Tensor):
                return features.float(), back
            return [level.float() for level in features], back

    def _chunk(
        self,
        features: Any,
        back: Back,
        prompts: dict[str, NDArray[Any]],
        start: int,
        scale: float,
    ) -> NDArray[np.bool_]:
        """Return the masks of the prompts from `start` on, `scale` of a chunk at most."""
        rows = slice(start, start + int(_CHUNK * scale))
        part = {name: self._device.upload(all[rows])[None] for name, all in prompts.items()}
        for name in {_BOXES, _POINTS} & set(part):
            part[name] = back.to_input(part[name])
        with torch.inference_mode():
            with self._device.exactly():
                out = self._model(image_embeddings=features, multimask_output=True, **part)
            best = out.iou_scores[0].argmax(dim=-1)
            logits = out.pred_masks[0, torch.arange(len(best), device=best.device), best]
            found: NDArray[np.bool_] = (self._enlarged(logits, back) > 0).cpu().numpy()
        return found

    def _enlarged(self, logits: torch.Tensor, back: Back) -> torch.Tensor:
        """Return logits (n, h, w) over the model's input as (n, H, W) over the picture."""
        maps = logits[None]
        if self._rule.pad == "square_last":  # what shows nothing is cut off
            maps = interpolate(maps, back.input_size, mode="bilinear", align_corners=False)
            rows, columns = back.filled
            maps = maps[..., :rows, :columns]
        return interpolate(maps, back.image_size, mode="bilinear", align_corners=False)[0]
