"""SAM, SAM 2 and EdgeTAM, built from their files."""

from __future__ import annotations

from dataclasses import dataclass

import transformers

from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import ImageRule
from grounding_ros.perception.models.loading import folder_of, load
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters.promptable import PromptableSegmenter


@dataclass(frozen=True)
class Family:
    """What tells one of these models from the next."""

    model: str
    """Its class in transformers."""
    rule: ImageRule
    """How its authors prepare pictures, where its files do not say."""


FAMILIES = {
    "sam": Family("SamModel", ImageRule("longest", (1024, 1024), pad="square_last")),
    "sam2": Family("Sam2Model", ImageRule("exact", (1024, 1024))),
    "edgetam": Family("EdgeTamModel", ImageRule("exact", (1024, 1024))),
}


def segment_anything(parameters: PerceptionParameters) -> PromptableSegmenter:
    """Load the model that `perception.segmenter` names.

    Raises
    ------
    BackendError
        When its files are missing or are not those of such a model.
    """
    name = parameters.segmenter
    family, device = FAMILIES[name], Device.of(parameters)
    folder = folder_of(name, parameters)
    options = {}
    if name == "edgetam":
        from grounding_ros.perception.segmenters.edgetam import edgetam_config

        options["config"] = edgetam_config(folder)
    model = load(getattr(transformers, family.model), folder, device, **options)
    # A box in bfloat16 has steps of 4 pixels; these parts are small beside the encoder.
    for part in (model.shared_image_embedding, model.prompt_encoder, model.mask_decoder):
        device.exact(part)
    return PromptableSegmenter(model, family.rule.read(folder), device, parameters.compile)
