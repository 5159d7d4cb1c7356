"""Where to put something: the anchors of a destination and a free spot at them."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import Phrase, Relation
from grounding_ros.reasoning.choice import choose, guess
from grounding_ros.reasoning.denotation import denote
from grounding_ros.reasoning.fit import Fit
from grounding_ros.reasoning.free_spot import find_spot
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.support_plane import SUPPORTS
from grounding_ros.reasoning.wording import clause, name
from grounding_ros.scene import Status

_SURE = frozenset({Status.GROUNDED, Status.PARTLY_GROUNDED})


def place(picked: Resolution, destination: Relation, sight: Sight) -> Resolution:
    """Add the places to the resolution of the object that is to be put there.

    `ambiguous` is also a place that may be any of several: then `places` are the candidates and
    the question is about them. Without a free spot the places are there all the same, and the
    message says why there is none.
    """
    if picked.status not in _SURE:
        return picked
    chosen = picked.chosen[0] if picked.chosen else None
    found: list[tuple[Phrase, Resolution]] = []
    for anchor in destination.anchors:
        fitting = _without(denote(anchor, sight), picked.chosen, sight)
        seen = fitting.rows and anchor.head not in fitting.unjudged
        if anchor.head in SUPPORTS and not seen:
            continue
        at = guess(anchor, fitting) if fitting.unjudged else choose(anchor, fitting, sight)
        found.append((anchor, replace(at, trace=(*fitting.trace, *at.trace))))
    trace = (*picked.trace, *(step for _, at in found for step in at.trace))
    for anchor, at in found:
        if at.status not in _SURE:
            return _unplaced(picked, anchor, at, destination, trace)
    places = tuple(dict.fromkeys(row for _, at in found for row in at.chosen))
    spot, why = find_spot(destination.predicate, places, chosen, sight)
    words = tuple(dict.fromkeys((*picked.unjudged, *(w for _, at in found for w in at.unjudged))))
    ending = f", but {why}" if why else f" and the place {clause(destination)}"
    return replace(
        picked,
        status=Status.PARTLY_GROUNDED if words else picked.status,
        places=places,
        free_spot=spot,
        unjudged=words,
        message=f"{picked.message}{ending}",
        trace=(*trace, f"free spot: {why or 'found'}"),
    )


def _unplaced(
    picked: Resolution,
    anchor: Phrase,
    at: Resolution,
    destination: Relation,
    trace: tuple[str, ...],
) -> Resolution:
    """Say that the object is there, and what is wrong with the place."""
    message = at.message
    if at.status is Status.NOT_FOUND and at.message.startswith("there is no"):
        message = f"{picked.message}, but no {name(anchor)} to put it {destination.predicate}"
        message = message.replace("_", " ")
    elif at.status is Status.AMBIGUOUS:
        message = f"{picked.message}, but {at.message}"
    return replace(
        at,
        chosen=picked.chosen,
        places=at.chosen if at.status is Status.AMBIGUOUS else (),
        count=picked.count,
        message=message,
        trace=trace,
    )


def _without(fitting: Fit, rows: tuple[int, ...], sight: Sight) -> Fit:
    """Nothing is put on itself."""
    left = tuple(row for row in fitting.rows if row not in rows)
    return replace(fitting, rows=left)
