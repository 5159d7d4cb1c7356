"""What a noun phrase means in a scene: its words, then its relations, then what compares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grounding_ros.language import Phrase, Relation
from grounding_ros.language.program import PARTS
from grounding_ros.reasoning.distances import RANKING
from grounding_ros.reasoning.fit import Fit, admitting, fit, keep, union
from grounding_ros.reasoning.measures import COMPARATIVES
from grounding_ros.reasoning.ranking import most, on_side, ordinal, superlative
from grounding_ros.reasoning.references import refer
from grounding_ros.reasoning.relating import relate
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.wording import name
from grounding_ros.scene import Detections


def denote(phrase: Phrase, sight: Sight, *, claim: bool = False) -> Fit:
    """Return which objects a phrase with all its alternatives means."""
    ways = (phrase, *phrase.alternatives)
    return union([denote_one(way, sight, claim=claim) for way in ways], sight.detections)


def denote_one(phrase: Phrase, sight: Sight, *, claim: bool = False) -> Fit:
    """Return which objects a phrase means, without its alternatives.

    Parameters
    ----------
    phrase
        The phrase; what its number chooses is not decided here.
    sight
        The scene.
    claim
        Whether it is tested if the objects are so ("is the box on the left?"), rather than used to
        choose among them ("the box on the left").
    """
    return narrowed(named(phrase, sight), phrase, sight, claim=claim)


def named(phrase: Phrase, sight: Sight) -> Fit:
    """Return which objects fit the words of a phrase alone."""
    threshold = sight.parameters.match_threshold
    fitting = fit(phrase, sight.columns[phrase], sight.detections, threshold)
    fitting = replace(fitting, trace=(_words(phrase, fitting, sight.detections),))
    return refer(fitting, phrase.reference, sight)


def narrowed(fitting: Fit, phrase: Phrase, sight: Sight, *, claim: bool = False) -> Fit:
    """Keep the candidates of which everything but the words of a phrase holds."""
    compared = phrase.superlative is not None or phrase.ordinal is not None
    extreme = phrase.number == "one" and not claim and not compared
    last = [part for part in phrase.relations if _compares(part, extreme)]
    for relation in phrase.relations:
        if relation.predicate in PARTS or relation in last:
            continue  # the grounder judges parts
        if relation.anchors:
            fitting = relate(fitting, phrase, relation, sight, denote)
        else:
            fitting = on_side(fitting, phrase, relation.predicate, sight, extreme=False)
    fitting = _without(fitting, phrase, sight)
    for relation in last:
        if relation.anchors:
            fitting = relate(fitting, phrase, relation, sight, denote)
        elif relation.predicate in COMPARATIVES:
            measure, sign = COMPARATIVES[relation.predicate]
            fitting = most(fitting, phrase, measure, sign, sight, relation.predicate)
        else:
            fitting = on_side(fitting, phrase, relation.predicate, sight, extreme=True)
    fitting = superlative(fitting, phrase, sight)
    return ordinal(fitting, phrase.ordinal, phrase.number, sight)


def ranks(relation: Relation) -> bool:
    """Tell whether a relation compares the candidates, however it is used: "closest to the box"."""
    return relation.predicate in (RANKING if relation.anchors else COMPARATIVES)


def _compares(relation: Relation, extreme: bool) -> bool:
    """Tell whether a relation compares the candidates, so that all others come before it."""
    return ranks(relation) or (extreme and not relation.anchors)


def _without(fitting: Fit, phrase: Phrase, sight: Sight) -> Fit:
    """Leave out what the phrase excludes."""
    for excluded in phrase.excluded:
        out = denote(excluded, sight, claim=True)
        step = f"not {name(excluded)}"
        if out.unjudged:
            fitting = admitting(fitting, out.unjudged, step)
            continue
        holds = np.ones(len(sight.detections), bool)
        holds[list(out.rows)] = False
        missing = f"none other than {excluded.text or name(excluded)}"
        fitting = keep(fitting, sight.detections, fitting.match, holds, step=step, missing=missing)
    return fitting


def _words(phrase: Phrase, fitting: Fit, seen: Detections) -> str:
    alone = " ".join((*phrase.attributes, phrase.head))
    ids = [seen.ids[row] for row in fitting.rows]  # as in the messages
    line = f"{alone}: {len(fitting.rows)} of {len(fitting.match)} objects fit, ids {ids}"
    return f"{line}; not judged: {', '.join(fitting.unjudged)}" if fitting.unjudged else line
