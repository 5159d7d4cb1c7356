"""What is seen, in a sentence."""

from __future__ import annotations

from grounding_ros.language import Phrase
from grounding_ros.language.describer import enumeration, joined, singled_out
from grounding_ros.reasoning import sentences
from grounding_ros.reasoning.denotation import denote
from grounding_ros.reasoning.facts import facts_of, stands
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.sight import Sight
from grounding_ros.reasoning.wording import clause
from grounding_ros.scene import Status

_TOLD = 4  # relations in one sentence


def describe(target: Phrase, sight: Sight) -> Resolution:
    """Name what fits the target and say what stands on what."""
    fitting = denote(target, sight, claim=True)
    if fitting.unjudged:
        message = sentences.cannot_judge(fitting.unjudged)
        return Resolution(
            Status.CANNOT_JUDGE, message=message, unjudged=fitting.unjudged, trace=fitting.trace
        )
    if not fitting.rows:
        message = sentences.not_found(target, fitting.missing, sight.detections)
        return Resolution(Status.NOT_FOUND, count=0, message=message, trace=fitting.trace)
    where = joined([clause(one) for one in target.relations if one.anchors], "and")
    seen = enumeration(sight.detections[list(fitting.rows)])
    told = _relations(fitting.rows, sight)
    return Resolution(
        Status.GROUNDED,
        fitting.rows,
        anchors=fitting.anchors,
        count=len(fitting.rows),
        message=f"{f'{where} ' if where else ''}I see {seen}{f'; {told}' if told else ''}",
        trace=fitting.trace,
    )


def _relations(rows: tuple[int, ...], sight: Sight) -> str:
    every = range(len(sight.detections))
    facts = facts_of(sight, every)
    told: dict[int, str] = {}
    for fact in stands(sight, rows):
        if fact.row in rows and fact.row not in told:
            one = singled_out(sight.detections, fact.row, every, facts)
            other = singled_out(sight.detections, fact.landmark, every, facts)
            if one and other:
                told[fact.row] = f"{one.split(f' {fact.words} the ')[0]} is {fact.words} {other}"
    return joined([told[row] for row in sorted(told)][:_TOLD], "and")
