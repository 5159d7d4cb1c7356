"""Any exported detector, on the first provider of ONNX Runtime that agrees with torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.exported.choosing import chosen
from grounding_ros.perception.exported.detectors import DETECTORS, Detector
from grounding_ros.perception.exported.opening import open_exported
from grounding_ros.perception.exported.providers import routes_of
from grounding_ros.perception.exported.sessions import Opener, open_session
from grounding_ros.perception.grounders.boxed import grounded
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.loading import load_tokenizer
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Notes
from grounding_ros.scene import Detections, Frame


class OnnxGrounder:
    """Finds phrases with graphs that `grounding-ros models export` wrote."""

    def __init__(
        self,
        detector: Detector,
        threshold: float,
        notes: Notes,
        support: SupportPlanes | None = None,
    ) -> None:
        """Take an opened detector, the least score of a phrase, what diagnostics shall say.

        `support` tells where up is, so that sizes can be measured; None: they are left unjudged.
        """
        self._detector = detector
        self._threshold = threshold
        self._support = support
        self.notes = notes

    @classmethod
    def from_parameters(
        cls,
        parameters: PerceptionParameters,
        support: SupportPlanes | None = None,
        opener: Opener = open_session,
    ) -> OnnxGrounder:
        """Open the export that `perception.grounder_export` names; engines are built now.

        Raises
        ------
        BackendError
            When there is no such export, or no provider agrees with torch.
        """
        folder = chosen(parameters.grounder_export, parameters, DETECTORS, "grounder_export")
        opened = open_exported(folder, routes_of(parameters), opener)
        kind = DETECTORS[opened.manifest.model]
        # Pictures are made in float32 whatever the graphs are run in.
        device = Device.of(replace(parameters, precision="fp32"))
        detector = kind.build(opened, load_tokenizer(folder), kind.rule.read(folder), device)
        threshold = parameters.score_threshold or kind.threshold
        return cls(detector, threshold, opened.notes, support)

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Find what the phrases name, without masks; parts, and sizes without depth, are unjudged.

        Raises
        ------
        BackendError
            When the provider fails.
        """
        return grounded(self._detector.look, frame, phrases, self._threshold, self._support)

    def warm_up(self, image_size: tuple[int, int]) -> None:
        """Run once on a grey picture of (height, width)."""
        grey = np.full((*image_size, 3), 128, np.uint8)
        self._detector.look(Frame(grey), ("object",))

    def close(self) -> None:
        """Give the sessions' memory back; the grounder is not used afterwards."""
        del self._detector
