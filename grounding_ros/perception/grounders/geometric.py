"""A grounder without learned weights: objects by their surface, words by colour and shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.geometric.colors import COLORS, color_shares, color_truths
from grounding_ros.perception.geometric.instances import Instances, find_instances
from grounding_ros.perception.geometric.labels import members
from grounding_ros.perception.geometric.looks import Look, name, truth, words
from grounding_ros.perception.geometric.measures import measure
from grounding_ros.perception.geometric.shapes import shape_scores, uprightness
from grounding_ros.perception.geometric.words import impossible_shapes, question_of
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Notes
from grounding_ros.scene import Detections, Frame

_NOTES = Notes("geometric")
_SAMPLES = 1500
_DOUBTFUL = 50.0
_RULED_OUT = 0.3
"""Less possible than this is impossible."""


class GeometricGrounder:
    """Finds every object on the support and judges the words that colour and shape can tell."""

    def __init__(
        self,
        parameters: PerceptionParameters,
        support: SupportPlanes,
        notes: Notes = _NOTES,
    ) -> None:
        """Share `support` with whoever else asks for the frame's plane."""
        self.notes = notes
        self._parameters = parameters
        self._support = support

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Find all objects of a frame, each with how well it fits each phrase.

        Returns
        -------
        Detections
            With masks and attributes. `matches` is the least true of a phrase's judged words,
            `unjudged` its other words; of those only what is impossible counts: a cup is no box.

        Raises
        ------
        BackendError
            Without registered depth or without a camera.
        """
        _require_depth(frame)
        plane = self._support.of(frame)
        instances = find_instances(frame, plane, self._support.noise, self._parameters)
        looks = looks_of(instances, plane is not None)
        judged = [_judge(looks, phrase) for phrase in phrases]
        return Detections(
            boxes=instances.boxes,
            scores=np.array([look.certainty for look in looks], np.float32),
            labels=tuple(name(look) for look in looks),
            image_size=(frame.height, frame.width),
            masks=instances.masks,
            phrases=tuple(phrase.text for phrase in phrases),
            matches=np.array([match for match, _ in judged], np.float32)
            .reshape(len(phrases), len(looks))
            .T,
            unjudged=tuple(unjudged for _, unjudged in judged),
            attributes=tuple(words(look) for look in looks),
        )


def _require_depth(frame: Frame) -> None:
    missing = [
        part
        for part, value in (("depth", frame.depth), ("camera_info", frame.intrinsics))
        if value is None
    ]
    if missing:
        why = f" ({frame.missing_3d})" if frame.missing_3d else ""
        raise BackendError(
            f"geometric grounder: expected an image with registered depth and camera_info, got "
            f"none of {' and '.join(missing)}{why}; connect the depth topics or choose a grounder "
            "that needs colour only"
        )


def _judge(looks: Sequence[Look], phrase: Phrase) -> tuple[list[float], tuple[str, ...]]:
    """How true the phrase is of each object, and which of its words were not judged.

    A word that cannot be confirmed still rules out what its form makes impossible; where that is
    every object, it was judged: among boxes alone there is no mug.
    """
    match = [1.0] * len(looks)
    unjudged = []
    for word in (*phrase.attributes, phrase.head):
        degrees = _degrees(looks, word)
        if degrees is None:
            degrees = [possible(look, word) for look in looks]
            if looks and max(degrees) < _RULED_OUT:
                degrees = [0.0] * len(looks)
            else:
                unjudged.append(word)
        match = [min(old, new) for old, new in zip(match, degrees, strict=True)]
    unjudged += unseen_parts(phrase)
    return match, tuple(unjudged)


def _degrees(looks: Sequence[Look], word: str) -> list[float] | None:
    """How true the word is of each object; None when it cannot be judged here."""
    question = question_of(word)
    if question is None:
        return None
    degrees = [truth(look, question) for look in looks]
    known = [degree for degree in degrees if degree is not None]
    return known if len(known) == len(looks) else None


def possible(look: Look, word: str) -> float:
    """How little the object's form speaks against a word that its form cannot confirm."""
    against = [truth(look, question) or 0.0 for question in impossible_shapes(word)]
    return 1.0 - max(against, default=0.0)


def unseen_parts(phrase: Phrase) -> list[str]:
    """Return what a phrase says of lids, handles and prints ("with a blue lid"): not seen here."""
    return [
        " ".join((*part.attributes, part.head))
        for relation in phrase.relations
        if relation.predicate == "with"
        for part in relation.anchors
    ]


def looks_of(instances: Instances, upright_known: bool) -> list[Look]:
    """Look at every instance, then at each in the light of the others."""
    surface = instances.surface
    points, normals = surface.points.reshape(-1, 3), surface.normals.reshape(-1, 3)
    lab = surface.lab.reshape(-1, 3)
    looks = []
    for pixels in members(instances.labels):
        count = len(pixels)
        pixels = pixels[:: -(-count // _SAMPLES)]
        known = pixels[np.isfinite(normals[pixels, 0])]
        measures = measure(points[known], normals[known], instances.plane)
        looks.append(
            Look(
                measures=measures,
                certainty=count / (count + _DOUBTFUL),
                main_color=COLORS[int(color_shares(lab[pixels]).argmax())],
                colors=dict(zip(COLORS, color_truths(lab[pixels]).tolist(), strict=True)),
                lightness=float(lab[pixels, 0].mean()),
                shapes=shape_scores(measures),
                uprightness=uprightness(measures),
                typical_size=measures.girth,
                upright_known=upright_known,
            )
        )
    typical = float(np.median([look.measures.girth for look in looks])) if looks else 0.0
    return [replace(look, typical_size=max(typical, 1e-3)) for look in looks]
