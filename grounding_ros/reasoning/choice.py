"""From the objects that fit to the chosen set: one, any, all or a number of them."""

from __future__ import annotations

from dataclasses import replace

from grounding_ros.language import Phrase
from grounding_ros.language.describer import distinctions
from grounding_ros.reasoning import sentences
from grounding_ros.reasoning.facts import facts_of
from grounding_ros.reasoning.fit import Fit, equally_good
from grounding_ros.reasoning.resolution import Resolution
from grounding_ros.reasoning.sight import Sight
from grounding_ros.scene import Status


def choose(target: Phrase, fit: Fit, sight: Sight) -> Resolution:
    """Choose among objects whose every word was judged."""
    detections, margin = sight.detections, sight.parameters.ambiguity_margin
    count, wanted = len(fit.rows), target.number
    if count == 0:
        return Resolution(
            Status.NOT_FOUND, count=0, message=sentences.not_found(target, fit.missing, detections)
        )
    if isinstance(wanted, int) and count < wanted and target.bound != "at_most":
        return Resolution(
            Status.NOT_FOUND, count=count, message=sentences.too_few(target, wanted, count)
        )
    if wanted == "one" and len(equals := equally_good(fit, margin)) > 1:
        return Resolution(
            Status.AMBIGUOUS,
            chosen=equals,
            count=count,
            message=sentences.ambiguous(target, len(equals)),
            question=_question(equals, sight),
        )
    rows = fit.rows if wanted == "all" else _steady(fit, sight)
    chosen = rows if wanted == "all" else rows[: wanted if isinstance(wanted, int) else 1]
    message = sentences.found(target, len(chosen))
    return Resolution(Status.GROUNDED, chosen, count=count, message=message)


def guess(target: Phrase, fit: Fit) -> Resolution:
    """Take the only candidate that the judged words leave, or say that nothing can be said."""
    asked_for_one = target.number in {"one", "any"}
    if asked_for_one and fit.narrowed and len(fit.rows) == 1:
        message = sentences.partly(target, fit.unjudged)
        return Resolution(Status.PARTLY_GROUNDED, fit.rows, message=message, unjudged=fit.unjudged)
    message = sentences.cannot_judge(fit.unjudged)
    return Resolution(Status.CANNOT_JUDGE, message=message, unjudged=fit.unjudged)


def is_enough(fit: Fit, target: Phrase) -> bool:
    """Tell whether all that was asked for is there, whatever else may be: "a cup or a mug"."""
    if target.number == "all":
        return False
    return len(fit.rows) >= (target.number if isinstance(target.number, int) else 1)


def admit(target: Phrase, resolution: Resolution, unjudged: tuple[str, ...]) -> Resolution:
    """Say which words were not judged, although the objects asked for were found without them."""
    if not unjudged:
        return resolution
    if resolution.status is Status.AMBIGUOUS:
        return replace(resolution, count=None, unjudged=unjudged)
    message = sentences.partly(target, unjudged)
    return Resolution(Status.PARTLY_GROUNDED, resolution.chosen, message=message, unjudged=unjudged)


def _steady(fit: Fit, sight: Sight) -> tuple[int, ...]:
    """Put what was chosen before in front where others fit no better, so that nothing flickers."""
    equals = equally_good(fit, sight.parameters.ambiguity_margin)
    held = [row for row in sight.held if row in equals]
    return tuple(dict.fromkeys((*held, *fit.rows)))


def _question(rows: tuple[int, ...], sight: Sight) -> str:
    """Ask by what is seen of each alone; by relations only where that does not tell them apart."""
    alone = distinctions(sight.detections, sight.objects, rows)
    facts = () if alone else facts_of(sight, rows)
    return sentences.question(sight.detections, sight.objects, rows, facts)
