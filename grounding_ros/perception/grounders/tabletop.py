"""The bundled learned grounder: proposes objects, looks closely at each, and names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.geometric.colors import (
    COLORS,
    balanced_lab,
    color_truths,
    white_gains,
)
from grounding_ros.perception.geometric.instances import Instances, find_instances
from grounding_ros.perception.geometric.looks import Look, words
from grounding_ros.perception.grounders.geometric import looks_of
from grounding_ros.perception.grounders.tabletop_closeups import close_ups
from grounding_ros.perception.grounders.tabletop_inputs import Inputs, inputs_of
from grounding_ros.perception.grounders.tabletop_network import Network, OnnxNetwork
from grounding_ros.perception.grounders.tabletop_proposals import Chosen, Proposals
from grounding_ros.perception.grounders.tabletop_regions import regions_of
from grounding_ros.perception.grounders.tabletop_words import Witnesses, best_noun, judge
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Notes
from grounding_ros.perception.segmenters.box import mask_boxes
from grounding_ros.scene import Detections, Frame

PROPOSALS = ("geometry", "network", "both")
_LEAST_SEEN = 20  # working pixels with a normal, for geometry to tell of an object
_LEARNED = 0.7  # how much the network counts, beside the pixels, in what colour something has
_SAMPLES = 1500  # pixels, enough for an object's colours


class TabletopGrounder:
    """Names the objects of a table; a word that it was not taught is left unjudged."""

    def __init__(
        self,
        parameters: PerceptionParameters,
        support: SupportPlanes,
        network: Network,
        proposals: str = "both",
    ) -> None:
        """Share `support` with whoever else asks for the frame's plane.

        Parameters
        ----------
        parameters
            Thresholds.
        support
            Finds the support plane.
        network
            What finds objects, tells which proposals are some, and names them.
        proposals
            One of PROPOSALS: where the objects of a frame with depth come from.
        """
        self.notes = Notes(f"tabletop, objects by {proposals}")
        self._parameters = parameters
        self._support = support
        self._network = network
        self._proposals = proposals

    @classmethod
    def from_folder(
        cls, parameters: PerceptionParameters, support: SupportPlanes, folder: Path
    ) -> TabletopGrounder:
        """Load the graphs of a folder.

        Raises
        ------
        BackendError
            When ONNX Runtime or a graph is missing.
        """
        return cls(parameters, support, OnnxNetwork(folder))

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Find all objects of a frame, each with how well it fits each phrase.

        Returns
        -------
        Detections
            With masks and attributes. `matches` is the least true of a phrase's judged words,
            `unjudged` the words that neither the network was taught nor colour and shape tell.
        """
        plane = self._support.of(frame)
        inputs = inputs_of(frame, plane, self._network.width)
        instances = None
        if frame.depth is not None and frame.intrinsics is not None:
            instances = find_instances(frame, plane, self._support.noise, self._parameters)
        proposals, count = self._proposed(frame, inputs, instances)
        closely = close_ups(frame, inputs, proposals.masks, proposals.boxes)
        told = self._network.tell(proposals.embeddings, *closely)
        objects = Chosen.among(proposals, told, self._parameters.min_proposal_score)
        looks = _looks(instances, objects.masks, plane is not None)
        witnesses = Witnesses(
            truths=told.words[objects.rows],
            looks=looks,
            colors=_colors(frame, objects.masks, looks, told.colors[objects.rows]),
        )
        rows = range(len(objects.rows))
        judged = [judge(witnesses, self._network, phrase) for phrase in phrases]
        return Detections(
            boxes=mask_boxes(objects.masks),
            scores=objects.scores,
            labels=tuple(_label(witnesses, row, self._network) for row in rows),
            image_size=(frame.height, frame.width),
            masks=objects.masks,
            phrases=tuple(phrase.text for phrase in phrases),
            matches=np.array([match for match, _ in judged], np.float32)
            .reshape(len(phrases), len(rows))
            .T,
            unjudged=tuple(unjudged for _, unjudged in judged),
            attributes=tuple(_attributes(witnesses, row, self._network) for row in rows),
            estimate=count,
        )

    def _proposed(
        self, frame: Frame, inputs: Inputs, instances: Instances | None
    ) -> tuple[Proposals, float]:
        """What may be an object, and about how many objects there are."""
        masks = np.zeros((0, frame.height, frame.width), bool)
        if instances is not None and self._proposals != "network":
            masks = instances.masks
        regions = regions_of(masks, inputs)
        found = self._network.look(inputs.values, regions)
        proposals = Proposals.of_geometry(masks, found)
        if instances is None or self._proposals != "geometry":
            shape = frame.height, frame.width
            # Half of what makes an object sure is not known yet, and may be 1.
            least = self._parameters.min_proposal_score**2
            own = Proposals.of_network(found, inputs, shape, least, regions)
            proposals = proposals.and_those(own)
        return proposals, found.count


def _looks(
    instances: Instances | None, masks: NDArray[np.bool_], upright_known: bool
) -> tuple[Look | None, ...]:
    """What geometry sees of the objects that were chosen; None of those without depth."""
    if instances is None:
        return (None,) * len(masks)
    surface = instances.surface
    row, column = surface.origin
    labels = np.zeros_like(surface.heights, np.int32)
    height, width = labels.shape
    for label, mask in enumerate(masks, start=1):
        part = mask[row :: surface.step, column :: surface.step][:height, :width]
        labels[: part.shape[0], : part.shape[1]][part] = label
    known = np.isfinite(surface.normals[..., 0])
    pixels = np.bincount(labels[known], minlength=len(masks) + 1)[1:]
    enough = pixels >= _LEAST_SEEN
    labels = np.append(0, np.where(enough, enough.cumsum(), 0))[labels].astype(np.int32)
    seen = iter(looks_of(replace(instances, labels=labels), upright_known))
    return tuple(next(seen) if is_seen else None for is_seen in enough.tolist())


def _colors(
    frame: Frame,
    masks: NDArray[np.bool_],
    looks: Sequence[Look | None],
    told: NDArray[np.float32],
) -> NDArray[np.float32]:
    """How true each colour is of each object (N, len(COLORS)), by its pixels and the network."""
    truths = np.zeros((len(masks), len(COLORS)), np.float32)
    gains = white_gains(frame.rgb) if None in looks else np.ones(3, np.float32)
    for row, (mask, look) in enumerate(zip(masks, looks, strict=True)):
        if look is not None:
            truths[row] = [look.colors[color] for color in COLORS]
        else:
            pixels = np.flatnonzero(mask)
            pixels = pixels[:: -(-len(pixels) // _SAMPLES)]
            seen = frame.rgb.reshape(-1, 3)[pixels]
            truths[row] = color_truths(balanced_lab(seen[None], gains)[0])
    return np.asarray(_LEARNED * told + (1 - _LEARNED) * truths)


def _main_color(witnesses: Witnesses, row: int) -> str:
    look = witnesses.looks[row]
    return COLORS[int(witnesses.colors[row].argmax())] if look is None else look.main_color


def _label(witnesses: Witnesses, row: int, network: Network) -> str:
    return f"{_main_color(witnesses, row)} {best_noun(witnesses.truths[row], network)}"


def _attributes(witnesses: Witnesses, row: int, network: Network) -> tuple[str, ...]:
    """The words that are more true than not, colours first, then what geometry saw."""
    look = witnesses.looks[row]
    if look is None:
        degrees = zip(COLORS, witnesses.colors[row], strict=True)
        seen = tuple(color for color, degree in degrees if degree >= 0.5)
    else:
        seen = words(look)
    taught = [
        word
        for word, degree in zip(network.words, witnesses.truths[row], strict=True)
        if degree >= 0.5
    ]
    return tuple(dict.fromkeys((*seen, *taught)))
