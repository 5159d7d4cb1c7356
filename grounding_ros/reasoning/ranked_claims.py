"""Claims that compare: "is the red box the tallest?" asks about more than the red box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grounding_ros.language import Phrase
from grounding_ros.reasoning.denotation import denote_one, named, narrowed, ranks
from grounding_ros.reasoning.fit import Fit, keep, union
from grounding_ros.reasoning.sight import Sight


def claimed(target: Phrase, subject: Phrase, about: Fit, sight: Sight) -> Fit:
    """Return the objects of which a claim about a subject is true.

    Parameters
    ----------
    target
        The subject with what is claimed of it.
    subject
        What the claim is about.
    about
        The objects that the subject means.
    sight
        The scene.
    """
    ways = (target, *target.alternatives)
    return union([_claimed(way, subject, about, sight) for way in ways], sight.detections)


def _claimed(way: Phrase, subject: Phrase, about: Fit, sight: Sight) -> Fit:
    """Keep what is so without the comparison, then what leads all that it is compared with.

    What already singles out the subject, as in "is the largest box red?", is not claimed of it.
    """
    if way == _unranked(way):
        return denote_one(way, sight, claim=True)
    fitting = narrowed(named(way, sight), _unranked(way), sight, claim=True)
    holds = np.zeros(len(fitting.match), bool)
    holds[list(about.rows)] = True
    claim = replace(
        way,
        superlative=None if way.superlative == subject.superlative else way.superlative,
        ordinal=None if way.ordinal == subject.ordinal else way.ordinal,
        relations=tuple(one for one in way.relations if one not in subject.relations),
        excluded=(),
    )
    if claim == _unranked(claim):
        return keep(
            fitting, sight.detections, fitting.match, holds, step="of the subject", missing=""
        )
    leading = narrowed(_rivals(subject, about, sight), claim, sight, claim=True)
    if leading.unjudged:
        return leading
    first = np.zeros(len(fitting.match), bool)
    first[list(leading.rows)] = True
    fitting = replace(fitting, trace=(*fitting.trace, *leading.trace))
    return keep(
        fitting,
        sight.detections,
        fitting.match,
        holds & first,
        step="compared with all of its kind",
        missing="there are others that come first",
        anchors=leading.anchors,
    )


def _unranked(phrase: Phrase) -> Phrase:
    """Leave out what compares the candidates."""
    relations = tuple(one for one in phrase.relations if not ranks(one))
    return replace(phrase, superlative=None, ordinal=None, relations=relations)


def _rivals(subject: Phrase, about: Fit, sight: Sight) -> Fit:
    """Return what the subject is compared with: its kind; all objects if it is alone of its kind.

    The kind is the head noun in the names that the objects have: the grounder was not asked for it.
    """
    seen = sight.detections
    kind = set(about.rows) | {
        row
        for row in range(len(seen))
        if subject.head in {*seen.labels[row].split(), *seen.attributes[row]}
    }
    alone = len(kind) == len(about.rows)
    rows = tuple(range(len(seen))) if alone else tuple(sorted(kind))
    listed = [seen.ids[row] for row in rows]  # as in the messages
    return Fit(np.ones(len(seen)), rows, trace=(f"compared with ids {listed}",))
