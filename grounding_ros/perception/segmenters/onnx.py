"""An exported SAM 2 or EdgeTAM, on the first provider of ONNX Runtime that agrees with torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.choosing import chosen
from grounding_ros.perception.exported.opening import Opened, open_exported
from grounding_ros.perception.exported.plans import BOXES
from grounding_ros.perception.exported.providers import routes_of
from grounding_ros.perception.exported.sessions import Opener, open_session
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Notes
from grounding_ros.perception.segmenters.promptable import PromptableSegmenter
from grounding_ros.perception.segmenters.segment_anything import FAMILIES
from grounding_ros.scene import Detections, Frame

_MODELS = ("sam2", "edgetam")


class OnnxSegmenter:
    """Gives boxes masks with graphs that `grounding-ros models export` wrote."""

    def __init__(self, segmenter: PromptableSegmenter, notes: Notes) -> None:
        """Take a segmenter around graphs, and what diagnostics shall say."""
        self._segmenter = segmenter
        self.notes = notes

    @classmethod
    def from_parameters(
        cls, parameters: PerceptionParameters, opener: Opener = open_session
    ) -> OnnxSegmenter:
        """Open the export that `perception.segmenter_export` names; engines are built now.

        Raises
        ------
        BackendError
            When there is no such export, or no provider agrees with torch.
        """
        folder = chosen(parameters.segmenter_export, parameters, _MODELS, "segmenter_export")
        opened = open_exported(folder, routes_of(parameters), opener)
        rule = FAMILIES[opened.manifest.model].rule.read(folder)
        # Pictures are made and masks enlarged in float32 whatever the graphs are run in.
        device = Device.of(replace(parameters, precision="fp32"))
        return cls(PromptableSegmenter(Graphs(opened, device), rule, device), opened.notes)

    def segment(self, frame: Frame, detections: Detections) -> Detections:
        """Give every detection the mask of its box; masks that are there already are kept."""
        return self._segmenter.segment(frame, detections)

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on an empty picture of (height, width)."""
        self._segmenter.warm_up(image_size)

    def close(self) -> None:
        """Give the sessions' memory back; the segmenter is not used afterwards."""
        self._segmenter.close()


class Graphs:
    """Two graphs in the place of a model of transformers, for prompts that are boxes."""

    def __init__(self, opened: Opened, device: Device) -> None:
        """Take the open graphs, and where their outputs are wanted."""
        self._encode, self._decode = (opened.sessions[name] for name in ("encode", "decode"))
        self._device = device

    def get_image_embeddings(self, pixel_values: torch.Tensor) -> list[torch.Tensor]:
        """Return the three feature maps of a picture; they stay on the CPU, as the graphs do."""
        maps = self._encode.run({"pixel_values": pixel_values.cpu().numpy()})
        return [torch.from_numpy(maps[f"features_{level}"]) for level in range(3)]

    def __call__(
        self,
        image_embeddings: Sequence[torch.Tensor],
        multimask_output: bool,
        input_boxes: torch.Tensor | None = None,
        **points: Any,
    ) -> SimpleNamespace:
        """Return `pred_masks` (1, N, 3, h, w) and `iou_scores` (1, N, 3) for boxes (1, N, 4).

        Raises
        ------
        BackendError
            For points, which the graph does not take.
        """
        if input_boxes is None:
            raise BackendError(
                "exported segmenter: expected boxes, got points; use the segmenter sam2 for them"
            )
        maps = {f"features_{level}": one.numpy() for level, one in enumerate(image_embeddings)}
        boxes = input_boxes.cpu().numpy()
        masks, trust = [], []
        for start in range(0, boxes.shape[1], BOXES):
            some = boxes[:, start : start + BOXES]
            filled = np.zeros((1, BOXES, 4), np.float32)
            filled[:, : some.shape[1]] = some
            got = self._decode.run({**maps, "boxes": filled})
            masks.append(got["masks"][:, : some.shape[1]])
            trust.append(got["trust"][:, : some.shape[1]])
        return SimpleNamespace(
            pred_masks=self._device.upload(np.concatenate(masks, axis=1)),
            iou_scores=self._device.upload(np.concatenate(trust, axis=1)),
        )
