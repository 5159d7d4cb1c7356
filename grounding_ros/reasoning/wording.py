"""Programs in words, for the trace and the messages."""

from __future__ import annotations

from grounding_ros.language import Phrase, Relation
from grounding_ros.language.describer import joined

_WORDS = {
    "in_front_of": "in front of",
    "closest_to": "closest to",
    "farthest_from": "farthest from",
    "contains": "with",
    "at_edge_of": "at the edge of",
    "at_bottom_of": "at the bottom of",
    "at_top_of": "at the top of",
    "in_the_middle_of": "in the middle of",
}


def name(phrase: Phrase) -> str:
    """Name the phrase without determiners, singular: "red box or mug"."""
    ways = (phrase, *phrase.alternatives)
    return joined([" ".join((*way.attributes, way.head)) for way in ways], "or")


def clause(relation: Relation) -> str:
    """Say a relation: "behind the bowl"."""
    words = _WORDS.get(relation.predicate, relation.predicate.replace("_", " "))
    anchors = [anchor.text or f"the {name(anchor)}" for anchor in relation.anchors]
    return f"{words} {joined(anchors, 'and')}".strip()
