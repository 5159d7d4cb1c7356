"""A picture as a model wants it: resized, padded and normalised on the device."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from grounding_ros.errors import BackendError, InputError
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.resampling import resampled

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
_INTERPOLATIONS = {2: "bilinear", 3: "bicubic"}  # as Pillow numbers them


@dataclass(frozen=True)
class ImageRule:
    """How one model wants its pictures: sizes are (height, width) of the input."""

    policy: str
    """"exact" (the aspect is lost), "longest" (the longer side fits, as in SAM) or "shortest" (the
    shorter side fits unless the longer would not, as in DETR), "fit" (both sides fit)."""
    size: tuple[int, int]
    """(height, width) for "exact" and "fit", that side twice for "longest", (shorter, longest) for
    "shortest"."""
    pad: str = "none"
    """"none", "square_first" (to a square before it is resized, as in OWLv2) or "square_last" (to
    `size` after it is resized, as in SAM); below and to the right, with black before or after
    normalisation as the model's authors do."""
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    interpolation: str = "bilinear"
    """"bilinear" or "bicubic"."""
    antialias: str = "pil"
    """"pil" (a wider kernel, whole grey levels), "scipy" (a Gaussian first) or "none"."""

    def read(self, folder: Path) -> ImageRule:
        """Return the rule with what the image settings in `folder` say otherwise, if it has any.

        Raises
        ------
        BackendError
            When they cannot be read.
        """
        files = (folder / name for name in ("preprocessor_config.json", "processor_config.json"))
        file = next((file for file in files if file.is_file()), None)
        if file is None:
            return self
        try:
            said: dict[str, Any] = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BackendError(f"{file}: expected a model's image settings, got {error}") from error
        said = said.get("image_processor", said)  # a processor saved as a whole nests them
        # Some normalise grey levels as they are, with means such as 123.7.
        white = 255 * said.get("rescale_factor", 1 / 255) if said.get("do_rescale", True) else 255.0
        return replace(
            self,
            size=_size(said.get("size"), self.size),
            mean=_parts(said.get("image_mean"), white) or self.mean,
            std=_parts(said.get("image_std"), white) or self.std,
            interpolation=_INTERPOLATIONS.get(said.get("resample", -1), self.interpolation),
        )

    def resized(self, height: int, width: int) -> tuple[int, int]:
        """Return the (height, width) that a picture is resized to, before it is padded last."""
        first, second = self.size
        if self.policy == "exact":
            return first, second
        if self.policy == "longest":
            scale = first / max(height, width)
            return int(height * scale + 0.5), int(width * scale + 0.5)
        if self.policy == "fit":
            scale = min(first / height, second / width)
            return int(height * scale + 0.5), int(width * scale + 0.5)
        return _shortest(height, width, first, second)

    def within(self, image_size: str) -> ImageRule:
        """Return the rule for an input of "WxH" pixels; "" leaves it as it is.

        Raises
        ------
        BackendError
            When the text is no size.
        """
        if not image_size:
            return self
        width, _, height = image_size.partition("x")
        if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
            raise BackendError(f"image_size: expected WIDTHxHEIGHT as 960x544, got {image_size!r}")
        sides = (int(height), int(width))
        return replace(self, size=sides if self.policy == "exact" else (min(sides), max(sides)))

    def scaled(self, scale: float, multiple: int = 1) -> ImageRule:
        """Return the rule for an input `scale` times as large, in multiples of pixels."""
        if scale == 1.0:
            return self
        first, second = (
            max(multiple, int(side * scale) // multiple * multiple) for side in self.size
        )
        return replace(self, size=(first, second))


@dataclass(frozen=True)
class Back:
    """The way from a model's input back to the picture it was made of."""

    image_size: tuple[int, int]
    """(height, width) of the original picture, pixels."""
    input_size: tuple[int, int]
    """(height, width) of the model's input, padding included, pixels."""
    filled: tuple[float, float]
    """(height, width) of the part of the input that shows the picture, pixels."""

    def from_relative(self, boxes: torch.Tensor) -> torch.Tensor:
        """Return (..., 4) xyxy of 0 to 1 over the whole input as original pixels, cut to it."""
        height, width = self.input_size
        return self.from_input(boxes * boxes.new_tensor((width, height, width, height)))

    def from_input(self, boxes: torch.Tensor) -> torch.Tensor:
        """Return (..., 4) xyxy pixels of the input as pixels of the original picture, cut to it."""
        rows, columns = self._scale
        original = boxes * boxes.new_tensor((columns, rows, columns, rows))
        height, width = self.image_size
        edge = boxes.new_tensor((width, height, width, height))
        return torch.minimum(original.clamp(min=0), edge)

    def to_input(self, boxes: torch.Tensor) -> torch.Tensor:
        """Return (..., 4) xyxy or (..., 2) xy original pixels as pixels of the input."""
        rows, columns = self._scale
        return boxes / boxes.new_tensor((columns, rows) * (boxes.shape[-1] // 2))

    @property
    def _scale(self) -> tuple[float, float]:
        """Original pixels per pixel of the input, down and across."""
        return (
            self.image_size[0] / self.filled[0],
            self.image_size[1] / self.filled[1],
        )


def apply(rule: ImageRule, rgb: NDArray[np.uint8], device: Device) -> tuple[torch.Tensor, Back]:
    """Return the model's input (1, 3, h, w) float32 on the device, and the way back.

    Parameters
    ----------
    rule
        How the model wants it.
    rgb
        (H, W, 3) uint8 RGB.
    device
        Where the work is done; the picture is uploaded as it is, a quarter of the floats.
    """
    height, width = rgb.shape[:2]
    picture = device.upload(rgb).permute(2, 0, 1)[None].float()
    if rule.pad == "square_first":
        side = max(height, width)
        picture = torch.nn.functional.pad(picture, (0, side - width, 0, side - height))
    size = rule.resized(*picture.shape[-2:])
    picture = resampled(picture, size, rule.interpolation, rule.antialias)
    mean, std = _channels(rule.mean, device.name), _channels(rule.std, device.name)
    picture = (picture / 255 - mean) / std
    filled: tuple[float, float] = size
    if rule.pad == "square_first":
        filled = (size[0] * height / side, size[1] * width / side)
    elif rule.pad == "square_last":
        rows, columns = rule.size[0] - size[0], rule.size[1] - size[1]
        if min(rows, columns) < 0:
            raise InputError(f"image rule: expected a size within {rule.size}, got {size}")
        picture = torch.nn.functional.pad(picture, (0, columns, 0, rows))
    input_size = (int(picture.shape[-2]), int(picture.shape[-1]))
    if device.is_cuda:
        picture = picture.contiguous(memory_format=torch.channels_last)
    return picture, Back((height, width), input_size, filled)


@lru_cache(maxsize=16)
def _channels(values: tuple[float, float, float], device: str) -> torch.Tensor:
    """Return red, green and blue as (1, 3, 1, 1); uploaded once."""
    return torch.tensor(values, device=device).view(1, 3, 1, 1)


def corners(boxes: torch.Tensor) -> torch.Tensor:
    """Return xyxy of boxes (..., 4) that are given as centre and size."""
    center, half = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat((center - half, center + half), dim=-1)


def _parts(said: Any, white: float) -> tuple[float, float, float] | None:
    """Read red, green and blue of a mean or a deviation as parts of white."""
    if said is None:
        return None
    red, green, blue = (float(value) / white for value in said)
    return red, green, blue


def _size(said: Any, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Read the ways in which processors of different years write a size."""
    if isinstance(said, int):
        return said, said
    if isinstance(said, list | tuple):
        return int(said[0]), int(said[1])
    if isinstance(said, dict):
        if "height" in said:
            return int(said["height"]), int(said["width"])
        longest = int(said.get("longest_edge") or otherwise[1])
        return int(said.get("shortest_edge") or longest), longest
    return otherwise


def _shortest(height: int, width: int, shorter: int, longest: int) -> tuple[int, int]:
    """DETR's rule, with the roundings of transformers' get_size_with_aspect_ratio."""
    exact = float(shorter)
    if max(height, width) / min(height, width) * shorter > longest:
        exact = longest * min(height, width) / max(height, width)
        shorter = round(exact)
    if min(height, width) == shorter:
        return height, width
    if width < height:
        return int(exact * height / width), shorter
    return shorter, int(exact * width / height)
