"""What a user of transformers writes to find phrases: its processor, model and post-processing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray

from grounding_ros.language.instruction import Phrase

Plain = Callable[[NDArray[np.uint8], Sequence[Phrase]], Any]
_MODELS = ("grounding_dino", "mm_grounding_dino", "llmdet", "owlv2", "owlvit")


def plain(name: str, folder: Path, device: str) -> Plain | None:
    """Return the function; None where transformers' processor does not run without torchvision."""
    if name not in _MODELS:
        return None
    try:
        from PIL import Image

        processor = _processor(name, folder)
    except ImportError as error:
        print(f"{name}: no plain version: {error}")
        return None
    model = transformers.AutoModelForZeroShotObjectDetection.from_pretrained(folder)
    model = model.to(device).eval()

    def find(rgb: NDArray[np.uint8], phrases: Sequence[Phrase]) -> Any:
        texts = [" ".join((*phrase.attributes, phrase.head)) for phrase in phrases]
        inputs = processor(
            images=Image.fromarray(rgb), text=[texts], return_tensors="pt", truncation=True
        )
        with torch.no_grad():
            outputs = model(**inputs.to(device))
        more = {"input_ids": inputs.input_ids} if "dino" in name or name == "llmdet" else {}
        return processor.post_process_grounded_object_detection(
            outputs, threshold=0.25, target_sizes=[rgb.shape[:2]], **more
        )

    return find


def _processor(name: str, folder: Path) -> Any:
    """Return the processor, put together by hand: the random folders do not name their classes."""
    family = {"owlv2": "Owlv2", "owlvit": "OwlViT"}.get(name, "GroundingDino")
    images = getattr(transformers, f"{family}ImageProcessorPil").from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    return getattr(transformers, f"{family}Processor")(images, tokenizer)
