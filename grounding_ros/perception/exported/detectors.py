"""Detectors that run as graphs: what they look at, ask and answer is as in their torch versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from grounding_ros.perception.exported.folder import Arrays, Manifest
from grounding_ros.perception.exported.opening import Opened
from grounding_ros.perception.exported.plans import fitted, owl_text, shown, text_arrays
from grounding_ros.perception.grounders import owl
from grounding_ros.perception.grounders.boxed import Found
from grounding_ros.perception.grounders.grounding_dino import RULE as DINO_RULE
from grounding_ros.perception.grounders.grounding_dino import THRESHOLD as DINO_THRESHOLD
from grounding_ros.perception.grounders.token_spans import Marks, sentences, span_scores
from grounding_ros.perception.models.device import Device
from grounding_ros.perception.models.images import Back, ImageRule, apply, corners
from grounding_ros.perception.models.newest import Newest
from grounding_ros.scene import Frame

_TEXTS = 256
"""Texts whose encoding is kept."""


@dataclass(frozen=True)
class Kind:
    """How one model's graphs are run."""

    build: Callable[[Opened, Any, ImageRule, Device], Detector]
    """From the open graphs, the tokenizer, the picture rule and where pictures are made."""
    rule: ImageRule
    threshold: float
    """The least score of a phrase."""


class Detector(Protocol):
    """What is built."""

    def look(self, frame: Frame, texts: Sequence[str]) -> Found:
        """Return boxes, and how each answers each text."""
        ...


class DinoGraph:
    """Grounding DINO and its kin: one graph for picture and text."""

    def __init__(self, opened: Opened, tokenizer: Any, rule: ImageRule, device: Device) -> None:
        """Take what `Kind.build` is given."""
        manifest = opened.manifest
        self._session = opened.sessions["detect"]
        self._tokenizer = tokenizer
        self._rule = fitted(rule, manifest.size)
        self._device = device
        self._length = manifest.text_length
        self._marks = _marks(tokenizer, manifest)
        self._picture: Newest[tuple[Arrays, Back]] = Newest()

    def look(self, frame: Frame, texts: Sequence[str]) -> Found:
        """Return every box of the model, and how it answers each text."""
        picture, back = self._picture.of(frame, lambda: self._prepared(frame))
        ids = [self._tokenizer(text, add_special_tokens=False).input_ids for text in texts]
        boxes, scores = [np.zeros((0, 4), np.float32)], [np.zeros((0, len(texts)), np.float32)]
        height, width = back.image_size
        for sentence in sentences(ids, self._marks, self._length):
            got = self._session.run({**picture, **text_arrays(sentence.ids, self._length)})
            # The graph's boxes are relative to what the mask shows, which is the whole picture.
            relative = corners(torch.from_numpy(got["boxes"][0])).clamp(0, 1).numpy()
            boxes.append(relative * np.array((width, height, width, height), np.float32))
            logits = torch.from_numpy(got["logits"][0])
            scores.append(span_scores(logits, sentence, len(texts)).numpy())
        return Found(np.concatenate(boxes), np.concatenate(scores))

    def _prepared(self, frame: Frame) -> tuple[Arrays, Back]:
        pixels, back = apply(self._rule, frame.rgb, self._device)
        mask = shown(back.filled, self._rule.size)
        return {"pixel_values": pixels.cpu().numpy(), "pixel_mask": mask}, back


class OwlGraph:
    """OWL-ViT and OWLv2: one graph for the picture, one for a text; scores are made here."""

    def __init__(self, opened: Opened, tokenizer: Any, rule: ImageRule, device: Device) -> None:
        """Take what `Kind.build` is given."""
        self._image, self._text = (opened.sessions[name] for name in ("image", "text"))
        self._tokenizer = tokenizer
        self._rule = rule.within("{1}x{0}".format(*opened.manifest.size))
        self._device = device
        self._patches: Newest[tuple[Arrays, NDArray[np.float32]]] = Newest()
        self._texts: dict[str, NDArray[np.float32]] = {}

    def look(self, frame: Frame, texts: Sequence[str]) -> Found:
        """Return the box of every patch, and how it answers each text."""
        patches, boxes = self._patches.of(frame, lambda: self._seen(frame))
        if not texts:
            return Found(boxes, np.zeros((len(boxes), 0), np.float32))
        encoded = np.stack([self._encoded(text) for text in texts])
        return Found(boxes, scored(patches, encoded))

    def _seen(self, frame: Frame) -> tuple[Arrays, NDArray[np.float32]]:
        pixels, back = apply(self._rule, frame.rgb, self._device)
        got = self._image.run({"pixel_values": pixels.cpu().numpy()})
        boxes = back.from_relative(corners(torch.from_numpy(got["boxes"][0])))
        return got, boxes.numpy()

    def _encoded(self, text: str) -> NDArray[np.float32]:
        if text not in self._texts:
            if len(self._texts) == _TEXTS:
                del self._texts[next(iter(self._texts))]
            self._texts[text] = self._text.run(owl_text(self._tokenizer, text))["text"][0]
        return self._texts[text]


def scored(patches: Arrays, texts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how each of P patches answers each of T texts (P, T), 0 to 1.

    Parameters
    ----------
    patches
        What the graph of the picture gave.
    texts
        (T, E) encodings of length one.
    """
    logits = (patches["embeddings"][0] @ texts.T + patches["shift"][0]) * patches["scale"][0]
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def _marks(tokenizer: Any, manifest: Manifest) -> Marks:
    """Return the tokens around phrases."""
    stop = int(tokenizer.convert_tokens_to_ids("."))
    begin, end = tokenizer.cls_token_id, tokenizer.sep_token_id
    return Marks(begin, stop, end, frozenset(manifest.parting))


DETECTORS: dict[str, Kind] = {
    **dict.fromkeys(
        ("grounding_dino", "mm_grounding_dino", "llmdet"),
        Kind(DinoGraph, DINO_RULE, DINO_THRESHOLD),
    ),
    **{name: Kind(OwlGraph, rule, owl.THRESHOLDS[name]) for name, rule in owl.RULES.items()},
}
