"""The truth in the place of a stage, so that only the others are tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from grounding_ros.evaluation.metrics.matching import TrueObjects, stand_for
from grounding_ros.evaluation.oracle_boxes import TrueBoxes
from grounding_ros.evaluation.oracle_names import TrueNames
from grounding_ros.language.instruction import Phrase, Relation
from grounding_ros.language.lexicon import COLOURS
from grounding_ros.language.nouns import singular
from grounding_ros.pipeline import Pipeline
from grounding_ros.scene import Detections, Frame
from grounding_ros.simulation.truth import Scene, SceneObject

_ONE_WORD = {"gray": "grey", "big": "large", "little": "small"}
"""What people also say, to the word that the names and attributes of the objects use."""


def true_objects(pipeline: Pipeline, scene: Scene, true: TrueObjects) -> Pipeline:
    """Put the true objects with their names, colours and attributes in the grounder's place.

    Language and reasoning alone are tested, over the real lifter's boxes of the true masks.
    """
    return replace(pipeline, grounder=_TrueGrounder(scene, true))


def true_masks(pipeline: Pipeline, scene: Scene, true: TrueObjects) -> Pipeline:
    """Put the true mask in the place of that of every found object which stands for a true one.

    The grounder still finds and names; what it misses stays missed, and what it finds where
    nothing is keeps its own mask.
    """
    return replace(pipeline, grounder=_TrueMasks(pipeline, true))


def true_names(pipeline: Pipeline, scene: Scene, true: TrueObjects) -> Pipeline:
    """Put the true masks and names in the place of those of the found objects.

    The grounder still finds: what it misses stays missed, and what it finds where nothing is stays
    there, but fits no phrase.
    """
    masked = true_masks(pipeline, scene, true)
    return replace(masked, grounder=TrueNames(masked.grounder, _TrueGrounder(scene, true), true))


def true_boxes(pipeline: Pipeline, scene: Scene, true: TrueObjects) -> Pipeline:
    """Put the true objects in the grounder's place and, of known poses, in the lifter's too."""
    seen = true_objects(pipeline, scene, true)
    return replace(seen, lifter=TrueBoxes(pipeline.lifter, scene, true))


Oracle = Callable[[Pipeline, Scene, TrueObjects], Pipeline]
"""Puts the truth of one scene into a pipeline."""

ORACLES: Mapping[str, Oracle] = MappingProxyType(
    {"objects": true_objects, "masks": true_masks, "names": true_names, "boxes": true_boxes}
)


@dataclass(frozen=True, eq=False)
class _TrueGrounder:
    """Sees what is there and knows what people call it."""

    scene: Scene
    true: TrueObjects

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Return the true objects; every word is judged, and true of an object or not."""
        things = [self.scene.object(id) for id in self.true.ids]
        matches = [[float(fits(thing, phrase)) for phrase in phrases] for thing in things]
        return Detections(
            boxes=self.true.boxes.astype(np.float32),
            scores=np.ones(len(things), np.float32),
            labels=tuple(" ".join((*thing.colors[:1], *thing.names[:1])) for thing in things),
            image_size=(frame.height, frame.width),
            masks=self.true.masks,
            phrases=tuple(phrase.text for phrase in phrases),
            matches=np.array(matches, np.float32).reshape(len(things), len(phrases)),
            attributes=tuple((*thing.colors, *thing.attributes, *thing.names) for thing in things),
        )


@dataclass(frozen=True, eq=False)
class _TrueMasks:
    """A pipeline's own grounder and segmenter, with the true masks at the end."""

    pipeline: Pipeline
    true: TrueObjects

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Return what the grounder finds, in true masks and the boxes around them."""
        found = segmented(self.pipeline, frame, phrases)
        assert found.masks is not None  # it is segmented
        masks, boxes = found.masks.copy(), found.boxes.copy()
        for row, id in enumerate(stand_for(found, self.true)):
            if id is not None:
                masks[row] = self.true.masks[self.true.ids.index(id)]
                boxes[row] = self.true.boxes[self.true.ids.index(id)]
        return replace(found, masks=masks, boxes=boxes)


def segmented(pipeline: Pipeline, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
    """Return what a pipeline's first two steps see."""
    found = pipeline.grounder.ground(frame, phrases)
    return found if found.masks is not None else pipeline.segmenter.segment(frame, found)


def fits(thing: SceneObject, phrase: Phrase) -> bool:
    """Tell whether the head and the attributes of a phrase are true of an object.

    The head is one of its names or the last word of one: a "cereal box" is a box. Of the other
    words a colour must be one of its colours (a box with a green top is no green box), and any
    other word stands somewhere in its names, colours or attributes. A word that is in none of them
    is judged all the same: it is not true. A part ("with the black lid") is there when all its
    words stand in one attribute. Plurals, hyphens and "big" for "large" make no difference, on
    either side.
    """
    names = {_canonical(name) for name in thing.names}
    heads = names | {_canonical(name.split()[-1]) for name in thing.names}
    colors = _words(thing.colors)
    known = names | colors | _words(thing.names) | _words(thing.attributes)
    if phrase.head != "object" and _canonical(phrase.head) not in heads:
        return False
    if not all(_has(thing, part) for part in phrase.relations if part.predicate == "with"):
        return False
    said = _words(phrase.attributes)
    return all(word in (colors if word in _COLORS else known) for word in said)


def _has(thing: SceneObject, part: Relation) -> bool:
    wanted = [_words((*anchor.attributes, anchor.head)) for anchor in part.anchors]
    known = [_words([attribute]) for attribute in thing.attributes]
    return all(any(words <= attribute for attribute in known) for words in wanted)


def _words(texts: Sequence[str]) -> set[str]:
    return {word for text in texts for word in _canonical(text).split()}


def _canonical(text: str) -> str:
    words = [singular(word) for word in text.lower().replace("-", " ").split()]
    return " ".join(_ONE_WORD.get(word, word) for word in words)


_COLORS = _words(sorted(COLOURS))
